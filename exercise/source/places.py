"""Where the gaps lie in files that a student has edited, as far as these can still be read."""

from collections.abc import Mapping
from pathlib import Path

from exercise.problem import Problem
from exercise.source import gaps, handed_out, mending
from exercise.source.gaps import Gap, GapError
from exercise.source.handed_out import HandedOut

__all__ = ["Places", "find"]


class Places:
    """The gaps that were found, and what keeps others from being found.

    Args:
        root: the folder that holds `lib`, and the record of the handout, which knows how a lost marker reads.
        record: counts in place of that one.
    Attributes:
        gaps: by id.
        damage: what is wrong with the markers of some file, or with the file; each error names the file and line.
    """

    def __init__(self, root: Path, record: HandedOut | None = None):
        self._root, self._handed_out = root, record or _handed_out(root)
        self.gaps: dict[str, Gap] = {}
        self.damage: list[GapError] = []
        self._texts: dict[str, str] = {}
        self._first: dict[str, Gap] = {}

    def add(self, path: str, text: str) -> None:
        """Look for gaps in one more file."""
        self._texts[path] = text
        found, damage = gaps.scan(text, path)
        self.damage += damage
        for gap in found:
            first = self._first.setdefault(gap.id, gap)
            if first is gap:
                self.gaps[gap.id] = gap
            else:
                self.gaps.pop(gap.id, None)
                self.damage.append(GapError(path, gap.start, f"gap {gap.id} is also in {first.path}, "
                                                             f"line {first.start}: keep one of them", gap.id))

    def trouble(self, gap: str) -> GapError | None:
        """Why a gap of the course is not among the `gaps`, and what to do about it; None if it is."""
        if gap in self.gaps:
            return None
        if self._handed_out and gap in self._handed_out.gaps:
            return self._lost(self._handed_out.gaps[gap])
        for error in self.damage:
            if error.gap == gap:
                return error
        for error in self.damage:  # a file that cannot be read, or the very marker of this gap
            if error.gap is None:
                return error
        return GapError("lib", 1, f"no file has the gap {gap} any more: put its two marker lines back, "
                                  f"'# START TODO {gap} ####' and '# END TODO ####'")

    @property
    def unread(self) -> list[GapError]:
        """What is wrong with the files that cannot be read."""
        return [error for error in self.damage if error.path not in self._texts]

    @property
    def named(self) -> set[str]:
        """The ids and paths of all gaps and files that there are."""
        return {*self._first, *self._texts, *(error.path for error in self.damage)}

    def path_of(self, gap: str) -> str:
        """The file that a gap of the course lies in, or lay in."""
        return self.gaps[gap].path if gap in self.gaps else self.trouble(gap).path

    def changed(self) -> list[str]:
        """The paths of the files that are not as they were handed out, outside of their gaps."""
        return self._handed_out.changed(self._root) if self._handed_out else []

    def _lost(self, gap: Gap) -> GapError:
        """What has become of a gap that was handed out."""
        path, command = gap.path, f"python -m exercise reset {gap.path}"
        for error in self.damage:
            if error.gap == gap.id in self._first:  # it is there twice
                return error
            if error.path == path not in self._texts:
                return GapError(path, error.line, f"{error.what}: {command} brings back what was handed out", gap.id)
            if path.startswith(f"{error.path}/"):  # a folder that it lies in is none
                return GapError(error.path, error.line, error.what, gap.id)
        if path not in self._texts:
            return GapError(path, 1, f"this file is gone: {command} brings it back", gap.id)
        lost = mending.lost_markers(self._texts[path], self._handed_out.texts[path], gap)
        advice = "; ".join([*map(str, lost), f"{command} does it" if lost else command])
        return GapError(path, lost[0].line if lost else 1, f"the markers of gap {gap.id} are damaged: {advice}", gap.id)


def find(root: str | Path, sources: Mapping[str, str] | None = None) -> Places:
    """The gaps below root/lib.

    Args:
        sources: texts that count in place of files, by path: {"lib/model_vae.py": "…"}.
    """
    places, texts = Places(Path(root)), dict(sources or {})
    for path, file in _files(root, places.damage).items():
        if path not in texts:
            try:
                texts[path] = gaps.read_text(file, path)
            except GapError as error:
                places.damage.append(error)
    for path in sorted(texts):
        places.add(path, texts[path])
    return places


def _files(root: str | Path, damage: list[GapError]) -> dict[str, Path]:
    try:
        return gaps.files(root)
    except GapError as error:
        damage.append(error)
        return {}


def _handed_out(root: Path) -> HandedOut | None:
    """The record, where it can be read: gaps are found without it too."""
    try:
        return handed_out.read(root)
    except Problem:
        return None
