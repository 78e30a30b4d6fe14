"""Which submission belongs to which rows of a platform's sheet: by the platform's number, and by the members named.

What is not clear is named for a person, and nothing is written then.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from course.grade.members import folded, marks_in, name_in
from course.grade.results import TeamResult

__all__ = ["Assigned", "Row", "assign"]

_MOST_NAMED = 10  # rows in a line: a page cuts lines that are too long


@dataclass(frozen=True)
class Row:
    """A row of one person.

    Args:
        number: its own.
        identifier: the platform's number of the person.
        name: the person's.
        cells: all that the sheet says of the person.
    """
    number: int
    identifier: str
    name: str
    cells: tuple[str, ...]

    @cached_property
    def marks(self) -> set[str]:
        """The cells, one of which may be a student number or an address."""
        return {folded(cell) for cell in self.cells}

    @cached_property
    def names(self) -> list[list[str]]:
        """The cells, one of which may be a name."""
        return [_words(cell) for cell in self.cells]

    def __str__(self) -> str:
        return f"{self.name} ({self.identifier})" if self.name else self.identifier


@dataclass
class Assigned:
    """Who gets the points of whom.

    Args:
        results: by the number of the row.
        notes: what a person has to settle, a line each.
        shared: which rows share the points of a submission as its declaration.md names them, a line each.
    """
    results: dict[int, TeamResult] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)


def assign(platform: str, rows: Sequence[Row], results: Iterable[TeamResult]) -> Assigned:
    """The result of each row.

    A submission belongs to the row with its number, and to those of its members. A row that two submissions claim
    gets points if they have the same ones.
    """
    assigned, claims = Assigned(), {row.number: [] for row in rows}
    shared: dict[str, list[Row]] = {}
    for result in results:
        own = [row for row in rows if result.platform == platform and row.identifier == result.identifier]
        if result.platform == platform and not own:
            assigned.notes.append(f"no row has the number of {result.team} ({result.identifier})")
        members = _members(rows, result, assigned)
        mine = list(dict.fromkeys([*own, *members]))
        if not mine and result.platform != platform:
            assigned.notes.append(f"no row belongs to {result.team}")
        shared[result.team] = [row for row in mine if row not in own]
        for row in mine:
            claims[row.number].append(result)
    _settle(rows, claims, assigned)
    assigned.shared += [f"the points of {team} go to {'; '.join(map(str, others))}" for team, members in shared.items()
                        if (others := [row for row in members if row.number in assigned.results])]
    return assigned


def _members(rows: Sequence[Row], result: TeamResult, assigned: Assigned) -> list[Row]:
    """The rows of the members of a team; of a plain folder without, the row of the person that it is called after."""
    if not result.members and not result.platform:
        return found if len(found := _of_person(rows, result.team)) == 1 else []
    members = []
    for member in result.members:
        found = _of_person(rows, member)
        if len(found) == 1:
            members += found
        elif found:
            assigned.notes.append(f"{member!r}, a member of {result.team}, could be {' or '.join(map(str, found))}")
        else:
            assigned.notes.append(f"no row belongs to {member!r}, a member of {result.team}")
    return members


def _of_person(rows: Sequence[Row], words: str) -> list[Row]:
    """The rows with a number, or address, and a name among these words; where no row has both, those with either."""
    marks, name = set(marks_in(words)), _words(name_in(words))
    by_mark = [row for row in rows if marks & row.marks]
    by_name = [row for row in rows if name and name in row.names]
    return [row for row in by_mark if row in by_name] or list(dict.fromkeys([*by_mark, *by_name]))


def _words(text: str) -> list[str]:
    """The words of a name in a fixed order: "Lovelace, Ada" is "Ada Lovelace"."""
    return sorted(re.findall(r"[^\W\d_]+", folded(text)))


def _settle(rows: Sequence[Row], claims: dict[int, list[TeamResult]], assigned: Assigned) -> None:
    without = []
    for row in rows:
        mine = claims[row.number]
        if len({_marks(result) for result in mine}) > 1:
            assigned.notes.append(f"{row} is claimed by {' and by '.join(result.team for result in mine)}, with "
                                  "different points: nothing is written")
        elif mine:
            assigned.results[row.number] = mine[0]
        else:
            without.append(str(row))
    for start in range(0, len(without), _MOST_NAMED):
        assigned.notes.append(f"without a submission: {'; '.join(without[start:start + _MOST_NAMED])}")


def _marks(result: TeamResult) -> tuple:
    return tuple((gap.gap, gap.points) for gap in result.gaps), result.points()
