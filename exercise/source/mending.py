"""Marker lines that a file has lost: which ones, and where they belong, found by comparing it with the original."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from exercise.source import gaps
from exercise.source.gaps import Gap, lines_of, marker_of

__all__ = ["Lost", "lost_markers", "mended"]


@dataclass(frozen=True)
class Lost:
    """A marker line that is missing, or spoilt.

    Args:
        text: how the line should read, without its line end.
        line: the number of the line above which it belongs, or of the spoilt one.
        spoilt: the line is there, and reads otherwise.
        code: what the line of that number holds now.
    """
    text: str
    line: int
    spoilt: bool
    code: str

    def __str__(self) -> str:
        marker = self.text.strip()
        marker = f"`{marker}`, indented by {len(self.text) - len(marker)}"
        code = f"`{self.code.strip()}`" if self.code.strip() else "which is blank"
        return (f"line {self.line} should read {marker}" if self.spoilt else
                f"put {marker}, above line {self.line}, {code}")


def lost_markers(text: str, original: str, gap: Gap) -> list[Lost]:
    """What a text has lost of the markers of one gap, in order; nothing where it does not show where they belong.

    Args:
        original: the file's text as it was handed out.
        gap: as it lies in the original.
    """
    there, lines = lines_of(original), lines_of(text)
    pairs = _pairs(there, lines)
    lost = [(number - 1, begins) for number, begins in ((gap.start, True), (gap.end, False)) if number - 1 not in pairs]
    places = [_place(pairs, position, begins, lines) for position, begins in lost]
    return [] if None in places else [_lost(there[position], place, begins, lines)
                                      for (position, begins), place in zip(lost, places, strict=True)]


def mended(text: str, original: str, path: str) -> str:
    """The text with all lost markers back, as far as the text lets that succeed."""
    whole = {gap.id for gap in gaps.scan(text, path)[0]}
    lost = [lost for gap in gaps.parse(original, path) if gap.id not in whole
            for lost in lost_markers(text, original, gap)]
    lines, newline = lines_of(text), "\r\n" if "\r\n" in text else "\n"
    for one in sorted(lost, key=lambda one: one.line, reverse=True):
        lines[one.line - 1:one.line - 1 + one.spoilt] = [one.text + newline]
    return "".join(lines)


def _pairs(there: list[str], lines: list[str]) -> dict[int, int]:
    """The lines with content that both texts have, in order: from positions in the original to those in the text."""
    first, second = ([line.rstrip() for line in text] for text in (there, lines))
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size) if first[block.a + step]}


def _place(pairs: dict[int, int], position: int, begins: bool, lines: list[str]) -> int | None:
    """START follows what stands before the gap, END precedes what stands after it: the student wrote the rest."""
    if begins:
        return max((place + 1 for there, place in pairs.items() if there < position), default=None)
    after = min((there for there in pairs if there > position), default=None)
    if after is None:
        return None
    blank = 0
    while blank < after - position - 1 and not lines[pairs[after] - blank - 1].strip():
        blank += 1
    return pairs[after] - blank


def _lost(original: str, place: int, begins: bool, lines: list[str]) -> Lost:
    at = place if begins else place - 1
    marker = marker_of(lines[at]) if 0 <= at < len(lines) else None
    spoilt = marker is not None and marker.begins == begins
    line = (at if spoilt else place) + 1
    return Lost(original.rstrip(), line, spoilt, lines[line - 1])
