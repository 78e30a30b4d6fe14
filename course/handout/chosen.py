"""`--sheets 2`, `--sheets 1-3`: the sheets whose gaps are to be filled, and what that makes of gaps, table and texts.

Gaps of earlier sheets hold the solution, which has been published by then; later sheets are not there at all.
"""

import re
from dataclasses import dataclass, replace

from exercise.problem import Problem
from exercise.source import gaps, table
from exercise.source.table import Course, Sheet

__all__ = ["Chosen", "HandoutError", "choose"]

_WORDS = re.compile(r"(\d+)(?:-(\d+))?", re.ASCII)
_BLOCK = re.compile(r"(\[\[(sheet|every_sheet)\]\]|\[(?:rules|passing)\])(?:\s*#.*)?")


class HandoutError(Problem):
    """A repository that cannot be handed out as it is, or a folder that cannot take it; one line that says why."""


@dataclass(frozen=True)
class Chosen:
    """Sheets of a course, from the first to the last one."""

    course: Course
    first: int
    last: int

    @property
    def sheets(self) -> list[Sheet]:
        """The chosen sheets."""
        return [sheet for sheet in self.course.sheets if self.first <= sheet.number <= self.last]

    def is_published(self, gap: str) -> bool:
        """Whether a gap belongs to an earlier sheet."""
        return self.sheet_of(gap) < self.first

    def is_later(self, gap: str) -> bool:
        """Whether a gap belongs to a later sheet."""
        return self.sheet_of(gap) > self.last

    def later(self) -> list[str]:
        """The later sheets, by name."""
        return [f"sheet {sheet.number}" for sheet in self.course.sheets if sheet.number > self.last]

    def sheet_of(self, gap: str) -> int:
        """The number of the sheet that a gap belongs to."""
        return self.course.task_of(gap).sheet_number

    def module(self, text: str, path: str) -> str:
        """A module of lib as students are given it."""
        text = gaps.forestall(text, path, {gap.id: self.sheet_of(gap.id) for gap in gaps.parse(text, path)
                                           if self.is_later(gap.id)})
        bodies = {gap.id: gaps.stub(gap, self.course.where(gap.id)) for gap in gaps.parse(text, path)
                  if not self.is_published(gap.id)}
        return gaps.compose(text, bodies, path)

    def table(self, text: str) -> str:
        """The table without its later sheets; all else stays to the byte.

        Raises: HandoutError if it is written in such a way that they cannot be cut out.
        """
        lines, kept, position = gaps.lines_of(text), [], 0
        starts = [_above(lines, number) for number, line in enumerate(lines) if _BLOCK.fullmatch(line.strip())]
        for start, end in zip([0, *starts], [*starts, len(lines)], strict=True):
            block = lines[start:end]
            is_sheet = any(line.strip().startswith("[[sheet]]") for line in block)
            if not is_sheet or self.course.sheets[position].number <= self.last:
                kept += block
            position += is_sheet
        sheets = tuple(sheet for sheet in self.course.sheets if sheet.number <= self.last)
        if table.parse("".join(kept)) != replace(self.course, sheets=sheets):
            raise HandoutError(f"{table.FILE}: the sheets after sheet {self.last} cannot be cut out: put [[sheet]] on "
                               "a line of its own, and nothing but a comment above it")
        return "".join(kept)


def choose(course: Course, words: str | None = None) -> Chosen:
    """The sheets that a user's words mean, a number or a first and a last one, as in "1-3"; all without words.

    Raises: HandoutError if they mean none.
    """
    numbers = [sheet.number for sheet in course.sheets]
    if words is None:
        return Chosen(course, numbers[0], numbers[-1])
    if match := _WORDS.fullmatch(words.strip()):
        first, last = int(match[1]), int(match[2] or match[1])
        if first in numbers and last in numbers and first <= last:
            return Chosen(course, first, last)
    raise HandoutError(f"--sheets {words}: give the number of a sheet, or the first and the last one, as in 1-3; "
                       f"there {'are' if len(numbers) > 1 else 'is'} {', '.join(map(str, numbers))}")


def _above(lines: list[str], number: int) -> int:
    """The line that a block begins with: blank lines and comments above its header belong to it."""
    while number and (not lines[number - 1].strip() or lines[number - 1].startswith("#")):
        number -= 1
    return number
