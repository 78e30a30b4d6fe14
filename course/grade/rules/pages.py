"""What the rules have found, as parts of the pages in Markdown. All that comes from a submission is escaped."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import fmean

from course.grade.escaping import code, markdown
from course.grade.results import TeamResult
from course.grade.rules.rule import BROKEN, KEPT, LOOK, UNKNOWN, RuleResult
from course.grade.run import Run

__all__ = ["hours", "of_class", "of_team", "to_look_at"]

_MOST, _LONGEST = 20, 400


def of_team(run: Run, result: TeamResult) -> list[str]:
    """A line for each rule, and what it rests on."""
    return [line for rule in result.rules for line in _lines(run, rule)]


def to_look_at(run: Run, result: TeamResult) -> list[str]:
    """What a person should look at; changed files are shown with their differences elsewhere."""
    return [line for rule in result.rules if rule.is_for_a_person and rule.rule != "changes"
            for line in _lines(run, rule)]


def of_class(results: Sequence[TeamResult]) -> list[list[str]]:
    """A row for each rule: of how many teams, and sheets, it is in each state."""
    counts = Counter((rule.rule, rule.state) for result in results for rule in result.rules)
    names = dict.fromkeys(rule.rule for result in results for rule in result.rules)
    return [[f"`{name}`", *(str(counts[name, state]) for state in (KEPT, BROKEN, LOOK, UNKNOWN))] for name in names]


def hours(results: Sequence[TeamResult]) -> Iterator[str]:
    """A line for each sheet: what its feedback says of the time it took."""
    by_sheet: dict[int, list[float]] = {}
    for rule in (rule for result in results for rule in result.rules if rule.numbers):
        by_sheet.setdefault(rule.sheet, []).extend(rule.numbers)
    yield from (f"Hours for sheet {sheet}, as feedback.md says: {sum(numbers):g} of {len(numbers)} members, "
                f"{fmean(numbers):.1f} on average, from {min(numbers):g} to {max(numbers):g}."
                for sheet, numbers in sorted(by_sheet.items()))


def _lines(run: Run, rule: RuleResult) -> Iterator[str]:
    first, last = run.sheets
    sheet = f", sheet {rule.sheet}" if first != last else ""
    gain = f" ({rule.gain})" if rule.gain else ""
    yield f"- `{rule.rule}`{sheet}: **{rule.said}**{gain}; {markdown(rule.sentence, _LONGEST)}"
    yield from (f"  - {code(line)}" for line in rule.evidence[:_MOST])
    if (more := len(rule.evidence) - _MOST) > 0:
        yield f"  - and {more} more"
