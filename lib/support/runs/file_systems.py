"""Files on drives that cannot do all that a local disk does, or not at once: another try, or one warning and on."""

import errno
import functools
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from tqdm import tqdm

__all__ = ["flush_to_disk", "lock", "remove", "replace"]

WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # seconds between the tries: three in all
_UNSUPPORTED = {errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS, errno.ENOLCK}


def replace(source: Path, target: Path) -> None:
    """`os.replace`, tried again while a virus scanner or a synchronised folder holds one of the two."""
    _patiently(os.replace, source, target)


def remove(path: Path) -> None:
    """Remove a file that need not be there, tried again like `replace`."""
    _patiently(path.unlink, True)


def flush_to_disk(file: BinaryIO) -> None:
    """Return when the data of `file` have reached the disk; where the drive does not do that, warn once."""
    file.flush()
    try:
        os.fsync(file.fileno())
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
        _warn_once("this drive does not say when a file has reached the disk: after a power cut the last epoch may be "
                   "missing")


def lock(file: BinaryIO) -> None:
    """Lock `file` against other processes until it is closed; where the drive has no locks, warn once.

    Raises: BlockingIOError if another process holds the lock.
    """
    try:
        _lock(file)
    except BlockingIOError:
        raise
    except OSError:
        _warn_once("this drive has no locks: take care that no two runs write into the same folder")


def _lock(file: BinaryIO) -> None:
    if os.name == "nt":
        import msvcrt
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError from error
    else:
        import fcntl
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _patiently(action: Callable, *arguments: object) -> None:
    for wait in WAITS:
        try:
            return action(*arguments)
        except PermissionError:
            time.sleep(wait)
    action(*arguments)


@functools.cache
def _warn_once(message: str) -> None:
    tqdm.write(f"warning: {message}", file=sys.stderr)
