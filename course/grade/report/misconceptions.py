"""What went wrong in how many teams: sentences of the judges, without the numbers of one team, and without names."""

import re
from collections import Counter
from collections.abc import Sequence

from course.grade.results import NO_VERDICT, GapResult, TeamResult
from course.grade.sentences import FIXED, Judges
from exercise.verdict.verdicts import BLOCKED, NOT_STARTED

__all__ = ["counted", "in_general"]

_OF_KIND = FIXED | {
    "syntax": "it does not compile",
    "lost": "its markers are lost, so that it cannot be read",
    "missing name": "it does not define a name that the code after it uses",
}


def counted(results: Sequence[TeamResult], judges: Judges) -> list[tuple[str, str, int]]:
    """Gap, misconception, and how many teams have it; the commonest first, otherwise in the order of the course.

    A submission that cannot be read shows none.
    """
    in_order = zip(*(result.gaps for result in results if result.is_read), strict=True)
    counts = Counter((gap.gap, in_general(gap, judges)) for found in in_order for gap in found if _is_wrong(gap))
    return [(gap, words, count) for (gap, words), count in counts.most_common()]


def in_general(gap: GapResult, judges: Judges) -> str:
    """What is wrong with a gap, in words that the course itself uses: no others are in it."""
    outcome = gap.isolated
    if outcome.state == BLOCKED:
        return "it ends in what looks like an empty gap"
    if outcome.kind == "":
        return judges.own_words(outcome.sentence)
    if outcome.kind == "error":  # "ValueError in line 2 below …", see sentences.passed_on
        return f"it raises {re.match(r'an error|[A-Za-z]*', outcome.sentence)[0] or 'an error'}"
    return _OF_KIND.get(outcome.kind, "it gives no proper answer")


def _is_wrong(gap: GapResult) -> bool:
    return not gap.is_solved and gap.isolated.state not in (NOT_STARTED, NO_VERDICT)
