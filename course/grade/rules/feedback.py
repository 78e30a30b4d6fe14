"""feedback.md is filled in for the sheet, and the hours in it are counted."""

import re

from course.grade import forms
from course.grade.escaping import plain
from course.grade.rules.facts import Facts
from course.grade.rules.rule import BROKEN, KEPT, RuleResult

__all__ = ["check", "hours"]

_MOST_HOURS, _LONGEST = 200, 200
_QUANTITY = r"\d{1,3}(?:\.\d{1,2}|,(?:5|25|75)(?!\d))?"  # "3,5" is three and a half, "3,4" two members
_MINUTES, _UNIT = r"[0-5]\d", r"(?:h\w*|std\w*\.?)"
_HOURS = re.compile(
    rf"(?<![\w.:–-])(?P<first>{_QUANTITY})(?:\s?[–-]\s?(?P<last>{_QUANTITY}))?"
    rf"(?::(?P<clock>{_MINUTES})(?:\s?{_UNIT})?"
    rf"|\s?{_UNIT}\s?(?:and |und )?(?P<minutes>{_MINUTES})(?:\s?min\w*)?(?!\s?{_UNIT})"  # "3 h 12 h" are two members
    rf"|\s?(?P<unit>min\w*|{_UNIT}))?(?!\w)", re.ASCII | re.IGNORECASE)


def check(facts: Facts) -> RuleResult:
    """Any answer keeps the rule; hours that cannot be read break nothing."""
    text = facts.handed_in.submission.forms.get(forms.FEEDBACK)
    if text is None:
        return RuleResult("feedback", BROKEN, f"{forms.FEEDBACK} is missing, or cannot be read")
    answers = {answer.field: answer.text for answer in forms.answers(text, facts.sheet.number)
               if any(map(str.isalnum, answer.text))}
    if not answers:
        return RuleResult("feedback", BROKEN, f"{forms.FEEDBACK} has no answer for sheet {facts.sheet.number}")
    said = answers.get(forms.HOURS, "")
    counted = hours(said)
    words = ", ".join(f"{each:g}" for each in counted) or "none that can be read"
    return RuleResult("feedback", KEPT, f"{forms.FEEDBACK} is filled in; hours: {words}",
                      () if counted or not said else (f"{forms.HOURS}: {plain(said, _LONGEST)}",), numbers=counted)


def hours(text: str) -> tuple[float, ...]:
    """The hours of each member: "5, 4.5", "5h, 3,5 h", "about 4 hours", "90 min", "1:30", "3 h 30 min", "4-5" (4.5)."""
    found = (_hours(match) for match in _HOURS.finditer(text[:_LONGEST]))
    return tuple(each for each in found if each <= _MOST_HOURS)


def _hours(match: re.Match) -> float:
    first, last = (float((match[name] or match["first"]).replace(",", ".")) for name in ("first", "last"))
    number = (first + last) / 2 + int(match["clock"] or match["minutes"] or 0) / 60
    return round(number / 60 if (match["unit"] or "").casefold().startswith("min") else number, 2)
