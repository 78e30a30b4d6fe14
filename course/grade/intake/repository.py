"""A git repository, read from the files of its `.git`: branches, objects and packs, and nothing that could act.

No program of git runs. Settings, hooks, alternates, submodules and replacements are not looked at. dulwich takes the
objects apart, and each is compared with its name, so that a text is what its commit says.
"""

import contextlib
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from course.grade.intake.folders import Folder
from course.grade.intake.packs import Packs
from course.grade.intake.tree import Refused

if TYPE_CHECKING:
    from dulwich.objects import ShaFile

__all__ = ["Commit", "Repository"]

_TYPES = {b"commit": 1, b"tree": 2, b"blob": 3}
_LONGEST_HEAD = 32  # bytes before the content of a loose object
_NAME = re.compile(rb"[0-9a-f]{40}")
_PACKED = re.compile(rb"^([0-9a-f]{40}) (refs/\S+)$", re.MULTILINE)
_LATEST = 2 ** 33  # seconds: the year 2242
_IN_RUST = ("dulwich._diff_tree", "dulwich._objects", "dulwich._pack")


@dataclass(frozen=True)
class Commit:
    """A commit: its name, its tree, those before it, and when it was made, in seconds since 1970."""
    name: str
    tree: str
    parents: tuple[str, ...]
    time: int


class Repository:
    """What the `.git` of a clone holds.

    Args:
        packages: the folder that dulwich lies in; "" if it is not installed.
    Attributes:
        refs: the names of commits by those of branches, such as "refs/heads/main"; the branches of a host other than
            "origin" are none.
        is_empty: whether it has no branch of whatever kind, so that nothing is committed.
        shallow: the commits that have lost those before them.
    Raises: Refused without dulwich.
    """

    def __init__(self, git: Folder, packages: str):
        if not packages:
            raise Refused("dulwich, which reads clones, is not installed: pip install -r requirements-course.txt")
        if packages not in sys.path:
            sys.path.append(packages)
        sys.modules.update(dict.fromkeys(_IN_RUST))  # in Python, too much memory is an error, and no end of the process
        self.git, self._packs = git, Packs(git)
        self.refs = self._read_refs()
        kept = ("packed-refs", "refs/", "reftable/")
        self.is_empty = not (git.faults or any(path.startswith(kept) for path in git.files))
        self.shallow = {name.decode() for name in _NAME.findall(self._text("shallow"))}

    def commit(self, name: str) -> Commit:
        """Raises: Refused if it is none, is not there, or cannot be read."""
        found = self._object(name, "commit")
        with _damaged(name):
            parents = () if name in self.shallow else tuple(parent.decode("ascii") for parent in found.parents)
            return Commit(name, found.tree.decode("ascii"), parents, min(max(int(found.commit_time), 0), _LATEST))

    def tree(self, name: str) -> list[tuple[str, int, str]]:
        """(name, mode, object) of what lies in a folder. Raises: Refused as `commit`."""
        from dulwich.objects import parse_tree
        found = self._object(name, "tree")
        with _damaged(name):
            return [(path.decode("utf-8", "surrogateescape"), mode, sha.decode("ascii"))
                    for path, mode, sha in parse_tree(found.as_raw_string(), 20)]

    def blob(self, name: str) -> bytes:
        """The content of a file. Raises: Refused as `commit`."""
        return self._object(name, "blob").as_raw_string()

    def _object(self, name: str, kind: str) -> "ShaFile":
        from dulwich.objects import ShaFile
        try:
            with _damaged(name):
                number, data = self._raw(name)
                self.git.budget.take(len(data) if kind != "blob" else 0)  # a file is counted when it is read
                found = ShaFile.from_raw_string(number, data, verify_sha=name.encode())
        except MemoryError:
            raise Refused("it is too large to be read") from None
        if found.type_name != kind.encode():
            raise Refused(f"the object {name} of the clone is no {kind}")
        return found

    def _raw(self, name: str) -> tuple[int, bytes]:
        """The number of an object's type, and its content."""
        path, limits = f"objects/{name[:2]}/{name[2:]}", self.git.limits
        if path not in self.git.files:
            try:
                return self._packs.find(name.encode())
            except KeyError:
                flags = "--shared or --reference" if "objects/info/alternates" in self.git.files else "--filter"
                raise Refused(f"the object {name} is missing in the clone: clone it again, without {flags}") from None
        packed = self.git.read(path, limits.file)
        head, _, data = zlib.decompressobj().decompress(packed, limits.file + _LONGEST_HEAD).partition(b"\0")
        kind, size = head.split(b" ")
        if int(size) > limits.file:
            raise Refused(f"it is too long: at most {limits.file:,} bytes are read")
        return _TYPES[kind], data

    def _read_refs(self) -> dict[str, str]:
        packed = _PACKED.findall(self._text("packed-refs"))
        refs = {ref.decode("utf-8", "replace"): name.decode() for name, ref in packed}
        for path in self.git.files:
            if path.startswith("refs/") and (name := _NAME.fullmatch(self._text(path).strip())):
                refs[path] = name[0].decode()  # newer than what is packed
        return {ref: name for ref, name in refs.items() if ref.startswith(("refs/heads/", "refs/remotes/origin/"))}

    def _text(self, path: str) -> bytes:
        """A file beside the objects; b"" where there is none."""
        return self.git.read(path, self.git.limits.text) if path in self.git.files else b""


@contextlib.contextmanager
def _damaged(name: str) -> Iterator[None]:
    """What dulwich says of damage, in whatever way, is told as ours."""
    try:
        yield
    except (Refused, MemoryError):
        raise
    except Exception as error:
        raise Refused(f"the object {name} of the clone is damaged ({type(error).__name__})") from None
