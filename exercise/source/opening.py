"""Opening the files of a student, who may have put anything in a file's place.

No component of a path below the root folder is followed where it is a link, and nothing is read but ordinary files of
limited size. What a thing is shows before a byte of it is read: a pipe does not block, and a device is left alone.
"""

import contextlib
import fnmatch
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from exercise.problem import Problem

__all__ = ["LARGEST", "MOST", "file_in", "folder_below", "listed", "read_bytes"]

LARGEST = 2 ** 20  # bytes of one file; the largest of the course's modules has a thirtieth of that
MOST = 5000  # of what lies in a folder and below it
_LINKS = "this is a link: put what it leads to there"
_FOLLOWING_NONE = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_AS_IT_IS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def read_bytes(root: Path, path: str, largest: int = LARGEST) -> bytes:
    """What a file holds.

    Args:
        path: relative to the root, with forward slashes.
    Raises: Problem in a few words, which do not name the file, if it is missing, out of reach, too large, or no
        ordinary file, or if the path leads through a link or out of the root.
    """
    parts = path.split("/")
    if not {"", ".", ".."}.isdisjoint(parts):
        raise Problem("this is no path below the root folder")
    try:
        _check(root, parts)
        with open(_opened(root, parts), "rb") as file:
            _check_file(os.fstat(file.fileno()), largest)
            data = file.read(largest + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise Problem("there is no such file") from None
    except OSError as error:
        raise Problem(f"it cannot be read: {error.strerror}") from None
    if len(data) > largest:  # it grows
        raise Problem(_too_large(largest))
    return data


def listed(root: Path, folder: str, pattern: str = "*") -> list[str]:
    """The paths, in order, of all below root/folder whose names match, and of links in place of folders.

    The latter are there so that whoever reads what is listed is told of them. Names that begin with a dot, and
    __pycache__, are left out with all below them.

    Raises: Problem if there is more than MOST in there.
    """
    return sorted(path for path, name, is_link_to_folder in _walked(root, folder)
                  if is_link_to_folder or fnmatch.fnmatch(name, pattern))


@contextlib.contextmanager
def folder_below(root: str | Path, parts: Sequence[str]) -> Iterator[int]:
    """The descriptor of a folder, each opened within the one above, so that no link below the root is followed.

    Raises: OSError; nothing of this exists on Windows.
    """
    where = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts:
            above, where = where, os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=where)
            os.close(above)
        yield where
    finally:
        os.close(where)


def file_in(folder: int, name: str) -> int:
    """A descriptor of a file in a folder, to be read. It follows no link, and waits for nobody who writes to a pipe.

    Raises: OSError; nothing of this exists on Windows.
    """
    return os.open(name, _AS_IT_IS | os.O_NOFOLLOW, dir_fd=folder)


def _walked(root: Path, top: str) -> Iterator[tuple[str, str, bool]]:
    """(path, name, whether it is a link to a folder) of all below a folder, those in it first."""
    if not os.path.lexists(root / top):
        return
    if _is_link(os.lstat(root / top)):
        yield top, top, True
        return
    folders, count = [top], 0
    for folder in folders:
        for entry in _entries(root / folder):
            count += 1
            if count > MOST:
                raise Problem(f"more than {MOST:,} files and folders lie in here: data and results belong elsewhere")
            if entry.name.startswith(".") or entry.name == "__pycache__":
                continue
            path, is_link = f"{folder}/{entry.name}", _is_link(entry.stat(follow_symlinks=False))
            yield path, entry.name, is_link and os.path.isdir(entry.path)
            if not is_link and entry.is_dir(follow_symlinks=False):
                folders.append(path)


def _entries(folder: Path) -> Iterator[os.DirEntry]:
    """What lies in a folder; nothing where it cannot be listed: who needs a file in it will be told."""
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError:
        return


def _check(root: Path, parts: list[str]) -> None:
    """Refuse what is no ordinary file in words that say what it is, before anything is opened."""
    for count in range(1, len(parts) + 1):
        if _is_link(os.lstat(root.joinpath(*parts[:count]))):
            raise Problem(_LINKS if count == len(parts) else f"{'/'.join(parts[:count])}: {_LINKS}")
    _check_file(os.lstat(root.joinpath(*parts)), None)


def _check_file(found: os.stat_result, largest: int | None) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise Problem("this is a folder, and should be a file")
    if not stat.S_ISREG(found.st_mode):
        raise Problem("this is no ordinary file")
    if largest is not None and found.st_size > largest:
        raise Problem(_too_large(largest))


def _opened(root: Path, parts: list[str]) -> int:
    """A descriptor; where the system can do so, each folder is opened within the one above, and no link is followed."""
    if not _FOLLOWING_NONE:
        return os.open(root.joinpath(*parts), _AS_IT_IS)
    with folder_below(root, parts[:-1]) as folder:
        return file_in(folder, parts[-1])


def _is_link(found: os.stat_result) -> bool:
    """Whether it is a link, or what Windows calls a junction."""
    junction = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)
    return stat.S_ISLNK(found.st_mode) or junction is not None and found.st_reparse_tag == junction


def _too_large(largest: int) -> str:
    return f"the file is too large: at most {largest:,} bytes"
