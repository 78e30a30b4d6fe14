"""A folder on the disk, in which no link is followed and nothing is opened but folders and regular files."""

import contextlib
import itertools
import os
import stat
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from course.grade.intake.limits import Limits
from course.grade.intake.tree import Budget, Refused, Tree, is_passed_over

__all__ = ["Folder", "open_file"]

_RELATIVE = {os.open, os.stat} <= os.supports_dir_fd and os.scandir in os.supports_fd  # not on Windows
_FILE, _FOLDER = (sum(getattr(os, name, 0) for name in names) for names in (
    ("O_RDONLY", "O_CLOEXEC", "O_BINARY", "O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY"),
    ("O_RDONLY", "O_CLOEXEC", "O_DIRECTORY")))
_JUNCTION = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)
_KINDS = {stat.S_IFLNK: "a link, which is not followed: hand in what it leads to", stat.S_IFIFO: "a pipe, not a file",
          stat.S_IFSOCK: "a socket, not a file", stat.S_IFCHR: "a device, not a file",
          stat.S_IFBLK: "a device, not a file", stat.S_IFDIR: "a folder that lies too deep"}


class Folder(Tree):
    """The folder of a submission, looked through level by level.

    Args:
        root: the folder that it lies in, which is trusted.
        place: its name there.
    Attributes:
        clones: the kinds of what is called `.git`, as stat.S_IFMT tells them, by path, shallow ones first.
    Raises: Refused if it cannot be opened, or is no folder.
    """

    def __init__(self, root: str, place: str, limits: Limits, budget: Budget):
        super().__init__(limits, budget)
        self._root, self._place = root, place
        self.clones: dict[str, int] = {}
        waiting = deque(self._look(""))
        while waiting and not self.faults:
            folder = waiting.popleft()
            try:
                waiting += self._look(folder)
            except Refused as error:
                self.others[folder] = str(error)

    def opened(self, path: str) -> BinaryIO:
        return open_file(self._root, f"{self._place}/{path}")

    whole = opened  # a zip on the disk need not come into memory

    def _look(self, folder: str) -> list[str]:
        """Take in what lies in a folder; the paths of the folders among it."""
        below, room = [], self.limits.files - len(self.files) - len(self.others) - len(self.clones)
        found = _content(self._root, f"{self._place}/{folder}", room + 1)
        if len(found) > room:
            self.faults.append(f"more than {self.limits.files:,} files: not all of them are looked at")
        for name, kind, size in found[:room]:
            path = f"{folder}/{name}".lstrip("/")
            if name == ".git":
                self.clones[path] = kind
            elif len(path) > self.limits.name:
                self.others[path] = "a path that is too long"
            elif kind == stat.S_IFREG:
                self.files[path] = size
            elif kind == stat.S_IFDIR and path.count("/") + 1 < self.limits.depth:
                below.append(path)
            else:
                self.others[path] = _KINDS[kind]
        return below


def open_file(root: str, path: str) -> BinaryIO:
    """The regular file at a path below a trusted folder, to be read. It never waits for the other end of a pipe.

    Raises: Refused if it is none, its path holds a link, or it cannot be opened.
    """
    folder, _, name = path.rpartition("/")
    with _refusing(), _folder(root, folder) as where:
        kind = _kind(_status(where, name))
        if kind != stat.S_IFREG:  # to open a device could have an effect
            raise Refused(_KINDS[kind])
        file = os.fdopen(_open(where, name), "rb", buffering=0)
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise Refused("not a file any more")
        return file


def _content(root: str, folder: str, most: int) -> list[tuple[str, int, int]]:
    """(name, kind, size) of what lies in a folder, in order; of a larger one as much as the system tells first."""
    with _refusing(), _folder(root, folder) as where, os.scandir(where) as entries:
        worth = (entry for entry in entries if not is_passed_over(entry.name) or entry.name == ".git")
        found = [(entry.name, entry.stat(follow_symlinks=False)) for entry in itertools.islice(worth, most)]
    return sorted((name, _kind(status), status.st_size) for name, status in found)


@contextlib.contextmanager
def _folder(root: str, path: str) -> Iterator[int | str]:
    """A folder, reached without following a link below `root`: its descriptor, or its path where systems need that."""
    parts = [part for part in path.split("/") if part]
    if not _RELATIVE:
        yield _checked(root, parts)
        return
    where = os.open(root, _FOLDER)
    try:
        for part in parts:
            above, where = where, os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=where)
            os.close(above)
        yield where
    finally:
        os.close(where)


def _checked(root: str, parts: list[str]) -> str:
    for part in parts:
        root = os.path.join(root, part)
        if _kind(os.lstat(root)) != stat.S_IFDIR:
            raise Refused(_KINDS[stat.S_IFLNK])
    return root


def _status(where: int | str, name: str) -> os.stat_result:
    if isinstance(where, int):
        return os.stat(name, dir_fd=where, follow_symlinks=False)
    return os.lstat(os.path.join(where, name))


def _open(where: int | str, name: str) -> int:
    return os.open(name, _FILE, dir_fd=where) if isinstance(where, int) else os.open(os.path.join(where, name), _FILE)


def _kind(status: os.stat_result) -> int:
    """The kind of a file, as stat.S_IFMT tells it; a junction of Windows is a link."""
    if _JUNCTION is not None and getattr(status, "st_reparse_tag", 0) == _JUNCTION:
        return stat.S_IFLNK
    return stat.S_IFMT(status.st_mode)


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(f"it cannot be opened ({error.strerror})") from None
