"""declaration.md is filled in for the sheet: sources and tools, or "none", and what each member has done."""

from collections.abc import Iterator

from course.grade import forms
from course.grade.escaping import plain
from course.grade.forms import Answer
from course.grade.rules.facts import Facts
from course.grade.rules.rule import BROKEN, KEPT, LOOK, RuleResult

__all__ = ["check"]

_FEW = 5  # words, which are hardly a paragraph


def check(facts: Facts) -> RuleResult:
    """What is not there breaks the rule; whether a few words say enough is a person's to judge."""
    text = facts.handed_in.submission.forms.get(forms.DECLARATION)
    if text is None:
        return RuleResult("declaration", BROKEN, f"{forms.DECLARATION} is missing, or cannot be read")
    answers = forms.answers(text, facts.sheet.number)
    parts = {plain(name): part for name, part in forms.parts(answers)}
    if missing := [*_missing(answers, parts)]:
        where = f"{forms.DECLARATION}, sheet {facts.sheet.number}"
        return RuleResult("declaration", BROKEN, f"{where}: {'; '.join(missing)}",
                          tuple(name for name, part in parts.items() if not part))
    if short := tuple(f"{name}: {plain(part)}" for name, part in parts.items() if len(part.split()) < _FEW):
        return RuleResult("declaration", LOOK, "a part in the work is described in a few words", short)
    return RuleResult("declaration", KEPT, f"{forms.DECLARATION} names sources, and each member's part in the work")


def _missing(answers: list[Answer], parts: dict[str, str]) -> Iterator[str]:
    if not any(answer.field == forms.SOURCE and _is_filled(answer.text) for answer in answers):
        yield "no source or tool is named, nor \"none\""
    if not parts:
        yield "no member is named"
    elif not all(map(_is_filled, parts.values())):
        yield "a member's part in the work is not described"


def _is_filled(text: str) -> bool:
    return any(map(str.isalnum, text))
