"""The cheats: attempts to earn a point without an answer, each a file with a head of comment lines.

    course/cheats/<name>.py    # cheat: …
                               # gap: the gap it is written for
                               # barrier: what has to be out of its reach, one of confinement.BARRIERS; if anything

The text after a blank line goes into the gap.
"""

import itertools
import re
from collections.abc import Mapping
from pathlib import Path

from course.verify.variants import Variant, VariantError, laid, parsed
from exercise.asking.confinement import BARRIERS
from exercise.source import gaps
from exercise.source.gaps import Gap

__all__ = ["read"]

_LINE = re.compile(r"# (\w+): (.*\S)\s*")
_HEADS = (("cheat", "gap"), ("cheat", "gap", "barrier"))


def read(root: Path, known: Mapping[str, Gap]) -> list[Variant]:
    """All cheats, in the order of their names.

    Raises: VariantError if a file's head or text is not as it should be, or it names no known gap or barrier.
    """
    return [_cheat(file, file.relative_to(root).as_posix(), known) for file in sorted(root.glob("course/cheats/*.py"))]


def _cheat(file: Path, path: str, known: Mapping[str, Gap]) -> Variant:
    head, text = _split(gaps.read_text(file, path), path)
    name, barrier = head["gap"], head.get("barrier", "")
    if name not in known:
        raise VariantError(f"{path}: there is no gap {name}, only: {', '.join(known)}")
    if barrier and barrier not in BARRIERS:
        raise VariantError(f"{path}: there is no barrier {barrier}, only: {', '.join(BARRIERS)}")
    parsed(text, path)
    return Variant(name, file.stem, head["cheat"], laid(text, known[name]), barrier=barrier)


def _split(text: str, path: str) -> tuple[dict[str, str], str]:
    """The head of a file and the text after it."""
    lines = text.splitlines(keepends=True)
    matches = list(itertools.takewhile(bool, (_LINE.fullmatch(line.rstrip("\r\n")) for line in lines)))
    rest = "".join(lines[len(matches):])
    if tuple(match[1] for match in matches) not in _HEADS or rest[:1].strip():
        raise VariantError(f"{path}: the file should begin with # cheat: … and # gap: …, and a blank line after that")
    return {match[1]: match[2] for match in matches}, rest.lstrip("\r\n")
