"""Moodle's grading worksheet, in any language: its columns are found by what is in them."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from course.grade.escaping import markup
from course.grade.results import TeamResult
from course.grade.tasks import bonus, worth
from course.grade.worksheets.cells import Cells
from course.grade.worksheets.rows import Assigned, Row, assign
from exercise.problem import Problem
from exercise.source.table import Task, points_text
from exercise.verdict.verdicts import NOT_STARTED

__all__ = ["FILE", "Worksheet"]

FILE = "moodle.csv"
_ENGLISH = {"identifier": "Identifier", "grade": "Grade", "maximum": "Maximum Grade", "comments": "Feedback comments"}
_NEEDED = ("identifier", "grade", "maximum")
_IDENTIFIER = re.compile(r"(\D*[^\W\d])\s*([0-9]+)")  # "Participant 12345"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
_FLAG = "--moodle-columns"


class Worksheet:
    """A worksheet that Moodle has exported.

    Args: columns, their names where they are not found: "grade=Bewertung,comments=Feedback als Kommentar".
    Raises: Problem if it cannot be used.
    """
    platform = "Moodle"
    file = FILE

    def __init__(self, place: Path, columns: str | None = None):
        self._cells = Cells(place)
        self._columns = _found(self._cells) | _named(self._cells, columns)
        for name in _NEEDED:
            if name not in self._columns:
                raise Problem(f"{place}: its column of the {name} cannot be told from the others: if this is Moodle's "
                              f"grading worksheet, name it with {_FLAG} {name}=…, one of {self._cells.names()}")
        _check_different(self._cells, self._columns)
        self._maxima = {number: self._maximum(number) for number in self._cells.rows}
        self._rows = [self._row(number) for number in self._cells.rows]

    def fill(self, results: Sequence[TeamResult], tasks: Sequence[Task]) -> Assigned:
        """Write points and comments, and say who has got none."""
        assigned = assign(self.platform, self._rows, results)
        for number, result in list(assigned.results.items()):
            if result.points() > self._maxima[number]:
                assigned.notes.append(f"{result.team} has {points_text(result.points())} points, more than Moodle's "
                                      f"maximum of {points_text(self._maxima[number])}: nothing is written"
                                      f"{_advice(tasks)}")
                del assigned.results[number]
            else:
                self._put(number, result, tasks)
        assigned.notes.extend(self._odd(tasks))
        return assigned

    def save(self, place: Path) -> None:
        """Write the worksheet. Raises: Problem if that cannot be done."""
        self._cells.save(place)

    def _put(self, number: int, result: TeamResult, tasks: Sequence[Task]) -> None:
        self._cells.put(number, self._columns["grade"], self._in_its_style(result.points()))
        if "comments" in self._columns:
            self._cells.put(number, self._columns["comments"], _comment(result, tasks))

    def _odd(self, tasks: Sequence[Task]) -> Iterator[str]:
        """What is odd about the worksheet, a line each."""
        if any(maximum not in (worth(tasks), worth(tasks) + bonus(tasks)) for maximum in self._maxima.values()):
            yield (f"Moodle's maximum is not {points_text(worth(tasks))}, what the graded tasks are worth: points are "
                   "written as they are")
        if "comments" not in self._columns:
            yield (f"no column for comments is found: switch on feedback comments in Moodle, or name it with {_FLAG} "
                   "comments=…")

    def _row(self, number: int) -> Row:
        cells = self._cells.rows[number]
        identifier, person = self._columns["identifier"], cells[:self._columns["grade"]]
        if not (match := _IDENTIFIER.fullmatch(cells[identifier].strip())):
            raise Problem(f"{self._cells.file}: {cells[identifier]!r} in row {number + 2} is no identifier such as "
                          "'Participant 12345'")
        others = [cell for place, cell in enumerate(person) if place != identifier]
        return Row(number, match[2], others[0].strip() if others else "", tuple(others))

    def _maximum(self, number: int) -> Fraction:
        text = self._cells.rows[number][self._columns["maximum"]].strip()
        if not _NUMBER.fullmatch(text):
            raise Problem(f"{self._cells.file}: the maximum {text!r} in row {number + 2} is no number: choose points, "
                          "not a scale, in Moodle")
        return Fraction(text.replace(",", "."))

    def _in_its_style(self, points: Fraction) -> str:
        """Points with the decimal mark of this worksheet."""
        first = next(iter(self._cells.rows.values()))
        text = f"{float(points):.2f}"
        return text.replace(".", ",") if "," in first[self._columns["maximum"]] else text


def _check_different(cells: Cells, columns: dict[str, int]) -> None:
    """Raises: Problem if a column is found, or named, for two things: one would be written over the other."""
    names: dict[int, str] = {}
    for name, column in columns.items():
        if (other := names.setdefault(column, name)) != name:
            raise Problem(f"{cells.file}: {other} and {name} are both the column {cells.head[column]!r}: name each of "
                          f"them with {_FLAG}")


def _named(cells: Cells, words: str | None) -> dict[str, int]:
    """The columns that a user names."""
    columns = {}
    for part in (words or "").split(",") if words else []:
        name, sign, column = part.partition("=")
        if name.strip() not in _ENGLISH or not sign:
            raise Problem(f"{_FLAG} {part!r}: write {'=…,'.join(_ENGLISH)}=…, or some of these, with names of columns")
        columns[name.strip()] = cells.column(column)
    return columns


def _found(cells: Cells) -> dict[str, int]:
    """The columns that can be told: in English by their names, else by what is in them."""
    columns = {name: cells.head.index(title) for name, title in _ENGLISH.items() if title in cells.head}
    contents = [[row[place].strip() for row in cells.rows.values()] for place in range(len(cells.head))]
    identifiers = [place for place, column in enumerate(contents) if _are_identifiers(column)]
    pairs = [place for place in range(1, len(contents)) if _are_grades(contents[place - 1], contents[place])]
    found = {"identifier": identifiers[0]} if identifiers else {}
    if len(pairs) == 1:
        found |= {"grade": pairs[0] - 1, "maximum": pairs[0]}
        if pairs[0] < len(contents) - 1 and not any(map(_is_time, contents[-1])):
            found["comments"] = len(contents) - 1
    return columns if columns.keys() >= set(_NEEDED) else found | columns


def _are_identifiers(column: list[str]) -> bool:
    """Whether all of these are one word with a number, each with another one."""
    matches = [_IDENTIFIER.fullmatch(cell) for cell in column]
    return all(matches) and len({match[1] for match in matches}) == 1 and len({match[2] for match in matches}) == len(
        column)


def _are_grades(grades: list[str], maxima: list[str]) -> bool:
    """Whether the first are numbers or empty, and the second the same number each."""
    return len(set(maxima)) == 1 and bool(_NUMBER.fullmatch(maxima[0])) and all(
        cell in ("", "-") or _NUMBER.fullmatch(cell) for cell in grades)


def _is_time(cell: str) -> bool:
    """Whether this is when something was changed, which is "-" where it never was."""
    return cell == "-" or re.search(r"\d:\d\d", cell) is not None


def _advice(tasks: Sequence[Task]) -> str:
    """What makes room for bonus points."""
    most = worth(tasks) + bonus(tasks)
    return f"; make it at least {points_text(most)} there, bonus points included" if bonus(tasks) else ""


def _comment(result: TeamResult, tasks: Sequence[Task]) -> str:
    """One line of HTML for who has handed in: points by task, and what is wrong."""
    parts = [f"<li>{markup(f'{task.numbers} {task.title}')}: {result.shown(task) or 'open'} / "
             f"{points_text(task.points)}</li>" for task in tasks]
    wrong = [f"<li>{markup(gap.gap)}: {markup(gap.isolated.sentence, 600)}</li>" for gap in result.gaps
             if not gap.is_solved and gap.isolated.state != NOT_STARTED]
    lost = [f"<li>{markup(rule.rule)} ({rule.gain}): {markup(rule.sentence, 600)}</li>" for rule in result.rules
            if rule.gain and not rule.task]
    problems = [f"<li>{markup(problem)}</li>" for problem in result.problems]
    return "".join(f"<p>{title}</p><ul>{''.join(lines)}</ul>" for title, lines in (
        ("Points", parts), ("What is not solved", wrong), ("Broken rules", lost), ("Problems", problems)) if lines)
