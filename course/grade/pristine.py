"""The solved course, which the gaps of a submission are laid into, and what was handed out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from course.handout import contents
from course.handout.chosen import Chosen, choose
from exercise.source import gaps, handed_out, table
from exercise.source.gaps import Gap
from exercise.source.handed_out import HandedOut

__all__ = ["Pristine", "of"]

FORMS = ("declaration.md", "feedback.md")  # to be filled in, like the gaps


@dataclass(frozen=True)
class Pristine:
    """What is graded, and what it is compared with.

    Args:
        root: the solved repository.
        chosen: the sheets to grade.
    Raises: Problem if the repository cannot be handed out.
    """
    root: Path
    chosen: Chosen

    @cached_property
    def gaps(self) -> dict[str, Gap]:
        """The gaps to grade, with their solutions, in course order."""
        found = gaps.read(self.root)
        return {name: found[name] for name in self.chosen.course.gaps
                if self.chosen.first <= self.chosen.sheet_of(name) <= self.chosen.last}

    @cached_property
    def texts(self) -> dict[str, str]:
        """The solved files with these gaps, by path."""
        return {path: gaps.read_text(self.root / path, path) for path in
                dict.fromkeys(gap.path for gap in self.gaps.values())}

    @cached_property
    def empty(self) -> dict[str, str]:
        """All files with gaps, by path, as they are handed out: these gaps are empty, later ones are not there."""
        paths = dict.fromkeys(gap.path for gap in gaps.read(self.root).values())
        return {path: self.chosen.module(gaps.read_text(self.root / path, path), path) for path in paths}

    @cached_property
    def stubs(self) -> dict[str, str]:
        """What an empty gap holds, by id."""
        return {name: gaps.stub(gap, self.chosen.course.where(name)) for name, gap in self.gaps.items()}

    @cached_property
    def handout(self) -> HandedOut:
        """The files with gaps as they were handed out: they know how lost markers read."""
        return HandedOut({path: self.handed_out(path)[0] for path in self.texts}, {})

    def solved_but(self, bodies: Mapping[str, str]) -> dict[str, str]:
        """The solved files with other bodies in some gaps, by path; those that nothing changes are left out."""
        paths = {self.gaps[name].path for name in bodies}
        return {path: self._composed(text, bodies, path) for path, text in self.texts.items() if path in paths}

    def empty_but(self, bodies: Mapping[str, str]) -> dict[str, str]:
        """All files with gaps, by path, as handed out but for the bodies of some gaps: no other solution is in them."""
        return {path: self._composed(text, bodies, path) for path, text in self.empty.items()}

    def handed_out(self, path: str) -> list[str]:
        """The texts of a file with gaps in all handouts that may have been given, that of these sheets first."""
        return list(dict.fromkeys(files[path].data.decode() for files in self._handouts.values() if path in files))

    def is_intact(self, path: str, fingerprint: str) -> bool:
        """Whether a file of this fingerprint was handed out; a form may be filled in."""
        return path in FORMS or fingerprint in self._fingerprints.get(path, ())

    def is_known(self, path: str) -> bool:
        """Whether a file of this path was handed out."""
        return path in self._fingerprints

    def _composed(self, text: str, bodies: Mapping[str, str], path: str) -> str:
        return gaps.compose(text, {name: body for name, body in bodies.items() if self.gaps[name].path == path}, path)

    @cached_property
    def _handouts(self) -> dict[int, dict[str, contents.File]]:
        """The handouts, by their last sheet: a class may have been given more sheets than are graded, or fewer."""
        course = self.chosen.course
        lasts = [self.chosen.last, *(sheet.number for sheet in course.sheets if sheet.number != self.chosen.last)]
        return {last: contents.build(self.root, choose(course, f"{course.sheets[0].number}-{last}")) for last in lasts}

    @cached_property
    def _fingerprints(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for files in self._handouts.values():
            for path, file in files.items():
                found.setdefault(path, set()).add(handed_out.fingerprint(path, file.data))
        found.pop(handed_out.RECORD)  # there is one for each choice of sheets, and it has no effect here
        return found


def of(root: Path, sheets: str | None) -> Pristine:
    """The solved course at `root`, of which these sheets are graded ("2", "1-3"; all without words)."""
    return Pristine(root, choose(table.load(root), sheets))
