"""Classroom 50's result.json, of the schema classroom50/result/v1.

Its scores are whole numbers. Points of this course are fractions, multiples of 1/4 as it is handed out, so all of them
are multiplied by the least number that makes each gap's points whole; it is the same for all sheets and teams.
"""

import math
from datetime import UTC, datetime
from fractions import Fraction

from course.grade.escaping import plain
from course.grade.report.graded import Graded
from course.grade.results import GapResult, TeamResult
from exercise.source.table import Course

__all__ = ["SCHEMA", "factor", "of_team"]

SCHEMA = "classroom50/result/v1"


def factor(course: Course) -> int:
    """By how much points are multiplied: what one point is worth."""
    return math.lcm(*(entry.points.denominator for entry in course.gaps.values()))


def of_team(graded: Graded, result: TeamResult, classroom: str, graded_at: datetime) -> dict:
    """The file of a team: a test for each gap.

    Args: classroom, its name there. The commit is empty where a team has handed in no clone.
    """
    times, (first, last) = factor(graded.course), graded.run.sheets
    return {"schema": SCHEMA, "classroom": plain(classroom),
            "assignment": f"sheet-{first}" if first == last else f"sheets-{first}-{last}",
            "owner": plain(result.team), "submission": result.submission,
            "commit": plain(result.history.commit) if result.history else "",
            "datetime": graded_at.astimezone(UTC).isoformat(timespec="seconds"),
            "score": int(times * graded.points(result)), "max-score": int(times * graded.worth),
            "tests": [_test(gap, times) for gap in result.gaps]}


def _test(gap: GapResult, times: int) -> dict:
    return {"test-name": plain(gap.gap), "passed": gap.is_solved, "score": int(times * gap.points),
            "max-score": int(times * Fraction(gap.worth))}
