"""`main` is pushed at most three times until the deadline."""

from course.grade.rules.facts import Facts
from course.grade.rules.rule import BROKEN, KEPT, UNKNOWN, RuleResult

__all__ = ["check"]

_MOST = 3


def check(facts: Facts) -> RuleResult:
    history = facts.handed_in.history
    if history is None or history.pushes is None:
        return RuleResult("pushes", UNKNOWN, "the host of the repository has not said when main was pushed")
    state = KEPT if history.pushes <= _MOST else BROKEN
    return RuleResult("pushes", state, f"pushes to main until the deadline: {history.pushes}, at most {_MOST} allowed")
