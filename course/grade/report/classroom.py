"""Classroom 50's result.json, of the schema classroom50/result/v1.

Its scores are whole numbers. Points are multiples of 1/4, so all of them are multiplied by 4.
"""

from datetime import UTC, datetime
from fractions import Fraction

from course.grade.escaping import plain
from course.grade.report.graded import Graded
from course.grade.results import TeamResult
from exercise.source.table import Task

__all__ = ["FACTOR", "SCHEMA", "of_team"]

SCHEMA, FACTOR = "classroom50/result/v1", 4


def of_team(graded: Graded, result: TeamResult, classroom: str, graded_at: datetime) -> dict:
    """The file of a team: a test for each gap, and each task of a person that has points.

    Args: classroom, its name there. The commit is empty where a team has handed in no clone.
    """
    first, last = graded.run.sheets
    return {"schema": SCHEMA, "classroom": plain(classroom),
            "assignment": f"sheet-{first}" if first == last else f"sheets-{first}-{last}",
            "owner": plain(result.team), "submission": result.submission,
            "commit": plain(result.history.commit) if result.history else "",
            "datetime": graded_at.astimezone(UTC).isoformat(timespec="seconds"),
            "score": int(FACTOR * result.points()), "max-score": int(FACTOR * graded.worth),
            "tests": [*(_test(gap.gap, gap.points, gap.possible, gap.is_solved) for gap in result.gaps),
                      *(_of_person(task, result) for task in graded.tasks if not task.gaps and result.shown(task))]}


def _of_person(task: Task, result: TeamResult) -> dict:
    points = result.on_task(task.numbers)
    return _test(f"{task.numbers} {task.title}", points, task.points, points == task.points)


def _test(name: str, points: Fraction, worth: Fraction, passed: bool) -> dict:
    return {"test-name": plain(name), "passed": passed, "score": int(FACTOR * points),
            "max-score": int(FACTOR * worth)}
