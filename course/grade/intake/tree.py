"""What a folder and a zip have in common: files by path, all else by what is wrong with it, and bytes within limits."""

import contextlib
import io
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import BinaryIO

from course.grade.intake.limits import Limits

__all__ = ["Budget", "Refused", "Tree", "is_passed_over", "shown"]

_PASSED_OVER = {".git", ".hg", ".svn", ".venv", "venv", "env", "node_modules", "__pycache__", ".ipynb_checkpoints",
                "__macosx", ".ds_store", "thumbs.db", "desktop.ini"}  # nobody's work
_POINTER = b"version https://git-lfs.github.com/spec/"
_CHUNK = 2 ** 18


class Refused(Exception):
    """A part of a submission that is not read; the text says why."""


class Budget:
    """The bytes that may still be read, over all trees of a submission."""

    def __init__(self, total: int):
        self.left = total

    def take(self, count: int) -> None:
        """Use up some of them. Raises: Refused if there are not that many."""
        self.left -= count
        if self.left < 0:
            raise Refused("the submission is too large: what comes after its first bytes is not read")


class Tree(ABC):
    """The content of a folder or zip.

    Attributes:
        files: the sizes that its regular files claim to have, by path, shallow ones first.
        others: what is wrong with everything else, by path.
        faults: what is wrong with the whole.
        clones: the kinds of what is called `.git`, as stat.S_IFMT tells them, by path.
        budget: the bytes that may still be read.
    """

    def __init__(self, limits: Limits, budget: Budget):
        self.limits, self.budget = limits, budget
        self.files: dict[str, int] = {}
        self.others: dict[str, str] = {}
        self.faults: list[str] = []
        self.clones: dict[str, int] = {}

    def read(self, path: str, most: int) -> bytes:
        """The bytes of a file.

        Raises: Refused if it has more than `most`, or cannot be read.
        """
        too_long = f"it is too long: at most {most:,} bytes are read"
        if self.files[path] > most:
            raise Refused(too_long)
        data = bytearray()
        with contextlib.closing(self.opened(path)) as file:
            for chunk in self._chunks(file):
                data += chunk
                if len(data) > most:  # whatever it has claimed
                    raise Refused(too_long)
        if data.startswith(_POINTER):
            raise Refused("a pointer of Git LFS, without the file that it stands for: keep it in git itself")
        return bytes(data)

    def is_crowded(self, folder: str, count: int) -> bool:
        """Whether a folder, "" or one with a name, holds so much that nothing of it is looked at, which is told."""
        if count <= self.limits.crowd:
            return False
        what = f"a folder with more than {self.limits.crowd:,} files in it: none of them is looked at"
        if folder:
            self.others[folder] = what
        else:
            self.faults.append(f"it is {what}")
        return True

    def whole(self, path: str) -> BinaryIO:
        """A file in which one can go back and forth. Raises: Refused."""
        return io.BytesIO(self.read(path, self.limits.file))

    @abstractmethod
    def opened(self, path: str) -> BinaryIO:
        """A file, to be read from its beginning. Raises: Refused."""

    def _chunks(self, file: BinaryIO) -> Iterator[bytes]:
        while chunk := self._chunk(file):
            self.budget.take(len(chunk))
            yield chunk

    @staticmethod
    def _chunk(file: BinaryIO) -> bytes:
        try:
            return file.read(_CHUNK)
        except (OSError, ValueError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise Refused(f"it is damaged ({error})") from None


def is_passed_over(name: str) -> bool:
    """Whether a file or folder of this name is nobody's work, so that it is not even listed."""
    return name.casefold() in _PASSED_OVER or name.startswith("._")


def shown(text: str, most: int = 200) -> str:
    """A text from outside as part of one line: what cannot be printed is written as an escape, the middle left out."""
    line = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text[:2 * most])
    return line if len(line) <= most else f"{line[:most // 2]}…{line[-most // 4:]}"
