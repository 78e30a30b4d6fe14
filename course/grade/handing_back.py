"""What a run gives back: its reports, the points of a person among them, and the sheets of learning platforms."""

from collections.abc import Collection, Sequence
from pathlib import Path

from course.grade import manual, outputs
from course.grade.escaping import plain
from course.grade.files import write_file
from course.grade.folder import Folder
from course.grade.results import TeamResult
from course.grade.run import Run
from course.grade.worksheets import canvas, moodle
from course.handout.chosen import Chosen
from exercise.problem import Problem
from exercise.source.table import Task

__all__ = ["HandingBack"]

_LONGEST = 2_000  # signs of a line that is printed


class HandingBack:
    """The files of a person and of platforms, read before anything is graded.

    Args:
        teams: the names of all teams.
        points: the sheet with the points of a person.
        worksheet, columns: see moodle.Worksheet.
        gradebook: see canvas.Gradebook.
    Raises: Problem if one of them cannot be used.
    """

    def __init__(self, chosen: Chosen, teams: Collection[str], points: str | None = None, worksheet: str | None = None,
                 columns: str | None = None, gradebook: Sequence[str] | None = None):
        if columns and not worksheet:
            raise Problem("--moodle-columns says nothing without --moodle WORKSHEET")
        self._chosen, self._teams = chosen, teams
        self._tasks = [task for sheet in chosen.sheets for task in sheet.tasks]
        self._points_file = Path(points) if points else None
        self._points = manual.read(self._points_file, self._without_gaps, teams) if points else {}
        self._sheets = [moodle.Worksheet(Path(worksheet), columns)] if worksheet else []
        self._sheets += [canvas.Gradebook(Path(gradebook[0]), gradebook[1])] if gradebook else []

    def write(self, folder: Folder, run: Run, results: Sequence[TeamResult]) -> list[str]:
        """Write everything for a class that is graded. Returns: lines for the person who has graded.

        Raises: Problem if a file cannot be written.
        """
        results = manual.merged(results, self._points)
        tasks, notes, lines = self._graded_tasks(), {}, []
        for sheet in self._sheets:
            assigned = sheet.fill(results, tasks)
            notes[f"The sheet of {sheet.platform}"] = [*assigned.notes, *assigned.shared]
            lines += [f"{folder.place / sheet.file}: {len(assigned.results)} rows have points",
                      *(f"  {plain(note, _LONGEST)}" for note in assigned.notes)]
        outputs.write(folder, run, tasks, results, notes)
        for sheet in self._sheets:
            sheet.save(folder.place / sheet.file)
        return [*lines, *self._write_manual(folder, results)]

    def write_part(self, folder: Folder, run: Run, results: Sequence[TeamResult], left: int) -> None:
        """Write the reports of a class of which so many are not graded yet; platforms get nothing."""
        outputs.write(folder, run, self._graded_tasks(), manual.merged(results, self._points), {}, left)

    @property
    def _without_gaps(self) -> list[Task]:
        """The tasks that a person may give points for; where a rule has given some, that overrules it."""
        return [task for task in self._tasks if not task.gaps]

    @property
    def _by_hand(self) -> list[Task]:
        return [task for task in self._without_gaps if not task.rule]

    def _graded_tasks(self) -> list[Task]:
        """The tasks of tests and rules, and those of a person if points for these are there."""
        return [task for task in self._tasks if task.gaps or task.rule or self._points_file]

    def _write_manual(self, folder: Folder, results: Sequence[TeamResult]) -> list[str]:
        """Write the sheet for a person, unless one is there that has the same points, as a spreadsheet has saved it, or
        points which nobody has asked to merge."""
        place = folder.place / manual.FILE
        given = {numbers for points in self._points.values() for numbers in points}
        columns = [task for task in self._without_gaps if not task.rule or task.numbers in given]
        if not columns:
            return []
        lines = []
        held = self._held(place)
        if held is None or any(points.items() - self._points.get(team, {}).items() for team, points in held.items()):
            lines.append(f"{place} holds points that are not merged, and stays as it is: --manual {place} merges them")
        elif held != {result.team: result.manual for result in results}:
            write_file(place, manual.sheet(columns, results))
        if self._points_file and (left := manual.left_open(self._by_hand, results)):
            lines.append(f"{self._points_file}: {plain(left, _LONGEST)}")
        return lines

    def _held(self, place: Path) -> manual.Points | None:
        """The points in a sheet that is there, none where there is none; None where it cannot be read."""
        try:
            return manual.read(place, self._without_gaps, self._teams) if place.exists() else {}
        except Problem:
            return None
