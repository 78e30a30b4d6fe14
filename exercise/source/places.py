"""Where the gaps lie in files that a student has edited, as far as these can still be read."""

from collections.abc import Mapping
from pathlib import Path

from exercise.source import gaps
from exercise.source.gaps import Gap, GapError

__all__ = ["Places", "find"]


class Places:
    """The gaps that were found, and what keeps others from being found.

    Attributes:
        gaps: by id.
        damage: what is wrong with the markers of some file, or with the file; each error names the file and line.
    """

    def __init__(self):
        self.gaps: dict[str, Gap] = {}
        self.damage: list[GapError] = []
        self._texts: dict[str, str] = {}
        self._first: dict[str, Gap] = {}

    def add(self, path: str, text: str) -> None:
        """Look for gaps in one more file."""
        self._texts[path] = text
        try:
            found = gaps.parse(text, path)
        except GapError as error:
            self.damage.append(error)
            return
        for gap in found:
            first = self._first.setdefault(gap.id, gap)
            if first is gap:
                self.gaps[gap.id] = gap
            else:
                self.gaps.pop(gap.id, None)
                self.damage.append(GapError(path, gap.start, f"gap {gap.id} is also in {first.path}, "
                                                             f"line {first.start}: keep one of them"))

    def trouble(self, gap: str) -> GapError | None:
        """Why a gap of the course is not among the `gaps`; None if it is."""
        if gap in self.gaps:
            return None
        for error in self.damage:
            if f"START TODO {gap}" in self._texts.get(error.path, ""):
                return error
        for error in self.damage:  # a file that cannot be read, or the very marker of this gap
            return error
        return GapError("lib", 1, f"no file has the gap {gap} any more: put its two marker lines back, "
                                  f"'# START TODO {gap} ####' and '# END TODO ####'")


def find(root: str | Path, sources: Mapping[str, str] | None = None) -> Places:
    """The gaps below root/lib.

    Args:
        sources: texts that count in place of files, by path: {"lib/model_vae.py": "…"}.
    """
    places, texts = Places(), dict(sources or {})
    for path, file in gaps.files(root).items():
        if path not in texts:
            try:
                texts[path] = gaps.read_text(file, path)
            except GapError as error:
                places.damage.append(error)
    for path in sorted(texts):
        places.add(path, texts[path])
    return places
