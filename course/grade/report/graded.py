"""What reports are made from: the results in a folder of grades, and the table and the tests of the course."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from course.grade import outputs
from course.grade.folder import Folder
from course.grade.results import TeamResult
from course.grade.run import Run
from course.grade.sentences import Judges
from course.grade.tasks import worth
from course.grade.version import same, version
from exercise.problem import Problem
from exercise.source import table
from exercise.source.table import Course, Task

__all__ = ["Graded", "load", "note"]


@dataclass(frozen=True)
class Graded:
    """A class that has been graded.

    Args:
        course: as it is now; titles and hints are taken from it.
        tasks: those that have points: with gaps, and of a person if `grade` was given a person's points.
        results: with the points of a person.
        left: how many submissions were not graded when the run was cut off.
    """
    root: Path
    place: Path
    run: Run
    course: Course
    tasks: tuple[Task, ...]
    results: Sequence[TeamResult]
    left: int = 0

    @property
    def unfinished(self) -> str:
        """What to know of a run that was cut off; "" of one that was not."""
        return (f"{self.place}: submissions that are not graded yet: {self.left}; go on with `python -m course grade "
                "--resume`") if self.left else ""

    @property
    def worth(self) -> Fraction:
        return worth(self.tasks)

    @cached_property
    def judges(self) -> Judges:
        return Judges(self.root)

    def hint(self, gap: str) -> str:
        """The first hint of a gap, in Markdown."""
        return self.course.gaps[gap].hints[0]


def load(root: Path, place: Path) -> Graded:
    """Read a folder of grades, as `grade` has written its reports last.

    Raises: Problem if there is no run or no result in it, one of them is damaged, or it has other gaps or tasks than
        the course.
    """
    folder, course = Folder(place), table.read(root)
    run, (numbers, results, left) = folder.run(), outputs.read(folder)
    of_sheets = [task for sheet in course.sheets for task in sheet.tasks
                 if run.sheets[0] <= sheet.number <= run.sheets[1]]
    _check("task", {*numbers} - {task.numbers for task in of_sheets}, place)
    for result in results:
        _check("gap", {gap.gap for gap in result.gaps} ^ {gap.id for task in of_sheets for gap in task.gaps}, place)
    return Graded(root, place, run, course, tuple(task for task in of_sheets if task.numbers in numbers), results,
                  left)


def note(root: Path, run: Run) -> str:
    """What to know where the course is not the one that has graded; "" where it is."""
    now = version(root)
    return "" if same(now, run.version) else (
        f"graded with the course {run.version}, which is {now} now: hints, titles and what tests ask are of today")


def _check(what: str, strange: set[str], place: Path) -> None:
    if strange:
        raise Problem(f"the results in {place} and the course differ in the {what} {min(strange)}: "
                      "take the version of the course that has graded them")
