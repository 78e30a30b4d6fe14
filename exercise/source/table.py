"""The table of the course, `course.toml`: sheets, their tasks, the gaps of each task, points, hints, and passing."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from exercise.problem import Problem
from exercise.source import gaps
from exercise.source.gaps import GapError

__all__ = [
    "RULES", "Course", "CourseError", "Entry", "Passing", "Sheet", "Task", "load", "parse", "points_text", "read"]

FILE = "course.toml"
KINDS = ("auto", "manual", "bonus")
FOR_A_PERSON = ("changes", "comments", "loops")  # rules that a machine flags, and does not decide on
RULES = (*FOR_A_PERSON, "style", "submission_pdf", "feedback", "declaration", "team_size", "notebook", "task_folders",
         "branches", "pushes")
WARNING = "warning"
_NUMBER = (int, Decimal)
_COURSE_KEYS = {"rules": dict, "passing": dict, "sheet": list, "every_sheet": list}
_PASSING_KEYS = {"share": _NUMBER, "all_sheets": bool}
_SHEET_KEYS = {"number": int, "title": str, "points": _NUMBER, "scripts": list, "folders": list, "task": list}
_EVERY_SHEET_KEYS = {"title": str, "points": _NUMBER, "kind": str, "rule": str}
_TASK_KEYS = _EVERY_SHEET_KEYS | {"gap": list}
_GAP_KEYS = {"id": str, "points": _NUMBER, "hints": list}
_OPTIONAL = ("rules", "passing", "every_sheet", "gap", "scripts", "folders", "rule")
_SAYS = {int: "a whole number", str: "text in quotes", list: "a list", dict: "a table", _NUMBER: "a number",
         bool: "true or false"}


class CourseError(Problem):
    """A table that cannot be used; the message is one line that begins with "course.toml"."""


@dataclass(frozen=True)
class Entry:
    """What the table says of one gap: its id, its points (it may be worth none) and its hints, to be read in order."""
    id: str
    points: Fraction
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """One task of a sheet.

    Args:
        number: its position in the sheet, from 1.
        kind: "auto" (graded by the tests of its gaps), "manual" (by a person) or "bonus" (beyond the sheet's points).
        rule: the rule of the course that earns its points; "" where none does.
    """
    sheet_number: int
    number: int
    title: str
    points: Fraction
    kind: str
    gaps: tuple[Entry, ...] = ()
    rule: str = ""

    def __str__(self) -> str:
        return f"sheet {self.sheet_number}, task {self.number}"

    @property
    def numbers(self) -> str:
        """The numbers of its sheet and its own: "2.1"."""
        return f"{self.sheet_number}.{self.number}"


@dataclass(frozen=True)
class Sheet:
    """One assignment sheet; its points are those of its tasks that are no bonus.

    Args:
        scripts: the names of the programs in the root that come with it.
        folders: those that it asks for, such as "task_2".
    """
    number: int
    title: str
    points: Fraction
    tasks: tuple[Task, ...]
    scripts: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passing:
    """What a student has to reach.

    Args:
        share: of all points of all sheets, above 0 and at most 1.
        all_sheets: whether each sheet has to be handed in.
    """
    share: Fraction
    all_sheets: bool


@dataclass(frozen=True)
class Course:
    """All sheets, in the order of their numbers.

    Args:
        rules: the points that a sheet loses where one of them is broken, by name; 0 where that is only a warning.
        passing: what passing takes; None where the table does not say.
    """
    sheets: tuple[Sheet, ...]
    rules: Mapping[str, Fraction] = field(default_factory=dict)
    passing: Passing | None = None

    @cached_property
    def gaps(self) -> dict[str, Entry]:
        """The gaps by id, in the order in which the course meets them."""
        return {entry.id: entry for _, entry in self._entries()}

    def task_of(self, gap: str) -> Task:
        """The task that a gap belongs to."""
        return next(task for task, entry in self._entries() if entry.id == gap)

    def where(self, gap: str) -> str:
        """The place of a gap's task: "sheet 2, task 1"."""
        return str(self.task_of(gap))

    def named(self, word: str) -> list[str]:
        """The gaps that a word of a user means: an id, a task ("2.1"), a sheet ("2"), or what ids begin with ("vae").

        Raises: Problem if it means none; it says which ones there are.
        """
        if word in self.gaps:
            return [word]
        found = [entry.id for task, entry in self._entries()
                 if f"{task.numbers}.".startswith(f"{word}.") or entry.id.startswith(f"{word}_")]
        if not found:
            close = get_close_matches(word, self.gaps, n=1, cutoff=0.4)
            raise Problem(f"there is no gap {word!r}: " +
                          (f"did you mean {close[0]}?" if close else f"choose {', '.join(self.gaps)}"))
        return found

    def _entries(self) -> Iterator[tuple[Task, Entry]]:
        return ((task, entry) for sheet in self.sheets for task in sheet.tasks for entry in task.gaps)


def load(root: str | Path) -> Course:
    """The table of the repository at `root`, checked against the gaps of its lib/.

    Raises: CourseError if the table is wrong in itself, or does not list exactly the gaps of lib/; GapError if
        a file of lib/ cannot be read.
    """
    course, found = read(root), gaps.read(root)
    for name in course.gaps:
        if name not in found:
            raise CourseError(f"{FILE}: {course.where(name)} lists the gap {name}, which is in no file of lib/")
    for name, gap in found.items():
        if name not in course.gaps:
            raise CourseError(f"{FILE}: no task lists the gap {name} of {gap.path}, line {gap.start}")
    return course


def read(root: str | Path) -> Course:
    """The table of the repository at `root`, whatever gaps lib/ has.

    Raises: CourseError as `parse`, or if there is no such file that can be read.
    """
    try:
        return parse(gaps.read_text(Path(root) / FILE, FILE))
    except GapError as error:
        raise CourseError(str(error)) from None


def parse(text: str) -> Course:
    """The table that a text in TOML describes.

    Raises: CourseError if it is no TOML, a key is missing, unknown or of the wrong kind, a gap is listed twice, its
        hints are not two or three, points do not add up, a rule is unknown, or cannot have these points, or a share is
        none.
    """
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{FILE} is no valid TOML: {error}") from None
    _check_keys(table, _COURSE_KEYS, "the table")
    for number, task in enumerate(table.get("every_sheet", []), 1):
        _check_keys(task, _EVERY_SHEET_KEYS, f"[[every_sheet]] number {number}")
    rules = {name: _cost(name, cost) for name, cost in table.get("rules", {}).items()}
    course = Course(tuple(_sheet(sheet, number, table.get("every_sheet", []))
                          for number, sheet in enumerate(table["sheet"], 1)), rules, _passing(table.get("passing")))
    _check_repetition(course)
    _check_rules(course)
    return course


def points_text(points: Fraction) -> str:
    """Points as people write them: "2", "0.75"."""
    return f"{float(points):g}"


def _passing(table: Mapping | None) -> Passing | None:
    if table is None:
        return None
    _check_keys(table, _PASSING_KEYS, "[passing]")
    share = table["share"]
    if not (Decimal(share).is_finite() and 0 < share <= 1):
        raise CourseError(f"{FILE}: the share of [passing] should be above 0 and at most 1, not {share}")
    return Passing(Fraction(share), table["all_sheets"])


def _sheet(table: Mapping, position: int, every_sheet: list[Mapping]) -> Sheet:
    _check_keys(table, _SHEET_KEYS, f"[[sheet]] number {position}")
    where = f"sheet {table['number']}"
    tasks = tuple(_task(task, table["number"], number) for number, task in enumerate(table["task"] + every_sheet, 1))
    sheet = Sheet(table["number"], table["title"], _points(table, where), tasks,
                  *(tuple(table.get(names, ())) for names in ("scripts", "folders")))
    _check_sum(sheet.points, [task.points for task in tasks if task.kind != "bonus"], where,
               "its tasks that are no bonus")
    return sheet


def _task(table: Mapping, sheet_number: int, number: int) -> Task:
    where = f"sheet {sheet_number}, task {number}"
    _check_keys(table, _TASK_KEYS, where)
    if table["kind"] not in KINDS:
        raise CourseError(f"{FILE}: {where} is of the kind {table['kind']!r}: choose {', '.join(KINDS)}")
    entries = tuple(_entry(gap, f"{where}, gap number {position}")
                    for position, gap in enumerate(table.get("gap", []), 1))
    task = Task(sheet_number, number, table["title"], _points(table, where), table["kind"], entries,
                table.get("rule", ""))
    if task.kind == "auto" and not entries:
        raise CourseError(f"{FILE}: {where} is \"auto\", and has no gap whose tests could grade it")
    if task.kind == "manual" and entries:
        raise CourseError(f"{FILE}: {where} is \"manual\", and has gaps: tests grade those, so make it \"auto\"")
    if task.rule and (task.kind != "bonus" or entries):
        raise CourseError(f"{FILE}: {where} has a rule, which earns bonus points: make it \"bonus\", without gaps")
    if entries:
        _check_sum(task.points, [entry.points for entry in entries], where, "its gaps")
    return task


def _entry(table: Mapping, where: str) -> Entry:
    _check_keys(table, _GAP_KEYS, where)
    hints = table["hints"]
    if len(hints) not in (2, 3) or not all(isinstance(hint, str) and hint.strip() for hint in hints):
        raise CourseError(f"{FILE}: the gap {table['id']} should have two or three hints, each a text in quotes")
    return Entry(table["id"], _points(table, f"the gap {table['id']}"), tuple(hints))


def _check_keys(table: object, keys: Mapping[str, type | tuple], where: str) -> None:
    if not isinstance(table, dict):
        raise CourseError(f"{FILE}: {where} should be a table with the keys {', '.join(keys)}")
    for key in table:
        if key not in keys:
            raise CourseError(f"{FILE}: {where} has the unknown key {key!r}; the keys are {', '.join(keys)}")
    for key, kind in keys.items():
        if key not in table and key in _OPTIONAL:
            continue
        if key not in table:
            raise CourseError(f"{FILE}: {where} has no {key!r}")
        if not isinstance(table[key], kind) or isinstance(table[key], bool) and kind is not bool:
            raise CourseError(f"{FILE}: {key!r} of {where} should be {_SAYS[kind]}, not {table[key]!r}")


def _points(table: Mapping, where: str) -> Fraction:
    number = table["points"]
    if not Decimal(number).is_finite() or number < 0 or Fraction(number) % Fraction(1, 4):
        raise CourseError(f"{FILE}: the points of {where} should be 0 or a multiple of 0.25, not {number}")
    return Fraction(number)


def _cost(name: str, cost: object) -> Fraction:
    """The points that a broken rule takes from a sheet."""
    if cost == WARNING:
        return Fraction()
    if not isinstance(cost, _NUMBER) or isinstance(cost, bool) or not Decimal(cost).is_finite() or cost >= 0 or (
            Fraction(cost) % Fraction(1, 4)):
        raise CourseError(f"{FILE}: the rule {name} should be \"{WARNING}\", or points that it takes, such as -1 or "
                          f"-0.25, not {cost!r}")
    return -Fraction(cost)


def _check_rules(course: Course) -> None:
    earning = {task.rule: task for sheet in course.sheets for task in sheet.tasks if task.rule}
    for name in (*course.rules, *earning):
        if name not in RULES:
            raise CourseError(f"{FILE}: there is no rule {name!r}: choose {', '.join(RULES)}")
        if name in FOR_A_PERSON and (course.rules.get(name) or name in earning):
            raise CourseError(f"{FILE}: the rule {name} is for a person to judge, and neither gives nor takes points: "
                              f"make it \"{WARNING}\" in [rules]")
        if name in course.rules and name in earning:
            raise CourseError(f"{FILE}: the rule {name} earns the points of {earning[name]}: leave it out of [rules]")


def _check_sum(total: Fraction, parts: list[Fraction], where: str, what: str) -> None:
    if sum(parts) != total:
        raise CourseError(f"{FILE}: {where} is worth {points_text(total)} points, but {what} add up to "
                          f"{points_text(sum(parts, Fraction()))}")


def _check_repetition(course: Course) -> None:
    numbers = [sheet.number for sheet in course.sheets]
    if numbers != sorted(set(numbers)):
        raise CourseError(f"{FILE}: the numbers of the sheets should ascend, not be {', '.join(map(str, numbers))}")
    places: dict[str, Task] = {}
    for task, entry in course._entries():
        if entry.id in places:
            raise CourseError(f"{FILE}: the gap {entry.id} is listed twice, in {places[entry.id]} and in {task}")
        places[entry.id] = task
