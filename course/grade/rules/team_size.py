"""At most three members are named, each with a number."""

import re

from course.grade import forms
from course.grade.rules.facts import Facts
from course.grade.rules.rule import BROKEN, KEPT, UNKNOWN, RuleResult

__all__ = ["check"]

_MOST = 3
_NUMBER = re.compile(r"(?:\d[ ./-]?){3}|\d.*@|@.*\d")  # of a student, or an address that has one


def check(facts: Facts) -> RuleResult:
    members = facts.members
    if not members:
        return RuleResult("team_size", UNKNOWN, f"{forms.DECLARATION} names nobody")
    if len(members) > _MOST:
        return RuleResult("team_size", BROKEN, f"{len(members)} members are named: a team has at most {_MOST}", members)
    if without := tuple(name for name in members if not _NUMBER.search(name)):
        return RuleResult("team_size", BROKEN, "a member is named without a number", without)
    return RuleResult("team_size", KEPT, f"members named: {len(members)}, with their numbers")
