"""Code style in what the student wrote: pycodestyle finds nothing in the gaps."""

from course.grade import syntax
from course.grade.rules.facts import Facts
from course.grade.rules.rule import BROKEN, KEPT, UNKNOWN, RuleResult
from exercise.commands.styling import found_in

__all__ = ["check"]

_BEYOND_LINES = "E9"  # does not compile: the place is often the end of the file


def check(facts: Facts) -> RuleResult:
    """Lines outside of the gaps do not count, whoever has changed them."""
    if not facts.written:
        return RuleResult("style", UNKNOWN, "no gap has been started")
    places = [place for path in dict.fromkeys(gap.path for gap in facts.written.values())
              for place in _places(path, facts)]
    if not places:
        return RuleResult("style", KEPT, "pycodestyle finds nothing in the gaps")
    return RuleResult("style", BROKEN, f"pycodestyle finds {len(places)} to mend in the gaps", tuple(places))


def _places(path: str, facts: Facts) -> list[str]:
    text = facts.handed_in.submission.texts[path]
    gaps = [gap for gap in facts.written.values() if gap.path == path]
    return [f"{path}, line {line}: {words}: {syntax.code_at(text, line)}"
            for line, words in found_in(text, facts.pristine.root)
            if words.startswith(_BEYOND_LINES) or any(gap.start < line < gap.end for gap in gaps)]
