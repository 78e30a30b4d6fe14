"""The solved course, which the gaps of a submission are laid into, and what was handed out of it."""

from collections.abc import Collection, Mapping
from pathlib import Path

from course.grade import syntax
from course.handout import contents, notebooks
from course.handout.chosen import choose
from exercise.source import gaps, handed_out, table
from exercise.source.handed_out import HandedOut
from exercise.source.table import Sheet

__all__ = ["Pristine"]


class Pristine:
    """What is graded, and what it is compared with. All of it is made at once, before processes are forked.

    Args:
        root: the solved repository.
        sheets: whose gaps are graded, such as "2" or "1-3"; by default all.
    Attributes:
        chosen: these sheets.
        gaps: the gaps to grade, with their solutions, in course order.
        texts: the solved files with these gaps, by path.
        empty: all files with gaps, by path, as they are handed out: these gaps are empty, later ones are not there.
        stubs: what an empty gap holds, by id.
        imported: the names that the imports of a file with these gaps bind, by path.
        handout: the files with these gaps as they were handed out, which tells how lost markers read.
    Raises: Problem if the repository cannot be handed out, or there are no such sheets.
    """

    def __init__(self, root: Path, sheets: str | None = None):
        course = table.load(root)
        self.root, self.chosen = root, choose(course, sheets)
        every = gaps.read(root)
        whole = {path: gaps.read_text(root / path, path) for path in dict.fromkeys(gap.path for gap in every.values())}
        self.gaps = {name: every[name] for name in course.gaps
                     if self.chosen.first <= self.chosen.sheet_of(name) <= self.chosen.last}
        self.texts = {path: whole[path] for path in dict.fromkeys(gap.path for gap in self.gaps.values())}
        self.empty = {path: self.chosen.module(text, path) for path, text in whole.items()}
        self.stubs = {name: gaps.stub(gap, course.where(name)) for name, gap in self.gaps.items()}
        self.imported = {path: syntax.names_imported(text) for path, text in self.texts.items()}
        self._handouts = self._build()
        self._fingerprints = self._take_fingerprints()
        self.handout = HandedOut({path: self.handed_out(path)[0] for path in self.texts}, {})

    def solved_but(self, bodies: Mapping[str, str]) -> dict[str, str]:
        """The solved files with other bodies in some gaps, by path; those that nothing changes are left out."""
        paths = {self.gaps[name].path for name in bodies}
        return {path: self._composed(text, bodies, path) for path, text in self.texts.items() if path in paths}

    def empty_but(self, bodies: Mapping[str, str]) -> dict[str, str]:
        """All files with gaps, by path, as handed out but for the bodies of some gaps: no other solution is in them."""
        return {path: self._composed(text, bodies, path) for path, text in self.empty.items()}

    def handed_out(self, path: str) -> list[str]:
        """The texts of a file with gaps in all handouts that may have been given, that of these sheets first."""
        return list(dict.fromkeys(files[path].data.decode() for files in self._handouts if path in files))

    def is_intact(self, path: str, fingerprint: str) -> bool:
        """Whether a file of this fingerprint was handed out; a form may be filled in, and a PDF printed anew."""
        return contents.is_form(path) or fingerprint in self._fingerprints.get(path, ()) or self._is_paper(path)

    def notebook(self, sheet: Sheet) -> str:
        """The path of a sheet's notebook in a handout; "" where it has none."""
        return next((path for files in self._handouts for path in files if path.endswith(".ipynb")
                     and path.startswith(f"{notebooks.FOLDER}{sheet.number}_")), "")

    @property
    def known(self) -> Collection[str]:
        """The paths of all files that were handed out."""
        return self._fingerprints.keys()

    def is_known(self, path: str) -> bool:
        """Whether a file of this path was handed out."""
        return path in self._fingerprints or self._is_paper(path)

    def _is_paper(self, path: str) -> bool:
        """Whether this is the PDF of a text that was handed out, which is in no record."""
        return path.endswith(".pdf") and f"{path.removesuffix('.pdf')}.md" in self._fingerprints

    def _composed(self, text: str, bodies: Mapping[str, str], path: str) -> str:
        return gaps.compose(text, {name: body for name, body in bodies.items() if self.gaps[name].path == path}, path)

    def _build(self) -> list[dict[str, contents.File]]:
        """The handouts that end with each of the sheets: a class may have been given more sheets than are graded."""
        course, last = self.chosen.course, self.chosen.last
        lasts = [last, *(sheet.number for sheet in course.sheets if sheet.number != last)]
        return [contents.build(self.root, choose(course, f"{course.sheets[0].number}-{last}")) for last in lasts]

    def _take_fingerprints(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for files in self._handouts:
            for path, file in files.items():
                found.setdefault(path, set()).add(handed_out.fingerprint(path, file.data))
        del found[handed_out.RECORD]  # there is one for each choice of sheets, and it has no effect here
        return found
