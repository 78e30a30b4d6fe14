"""The entries of a folder of submissions, one for each team."""

import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from exercise.problem import Problem

__all__ = ["Entry", "teams"]

_STRAY = {"__macosx", "thumbs.db", "desktop.ini"}  # and what begins with a dot: .DS_Store, ._report.pdf
_TAKEN = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
_LONGEST = 100


@dataclass(frozen=True)
class Entry:
    """What one team has handed in.

    Args:
        name: the team's, safe as the name of a file and in a table.
        place: its folder or zip.
        problem: why it is neither, in one line; "" where it is.
    """
    name: str
    place: Path
    problem: str = ""


def teams(folder: Path) -> list[Entry]:
    """One entry for each team, in the order of their names. Stray files of other systems are none.

    Raises: Problem if there is no such folder, it holds no entry, or two entries have the same name once it is safe.
    """
    try:
        places = [place for place in Path(folder).iterdir() if not _is_stray(place.name)]
    except OSError as error:
        raise Problem(f"{folder}: there should be a folder with one entry per team ({error.strerror})") from None
    if not places:
        raise Problem(f"{folder}: no submission is in it: one folder or zip per team should be")
    known: dict[str, Entry] = {}
    for entry in map(_entry, sorted(places)):
        if (other := known.setdefault(entry.name.casefold(), entry)) is not entry:
            raise Problem(f"{folder}: {ascii(other.place.name)} and {ascii(entry.place.name)} would both be the team "
                          f"{entry.name}: rename one of them")
    return sorted(known.values(), key=lambda entry: entry.name)


def _is_stray(name: str) -> bool:
    """Whether a file or folder of this name is something that a system leaves everywhere."""
    return name.startswith(".") or name.casefold() in _STRAY


def _entry(place: Path) -> Entry:
    is_zip = place.suffix.casefold() == ".zip"
    mode = place.lstat().st_mode
    if stat.S_ISLNK(mode):
        problem = "the submission is a link, which is not followed: put the folder or zip itself there"
    elif not (stat.S_ISDIR(mode) or is_zip and stat.S_ISREG(mode)):
        problem = "the submission is neither a folder nor a zip"
    else:
        problem = ""
    return Entry(_safe(place.stem if is_zip and not stat.S_ISDIR(mode) else place.name), place, problem)


def _safe(name: str) -> str:
    """A name without what files, tables and spreadsheets take for something else."""
    name = re.sub(r"[^\w.@+ -]", "_", unicodedata.normalize("NFC", name))
    name = name.lstrip(".-+@ ")[:_LONGEST].rstrip(". ") or "_"
    return f"{name}_" if name.split(".")[0].casefold() in _TAKEN else name
