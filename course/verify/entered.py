"""Which gaps a test enters: a test that does not enter a gap cannot tell whether it is empty, and need not be asked."""

from course.verify.variants import laid, solution
from exercise.source.gaps import Gap

__all__ = ["enter", "take", "with_a_note"]

_entered: set[str] = set()


def with_a_note(gap: Gap) -> str:
    """The body of a gap, its solution, which first takes a note that the gap is entered."""
    return laid(f"__import__({__name__!r}, fromlist=['enter']).enter({gap.id!r})\n{solution(gap)}", gap)


def enter(gap: str) -> None:
    """Take a note."""
    _entered.add(gap)


def take() -> frozenset[str]:
    """The gaps that have been entered since the last call."""
    found = frozenset(_entered)
    _entered.clear()
    return found
