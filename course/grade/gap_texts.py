"""The gaps of a submission: what stands between the markers of the handout, and what differs elsewhere.

Of a file of lib the bodies of its gaps count, and nothing else. A gap whose markers are damaged, lost, there twice or
in another file is lost, and no other one. All of this is done on texts, in a child with limits (`limited.py`).
"""

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from course.grade import flags, syntax
from course.grade.limited import OutOfLimits, in_child
from course.grade.pristine import Pristine
from course.grade.results import Change, Flag
from course.verify.variants import laid, solution
from exercise.asking import repairing
from exercise.source import gaps, mending
from exercise.source.gaps import Gap, GapError
from exercise.source.places import Places

__all__ = ["Found", "GapText", "find"]

_MOST_LINES = 200  # of a diff


@dataclass(frozen=True)
class GapText:
    """What a team has written into one gap.

    Args:
        body: None where the gap is lost; `trouble` then says why.
        line: of its START marker in the team's file.
        trouble: why the gap cannot be right: it is lost, or it does not compile.
        own_file: the team's file with the other gaps solved, where it is changed outside of them.
    """
    body: str | None = None
    line: int = 1
    trouble: str = ""
    own_file: str | None = None


@dataclass(frozen=True)
class Found:
    """What the texts of a submission hold."""
    gaps: dict[str, GapText] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    flags: tuple[Flag, ...] = ()


def find(pristine: Pristine, texts: Mapping[str, str], judges: set[str]) -> Found:
    """The gaps in the texts of a submission, by path.

    Args: judges, the names of files of tests, which a gap has no business to name.
    """
    try:
        return _from_plain(in_child(_look, pristine, dict(texts), judges))
    except OutOfLimits:
        return _one_by_one(pristine, texts, judges)


def _one_by_one(pristine: Pristine, texts: Mapping[str, str], judges: set[str]) -> Found:
    """The same with a child for each file: one that cannot be read costs its own gaps and no others."""
    found, changes, marks = {}, [], []
    for path in pristine.texts:
        try:
            part = _from_plain(in_child(_look, pristine, {path: texts[path]} if path in texts else {}, judges))
        except OutOfLimits as error:
            what = f"this file cannot be looked at ({error})"
            part = Found(dict.fromkeys(pristine.gaps, GapText(trouble=f"{path}: {what}")), (Change(path, what),))
        found |= {name: text for name, text in part.gaps.items() if pristine.gaps[name].path == path}
        changes += [change for change in part.changes if change.path == path]
        marks += part.flags
    return Found(found, tuple(changes), tuple(marks))


def _from_plain(content: dict) -> Found:
    return Found({name: GapText(**text) for name, text in content["gaps"].items()},
                 tuple(Change(**change | {"diff": tuple(change["diff"])}) for change in content["changes"]),
                 tuple(Flag(**flag) for flag in content["flags"]))


def _look(pristine: Pristine, texts: dict[str, str], judges: set[str]) -> dict:
    """All of `find`, in plain data."""
    places = Places(Path(), pristine.handout)
    for path, text in texts.items():
        places.add(path, text)
    taken = {name: _gap_text(name, places, pristine) for name in pristine.gaps}
    taken |= _closed_twice(taken, places, pristine)
    taken |= _not_compiling(pristine, {name: text for name, text in taken.items() if text.body is not None})
    changes = {path: change for path, text in texts.items() if (change := _change(path, text, pristine))}
    taken = {name: _with_own_file(name, text, texts, changes, pristine) for name, text in taken.items()}
    marks = [flag for name in pristine.gaps if (gap := places.gaps.get(name)) and taken[name].body is not None
             for flag in _flags(gap, texts[gap.path], pristine, judges)]
    return asdict(Found(taken, tuple(changes.values()), tuple(marks)))


def _gap_text(name: str, places: Places, pristine: Pristine) -> GapText:
    gap, path = places.gaps.get(name), pristine.gaps[name].path
    if gap is None:
        error = places.trouble(name)
        return GapText(line=error.line, trouble=str(error))
    if gap.path != path:
        return GapText(line=gap.start, trouble=f"{gap.path}:{gap.start}: the gap {name} belongs into {path}")
    return GapText(gap.body.replace("\r\n", "\n"), gap.start)


