"""What a test's outcome means for the gap it judges: solved, not started, blocked by another gap, or wrong."""

import traceback
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from exercise.asking.failure import Failure, ProbeFailed
from exercise.asking.printed import plain, visible
from exercise.asking.starting import Fresh, Nursery

__all__ = [
    "BLOCKED", "LEVEL", "LIMIT", "NOT_STARTED", "NURSERY", "PROCESS_SENTENCES", "SOLVED", "SOURCES", "UNUSABLE",
    "WRONG", "Verdict", "of_failure",
]

SOURCES = pytest.StashKey[dict[str, str]]()  # texts to judge in place of the files below lib/, by path
LIMIT = pytest.StashKey[float]()  # seconds that one answer may take from a process of its own
NURSERY = pytest.StashKey[Nursery | Fresh]()  # what starts such processes
LEVEL = pytest.StashKey[str]()  # what keeps the code under test from the tests, in words
SOLVED, NOT_STARTED, BLOCKED, WRONG = "solved", "not started", "blocked", "wrong"
UNUSABLE = "unusable answer"
_MOST_DETAILS = 50
PROCESS_SENTENCES = {
    "timeout": "the code did not come to its end in time (timeout)",
    "memory": "the code needs more memory than it may have (memory)",
    "output limit": "the code prints or returns more than is read (output limit)",
    "crashed": "the process that ran the code ended before it gave an answer (crashed)",
    "malformed": "what came back is no answer to the question (malformed)",
}


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


def of_failure(gap: str, error: BaseException, known: Collection[str] | None = None) -> Verdict:
    """The verdict on a gap whose test ended with `error`.

    Args:
        gap: its id.
        known: the ids of gaps and the paths of files that a failure may name; by default any.
    """
    if isinstance(error, ProbeFailed):
        failure = _believed(error.failure, known)
        return replace(_of_probe(gap, failure), kind=failure.kind, path=failure.path, line=failure.line)
    if isinstance(error, pytest.skip.Exception):
        return Verdict(WRONG, visible(f"its test was skipped, which proves nothing: {error}"))
    if isinstance(error, AssertionError | pytest.fail.Exception):
        first, *more = str(error).strip().splitlines() or ["an assertion of the test does not hold"]
        return Verdict(WRONG, visible(first), details=tuple(f"| {plain(line)}" for line in more[:_MOST_DETAILS]))
    place = traceback.extract_tb(error.__traceback__)[-1]
    return Verdict(WRONG, visible(f"the test could not use what the code returned: {type(error).__name__}: {error}"),
                   details=(plain(f"{Path(place.filename).name}:{place.lineno}: {place.line}"),), kind=UNUSABLE)


def _believed(failure: Failure, known: Collection[str] | None) -> Failure:
    """The failure, or that it names what is not there: the student's code could have written it."""
    named = [failure.gap, failure.path, *(frame.path for frame in failure.frames)]
    strange = [] if known is None else [name for name in named if name is not None and name not in known]
    return Failure("malformed", f"it names {strange[0]}, which the course does not have") if strange else failure


def _of_probe(gap: str, failure: Failure) -> Verdict:
    kind, path, line = failure.kind, failure.path, failure.line
    if kind in ("not started", "syntax") and failure.gap not in (None, gap):
        return Verdict(BLOCKED, visible(f"blocked by the gap {failure.gap}: {failure.message}"), failure.gap)
    if kind == "not started" and not failure.leftover:
        return Verdict(NOT_STARTED, f"not started: the gap {gap} is still empty ({path}, line {line})")
    before = f"{PROCESS_SENTENCES[kind]}: " if kind in PROCESS_SENTENCES else ""
    place = f" ({path}, line {line})" if kind in ("error", "missing name", "memory") and path else ""
    details = tuple(plain(f"{frame.path}:{frame.line}: {frame.text}") for frame in failure.frames)
    return Verdict(WRONG, visible(before + failure.message) + place, details=details)
