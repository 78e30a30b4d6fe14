"""Which gaps change as files are saved."""

import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from exercise.source import gaps
from exercise.source.gaps import GapError

__all__ = ["changed_gaps", "changes", "snapshots"]

_PAUSE = 0.3


def changes(snapshots: Iterable[Mapping[str, str]]) -> Iterator[list[str]]:
    """The ids of the gaps that changed between two snapshots, each time that some did."""
    for before, after in pairwise(snapshots):
        if changed := changed_gaps(before, after):
            yield changed


def changed_gaps(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The ids of the gaps whose text differs, and of all gaps of a file that differs outside of them.

    Args:
        before, after: the texts of the files below lib/, by path.
    """
    paths = [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]
    return [gap for path in paths for gap in _changed_in(before.get(path, ""), after.get(path, ""), path)]


def snapshots(root: Path, pause: float = _PAUSE) -> Iterator[dict[str, str]]:
    """The texts of the files below lib/, again and again, each time that they have come to rest."""
    texts = _texts(root)
    while True:
        yield texts
        time.sleep(pause)
        while (again := _texts(root)) != texts:  # an editor may be in the middle of saving
            texts = again
            time.sleep(pause)


def _changed_in(before: str, after: str, path: str) -> list[str]:
    (outside_before, old), (outside_after, new) = _parts(before, path), _parts(after, path)
    if outside_before != outside_after:
        return list(old | new)
    return [gap for gap, body in new.items() if body != old[gap]]


def _parts(text: str, path: str) -> tuple[str, dict[str, str]]:
    """What lies outside of the gaps, and each gap's body; a text with damaged markers is all outside."""
    try:
        bodies = {gap.id: gap.body for gap in gaps.parse(text, path)}
        return gaps.compose(text, dict.fromkeys(bodies, ""), path), bodies
    except GapError:
        return text, {}


def _texts(root: Path) -> dict[str, str]:
    texts = {}
    for path, file in gaps.files(root).items():
        try:
            texts[path] = gaps.read_text(file, path)
        except (GapError, OSError) as error:
            texts[path] = str(error)  # no gap is in it, and it changes when the file does
    return texts
