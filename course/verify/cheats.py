"""The cheats: attempts to earn a point without an answer, or to do damage, each a file with a head of comment lines.

    course/cheats/<name>.py    # cheat: …
                               # gap: the gap it is written for
                               # barrier: what has to be out of its reach, one of confinement.BARRIERS; if anything
                               # expect: what it should come to; anything but a point, where it is not there

The text after a blank line goes into the gap; a line that is nothing but SOLUTION stands for what belongs there. What a
cheat should come to is "solved", "wrong", how a process may fail ("timeout", "memory", "output limit", "crashed",
"malformed"), several of them with "or" between them, or "any": then its answer is right, and what matters is only that
nobody else is harmed.
"""

import itertools
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path

from course.verify.variants import Variant, VariantError, laid, parsed, solution
from exercise.asking.confinement import BARRIERS
from exercise.asking.failure import OF_THE_PROCESS
from exercise.source import gaps
from exercise.source.gaps import Gap

__all__ = ["read"]

_LINE = re.compile(r"# (\w+): (.*\S)\s*")
_SOLUTION = re.compile(r"^([ \t]*)SOLUTION$", re.MULTILINE)
_HEAD = re.compile("cheat gap( barrier)?( expect)?")
_ENDS = ("any", "solved", "wrong", *OF_THE_PROCESS)


def read(root: Path, known: Mapping[str, Gap], folder: str = "course/cheats") -> list[Variant]:
    """All cheats of a folder, in the order of their names.

    Raises: VariantError if a file's head or text is not as it should be, or it names no known gap or barrier.
    """
    return [_cheat(file, file.relative_to(root).as_posix(), known) for file in sorted(root.glob(f"{folder}/*.py"))]


def _cheat(file: Path, path: str, known: Mapping[str, Gap]) -> Variant:
    head, text = _split(gaps.read_text(file, path), path)
    name, barrier = head["gap"], head.get("barrier", "")
    ends = tuple(head["expect"].split(" or ")) if "expect" in head else ()
    if name not in known:
        raise VariantError(f"{path}: there is no gap {name}, only: {', '.join(known)}")
    if barrier and barrier not in BARRIERS:
        raise VariantError(f"{path}: there is no barrier {barrier}, only: {', '.join(BARRIERS)}")
    if unknown := [end for end in ends if end not in _ENDS]:
        raise VariantError(f"{path}: a cheat does not come to {unknown[0]}, but to: {', '.join(_ENDS)}")
    text = _SOLUTION.sub(lambda line: textwrap.indent(solution(known[name]), line[1]), text)
    parsed(text, path)
    return Variant(name, file.stem, head["cheat"], laid(text, known[name]), barrier=barrier, ends=ends)


def _split(text: str, path: str) -> tuple[dict[str, str], str]:
    """The head of a file and the text after it."""
    lines = text.splitlines(keepends=True)
    matches = list(itertools.takewhile(bool, (_LINE.fullmatch(line.rstrip("\r\n")) for line in lines)))
    rest = "".join(lines[len(matches):])
    if not _HEAD.fullmatch(" ".join(match[1] for match in matches)) or rest[:1].strip():
        raise VariantError(f"{path}: the file should begin with # cheat: … and # gap: …, and a blank line after that")
    return {match[1]: match[2] for match in matches}, rest.lstrip("\r\n")
