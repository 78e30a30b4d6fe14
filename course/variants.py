"""Variants of a gap, each a file with a head of comment lines and the text that somebody could write into the gap.

    course/wrong_answers/<gap>/<name>.py    # misconception: …    # says: words that a failing test shows
    course/alternatives/<gap>/<name>.py     # differs: …
    course/cheats/<name>.py                 # cheat: …            # gap: the gap it is written for
                                            # barrier: what has to be out of its reach, files or signals; if anything

The text stands at column 0; it is indented when it is laid into its gap.
"""

import ast
import itertools
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from exercise.asking.confinement import BARRIERS
from exercise.problem import Problem
from exercise.source import gaps
from exercise.source.gaps import Gap

__all__ = ["Variant", "VariantError", "alternatives", "cheats", "laid", "wrong_answers"]

_HEAD = re.compile(r"# (\w+): (.*\S)\s*")


class VariantError(Problem):
    """A variant that cannot be used; the message is one line that begins with its path."""


@dataclass(frozen=True)
class Variant:
    """One variant of one gap.

    Args:
        gap: the id of the gap.
        name: the name of its file, without ".py".
        about: what is wrong or different about it, in a sentence.
        body: the text of the gap.
        says: of a wrong answer: words that a failing test has to show.
        barrier: of a cheat: one of exercise.asking.confinement.BARRIERS, without which it gets its way; "" for none.
    """
    gap: str
    name: str
    about: str
    body: str
    says: str = ""
    barrier: str = ""


def wrong_answers(root: Path, known: Mapping[str, Gap]) -> list[Variant]:
    """The wrong answers to all known gaps.

    Raises: VariantError, here and for the other kinds, if a file's head or text is not as it should be, it belongs to
        no known gap, or its code is that of the gap's solution or of another file.
    """
    return _distinct([Variant(gap.id, file.stem, head["misconception"], laid(text, gap), head["says"])
                      for file, gap, head, text in _filed(root, "wrong_answers", known, ("misconception", "says"))],
                     "wrong_answers", known)


def alternatives(root: Path, known: Mapping[str, Gap]) -> list[Variant]:
    """The correct answers to all known gaps that differ from the solution."""
    return _distinct([Variant(gap.id, file.stem, head["differs"], laid(text, gap))
                      for file, gap, head, text in _filed(root, "alternatives", known, ("differs",))],
                     "alternatives", known)


def cheats(root: Path, known: Mapping[str, Gap]) -> list[Variant]:
    """Attempts to earn a point without an answer."""
    found = []
    for file in sorted(root.glob("course/cheats/*.py")):
        path, (head, text) = file.relative_to(root).as_posix(), _split(file, root, ("cheat", "gap"), ("barrier",))
        gap, barrier = _gap(head["gap"], path, known), head.get("barrier", "")
        if barrier and barrier not in BARRIERS:
            raise VariantError(f"{path}: there is no barrier {barrier}, only: {', '.join(BARRIERS)}")
        found.append(Variant(gap.id, file.stem, head["cheat"], laid(text, gap), barrier=barrier))
    return found


def laid(text: str, gap: Gap) -> str:
    """A text at column 0 as the body of a gap."""
    return "\n" + textwrap.indent(text.rstrip(), gap.indent) + "\n"


def _filed(root: Path, folder: str, known: Mapping[str, Gap],
           keys: tuple[str, ...]) -> Iterator[tuple[Path, Gap, dict[str, str], str]]:
    for file in sorted(root.glob(f"course/{folder}/**/*.py")):
        gap = _gap(file.parent.name, file.relative_to(root).as_posix(), known)
        yield file, gap, *_split(file, root, keys)


def _gap(name: str, path: str, known: Mapping[str, Gap]) -> Gap:
    if name not in known:
        raise VariantError(f"{path}: there is no gap {name}, only: {', '.join(known)}")
    return known[name]


def _split(file: Path, root: Path, keys: tuple[str, ...],
           optional: tuple[str, ...] = ()) -> tuple[dict[str, str], str]:
    """The head of a file and the text after it."""
    path = file.relative_to(root).as_posix()
    lines = gaps.read_text(file, path).splitlines(keepends=True)
    matches = list(itertools.takewhile(bool, (_HEAD.fullmatch(line.rstrip("\r\n")) for line in lines)))
    head, text = {match[1]: match[2] for match in matches}, "".join(lines[len(matches):])
    if tuple(match[1] for match in matches) not in (keys, keys + optional) or text[:1].strip():
        raise VariantError(f"{path}: the file should begin with {' and '.join(f'# {key}: …' for key in keys)}, "
                           "and a blank line after that")
    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise VariantError(f"{path}: its text does not compile: {error}") from None
    return head, text.lstrip("\r\n")


def _distinct(variants: list[Variant], folder: str, known: Mapping[str, Gap]) -> list[Variant]:
    """The same variants, if no two of a gap, and none and its solution, have the same code."""
    seen = {(gap.id, _code(gap.body)): "the solution" for gap in known.values()}
    for variant in variants:
        key = variant.gap, _code(variant.body)
        if key in seen:
            raise VariantError(f"course/{folder}/{variant.gap}/{variant.name}.py: its code is that of {seen[key]}")
        seen[key] = f"{variant.name}.py"
    return variants


def _code(body: str) -> str:
    return ast.unparse(ast.parse(textwrap.dedent(body)))
