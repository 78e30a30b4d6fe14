"""What was handed out: `exercise/handout.json` holds the files that the grading relies on, and marks all others."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from exercise.problem import Problem
from exercise.source import gaps, opening
from exercise.source.gaps import Gap

__all__ = ["RECORD", "HandedOut", "fingerprint", "is_kept", "read", "record"]

RECORD = "exercise/handout.json"
_LARGEST = 32 * 2 ** 20  # bytes of the record
_KEPT_FOLDERS, _KEPT_FILES = ("lib/", "exercise/", "tests/"), ("course.toml", "setup.cfg")


@dataclass(frozen=True)
class HandedOut:
    """The record of a handout.

    Args:
        texts: of the files that the grading relies on, by path, with the gaps empty.
        hashes: the fingerprint of every file, by path.
    """
    texts: Mapping[str, str]
    hashes: Mapping[str, str]

    @cached_property
    def gaps(self) -> dict[str, Gap]:
        """The gaps as they were handed out, by id."""
        return {gap.id: gap for path, text in self.texts.items() if gaps.may_have_gaps(path)
                for gap in gaps.parse(text, path)}

    def changed(self, root: Path) -> list[str]:
        """The paths of the kept files that are missing now, or are not as they were outside of their gaps."""
        return [path for path in self.texts if not self._is_intact(root, path)]

    def _is_intact(self, root: Path, path: str) -> bool:
        try:
            return fingerprint(path, opening.read_bytes(root, path)) == self.hashes.get(path)
        except Problem:
            return False


def record(files: Mapping[str, bytes]) -> bytes:
    """The content of the record of these files, by path."""
    content = {"hashes": {path: fingerprint(path, data) for path, data in files.items()},
               "texts": {path: data.decode() for path, data in files.items() if is_kept(path)}}
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def is_kept(path: str) -> bool:
    """Whether the grading relies on a file, so that the record holds its text."""
    return path in _KEPT_FILES or path.startswith(_KEPT_FOLDERS) and path.endswith(".py")


def read(root: Path) -> HandedOut | None:
    """The record of the repository at `root`; None where that was not handed out, but is the solved one.

    Raises: Problem if the record is damaged, or no ordinary file.
    """
    if not os.path.lexists(root / RECORD):
        return None
    try:
        content = json.loads(opening.read_bytes(root, RECORD, _LARGEST))
        found = HandedOut(dict(content["texts"]), dict(content["hashes"]))
        len(found.gaps)  # they are read now, so that damage shows here
        return found
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Problem(f"{RECORD} is damaged ({type(error).__name__}: {error}): "
                      f"bring it back with git checkout {RECORD}") from None


def fingerprint(path: str, data: bytes) -> str:
    """SHA-256, in hexadecimal, of what a file is outside of its gaps: from START to END nothing counts.

    CRLF counts as LF, because git may write either.

    Raises: GapError if the file is a module of lib, and is not UTF-8 or has damaged markers.
    """
    if b"\0" not in data:
        data = data.replace(b"\r\n", b"\n")
    if gaps.may_have_gaps(path):
        lines = gaps.lines_of(gaps.decoded(data, path))
        for gap in reversed(gaps.parse("".join(lines), path)):
            del lines[gap.start:gap.end - 1]
        data = "".join(lines).encode()
    return hashlib.sha256(data).hexdigest()
