"""Work is done on a branch `dev`."""

from course.grade.rules.facts import Facts
from course.grade.rules.rule import BROKEN, KEPT, UNKNOWN, RuleResult

__all__ = ["check"]

_WANTED = "dev"


def check(facts: Facts) -> RuleResult:
    history = facts.handed_in.history
    if history is None:
        return RuleResult("branches", UNKNOWN, "this is no git clone, so its branches are not known")
    if _WANTED not in history.branches:
        return RuleResult("branches", BROKEN, f"there is no branch {_WANTED}", history.branches)
    return RuleResult("branches", KEPT, f"there is a branch {_WANTED}")
