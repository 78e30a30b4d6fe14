"""Canvas's gradebook: a column for each assignment, whose name ends in its number in brackets."""

import re
from collections.abc import Sequence
from pathlib import Path

from course.grade.results import TeamResult
from course.grade.worksheets.cells import Cells
from course.grade.worksheets.rows import Assigned, Row, assign
from exercise.problem import Problem
from exercise.source.table import Task, points_text

__all__ = ["FILE", "Gradebook"]

FILE = "canvas.csv"
_ASSIGNMENT = re.compile(r".*\(\d+\)\s*", re.ASCII | re.DOTALL)


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
        if not self._rows:
            raise Problem(f"{place}: no row has a number in its column ID: take the file as Canvas exports it")

    def fill(self, results: Sequence[TeamResult], tasks: Sequence[Task]) -> Assigned:
        """Write points, and say who has got none."""
        assigned = assign(self.platform, self._rows, results)
        for number, result in assigned.results.items():
            self._cells.put(number, self._assignment, points_text(result.points()))
        return assigned

    def save(self, place: Path) -> None:
        """Write the gradebook. Raises: Problem if that cannot be done."""
        self._cells.save(place)


def _column(cells: Cells, assignment: str) -> int:
    names = [name.strip() for name in cells.head if _ASSIGNMENT.fullmatch(name)]
    if assignment.strip() not in names:
        which = f"choose {', '.join(map(repr, names))}" if names else "no column ends in a number in brackets"
        raise Problem(f"{cells.file}: no assignment is called {assignment!r}: {which}")
    return cells.column(assignment)
