"""The entries of a folder of submissions, one for each team: plain folders and zips, or a platform's download."""

import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course.grade.intake import canvas, moodle
from course.grade.intake.named import Named
from exercise.problem import Problem

__all__ = ["Entry", "teams"]

_STRAY = {"__macosx", "thumbs.db", "desktop.ini"}  # and what begins with a dot: .DS_Store, ._report.pdf
_TAKEN = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
_LONGEST = 100
_PLATFORMS = {"Moodle": moodle.parse, "Canvas": canvas.parse}


@dataclass(frozen=True)
class Entry:
    """What one team has handed in.

    Args:
        name: the team's, safe as the name of a file and in a table.
        place: its folder or zip.
        problem: why it is neither, in one line; "" where it is.
        platform: the learning platform that has named it; "" of a plain folder or zip.
        identifier: the number by which the platform knows who has handed in.
        is_late: whether the platform has marked it as late.
        remarks: what is odd about it, and does not keep it from being read, a line each.
        beside: what lies beside its folder or zip, the newest first: how the person has called it, and its name there.
    """
    name: str
    place: Path
    problem: str = ""
    platform: str = ""
    identifier: str = ""
    is_late: bool = False
    remarks: tuple[str, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()


def teams(folder: Path) -> list[Entry]:
    """One entry for each team, in the order of their names. Stray files of other systems are none.

    If at least half of the names are those of a learning platform's download, they are taken apart; the others, and
    single names that look like a platform's, are taken as they are, with a remark.

    Raises: Problem if there is no such folder, it holds no entry, or two entries have the same name once it is safe.
    """
    try:
        places = sorted(place for place in Path(folder).iterdir() if not _is_stray(place.name))
    except OSError as error:
        raise Problem(f"{folder}: there should be a folder with one entry per team ({error.strerror})"
                      + ": unpack it into one" * Path(folder).is_file()) from None
    if not places:
        raise Problem(f"{folder}: no submission is in it: one folder or zip per team should be")
    known: dict[str, Entry] = {}
    for entry in _entries(places):
        if (other := known.setdefault(entry.name.casefold(), entry)) is not entry:
            raise Problem(f"{folder}: {ascii(other.place.name)} and {ascii(entry.place.name)} would both be the team "
                          f"{entry.name}: rename one of them")
    return sorted(known.values(), key=lambda entry: entry.name)


def _entries(places: list[Path]) -> Iterator[Entry]:
    for platform, parse in _PLATFORMS.items():
        named = {place: name for place in places if (name := parse(place.name))}
        if 2 * len(named) >= len(places):
            yield from _of_platform(platform, named)
            yield from (_entry(place, (f"its name is none of {platform}'s, as most others are: nobody's number is in "
                                       "it",)) for place in places if place not in named)
            return
    for place in places:
        like = [platform for platform, parse in _PLATFORMS.items() if parse(place.name)]
        yield _entry(place, tuple(f"its name looks like one of {platform}'s, and most others do not: it is taken as a "
                                  "plain name" for platform in like))


def _of_platform(platform: str, named: dict[Path, Named]) -> Iterator[Entry]:
    """An entry for each person: of all that is there from one, the folder or zip, and the newest if there are more."""
    persons: dict[tuple[str, str], list[Path]] = {}
    for place, name in named.items():
        persons.setdefault((name.person, name.identifier), []).append(place)
    for (person, identifier), places in persons.items():
        packed = [place for place in places if not _fault(place)] or places
        place, *others = sorted(packed, key=lambda place: named[place].age, reverse=True)
        rivals = [other for other in others if named[other].file != named[place].file]
        remarks = tuple(f"{ascii(place.name)} and {ascii(other.name)} are there: only the first one counts"
                        for other in rivals[:1])
        team = _safe(f"{person[:_LONGEST - len(identifier) - 1]}_{identifier}")
        newest = sorted(places, key=lambda place: named[place].age, reverse=True)
        beside = tuple((named[other].file, other.name) for other in newest if other not in packed)
        yield Entry(team, place, _fault(place), platform, identifier, named[place].is_late, remarks, beside)


def _is_stray(name: str) -> bool:
    """Whether a file or folder of this name is something that a system leaves everywhere."""
    return name.startswith(".") or name.casefold() in _STRAY


def _entry(place: Path, remarks: tuple[str, ...]) -> Entry:
    is_zip = place.suffix.casefold() == ".zip" and not stat.S_ISDIR(place.lstat().st_mode)
    is_bare = place.suffix == ".git"  # as `git clone --bare` calls it
    return Entry(_safe(place.stem if is_zip or is_bare else place.name), place, _fault(place), remarks=remarks)


def _fault(place: Path) -> str:
    """Why this cannot be a submission; "" where it can."""
    mode = place.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "the submission is a link, which is not followed: put the folder or zip itself there"
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode) and place.suffix.casefold() == ".zip"):
        return "the submission is neither a folder nor a zip: hand in one of these"
    return ""


def _safe(name: str) -> str:
    """A name without what files, tables and spreadsheets take for something else."""
    name = " ".join(re.sub(r"[^\w.@+ -]", "_", unicodedata.normalize("NFC", name)).split())
    name = name.lstrip(".-+@ ")[:_LONGEST].rstrip(". ") or "_"
    return f"{name}_" if name.split(".")[0].casefold() in _TAKEN else name
