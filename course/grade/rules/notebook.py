"""The notebook of the sheet is there, and has been run: its cells have outputs. It is never run here."""

from course.grade.rules.facts import Facts
from course.grade.rules.rule import BROKEN, KEPT, RuleResult

__all__ = ["check"]


def check(facts: Facts) -> RuleResult | None:
    if not (path := facts.pristine.notebook(facts.sheet)):
        return None
    found = facts.handed_in.submission.documents.get(path)
    if found is None:
        return RuleResult("notebook", BROKEN, f"{path} is missing")
    return RuleResult("notebook", KEPT if found.is_whole else BROKEN, f"{path}: {found.words}")