def _closed_twice(taken: Mapping[str, GapText], places: Places, pristine: Pristine) -> dict[str, GapText]:
    """The gaps that a second END follows, in files that have lost no gap to which it could belong."""
    found = {}
    for error in places.damage:
        of_file = [name for name, gap in pristine.gaps.items() if gap.path == error.path]
        before = [name for name in of_file if taken[name].body is not None and places.gaps[name].end < error.line]
        if error.gap is None and before and all(taken[name].body is not None for name in of_file):
            last = max(before, key=lambda name: places.gaps[name].end)
            found[last] = GapText(line=taken[last].line, trouble=str(error))
    return found


def _not_compiling(pristine: Pristine, taken: Mapping[str, GapText]) -> dict[str, GapText]:
    """The gaps that do not compile where they are laid, with the reason; line numbers are those of the team's file."""
    found = {}
    for path, text in pristine.solved_but({name: text.body for name, text in taken.items()}).items():
        laid_in = {gap.id: gap for gap in gaps.parse(text, path)}
        for name, broken in repairing.repair(text, path)[1].items():
            if name in taken:
                instruction = laid_in[name].body_start - laid_in[name].start
                line = broken.line - laid_in[name].start + taken[name].line
                assert instruction > 0
                found[name] = replace(taken[name], trouble=f"gap {name} does not compile: {path}, "
                                                           f"{replace(broken, line=line)}")
    return found


def _change(path: str, text: str, pristine: Pristine) -> Change | None:
    """How a file differs from what was handed out, outside of its gaps."""
    handouts = [_outside(handout, path, pristine) for handout in pristine.handed_out(path)]
    if (mine := _outside(text, path, pristine)) in handouts:
        return None
    lines = [*difflib.unified_diff(handouts[0], mine, "handed out", "handed in", lineterm="")]
    more = [f"… and {len(lines) - _MOST_LINES} more lines"] if len(lines) > _MOST_LINES else []
    return Change(path, "changed outside of its gaps", (*lines[:_MOST_LINES], *more))


def _outside(text: str, path: str, pristine: Pristine) -> list[str]:
    """The lines of a file, without line ends, which differ between systems; all gaps hold the same."""
    lines = gaps.lines_of(text.removeprefix("\ufeff"))
    for gap in reversed(gaps.scan("".join(lines), path)[0]):
        known = pristine.handout.gaps.get(gap.id, gap)
        instruction = [f"{gap.indent}# {line}".rstrip() for line in known.instruction.splitlines()]
        lines[gap.start:gap.end - 1] = [*instruction, f"{gap.indent}({gap.id})"]
    return [line.rstrip("\r\n") for line in lines]


def _with_own_file(name: str, text: GapText, texts: Mapping[str, str], changes: Mapping[str, Change],
                   pristine: Pristine) -> GapText:
    path = pristine.gaps[name].path
    return replace(text, own_file=_own_file(name, texts[path], pristine)) if path in changes else text


def _own_file(name: str, text: str, pristine: Pristine) -> str | None:
    """A team's file with lost markers back and all gaps but one solved; None where its markers are beyond that."""
    path = pristine.gaps[name].path
    try:
        text = mending.mended(text, pristine.handed_out(path)[0], path)
        own = {gap.id: gap for gap in gaps.parse(text, path)}
        solved = {other: _solution(pristine.gaps[other], gap) for other, gap in own.items()
                  if other != name and other in pristine.gaps}
        return gaps.compose(text, solved, path) if name in own else None
    except GapError:
        return None


def _solution(gap: Gap, own: Gap) -> str:
    """The solution of a gap for a file in which it is perhaps indented otherwise."""
    return gap.body if gap.indent == own.indent else laid(solution(gap), own)


def _flags(gap: Gap, text: str, pristine: Pristine, judges: set[str]) -> list[Flag]:
    return [Flag(gap.id, gap.path, place.line, syntax.code_at(text, place.line), place.why)
            for place in flags.found_in(gap, pristine.imported[gap.path], judges)]
