"""Removing a folder, whatever somebody has put into it: however deep, and however unreadable."""

import contextlib
import itertools
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

__all__ = ["remove"]


def remove(folder: str | Path) -> None:
    """Remove a folder of this user, or a file, in which no process works any more; it may be gone already.

    Folders are moved up to the top before they are removed, so that no path gets long, nor a recursion deep. What
    another user owns stays.
    """
    with contextlib.suppress(OSError):
        os.unlink(folder)
    with contextlib.suppress(OSError):
        os.chmod(folder, 0o700)
        with _opened(folder) as top:
            _empty(top)
        os.rmdir(folder)


def _empty(top: int) -> None:
    token = secrets.token_hex()
    fresh = (f"{token}{number}" for number in itertools.count())
    waiting = os.listdir(top)
    for name in waiting:
        with contextlib.suppress(OSError):
            if not _unlinked(name, top):
                os.chmod(name, 0o700, dir_fd=top)
                with _opened(name, top) as below:
                    waiting += _moved_up(below, top, fresh)
                os.rmdir(name, dir_fd=top)


def _moved_up(below: int, top: int, fresh: Iterator[str]) -> list[str]:
    """Unlink the files of a folder; the names that its folders have at the top from now on."""
    moved = []
    for name in os.listdir(below):
        if not _unlinked(name, below):
            os.chmod(name, 0o700, dir_fd=below)  # to move a folder is to change the entry in it that leads up
            moved.append(next(fresh))
            os.rename(name, moved[-1], src_dir_fd=below, dst_dir_fd=top)
    return moved


def _unlinked(name: str, folder: int) -> bool:
    """Unlink a name, unless it is that of a folder."""
    if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        return False
    os.unlink(name, dir_fd=folder)
    return True


@contextlib.contextmanager
def _opened(folder: str | Path, within: int | None = None) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=within)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
