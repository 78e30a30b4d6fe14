"""Which gaps a test enters: a test that does not enter a gap cannot tell whether it is empty, and need not be asked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from course.verify.variants import laid, solution
from exercise.source import gaps
from exercise.source.gaps import Gap

__all__ = ["enter", "noting", "take"]

_entered: set[str] = set()


def noting(known: Iterable[Gap], texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of files with these gaps, by path, where each gap first takes a note that it is entered."""
    bodies: dict[str, dict[str, str]] = defaultdict(dict)
    for gap in known:
        bodies[gap.path][gap.id] = _with_a_note(gap)
    return {path: gaps.compose(texts[path], found, path) for path, found in bodies.items()}


def enter(gap: str) -> None:
    """Take a note."""
    _entered.add(gap)


def take() -> frozenset[str]:
    """The gaps that have been entered since the last call."""
    found = frozenset(_entered)
    _entered.clear()
    return found


def _with_a_note(gap: Gap) -> str:
    """The body of a gap, its solution, which first takes a note that the gap is entered."""
    return laid(f"__import__({__name__!r}, fromlist=['enter']).enter({gap.id!r})\n{solution(gap)}", gap)
