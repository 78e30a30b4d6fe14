"""The packs of a git repository, read where their objects lie: a pack is mapped, and never read as a whole."""

import itertools
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

from course.grade.intake.folders import Folder
from course.grade.intake.tree import Refused

if TYPE_CHECKING:
    from dulwich.pack import Pack

__all__ = ["Packs"]

_OFFSET_DELTA, _NAME_DELTA = 6, 7
_HEAD = 64  # bytes that hold the sizes at the beginning of an object, its base's name among them


class Packs:
    """The packs below the `.git` of a clone, each opened when an object is first looked for in it."""

    def __init__(self, git: Folder):
        self._git = git
        self._names = [path.removesuffix(".pack") for path in git.files
                       if path.startswith("objects/pack/") and path.endswith(".pack")
                       and f"{path.removesuffix('.pack')}.idx" in git.files]
        self._open: list[tuple[Pack, BinaryIO]] = []

    def find(self, name: bytes) -> tuple[int, bytes]:
        """The number of an object's type, and its content.

        Raises: KeyError if there is none of this name; Refused if it is too large; anything if a pack is damaged.
        """
        for number in itertools.count():
            pack, file = self._pack(number, name)
            try:
                offset = pack.index.object_offset(name)
            except KeyError:
                continue
            if _size(file, offset) > self._git.limits.file:
                raise Refused(f"it is too long: at most {self._git.limits.file:,} bytes are read")
            return pack.get_raw(name)

    def _pack(self, number: int, name: bytes) -> "tuple[Pack, BinaryIO]":
        from dulwich.object_format import SHA1
        from dulwich.pack import Pack, PackData, load_pack_index_file
        if number == len(self._open):
            if not self._names:
                raise KeyError(name)
            path = self._names.pop()
            file = self._git.opened(f"{path}.pack")
            data = PackData(path, SHA1, file=file)
            index = load_pack_index_file(path, self._git.opened(f"{path}.idx"), SHA1)
            self._open.append((Pack.from_objects(data, index), file))
        return self._open[number]


def _size(file: BinaryIO, offset: int) -> int:
    """The bytes that an object claims to have, or what it is a difference to, if that is more."""
    file.seek(offset)
    head = iter(file.read(_HEAD))
    first, *more = _number(lambda: next(head))
    kind, size = first >> 4 & 7, first & 15 | _sum(more) << 4
    if kind == _OFFSET_DELTA:
        _number(lambda: next(head))
    if kind == _NAME_DELTA:
        head = itertools.islice(head, 20, None)
    if kind not in (_OFFSET_DELTA, _NAME_DELTA):
        return size
    sizes = iter(zlib.decompressobj().decompress(bytes(head), _HEAD))
    return max(_sum(_number(lambda: next(sizes))) for _ in ("of the other one", "of this one"))


def _number(byte: Callable[[], int]) -> list[int]:
    """The bytes of one number, of which all but the last have their highest bit set."""
    found = [byte()]
    while found[-1] & 128:
        found.append(byte())
    return found


def _sum(digits: list[int]) -> int:
    """The value of a number, seven bits a byte, the lowest first."""
    return sum((digit & 127) << 7 * place for place, digit in enumerate(digits))
