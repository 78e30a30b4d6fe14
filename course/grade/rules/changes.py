"""Nothing is changed outside of the gaps."""

from course.grade.rules.facts import Facts
from course.grade.rules.rule import KEPT, LOOK, RuleResult

__all__ = ["check"]


def check(facts: Facts) -> RuleResult:
    """A change has no effect on points, and may be an accident: a person looks at it."""
    changes = facts.handed_in.changes
    if not changes:
        return RuleResult("changes", KEPT, "nothing is changed outside of the gaps")
    files = "a file is" if len(changes) == 1 else f"{len(changes)} files are"
    return RuleResult("changes", LOOK, f"{files} changed outside of the gaps",
                      tuple(f"{change.path}: {change.what}" for change in changes))
