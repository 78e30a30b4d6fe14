"""What everybody could write: what was handed out, and the answers to each gap that the course knows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from course.grade.alike.fingerprints import Part, every, fixed_names, winnowed
from course.handout.chosen import choose
from course.verify import answers
from exercise.source import gaps, table

__all__ = ["Yardstick", "yardsticks"]


@dataclass(frozen=True)
class Yardstick:
    """Of one gap.

    Args:
        names: those that the gap does not choose.
        known: the marks of all runs that are known.
    """
    names: Collection[str]
    known: Collection[str]

    def of(self, text: str) -> list[Part]:
        """The parts of a text that are not known, of those that are compared."""
        return [part for part in winnowed(text, self.names) if part.mark not in self.known]


def yardsticks(root: Path, first: int, last: int) -> Mapping[str, Yardstick]:
    """Those of the gaps of these sheets, by gap.

    Raises: Problem if the course or its answers cannot be read.
    """
    course, solved = table.load(root), gaps.read(root)
    chosen, known = choose(course, f"{first}-{last}"), answers.read(root, solved)
    found = {}
    for path in dict.fromkeys(gap.path for gap in solved.values()):
        text = gaps.read_text(root / path, path)
        handed_out = chosen.module(text, path)
        for gap in gaps.parse(handed_out, path):
            if first <= chosen.sheet_of(gap.id) <= last:
                variants = (*known[gap.id].right, *known[gap.id].wrong)
                found[gap.id] = _yardstick(fixed_names(gap, handed_out), [
                    text, handed_out, solved[gap.id].body, *(variant.body for variant in variants)])
    return found


def _yardstick(names: Collection[str], texts: list[str]) -> Yardstick:
    return Yardstick(names, frozenset(part.mark for text in texts for part in every(text, names)))
