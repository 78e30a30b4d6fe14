"""What every report says of a result in the same words, as plain text."""

from collections.abc import Sequence

from course.grade.results import TeamResult
from course.grade.run import Run
from exercise.source.table import Task

__all__ = ["BETTER_COUNTS", "NOTHING_STARTED", "NO_EFFECT", "UNREAD", "handed_in", "whose_points"]

BETTER_COUNTS = "Each gap is tried with all other gaps solved, and as you handed them in: the better counts."
NO_EFFECT = ("These files are not as they were handed out. That has no effect on the points: only what stands in the "
             "gaps is graded.")
NOTHING_STARTED = "No gap has been started."
UNREAD = "No gap could be read."


def whose_points(run: Run, tasks: Sequence[Task], result: TeamResult) -> str:
    """Who gives the points of a team, in a sentence."""
    points = f"These are the points of {run.sheets_named}"
    if all(task.gaps or task.rule for task in tasks):
        givers = "tests and rules" if any(task.rule for task in tasks) else "tests"
        return f"{points} that {givers} give; a person gives those of the other tasks."
    return f"{points}." if all(map(result.shown, tasks)) else f"{points} so far: a person has still to give some."


def handed_in(result: TeamResult) -> list[str]:
    """By whom, where and when, a line each."""
    return [*[f"handed in on {result.platform} by number {result.identifier}"] * bool(result.platform),
            *result.timing,
            *[f"members: {'; '.join(result.members)}"] * bool(result.members)]
