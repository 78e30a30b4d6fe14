"""What reports are made from: the results in a folder of grades, and the table and the tests of the course."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from course.grade.results import Folder, Run, TeamResult
from course.grade.sentences import Judges
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
        tasks: those with gaps, of the sheets that were graded.
    """
    place: Path
    run: Run
    course: Course
    tasks: tuple[Task, ...]
    results: Sequence[TeamResult]
    judges: Judges

    @property
    def worth(self) -> Fraction:
        return sum((task.points for task in self.tasks), Fraction())

    def points(self, result: TeamResult) -> Fraction:
        """Those of all gaps of a team."""
        return sum((result.points(task.numbers) for task in self.tasks), Fraction())

    def hint(self, gap: str) -> str:
        """The first hint of a gap, in Markdown."""
        return self.course.gaps[gap].hints[0]


def load(root: Path, place: Path) -> Graded:
    """Read a folder of grades.

    Raises: Problem if there is no run or no result in it, one of them is damaged, or it has other gaps than the course.
    """
    folder, course = Folder(place), table.read(root)
    run, results = folder.run(), folder.results()
    tasks = tuple(task for sheet in course.sheets for task in sheet.tasks
                  if run.sheets[0] <= sheet.number <= run.sheets[1] and task.gaps)
    _check_gaps({entry.id for task in tasks for entry in task.gaps}, results, place)
    return Graded(place, run, course, tasks, results, Judges(root))


def note(root: Path, run: Run) -> str:
    """What to know where the course is not the one that has graded; "" where it is."""
    now = version(root)
    return "" if same(now, run.version) else (
        f"graded with the course {run.version}, which is {now} now: hints, titles and what tests ask are of today")


def _check_gaps(known: set[str], results: Sequence[TeamResult], place: Path) -> None:
    if not results:
        raise Problem(f"{place} holds no results yet")
    for result in results:
        if strange := {gap.gap for gap in result.gaps} ^ known:
            raise Problem(f"the results in {place} and the course differ in the gap {min(strange)}: "
                          "take the version of the course that has graded them")
