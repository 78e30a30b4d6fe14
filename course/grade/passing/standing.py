"""Where a person stands: the points of each sheet, what is open, and whether that is passed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from course.grade.passing.people import Person
from course.grade.results import TeamResult
from exercise.source.table import Passing, Sheet, points_text
from exercise.verdict.verdicts import NOT_STARTED

__all__ = ["FAILED", "OPEN", "PASSED", "OnSheet", "Standing", "standing"]

PASSED, FAILED, OPEN = "passed", "not passed", "open"
_UNREAD = "no gap is started, as far as they can be read"


@dataclass(frozen=True)
class OnSheet:
    """A sheet of one person.

    Args:
        points, most: what the person has for sure, and what it can still become.
        missing: whether it is not handed in; None where that is open.
        why: what is open about it; "" where it is only points that a person has still to give.
        teams: whose submissions these are.
    """
    sheet: Sheet
    points: Fraction
    most: Fraction
    missing: bool | None
    why: str = ""
    teams: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """A person with all sheets.

    Args:
        result: PASSED, FAILED or OPEN.
        why: the reason, in words.
    """
    person: Person
    sheets: tuple[OnSheet, ...]
    result: str
    why: str

    @property
    def is_disputed(self) -> bool:
        """Whether more is open than points that a person has still to give."""
        return self.person.is_unclear or any(len(on.teams) > 1 and on.why or on.why == _UNREAD for on in self.sheets)

    @property
    def points(self) -> Fraction:
        return sum((on.points for on in self.sheets), Fraction())

    @property
    def open(self) -> Fraction:
        return sum((on.most - on.points for on in self.sheets), Fraction())


def standing(person: Person, sheets: Sequence[tuple[Sheet, int | None]], passing: Passing) -> Standing:
    """What has become of a person.

    Args: sheets, those of the term, each with the number of the folder of grades that has it; None where none has.
    """
    on = tuple(_on_sheet(person, sheet, folder) for sheet, folder in sheets)
    result, reasons = _judged(on, passing, person.is_unclear)
    return Standing(person, on, result, "; ".join(reasons))


def _on_sheet(person: Person, sheet: Sheet, folder: int | None) -> OnSheet:
    if folder is None:
        return OnSheet(sheet, Fraction(), sum((task.points for task in sheet.tasks), Fraction()), None,
                       "not graded yet")
    found = [_handed_in(sheet, submission.result) for submission in person.of(folder)]
    if not found:
        return OnSheet(sheet, Fraction(), Fraction(), True)
    teams = tuple(team for on in found for team in on.teams)
    if len({(on.points, on.most, on.missing) for on in found}) == 1:
        return replace(found[0], teams=teams)
    missing = {on.missing for on in found}
    return OnSheet(sheet, min(on.points for on in found), max(on.most for on in found),
                   missing.pop() if len(missing) == 1 else None,
                   f"claimed by {' and by '.join(teams)}, with different points", teams)


def _handed_in(sheet: Sheet, result: TeamResult) -> OnSheet:
    """A sheet of which there is a submission, which counts as none where nothing is in it.

    A gap that cannot be read may have been started, or there was never one: a person has to see which.
    """
    points, left = result.on_sheet(sheet.number), result.open_on(sheet)
    tasks = {task.numbers for task in sheet.tasks}
    gaps = [gap for gap in result.gaps if gap.task in tasks]
    by_hand = any(Fraction(given) for task, given in result.manual.items() if task in tasks)
    open_gaps = [gap for gap in gaps if gap.isolated.state != NOT_STARTED]
    if not by_hand and gaps and all(gap.text is None for gap in open_gaps):
        why = _UNREAD if open_gaps else "no gap is started, and a person's points are open" if left else ""
        left += sum((gap.possible for gap in open_gaps), Fraction())
        return OnSheet(sheet, points, points + left, None if why else True, why, (result.team,))
    return OnSheet(sheet, points, points + left, False, "", (result.team,))


def _judged(on: Sequence[OnSheet], passing: Passing, is_unclear: bool) -> tuple[str, list[str]]:
    """The result and its reasons; who may be somebody else, or have more points, has not failed."""
    points, most = (sum(each, Fraction()) for each in ((one.points for one in on), (one.most for one in on)))
    need = passing.share * sum((one.sheet.points for one in on), Fraction())
    missing = [one.sheet.number for one in on if one.missing] if passing.all_sheets else []
    is_sure = not (passing.all_sheets and any(one.missing is None for one in on))
    reasons = [_sheets(missing, "not handed in")] * bool(missing)
    reasons += [_count(points, most, need)] * (most < need or not reasons)
    if not missing and points >= need and is_sure:
        return PASSED, reasons
    if (missing or most < need) and not is_unclear:
        return FAILED, reasons
    whys = dict.fromkeys(one.why for one in on if one.why)
    reasons += [_sheets([one.sheet.number for one in on if one.why == why], why) for why in whys]
    return OPEN, reasons + ["somebody with the same name has another number: are they one person?"] * is_unclear


def _count(points: Fraction, most: Fraction, need: Fraction) -> str:
    still_open = f", {points_text(most - points)} more are open" if most > points else ""
    return f"{points_text(points)} points of the {points_text(need)} that are needed{still_open}"


def _sheets(numbers: Sequence[int], what: str) -> str:
    return f"sheet{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}: {what}"
