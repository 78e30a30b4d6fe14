"""Gradescope's results.json. Source of the format: https://gradescope-autograders.readthedocs.io/en/latest/specs/"""

from collections.abc import Iterator

from course.grade import wording
from course.grade.escaping import plain
from course.grade.report.graded import Graded
from course.grade.results import GapResult, TeamResult

__all__ = ["of_team"]

_LONGEST = 600


def of_team(graded: Graded, result: TeamResult) -> dict:
    """The file of a team: a test for each gap, and each task of a person that has points.

    All output is text, which is what Gradescope takes it for.
    """
    run = graded.run
    lines = [wording.whose_points(run, graded.tasks, result), *wording.handed_in(result), *result.problems,
             f"course {run.version}; seeds {' '.join(map(str, run.seeds))}; isolation {run.isolation}"]
    return {"score": float(result.points()), "output": "\n".join(plain(line, _LONGEST) for line in lines),
            "visibility": "visible", "tests": [*_tests(graded, result)]}


def _tests(graded: Graded, result: TeamResult) -> Iterator[dict]:
    """In the order of the course, with the number of the task, and of a gap its own in it: "2.1.3"."""
    for task in graded.tasks:
        own = [gap for gap in result.gaps if gap.task == task.numbers]
        yield from (_test(gap, f"{task.numbers}.{number}") for number, gap in enumerate(own, 1))
        if not own and result.shown(task):
            yield {"name": plain(task.title), "number": task.numbers, "score": float(result.on_task(task.numbers)),
                   "max_score": float(task.points), "visibility": "visible"}
    if result.taken:
        yield {"name": "broken rules", "score": float(result.taken), "max_score": 0.0, "visibility": "visible"}


def _test(gap: GapResult, number: str) -> dict:
    return {"name": plain(gap.gap), "number": number, "score": float(gap.points), "max_score": float(gap.possible),
            "output": _output(gap), "status": "passed" if gap.is_solved else "failed", "visibility": "visible"}


def _output(gap: GapResult) -> str:
    if gap.is_solved:
        return ""
    said = [f"with the other gaps solved: {gap.isolated.sentence or gap.isolated.state}"]
    if gap.submitted != gap.isolated:
        said.append(f"as handed in: {gap.submitted.sentence or gap.submitted.state}")
    return "\n".join(plain(line, _LONGEST) for line in said)
