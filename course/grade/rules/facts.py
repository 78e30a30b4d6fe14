"""What the check of a rule may look at."""

from dataclasses import dataclass
from functools import cached_property

from course.grade import forms
from course.grade.handed_in import HandedIn
from course.grade.pristine import Pristine
from exercise.source import gaps
from exercise.source.gaps import Gap
from exercise.source.table import Sheet

__all__ = ["Facts"]


@dataclass(frozen=True)
class Facts:
    """One submission, for the rules of one sheet.

    Args:
        pristine: the solved course, and what was handed out of it.
    """
    sheet: Sheet
    handed_in: HandedIn
    pristine: Pristine

    @cached_property
    def written(self) -> dict[str, Gap]:
        """The gaps of the sheet that the team has started, by id, as they lie in the team's files."""
        found = [gap for path, text in self.handed_in.submission.texts.items() for gap in gaps.scan(text, path)[0]]
        return {gap.id: gap for gap in found if self._is_written(gap)}

    @property
    def members(self) -> tuple[str, ...]:
        """Who is named in declaration.md for this sheet."""
        text = self.handed_in.submission.forms.get(forms.DECLARATION, "")
        return forms.members(text, self.sheet.number, self.sheet.number)

    def _is_written(self, gap: Gap) -> bool:
        solved = self.pristine.gaps.get(gap.id)
        is_of_sheet = any(entry.id == gap.id for task in self.sheet.tasks for entry in task.gaps)
        return is_of_sheet and solved.path == gap.path and gap.body.strip() not in (
            "", self.pristine.stubs[gap.id].strip())
