"""What of a gap's text can be found again in another one, whatever names, comments and spaces are in it.

Code: runs of tokens, in which the names of the gap's own are numbered by where they first stand in the run. Of all runs
some are chosen so that two texts which share a few more tokens than a run has share a chosen one.
Source: Schleimer, Wilkerson and Aiken 2003, Winnowing, https://doi.org/10.1145/872757.872770

Comments: runs of words, in each comment for itself, so that their order is of no account.
"""

import ast
import builtins
import keyword
import re
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from course.grade.alike.tokens import Token, tokens
from course.grade.syntax import names_imported
from exercise.source.gaps import Gap

__all__ = ["RUN", "WORDS", "Part", "every", "fixed_names", "winnowed"]

RUN, WORDS = 6, 3  # tokens, and words of a comment
_WINDOW = 4  # runs, of which one is chosen
_LONGEST = 8_000  # signs of a text that are looked at
_PYTHON = {*keyword.kwlist, *dir(builtins), "self"}


@dataclass(frozen=True)
class Part:
    """A run of tokens, or of words of a comment, from `start` to `end`; two that are alike have the same `mark`."""
    mark: str
    start: int
    end: int


def every(text: str, fixed: Collection[str]) -> list[Part]:
    """All runs of a text of ours, however long.

    Args: fixed, the names that are not the gap's own.
    """
    found = list(tokens(text))
    return [*_runs([token for token in found if token.kind != "comment"], fixed), *_words(found)]


def winnowed(text: str, fixed: Collection[str]) -> list[Part]:
    """The runs of a team's text that are compared: of some runs of code in a row, the one with the least hash."""
    found = list(tokens(text[:_LONGEST]))
    runs = [*_runs([token for token in found if token.kind != "comment"], fixed)]
    hashes = [zlib.crc32(part.mark.encode(errors="backslashreplace")) for part in runs]
    chosen = {min(window, key=lambda place: (hashes[place], -place)) for window in _windows(len(runs), _WINDOW)}
    return [*(runs[place] for place in sorted(chosen)), *_words(found)]


def fixed_names(gap: Gap, text: str) -> set[str]:
    """The names that a gap does not choose: those of its module, of the function around it, and of its instruction.

    Args: text, the gap's file as it is handed out.
    """
    tree = ast.parse(text)
    around = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
              and node.lineno <= gap.start <= node.end_lineno]
    inner = max(around, key=lambda node: node.lineno, default=tree)
    names = {node.id for node in ast.walk(inner) if isinstance(node, ast.Name)}
    names |= {node.arg for node in ast.walk(inner) if isinstance(node, ast.arg)}
    names |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    names |= {target.id for node in tree.body for target in getattr(node, "targets", ())
              if isinstance(target, ast.Name)}
    return names | names_imported(text) | {*re.findall(r"`(\w+)`", gap.instruction)}


def _runs(code: Sequence[Token], fixed: Collection[str]) -> Iterator[Part]:
    """Each run of tokens; a text that is shorter is one."""
    own = _own(code, fixed)
    for run in _windows(len(code), RUN):
        numbers: dict[str, int] = {}
        mark = " ".join(f"<{numbers.setdefault(code[place].text, len(numbers))}>" if place in own
                        else code[place].text for place in run)
        yield Part(mark, code[run[0]].start, code[run[-1]].end)


def _windows(count: int, size: int) -> Iterator[range]:
    """The places of each `size` in a row among `count`; where these are fewer, one window has them all."""
    for start in range(max(count - size + 1, min(count, 1))):
        yield range(start, min(start + size, count))


def _own(code: Sequence[Token], fixed: Collection[str]) -> set[int]:
    """The places of names that the gap has chosen: none that is known, an attribute, or an argument of a call."""
    own, depth = set(), 0
    for place, token in enumerate(code):
        depth += (token.text in "([{") - (token.text in ")]}")
        before, after = (code[other].text if 0 <= other < len(code) else "" for other in (place - 1, place + 1))
        if token.kind == "name" and before != "." and not (depth > 0 and after == "=") and token.text not in _PYTHON \
                and token.text not in fixed:
            own.add(place)
    return own


def _words(found: Sequence[Token]) -> Iterator[Part]:
    for token in found:
        if token.kind == "comment":
            words = re.findall(r"\w+", token.text.casefold())
            for start in range(len(words) - WORDS + 1):
                yield Part(f"# {' '.join(words[start:start + WORDS])}", token.start, token.end)
