"""Hints, one at a time; `.exercise/hints.json` remembers how many of a gap's have been given."""

import json
from pathlib import Path

from exercise.source.table import Entry

__all__ = ["next_hints"]


def next_hints(root: Path, gap: Entry) -> list[tuple[int, str]]:
    """The next hint of a gap with its number; when all have been given, all of them once more.

    Raises: OSError if the count cannot be written.
    """
    file = root / ".exercise" / "hints.json"
    given = _read(file)
    number = given.get(gap.id, 0) + 1
    if number > len(gap.hints):
        return list(enumerate(gap.hints, 1))
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(given | {gap.id: number}, indent=1), encoding="utf-8")
    return [(number, gap.hints[number - 1])]


def _read(file: Path) -> dict[str, int]:
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # the worst that can come of it is a hint given twice
    counts = given.items() if isinstance(given, dict) else ()
    return {gap: count for gap, count in counts if type(count) is int and count >= 0}
