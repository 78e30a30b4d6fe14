"""`python -m course passed GRADES [GRADES ...] --out passed.csv`: who has passed, from the grades of all sheets."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from course.grade.escaping import csv_cell, plain
from course.grade.files import csv_text, write_file
from course.grade.passing.people import Submission, people
from course.grade.passing.standing import FAILED, OPEN, PASSED, OnSheet, Standing, standing
from course.grade.report.graded import Graded, load
from course.grade.version import same, version
from course.handout.chosen import choose
from exercise.problem import Problem
from exercise.source import table
from exercise.source.table import FILE, Passing, Sheet, points_text

__all__ = ["passed"]

_LONGEST = 2_000  # signs of a reason, in which names of teams are


def passed(root: str | Path, grades: Sequence[str | Path], out: str | Path, sheets: str | None = None) -> int:
    """Write a row for each person, and print how many have passed, and what a person has to settle.

    Args:
        grades: folders that `grade` has written, of one or more sheets each.
        sheets: those of the term, such as "1-4"; all of the course without.
    Returns: an exit code, 0.
    Raises: Problem if the course does not say what passing takes, a folder cannot be read, is not graded as a whole
        or is of no sheet of the term, two grade the same sheet, or the table cannot be written.
    """
    root, chosen = Path(root).resolve(), choose(table.read(root), sheets)
    passing = _passing(chosen.course.passing)
    classes = [load(root, Path(place)) for place in grades]
    term = [sheet for sheet in chosen.course.sheets if chosen.first <= sheet.number <= chosen.last]
    places = [(sheet, _folder(sheet, classes)) for sheet in term]
    for number, graded in enumerate(classes):
        if graded.unfinished:
            raise Problem(graded.unfinished)
        if number not in (place for _, place in places):
            raise Problem(f"{graded.place} holds grades of no sheet of the term: leave it out, or name its sheet in "
                          "--sheets")
    found = [standing(person, places, passing) for person in people(
        [Submission(number, result) for number, graded in enumerate(classes) for result in graded.results])]
    write_file(Path(out), _table(found, term))
    print(*_summary(found, term, passing, out), *_notes(root, classes), *_to_settle(found), sep="\n")
    return 0


def _passing(passing: Passing | None) -> Passing:
    if passing is None:
        raise Problem(f"{FILE} does not say what passing takes: add [passing] with share = 0.5 and all_sheets = true")
    return passing


def _folder(sheet: Sheet, classes: Sequence[Graded]) -> int | None:
    """The number of the folder that grades a sheet. Raises: Problem if there are two."""
    found = [number for number, graded in enumerate(classes) if graded.run.sheets[0] <= sheet.number
             <= graded.run.sheets[1]]
    if len(found) > 1:
        raise Problem(f"sheet {sheet.number} is graded in {classes[found[0]].place} and in {classes[found[1]].place}: "
                      "name one of them")
    return found[0] if found else None


def _table(found: Sequence[Standing], term: Sequence[Sheet]) -> str:
    """A row for each person; sums and shares are of the points that are there."""
    worth = sum((sheet.points for sheet in term), Fraction())
    head = ["name", "number", "submissions", *(f"{sheet.number} {sheet.title} ({points_text(sheet.points)})"
            for sheet in term), f"sum ({points_text(worth)})", "share", "not handed in", "open", "result", "why"]
    return csv_text([map(csv_cell, head), *(_row(one, worth) for one in found)])


def _row(one: Standing, worth: Fraction) -> list[str]:
    share = float(one.points / worth) if worth else 0
    missing = ", ".join(str(on.sheet.number) for on in one.sheets if on.missing)
    return [csv_cell(one.person.names[0]), csv_cell(_number(one)), csv_cell(_submissions(one), _LONGEST),
            *map(_points, one.sheets), points_text(one.points), f"{share:.3f}", missing, points_text(one.open),
            one.result, csv_cell(one.why, _LONGEST)]


def _number(one: Standing) -> str:
    """The student numbers, addresses and numbers of Canvas."""
    return ", ".join(value if kind != "Canvas" else f"Canvas {value}" for kind, value in sorted(one.person.marks))


def _submissions(one: Standing) -> str:
    return "; ".join(f"{on.sheet.number}: {' and '.join(on.teams)}" for on in one.sheets if on.teams)


def _points(on: OnSheet) -> str:
    """Those of a sheet; "" where nothing is handed in that has points, or nothing is graded."""
    return points_text(on.points) if on.teams and (on.points or not on.missing) else ""


def _summary(found: Sequence[Standing], term: Sequence[Sheet], passing: Passing, out: str | Path) -> Iterator[str]:
    counts = Counter(one.result for one in found)
    worth = sum((sheet.points for sheet in term), Fraction())
    yield (f"{len(found)} people: {', '.join(f'{counts[result]} {result}' for result in (PASSED, FAILED, OPEN))}: "
           f"see {out}")
    yield (f"Passing takes {points_text(passing.share * worth)} of {points_text(worth)} points"
           + ", and each sheet handed in" * passing.all_sheets + ".")


def _notes(root: Path, classes: Sequence[Graded]) -> Iterator[str]:
    """What is odd about the folders of grades."""
    now = version(root)
    for graded in classes:
        if not same(graded.run.version, now):
            yield f"{graded.place} was graded with another version of the course: {graded.run.version}"
        for gap in graded.results[0].gaps:
            if gap.possible != (points := graded.course.gaps[gap.gap].points):
                yield (f"{graded.place}: the gap {gap.gap} was worth {points_text(gap.possible)}, and is worth "
                       f"{points_text(points)} now")


def _to_settle(found: Sequence[Standing]) -> list[str]:
    """What has been taken for granted, or is for a person to settle."""
    taken: dict[Submission, list[str]] = {}
    for person in (one.person for one in found):
        for submission in person.counted_as_implied():
            taken.setdefault(submission, []).append(person.names[0])
    lines = [f"{submission.result.team} names nobody in one submission: it counts for {', '.join(names)}, named on "
             "other sheets" for submission, names in taken.items()]
    lines += [f"{one.person.names[0]} and {' and '.join(others)} have the same number or address: they count as one"
              for one in found if (others := one.person.other_names())]
    lines += [f"{one.person.names[0]}: {one.why}" for one in found if one.result == OPEN and one.is_disputed]
    return [f"  {plain(line, _LONGEST)}" for line in lines]
