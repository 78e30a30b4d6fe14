"""A zip, whose members are read in memory: nothing is ever unpacked to the disk."""

import re
import stat
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from zipfile import ZipInfo

from course.grade.intake.limits import Limits
from course.grade.intake.tree import Budget, Refused, Tree, is_passed_over

__all__ = ["Archive"]

_ENCRYPTED = 1  # a bit of a member's flags
_HEADER = 30  # bytes before the name of a member, which its content follows
_READ = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class Archive(Tree):
    """The members of a zip, shallow ones first.

    Args:
        file: its bytes.
    Raises: Refused if they are no zip.
    """

    def __init__(self, file: BinaryIO, limits: Limits, budget: Budget):
        super().__init__(limits, budget)
        try:
            self._zip = zipfile.ZipFile(file)
        except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:
            raise Refused(f"it cannot be read as a zip ({error})") from None
        self._members: dict[str, ZipInfo] = {}
        named = [_named(member) for member in self._zip.infolist()]
        self.clones = {path: stat.S_IFDIR for path in filter(None, (_clone(path) for path, _ in named))}
        members = self._uncrowded([pair for pair in named if _is_worth(pair[0])])
        if len(members) > limits.files:
            self.faults.append(f"more than {limits.files:,} files: not all of them are looked at")
        self._take(sorted(members, key=lambda pair: pair[0].count("/"))[:limits.files])

    def opened(self, path: str) -> BinaryIO:
        try:
            return self._zip.open(self._members[path])
        except (OSError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
            raise Refused(f"it is damaged ({error})") from None

    def _uncrowded(self, members: list[tuple[str, ZipInfo]]) -> list[tuple[str, ZipInfo]]:
        counts = Counter(path.rpartition("/")[0] for path, _ in members)
        crowded = {folder for folder, count in counts.items() if self.is_crowded(folder, count)}
        return [(path, member) for path, member in members if path.rpartition("/")[0] not in crowded]

    def _take(self, members: list[tuple[str, ZipInfo]]) -> None:
        times = Counter(path for path, _ in members)
        overlapping = {member.header_offset for member in _overlapping(self._zip.infolist())}
        for path, member in members:
            if times[path] > 1:
                self.others[path] = "in the zip more than once: it is not clear which one counts"
            elif member.header_offset in overlapping:
                self.others[path] = "a member of the zip that shares its bytes with another one"
            elif fault := "; ".join(_faults(path, member, self.limits)):
                self.others[path] = fault
            else:
                self.files[path], self._members[path] = member.file_size, member


def _named(member: ZipInfo) -> tuple[str, ZipInfo]:
    """A member with its path; some programs write backslashes, or ./ before it."""
    name = member.filename.replace("\\", "/")
    parts = [part for part in name.split("/") if part != "."]
    return "/".join(parts), member


def _clone(path: str) -> str:
    """The path of the `.git` that a path leads through; "" where there is none."""
    parts = path.split("/")
    return "/".join(parts[:parts.index(".git") + 1]) if ".git" in parts else ""


def _is_worth(path: str) -> bool:
    """Whether a path is that of a file that is somebody's work; a folder's ends in a slash."""
    return path[-1:] not in ("", "/") and not any(map(is_passed_over, path.split("/")))


def _faults(path: str, member: ZipInfo, limits: Limits) -> Iterator[str]:
    """Why a member is not read."""
    kind = stat.S_IFMT(member.external_attr >> 16)  # 0 if it comes from a system that has only files
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in path.split("/"):
        yield "a path that leaves the zip"
    if len(path) > limits.name:
        yield "a path that is too long"
    if path.count("/") >= limits.depth:
        yield "a file that lies too deep"
    if kind == stat.S_IFLNK:
        yield "a link, which is not followed: hand in what it leads to"
    elif kind not in (0, stat.S_IFREG):
        yield "no file"
    if member.flag_bits & _ENCRYPTED:
        yield "encrypted: hand in a zip without a password"
    if member.compress_type not in _READ:
        yield "packed in a way that is not read here: make an ordinary zip"
    if member.file_size > limits.text and member.file_size > limits.ratio * member.compress_size:
        yield f"packed more than {limits.ratio} times smaller than it is: it is not unpacked"


def _overlapping(members: Iterable[ZipInfo]) -> Iterator[ZipInfo]:
    """The members that begin within the bytes of another one, and that one."""
    end, last = 0, None
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            yield from (last, member)
        reach = member.header_offset + _HEADER + len(member.orig_filename) + member.compress_size
        if reach > end:
            end, last = reach, member
