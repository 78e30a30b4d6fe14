"""Canvas's gradebook: a column for each assignment, whose name ends in its number in brackets."""

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from course.grade.results import TeamResult
from course.grade.tasks import worth
from course.grade.worksheets.cells import Cells
from course.grade.worksheets.rows import Assigned, Row, assign
from exercise.problem import Problem
from exercise.source.table import Task, points_text

__all__ = ["FILE", "Gradebook"]

FILE = "canvas.csv"
_ASSIGNMENT = re.compile(r".*\(\d+\)\s*", re.ASCII | re.DOTALL)
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)


class Gradebook:
    """A gradebook that Canvas has exported.

    Args: assignment, the name of the column to fill, such as "Sheet 2 (12345)".
    Raises: Problem if it cannot be used.
    """
    platform = "Canvas"
    file = FILE

    def __init__(self, place: Path, assignment: str):
        self._cells = Cells(place)
        self._assignment, self._id = _column(self._cells, assignment), self._cells.column("ID")
        people = min(number for number, name in enumerate(self._cells.head) if _ASSIGNMENT.fullmatch(name))
        self._rows = [Row(number, row[self._id].strip(), row[0].strip(), tuple(row[:people]))
                      for number, row in self._cells.rows.items() if row[self._id].strip().isdecimal()]
        self._possible = self._points_possible()
        if not self._rows:
            raise Problem(f"{place}: no row has a number in its column ID: take the file as Canvas exports it")

    def fill(self, results: Sequence[TeamResult], tasks: Sequence[Task]) -> Assigned:
        """Write points, and say who has got none."""
        assigned = assign(self.platform, self._rows, results)
        for number, result in assigned.results.items():
            self._cells.put(number, self._assignment, points_text(result.points()))
        if self._possible not in (None, worth(tasks)):
            assigned.notes.append(f"Canvas's points possible are not {points_text(worth(tasks))}, what the graded "
                                  "tasks are worth: points are written as they are")
        return assigned

    def save(self, place: Path) -> None:
        """Write the gradebook. Raises: Problem if that cannot be done."""
        self._cells.save(place)

    def _points_possible(self) -> Fraction | None:
        """Those of the assignment, which stand in a row of nobody; None if there is no such row."""
        people = {row.number for row in self._rows}
        cells = (row[self._assignment].strip() for number, row in self._cells.rows.items() if number not in people)
        return next((Fraction(cell) for cell in cells if _NUMBER.fullmatch(cell)), None)


def _column(cells: Cells, assignment: str) -> int:
    names = [name.strip() for name in cells.head if _ASSIGNMENT.fullmatch(name)]
    if assignment.strip() not in names:
        which = f"choose {', '.join(map(repr, names))}" if names else "no column ends in a number in brackets"
        raise Problem(f"{cells.file}: no assignment is called {assignment!r}: {which}")
    return cells.column(assignment)
