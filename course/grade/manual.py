"""The points that a person gives: `manual.csv` comes out with empty cells, and `--manual` takes it back filled in."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from course.grade.escaping import csv_cell
from course.grade.files import csv_text
from course.grade.results import TeamResult
from course.grade.rules.rule import RuleResult
from course.grade.tasks import title, worth
from course.grade.worksheets.cells import Cells
from exercise.problem import Problem
from exercise.source.table import Task, points_text

__all__ = ["FILE", "Points", "left_open", "merged", "read", "sheet"]

FILE = "manual.csv"
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,6})?", re.ASCII)
_MOST_NAMED = 10
_BOM = "\ufeff"
Points = Mapping[str, Mapping[str, str]]  # from team and the numbers of a task to points as text


def sheet(tasks: Sequence[Task], results: Sequence[TeamResult]) -> str:
    """A row for each team, a column for each of these tasks, and one for their sum, which may stay empty.

    It begins with a byte order mark, without which some spreadsheet programs spoil umlauts.
    """
    head = ["team", *(csv_cell(title(task)) for task in tasks), f"sum ({points_text(worth(tasks))})"]
    rows = ([csv_cell(result.team), *(result.manual.get(task.numbers, "") for task in tasks), ""] for result in results)
    return _BOM + csv_text([head, *rows])


def read(file: Path, tasks: Sequence[Task], teams: Collection[str]) -> Points:
    """The points in a sheet that was filled in; empty cells are left out, and the empty rows and columns that a
    spreadsheet adds.

    Raises: Problem if it names a task or team that there is not, or one twice, points are below 0, above those of the
        task or no multiple of 1/4, or a sum is another one than its row has.
    """
    cells, known = Cells(file), {task.numbers: task for task in tasks}
    rows = {number: row for number, row in cells.rows.items() if any(map(str.strip, row))}
    columns = {place: _task(cells, name, known) for place, name in enumerate(cells.head[1:], 1)
               if not _is_sum(name) and (name.strip() or any(row[place].strip() for row in rows.values()))}
    if len(set(columns.values())) < len(columns):
        raise Problem(f"{file}: a task has two columns")
    points: dict[str, dict[str, str]] = {}
    for number, row in rows.items():
        team, where = row[0].strip(), f"{file}: row {number + 2}"
        if team not in teams:
            raise Problem(f"{where}: there is no team {team!r}")
        if team in points:
            raise Problem(f"{where}: the team {team} has two rows")
        points[team] = {task.numbers: points_text(_points(row[place], task, where))
                        for place, task in columns.items() if row[place].strip()}
        _check_sum(cells.head, row, points[team], where)
    return points


def merged(results: Sequence[TeamResult], points: Points) -> list[TeamResult]:
    """The results with these points, which count in place of those of a rule."""
    given = {result.team: dict(points.get(result.team, {})) for result in results}
    return [replace(result, manual=given[result.team], rules=tuple(
        _overruled(rule) if rule.task in given[result.team] else rule for rule in result.rules)) for result in results]


def left_open(tasks: Sequence[Task], results: Sequence[TeamResult]) -> str:
    """Where points are still to be given, of a team for a task, in one line; "" if there are none."""
    missing = {result.team: left for result in results
               if (left := [task.numbers for task in tasks if not result.shown(task)])}
    if not missing:
        return ""
    named = [f"{team} ({', '.join(left)})" for team, left in missing.items()][:_MOST_NAMED]
    more = [f"{len(missing) - _MOST_NAMED} teams more"] if len(missing) > _MOST_NAMED else []
    count = sum(map(len, missing.values()))
    return f"{count} of {len(tasks) * len(results)} entries are still empty: {', '.join([*named, *more])}"


def _overruled(rule: RuleResult) -> RuleResult:
    return replace(rule, points="0", sentence=f"{rule.sentence}; a person has given the points")


def _is_sum(name: str) -> bool:
    return name.strip().partition(" ")[0] == "sum"


def _task(cells: Cells, name: str, known: Mapping[str, Task]) -> Task:
    number = name.strip().partition(" ")[0]
    if number not in known:
        raise Problem(f"{cells.file}: the column {name!r} is that of no task that a person grades; "
                      f"there {'is' if len(known) == 1 else 'are'} {', '.join(known) or 'none'}")
    return known[number]


def _points(cell: str, task: Task, where: str) -> Fraction:
    text = cell.strip().replace(",", ".")
    points = Fraction(text) if _NUMBER.fullmatch(text) else Fraction(-1)
    if not 0 <= points <= task.points or points % Fraction(1, 4):
        raise Problem(f"{where}: {cell.strip()!r} for task {task.numbers} should be a multiple of 0.25 from 0 to "
                      f"{points_text(task.points)}")
    return points


def _check_sum(head: Sequence[str], row: Sequence[str], points: Mapping[str, str], where: str) -> None:
    total = points_text(sum(map(Fraction, points.values()), Fraction()))
    for name, cell in zip(head, row, strict=True):
        text = cell.strip().replace(",", ".")
        if _is_sum(name) and text and not (_NUMBER.fullmatch(text) and Fraction(text) == Fraction(total)):
            raise Problem(f"{where}: the sum is said to be {cell.strip()!r}, and the points add up to {total}")
