"""What a test's outcome means for the gap it judges: solved, not started, blocked by another gap, or wrong."""

import traceback
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from exercise.asking.failure import Failure, ProbeFailed

__all__ = ["BLOCKED", "LIMIT", "NOT_STARTED", "SOLVED", "SOURCES", "UNUSABLE", "WRONG", "Verdict", "of_failure"]

SOURCES = pytest.StashKey[dict[str, str]]()  # texts to judge in place of the files below lib/, by path
LIMIT = pytest.StashKey[float]()  # seconds that one answer may take from a process of its own
SOLVED, NOT_STARTED, BLOCKED, WRONG = "solved", "not started", "blocked", "wrong"
UNUSABLE = "unusable answer"


@dataclass(frozen=True)
class Verdict:
    """The outcome of one test.

    Args:
        state: SOLVED, NOT_STARTED, BLOCKED or WRONG.
        sentence: what a student should read first, in one line; empty where the state is SOLVED.
        blocked_by: the gap that has to be written first, where the state is BLOCKED.
        details: more lines, such as the places in lib/ that an error came through.
        kind: of a failure, one of exercise.asking.failure.KINDS where a probe gave no answer, UNUSABLE where the test
            stumbled over the answer; "" where the test has compared, so that the sentence is its own.
        path, line: the place in lib/ where the code failed; None where there is none.
    """

    state: str
    sentence: str = ""
    blocked_by: str | None = None
    details: tuple[str, ...] = ()
    kind: str = ""
    path: str | None = None
    line: int | None = None


def of_failure(gap: str, error: BaseException) -> Verdict:
    """The verdict on a gap whose test ended with `error`.

    Args:
        gap: its id.
    """
    if isinstance(error, ProbeFailed):
        failure = error.failure
        return replace(_of_probe(gap, failure), kind=failure.kind, path=failure.path, line=failure.line)
    if isinstance(error, pytest.skip.Exception):
        return Verdict(WRONG, _line(f"its test was skipped, which proves nothing: {error}"))
    if isinstance(error, AssertionError | pytest.fail.Exception):
        first, *more = str(error).strip().splitlines() or ["an assertion of the test does not hold"]
        return Verdict(WRONG, _line(first), details=tuple(more))
    place = traceback.extract_tb(error.__traceback__)[-1]
    return Verdict(WRONG, _line(f"the test could not use what the code returned: {type(error).__name__}: {error}"),
                   details=(f"{Path(place.filename).name}:{place.lineno}: {place.line}",), kind=UNUSABLE)


def _of_probe(gap: str, failure: Failure) -> Verdict:
    kind, path, line = failure.kind, failure.path, failure.line
    if kind in ("not started", "syntax") and failure.gap not in (None, gap):
        return Verdict(BLOCKED, _line(f"blocked by the gap {failure.gap}: {failure.message}"), failure.gap)
    if kind == "not started" and not failure.leftover:
        return Verdict(NOT_STARTED, f"not started: the gap {gap} is still empty ({path}, line {line})")
    place = f" ({path}, line {line})" if kind in ("error", "missing name") and path else ""
    details = tuple(f"{frame.path}:{frame.line}: {frame.text}" for frame in failure.frames)
    return Verdict(WRONG, _line(failure.message) + place, details=details)


def _line(text: str) -> str:
    return " ".join(text.split())
