"""Where a student stands: the state of each gap, the points so far, what to do next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from exercise.asking.printed import visible
from exercise.source.places import Places
from exercise.source.table import Course, Entry, Task, points_text
from exercise.verdict.verdicts import BLOCKED, NOT_STARTED, SOLVED, WRONG, Verdict

__all__ = ["NOT_TESTED", "Row", "Standing", "of_run"]

NOT_TESTED = "not fully tested"
_MOST_NAMED = 5
_SAYS_MORE = (NOT_STARTED, WRONG, BLOCKED)  # the first of these that a test of a gap ends in is the gap's state
_COLOURS = {SOLVED: 32, NOT_STARTED: 36, BLOCKED: 33, WRONG: 31, NOT_TESTED: 35}


@dataclass(frozen=True)
class Row:
    """One gap.

    Args:
        state: SOLVED, NOT_STARTED, BLOCKED, WRONG, or NOT_TESTED where some test of it gave no result.
        sentence: of the test that decides; empty where the gap is solved.
        blocked_by: the gap that has to be written first, where the state is BLOCKED.
        path, line: the file and line of the gap, or of the damage that hides it.
    """
    gap: Entry
    task: Task
    state: str
    sentence: str
    blocked_by: str | None
    path: str
    line: int

    def __str__(self) -> str:
        """The state in words."""
        return f"blocked by {self.blocked_by}" if self.state == BLOCKED else self.state

    @property
    def points(self) -> Fraction:
        return self.gap.points if self.state == SOLVED else Fraction()


@dataclass(frozen=True)
class Standing:
    """All gaps that a run judged, in the order of the course.

    Args:
        whole: the run judged all gaps of the course.
        changed: the paths of files that are not as they were handed out, outside of their gaps.
        unread: what is wrong with files that cannot be read, and hide no gap of these.
        level: what kept the code under test from the tests, in words; "" where nothing did.
    """
    course: Course
    rows: tuple[Row, ...]
    whole: bool
    changed: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    level: str = ""

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def first(self, state: str) -> Row | None:
        """The first gap in a state."""
        return next((row for row in self.rows if row.state == state), None)

    def points(self) -> str:
        """What the solved gaps are worth, of what all gaps are, and what else there is: in one line."""
        reached, worth = (sum((number for number in numbers), Fraction()) for numbers in
                          ([row.points for row in self.rows], [row.gap.points for row in self.rows]))
        by_hand = sum((task.points for sheet in self.course.sheets for task in sheet.tasks if task.kind == "manual"),
                      Fraction())
        more = f", and {points_text(by_hand)} more are given by hand" if by_hand else ""
        return f"points so far: {points_text(reached)} of {points_text(worth)}{more}"

    def first_failure(self) -> str | None:
        """What is wrong with the first wrong gap, in one sentence."""
        row = self.first(WRONG)
        return f"first failure: {row.gap.id}: {row.sentence}" if row else None

    def elsewhere(self) -> str | None:
        """Which files are changed where nothing was to be written, and how to restore them, in one line."""
        if not self.changed:
            return None
        return (f"changed outside of the gaps: {_some(self.changed)}; to restore one there, "
                f"and keep what is in its gaps: python -m exercise reset {self.changed[0]}")

    def not_read(self) -> str | None:
        """Which files of lib/ cannot be read, and why, in one line."""
        return f"cannot be read: {_some(self.unread, '; ')}" if self.unread else None

    def next_step(self) -> list[str]:
        """What to do next: a sentence, and commands that help with it."""
        row = self.first(WRONG) or self.first(NOT_STARTED)
        if row is not None:
            verb = "mend" if row.state == WRONG else "write"
            return [f"next: {verb} {row.gap.id}, {row.task}: {row.path}, line {row.line}",
                    f"  python -m exercise check {row.gap.id}   runs its tests alone",
                    f"  python -m exercise hint {row.gap.id}    gives a hint"]
        if row := self.first(BLOCKED):
            return [f"next: look at {row.blocked_by}, which {row.gap.id} needs",
                    f"  python -m exercise check {row.blocked_by}"]
        if not self.whole:
            return ["next: see where you stand with all gaps: python -m exercise"]
        if row := self.first(NOT_TESTED):
            return [f"next: bring back what tests {row.gap.id} (git checkout tests): {row.sentence}"]
        return ["all gaps are solved"] + [f"  left: {task}, {task.title} (given by hand)" for sheet in
                                          self.course.sheets for task in sheet.tasks if task.kind == "manual"]

    def lines(self, colour: bool = False) -> list[str]:
        """The table and all that belongs below it, as text.

        Args:
            colour: mark the states with the colours of a terminal.
        """
        return self._table(colour) + ["", *self._below()]

    def _table(self, colour: bool) -> list[str]:
        head = ("gap", "sheet.task", "points", "state")
        cells = [(row.gap.id, row.task.numbers,
                  f"{points_text(row.points)}/{points_text(row.gap.points)}", _painted(row, colour))
                 for row in self.rows]
        widths = [max(len(row[column]) for row in (head, *cells)) for column in range(3)]
        return ["  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
                for row in (head, *cells)]

    def _below(self) -> list[str]:
        points = [self.points()] if self.whole else []
        remarks = [line for line in (self.level, self.first_failure(), self.elsewhere(), self.not_read()) if line]
        return points + remarks + self.next_step()


def of_run(course: Course, places: Places, verdicts: Mapping[str, Iterable[Verdict | None]], whole: bool,
           changed: Iterable[str] = (), level: str = "") -> Standing:
    """The standing after a run of tests.

    Args:
        verdicts: by gap, one for each of its tests, and None for a test that gave no result. Gaps that are not in it
            are left out, unless the run is to judge the `whole` course.
        changed, level: as in Standing.
    """
    rows = [_row(course, places, name, list(verdicts.get(name, ()))) for name in course.gaps
            if whole or name in verdicts]
    hidden = {place.path for row in rows if (place := places.trouble(row.gap.id))}
    unread = [visible(str(error)) for error in places.unread if error.path not in hidden]
    return Standing(course, tuple(rows), whole, tuple(map(visible, changed)), tuple(unread), level)


def _row(course: Course, places: Places, name: str, verdicts: list[Verdict | None]) -> Row:
    place = places.trouble(name)
    path, line = (place.path, place.line) if place else (places.gaps[name].path, places.gaps[name].start)
    verdict = _decisive(verdicts)
    return Row(course.gaps[name], course.task_of(name), verdict.state, verdict.sentence, verdict.blocked_by,
               visible(path), line)


def _decisive(verdicts: list[Verdict | None]) -> Verdict:
    given = [verdict for verdict in verdicts if verdict is not None]
    for state in _SAYS_MORE:
        for verdict in given:
            if verdict.state == state:
                return verdict
    if not verdicts:
        return Verdict(NOT_TESTED, "there is no test of it in this run")
    if len(given) < len(verdicts):
        return Verdict(NOT_TESTED, "not all of its tests gave a result")
    return Verdict(SOLVED)


def _some(names: Sequence[str], between: str = ", ") -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return between.join(names[:_MOST_NAMED]) + more


def _painted(row: Row, colour: bool) -> str:
    return f"\033[{_COLOURS[row.state]}m{row}\033[0m" if colour else str(row)
