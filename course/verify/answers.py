"""The known answers to each gap, in course/answers/<gap>.toml: wrong ones, right ones that differ from the solution,
and changes of the solution, made by machine, that no test can tell from it.

    [[wrong]]
    name = "kl_averaged"
    misconception = "The KL term is averaged over the batch."
    says = "averaged"                                            # words that a failing test shows
    replace = ["torch.sum", "torch.mean"]                        # [before, after], or a list of such pairs

    [[right]]
    name = "expm1"
    differs = "uses expm1"
    body = "kl = 0.5 * (mu**2 + torch.expm1(logvar) - logvar).sum()"

    [[equivalent]]                                               # before and after as `verify` names a change
    before = "z = mu + eps"
    after = "z = mu - eps"                                       # or a list of such texts
    why = "The noise is symmetric."

A wrong or a right answer is the solution with a few changes, or a whole `body`. The solution is taken as a text at
column 0, and each `before` has to occur in it exactly once. All pairs are applied at the same time: none of them sees
what another one has written, so that two pairs can exchange two texts.
"""

import ast
import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from course.verify.mutants import Equivalent
from course.verify.variants import Variant, VariantError, laid, parsed, solution
from exercise.source import gaps
from exercise.source.gaps import Gap

__all__ = ["FOLDER", "Answers", "read"]

FOLDER = "course/answers"
_KEYS = {"wrong": ("name", "misconception", "says"), "right": ("name", "differs"),
         "equivalent": ("before", "after", "why")}
_FORMS = {"wrong": ("replace", "body"), "right": ("replace", "body"), "equivalent": ()}
_Entries = list[tuple[str, Mapping]]  # where each one stands, for errors, and what it says


@dataclass(frozen=True)
class Answers:
    """The known answers to one gap."""
    wrong: tuple[Variant, ...] = ()
    right: tuple[Variant, ...] = ()
    equivalent: tuple[Equivalent, ...] = ()


def read(root: Path, known: Mapping[str, Gap]) -> dict[str, Answers]:
    """The answers to each known gap; a gap without a file has none.

    Raises: VariantError if a file is no TOML or belongs to no known gap; if an entry lacks a key, has one too many or
        repeats another; if a `before` does not occur exactly once, or a text does not compile. GapError if a file
        cannot be read.
    """
    found = dict.fromkeys(known, Answers())
    for file in sorted(root.glob(f"{FOLDER}/*.toml")):
        path = file.relative_to(root).as_posix()
        if file.stem not in known:
            raise VariantError(f"{path}: there is no gap {file.stem}, only: {', '.join(known)}")
        found[file.stem] = _answers(_table(file, path), path, known[file.stem])
    return found


def _table(file: Path, path: str) -> dict:
    try:
        return tomllib.loads(gaps.read_text(file, path))
    except tomllib.TOMLDecodeError as error:
        raise VariantError(f"{path}: this is no valid TOML: {error}") from None


def _answers(table: Mapping, path: str, gap: Gap) -> Answers:
    for key in table:
        if key not in _KEYS:
            raise VariantError(f"{path}: there is no {key}, only: {', '.join(f'[[{kind}]]' for kind in _KEYS)}")
    wrong, right, equivalent = ([*_entries(table, kind, path)] for kind in _KEYS)
    bodies = _bodies(wrong + right, solution(gap))
    return Answers(
        tuple(Variant(gap.id, entry["name"], entry["misconception"], laid(bodies[where], gap), entry["says"])
              for where, entry in wrong),
        tuple(Variant(gap.id, entry["name"], entry["differs"], laid(bodies[where], gap)) for where, entry in right),
        tuple(Equivalent(gap.id, **entry) for _, entry in equivalent))


def _entries(table: Mapping, kind: str, path: str) -> Iterator[tuple[str, Mapping]]:
    """The entries of one kind, checked, each with the words that tell where it is."""
    entries, seen = table.get(kind, []), set()
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise VariantError(f"{path}: each {kind} should begin with [[{kind}]], on a line of its own")
    for number, entry in enumerate(itertools.chain.from_iterable(map(_each, entries)), 1):
        name = entry.get("name")
        named = isinstance(name, str) and re.fullmatch(r"\w+", name)
        where = f"{path}: [[{kind}]] {name if named else f'number {number}'}"
        _check_keys(entry, _KEYS[kind], _FORMS[kind], where)
        if "name" in entry and not named:
            raise VariantError(f"{where}: its name should be words joined by _")
        key = entry.get("name") or (entry["before"], entry["after"])
        if key in seen:
            raise VariantError(f"{where}: it repeats an earlier one")
        seen.add(key)
        yield where, entry


def _each(entry: Mapping) -> list[Mapping]:
    """An entry with a list of texts after the change as entries with one text each."""
    texts = entry.get("after")
    return [entry | {"after": text} for text in texts] if isinstance(texts, list) else [entry]


def _check_keys(entry: Mapping, needed: tuple[str, ...], forms: tuple[str, ...], where: str) -> None:
    for key in needed:
        if key not in entry:
            raise VariantError(f"{where}: it has no {key}")
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise VariantError(f"{where}: its {key} should be a text in quotes")
    for key in entry:
        if key not in needed + forms:
            raise VariantError(f"{where}: {key} is not known, only: {', '.join(needed + forms)}")
    if forms and sum(key in entry for key in forms) != 1:
        raise VariantError(f"{where}: it should have either {' or '.join(forms)}")


def _bodies(entries: _Entries, solved: str) -> dict[str, str]:
    """The text of each entry at column 0; no two have the same code, and none has that of the solution."""
    seen, bodies = {ast.unparse(ast.parse(solved)): "the solution"}, {}
    for where, entry in entries:
        bodies[where] = _whole(entry, where) if "body" in entry else _replaced(solved, _pairs(entry, where), where)
        code = ast.unparse(parsed(bodies[where], where))
        if code in seen:
            raise VariantError(f"{where}: its code is that of {seen[code]}")
        seen[code] = where.partition(": ")[2]
    return bodies


def _whole(entry: Mapping, where: str) -> str:
    if not isinstance(entry["body"], str):
        raise VariantError(f"{where}: its body should be a text in quotes")
    return entry["body"].strip("\n")


def _pairs(entry: Mapping, where: str) -> list[list[str]]:
    pairs = [entry["replace"]] if _is_pair(entry["replace"]) else entry["replace"]
    if not isinstance(pairs, list) or not pairs or not all(map(_is_pair, pairs)):
        raise VariantError(f"{where}: its replace should be [before, after], both in quotes, or a list of such pairs")
    return pairs


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(text, str) for text in value)


def _replaced(text: str, pairs: list[list[str]], where: str) -> str:
    """The text with all pairs applied at once."""
    spans = []
    for before, after in pairs:
        if (count := text.count(before)) != 1:
            raise VariantError(f"{where}: {before!r} should occur once in the solution, and occurs {count} times")
        start = text.index(before)
        spans.append((start, start + len(before), after))
    spans.sort()
    for (_, end, _), (start, _, _) in itertools.pairwise(spans):
        if start < end:
            raise VariantError(f"{where}: two of its pairs change the same text: {text[start:end]!r}")
    for start, end, after in reversed(spans):
        text = text[:start] + after + text[end:]
    return text
