"""`python -m course report GRADES`: reports on results that are there.

    GRADES/html/class.html              charts for the class, which name no team
    GRADES/html/teams/<team>.html       a page for each team
    GRADES/junit/<team>.xml
    GRADES/gradescope/<team>/results.json
    GRADES/classroom50/<team>/result.json
    GRADES/alike.html                   pairs that are unusually alike, for you alone
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from course.grade.files import write_file
from course.grade.folder import Folder
from course.grade.report import class_page, classroom, gradescope, junit, team_page
from course.grade.report.graded import Graded, load, note
from course.grade.results import TeamResult

__all__ = ["report"]


def report(root: str | Path, grades: str | Path, html: bool = False, with_junit: bool = False,
           with_gradescope: bool = False, in_classroom: str | None = None, alike: bool = False) -> int:
    """Write the reports that are asked for, the pages in HTML if none is.

    Args:
        in_classroom: the name of the classroom of Classroom 50, for its reports.
        alike: whether to look for pairs that are unusually alike.
    Returns: an exit code, 0.
    Raises: Problem if there are no results, or a report cannot be written.
    """
    graded = load(Path(root).resolve(), Path(grades))
    for said in filter(None, (note(Path(root).resolve(), graded.run), graded.unfinished)):
        print(said, file=sys.stderr)
    if html or not (with_junit or with_gradescope or in_classroom or alike):
        _write_pages(graded)
    if with_junit:
        _write_each(graded, "junit/{}.xml", lambda result: junit.of_team(graded, result))
    if with_gradescope:
        _write_each(graded, "gradescope/{}/results.json", lambda result: _json(gradescope.of_team(graded, result)))
    if in_classroom:
        _write_each(graded, "classroom50/{}/result.json", lambda result: _json(
            classroom.of_team(graded, result, in_classroom, Folder(graded.place).graded_at(result.team))))
        print(f"Scores are whole numbers there: a point counts as {classroom.FACTOR}.")
    if alike:
        _write_alike(graded)
    return 0


def _write_pages(graded: Graded) -> None:
    place = graded.place / "html" / "class.html"
    write_file(place, class_page.of_class(graded))
    print(f"The class: {place}")
    _write_each(graded, "html/teams/{}.html", lambda result: team_page.of_team(graded, result))


def _write_alike(graded: Graded) -> None:
    from course.grade.alike import page, pairs, yardstick  # scikit-learn takes its time, which no other report needs
    yardsticks = yardstick.yardsticks(graded.root, *graded.run.sheets)
    found = pairs.find(graded.results, yardsticks)
    place = graded.place / "alike.html"
    write_file(place, page.of_class(found, yardsticks))
    print(f"Pairs that are unusually alike ({found.count}), and groups with the same files ({len(found.same)}), for "
          f"you to look at: {place}")


def _write_each(graded: Graded, name: str, made: Callable[[TeamResult], str]) -> None:
    for result in graded.results:
        write_file(graded.place / name.format(result.team), made(result))
    print(f"Teams ({len(graded.results)}): {graded.place / name.format('<team>')}")


def _json(content: dict) -> str:
    return json.dumps(content, indent=1) + "\n"
