"""Folders and files on the disk, where no link is followed and nothing is opened but folders and regular files."""

import contextlib
import itertools
import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from course.grade.intake.limits import Limits
from course.grade.intake.tree import Budget, Refused, Tree, is_passed_over
from exercise.source import opening

__all__ = ["Folder", "Loose", "open_file"]

_KINDS = {stat.S_IFLNK: "a link, which is not followed: hand in what it leads to", stat.S_IFIFO: "a pipe, not a file",
          stat.S_IFSOCK: "a socket, not a file", stat.S_IFCHR: "a device, not a file",
          stat.S_IFBLK: "a device, not a file", stat.S_IFDIR: "a folder that lies too deep"}


class Folder(Tree):
    """The folder of a submission, looked through level by level.

    Args:
        root: the folder that it lies in, which is trusted.
        place: its name there.
    Raises: Refused if it cannot be opened, or is no folder.
    """

    def __init__(self, root: str, place: str, limits: Limits, budget: Budget):
        super().__init__(limits, budget)
        self._root, self._place = root, place
        waiting = deque(self._look(""))
        while waiting and not self.faults:
            folder = waiting.popleft()
            try:
                waiting += self._look(folder)
            except Refused as error:
                self.others[folder] = str(error)

    def opened(self, path: str) -> BinaryIO:
        return open_file(self._root, f"{self._place}/{path}")

    def below(self, path: str) -> "Folder":
        """A folder in this one, looked through on its own. Raises: Refused as the first one."""
        return Folder(self._root, f"{self._place}/{path}", self.limits, self.budget)

    whole = opened  # a zip on the disk need not come into memory

    def _look(self, folder: str) -> list[str]:
        """Take in what lies in a folder; the paths of the folders among it."""
        below, room = [], self.limits.files - len(self.files) - len(self.others) - len(self.clones)
        found = _content(self._root, f"{self._place}/{folder}", min(room, self.limits.crowd) + 1)
        if self.is_crowded(folder, len(found)):
            return []
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


class Loose(Tree):
    """Files of a trusted folder, by other names than they have there.

    Args: names, from what they are called here to what they are called there; of two that are called alike, the first.
    """

    def __init__(self, root: str, names: Iterable[tuple[str, str]], limits: Limits, budget: Budget):
        super().__init__(limits, budget)
        self._root, self._names = root, dict(reversed([*names]))
        self.files = dict.fromkeys(self._names, 0)  # how long they are is known when they are read

    def opened(self, path: str) -> BinaryIO:
        return open_file(self._root, self._names[path])


def open_file(root: str, path: str) -> BinaryIO:
    """The regular file at a path below a trusted folder, to be read. It never waits for the other end of a pipe.

    Raises: Refused if it is none, its path holds a link, or it cannot be opened.
    """
    folder, _, name = path.rpartition("/")
    with _refusing(), _folder(root, folder) as where:
        kind = stat.S_IFMT(os.stat(name, dir_fd=where, follow_symlinks=False).st_mode)
        if kind != stat.S_IFREG:  # to open a device could have an effect
            raise Refused(_KINDS[kind])
        file = os.fdopen(opening.file_in(where, name), "rb", buffering=0)
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise Refused("not a file any more")
        return file


def _content(root: str, folder: str, most: int) -> list[tuple[str, int, int]]:
    """(name, kind, size) of what lies in a folder, in order; of a larger one as much as the system tells first."""
    with _refusing(), _folder(root, folder) as where, os.scandir(where) as entries:
        worth = (entry for entry in entries if not is_passed_over(entry.name) or entry.name == ".git")
        found = [(entry.name, entry.stat(follow_symlinks=False)) for entry in itertools.islice(worth, most)]
    return sorted((name, stat.S_IFMT(status.st_mode), status.st_size) for name, status in found)


def _folder(root: str, path: str) -> contextlib.AbstractContextManager[int]:
    return opening.folder_below(root, [part for part in path.split("/") if part])


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(f"it cannot be opened ({error.strerror})") from None
