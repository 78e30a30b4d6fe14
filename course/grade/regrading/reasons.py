"""Why a gap or a rule of a team has changed, in words: what was handed in, what it is worth, or files of the course."""

from collections.abc import Sequence

from course.grade.escaping import plain
from course.grade.regrading.causes import Causes
from course.grade.regrading.differences import GapPair, TeamPair, verdicts
from exercise.source.table import points_text

__all__ = ["is_unexplained", "of_gap", "of_rule", "some"]

_MOST_FILES = 6
_UNEXPLAINED = "UNEXPLAINED"
_ANOTHER = "another submission: its files are not those of the earlier run"
_ANOTHER_HISTORY = "another history: the commits, branches or pushes are not those of the earlier run"
_UNKNOWN = "not known: the earlier run has not noted the files of the course"


def is_unexplained(reasons: Sequence[str]) -> bool:
    """Whether these say that no reason is known."""
    return any(reason.startswith(_UNEXPLAINED) for reason in reasons)


def of_gap(team: TeamPair, pair: GapPair, causes: Causes) -> list[str]:
    """Why a gap that both runs have graded has changed, a line each."""
    before, after = pair
    worth = [] if before.worth == after.worth else [
        f"it was worth {points_text(before.possible)}, and is worth {points_text(after.possible)} now"]
    if verdicts(before) == verdicts(after):
        return worth
    if before.text != after.text or team.before.submission != team.after.submission:
        return [*worth, _ANOTHER]
    if files := causes.of_gap(before, after):
        return [*worth, f"changed: {some(files)}"]
    if causes.changed is None:
        return [*worth, _UNKNOWN]
    return [*worth, f"{_UNEXPLAINED}: neither its tests nor lib have changed", *_guesses(causes)]


def of_rule(team: TeamPair, causes: Causes) -> list[str]:
    """Why a rule that both runs have checked has changed, a line each."""
    if team.before.submission != team.after.submission:
        return [_ANOTHER]
    if team.before.history != team.after.history:
        return [_ANOTHER_HISTORY]
    if causes.changed is None:
        return [_UNKNOWN]
    files = causes.of_rules()
    return [f"changed: {some(files)}" if files else f"{_UNEXPLAINED}: no file that decides on rules has changed"]


def some(paths: Sequence[str]) -> str:
    """The first of these paths, and how many more there are."""
    more = f" and {len(paths) - _MOST_FILES} more" if len(paths) > _MOST_FILES else ""
    return ", ".join(map(plain, paths[:_MOST_FILES])) + more


def _guesses(causes: Causes) -> list[str]:
    files = causes.elsewhere()
    found = causes.of_settings() + ([f"the engine: {some(files)}"] if files else [])
    return [f"it could be {words}" for words in found]
