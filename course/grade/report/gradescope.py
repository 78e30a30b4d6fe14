"""Gradescope's results.json. Source of the format: https://gradescope-autograders.readthedocs.io/en/latest/specs/"""

from fractions import Fraction

from course.grade.escaping import plain
from course.grade.report.graded import Graded
from course.grade.results import GapResult, TeamResult

__all__ = ["of_team"]

_LONGEST = 600


def of_team(graded: Graded, result: TeamResult) -> dict:
    """The file of a team: a test for each gap. All output is text, which is what Gradescope takes it for."""
    run = graded.run
    lines = [*result.problems, f"course {run.version}; seeds {' '.join(map(str, run.seeds))}; isolation "
             f"{run.isolation}"]
    return {"score": float(graded.points(result)), "output": "\n".join(plain(line, _LONGEST) for line in lines),
            "visibility": "visible", "tests": [_test(gap, number) for gap, number in _numbered(result)]}


def _numbered(result: TeamResult) -> list[tuple[GapResult, str]]:
    """The gaps, with the number of their task and their own in it: "2.1.3"."""
    counts: dict[str, int] = {}
    numbered = []
    for gap in result.gaps:
        counts[gap.task] = counts.get(gap.task, 0) + 1
        numbered.append((gap, f"{gap.task}.{counts[gap.task]}"))
    return numbered


def _test(gap: GapResult, number: str) -> dict:
    return {"name": plain(gap.gap), "number": number, "score": float(gap.points), "max_score": _worth(gap),
            "output": _output(gap), "status": "passed" if gap.is_solved else "failed", "visibility": "visible"}


def _output(gap: GapResult) -> str:
    if gap.is_solved:
        return ""
    said = [f"with the other gaps solved: {gap.isolated.sentence or gap.isolated.state}"]
    if gap.submitted != gap.isolated:
        said.append(f"as handed in: {gap.submitted.sentence or gap.submitted.state}")
    return "\n".join(plain(line, _LONGEST) for line in said)


def _worth(gap: GapResult) -> float:
    return float(Fraction(gap.worth))
