"""The checks of all rules, and the points that `course.toml` gives and takes for what they find."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from fractions import Fraction

from course.grade.escaping import plain
from course.grade.handed_in import HandedIn
from course.grade.limited import OutOfLimits, in_child
from course.grade.pristine import Pristine
from course.grade.rules import (
    branches,
    changes,
    comments,
    declaration,
    feedback,
    loops,
    notebook,
    pushes,
    style,
    submission_pdf,
    task_folders,
    team_size,
)
from course.grade.rules.facts import Facts
from course.grade.rules.rule import BROKEN, KEPT, UNKNOWN, RuleResult

__all__ = ["CHECKS", "check"]

_MOST_EVIDENCE = 100  # lines
CHECKS: dict[str, Callable[[Facts], RuleResult | None]] = {  # None: the sheet asks for nothing of the kind
    "changes": changes.check, "comments": comments.check, "loops": loops.check, "style": style.check,
    "submission_pdf": submission_pdf.check, "feedback": feedback.check, "declaration": declaration.check,
    "team_size": team_size.check, "notebook": notebook.check, "task_folders": task_folders.check,
    "branches": branches.check, "pushes": pushes.check,
}


def check(handed_in: HandedIn, pristine: Pristine) -> tuple[RuleResult, ...]:
    """What the rules that `course.toml` names find in a submission, sheet by sheet."""
    return tuple(result for sheet in pristine.chosen.sheets
                 for result in _of_sheet(Facts(sheet, handed_in, pristine)))


def _of_sheet(facts: Facts) -> Iterator[RuleResult]:
    costs, sheet = facts.pristine.chosen.course.rules, facts.sheet
    earning = {task.rule: task for task in sheet.tasks if task.rule}
    for result in _found([*earning, *costs], facts):
        if task := earning.get(result.rule):
            points = task.points if result.state == KEPT else Fraction()
            yield replace(result, points=str(points), sheet=sheet.number, task=task.numbers)
        else:
            points = -costs[result.rule] if result.state == BROKEN else Fraction()
            yield replace(result, points=str(points), sheet=sheet.number)


def _found(names: Sequence[str], facts: Facts) -> list[RuleResult]:
    """What these checks find, done in a child with limits: they parse texts that anybody could have written."""
    if facts.is_unread:
        return [RuleResult(name, UNKNOWN, "the submission could not be read") for name in names]
    try:
        return [RuleResult.from_plain(content) for content in in_child(_plain, names, facts)]
    except OutOfLimits as error:
        if len(names) > 1:
            return [result for name in names for result in _found([name], facts)]
        return [RuleResult(name, UNKNOWN, f"this cannot be checked ({error})") for name in names]


def _plain(names: Sequence[str], facts: Facts) -> list[dict]:
    found = filter(None, (CHECKS[name](facts) for name in names))
    return [asdict(replace(result, evidence=tuple(map(plain, result.evidence[:_MOST_EVIDENCE])))) for result in found]
