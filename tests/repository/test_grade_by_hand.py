"""Points that a person gives are merged into a class that is graded, and the command writes platforms' sheets."""

import csv
import json
from dataclasses import replace

import pytest

from course.__main__ import main
from course.grade import command, isolation, manual
from course.grade.folder import Folder
from course.grade.rules.rule import KEPT, RuleResult
from course.grade.settings import Settings
from course.grade.version import version
from exercise.source import table
from tests.repository import toys
from tests.repository.test_grade_reports import TEAM
from tests.repository.test_worksheets import CANVAS, GERMAN

BY_HAND = [task for task in table.parse(toys.COURSE).sheets[0].tasks if not task.gaps]
HEAD = "\ufeffteam,1.3 Drawing (2),1.4 Code style (1),sum (2)\r\n"


@pytest.fixture
def graded(tmp_path, monkeypatch):
    """Grades a toy class of which all are graded; returns what is printed and the folder."""
    monkeypatch.setattr(command.forks, "with_tests", lambda *_, **__: pytest.fail("it grades again"))
    monkeypatch.setattr(isolation, "level", lambda trusting: "landlock")
    monkeypatch.setattr("course.__main__._ROOT", toys.copy(tmp_path / "course"))
    place, out = tmp_path / "in", tmp_path / "out"
    place.mkdir()
    settings = Settings(seed=3)
    with monkeypatch.context() as patch:
        patch.setattr(command.forks, "with_tests", lambda *_, **__: None)
        (place / "a").mkdir()
        command.grade(tmp_path / "course", place, out, settings)
    for team, number in (("a", "12"), ("b", "13")):
        (place / team).mkdir(exist_ok=True)
        Folder(out).add(replace(TEAM, team=team, platform="Moodle", identifier=number))
    return place, out


@pytest.fixture
def again(graded, capsys):
    """Runs the command on them with --resume and more; returns its exit code and what it prints, line by line."""
    def run(*words):
        capsys.readouterr()
        code = main(["grade", str(graded[0]), "--out", str(graded[1]), "--resume", *map(str, words)])
        said = capsys.readouterr()
        return code, (said.out + said.err).splitlines()
    return run


def totals(out):
    with (out / "grades.csv").open(newline="", encoding="utf-8") as file:
        return [[row[name] for name in row if name.startswith(("1.3", "1.4", "total"))] for row in csv.DictReader(file)]


def test_a_sheet_for_a_person_comes_out_empty(graded, again):
    assert again()[0] == 0
    assert (graded[1] / "manual.csv").read_bytes().decode() == HEAD + "a,,,\r\nb,,,\r\n"
    assert totals(graded[1]) == [["1.75"], ["1.75"]]


def test_points_of_a_person_are_merged_without_grading_again(graded, again, tmp_path):
    (tmp_path / "points.csv").write_text("team;1.4 Code style (1);1.3 Drawing (2);sum (2)\na;1;1,75;2,75\nb;;0;\n")
    code, lines = again("--manual", tmp_path / "points.csv")
    assert code == 0 and lines[1:] == [
        f"{tmp_path / 'points.csv'}: 1 of 4 entries are still empty: b (1.4)"]
    assert totals(graded[1]) == [["1.75", "1", "4.5"], ["0", "", "1.75"]]
    assert (graded[1] / "manual.csv").read_bytes().decode() == HEAD + "a,1.75,1,\r\nb,0,,\r\n"
    page, other = ((graded[1] / f"{team}.md").read_text() for team in "ab")
    assert "# a: 4.5 of 4.5 points" in page and "| 1.3 Drawing | 1.75 / 2 |" in page and "still" not in page
    assert "| 1.4 Code style | open / 1 |" in other and "a person has still to give some" in other


def test_a_person_may_overrule_the_points_of_a_rule(graded, again, tmp_path):
    course = tmp_path / "course" / "course.toml"
    course.write_text(course.read_text(encoding="utf-8") + 'rule = "style"\n', encoding="utf-8")
    rule = RuleResult("style", KEPT, "nothing is to mend", (), "1", 1, "1.4")
    for result in Folder(graded[1]).results():
        Folder(graded[1]).add(replace(result, rules=(rule,)))
    run = json.loads((graded[1] / "run.json").read_text())
    Folder(graded[1]).write("run.json", run | {"version": version(tmp_path / "course")})
    assert again()[0] == 0 and totals(graded[1]) == [["1", "2.75"]] * 2
    assert (graded[1] / "manual.csv").read_bytes().decode() == "\ufeffteam,1.3 Drawing (2),sum (2)\r\na,,\r\nb,,\r\n"
    (tmp_path / "points.csv").write_text("team,1.3 Drawing (2),1.4 Code style (1)\na,1,0.5\nb,,\n")
    code, lines = again("--manual", tmp_path / "points.csv")
    assert code == 0 and "1 of 2 entries are still empty: b (1.3)" in lines[1]
    assert totals(graded[1]) == [["1", "0.5", "3.25"], ["", "1", "2.75"]]
    assert "`style`: **kept**; nothing is to mend; a person has given the points\n" in (graded[1] / "a.md").read_text()
    assert "`style`: **kept** (+1); nothing is to mend\n" in (graded[1] / "b.md").read_text()
    assert (graded[1] / "manual.csv").read_bytes().decode() == HEAD + "a,1,0.5,\r\nb,,,\r\n"


def test_a_sheet_with_points_is_not_written_over(graded, again, tmp_path):
    again()
    place, text = graded[1] / "manual.csv", HEAD + "a,2,,\r\nb,,,\r\n"
    place.write_bytes(text.encode())
    assert again()[1][-1] == (f"{place} holds points that are not merged, and stays as it is: --manual {place} merges "
                              "them")
    (tmp_path / "other.csv").write_text("team,1.3 Drawing (2)\na,1\n")
    again("--manual", tmp_path / "other.csv")
    assert place.read_bytes() == text.encode() and totals(graded[1])[0] == ["1", "", "2.75"]
    again("--manual", place)
    assert totals(graded[1])[0] == ["2", "", "3.75"]


@pytest.mark.parametrize("text", [
    "team;1.3 Drawing (2);sum (2)\r\na;1,5;1,5\r\nb;;\r\n",
    "team,1.3 Drawing (2)\na,1.5\n,\n", " team\t1.3\t\na\t1.50\t\n",
    "\ufeffteam,1.3 Drawing (2),,\na,1.5,,\n,,,\n"])
def test_what_a_spreadsheet_has_saved_is_taken_as_it_is(graded, again, text):
    place = graded[1] / "manual.csv"
    place.write_bytes(text.encode())
    assert again("--manual", place)[0] == 0
    assert totals(graded[1]) == [["1.5", "", "3.25"], ["", "", "1.75"]]
    assert (place.read_bytes() == text.encode()) == ("\nb" in text)  # a team that has no row gets one


@pytest.mark.parametrize("rows, complaint", [
    ("team,1.3,\na,1,2\n", "the column '' is that of no task that a person grades; there are 1.3, 1.4"),
    ("team,1.3\n,1\n", "row 2: there is no team ''"),
    ("team,1.3 Drawing (2)\nc,1\n", "row 2: there is no team 'c'"),
    ("team,1.3 Drawing (2)\na,1\na,1\n", "row 3: the team a has two rows"),
    ("team,1.1 Sizes (2.5)\na,1\n", "the column '1.1 Sizes (2.5)' is that of no task that a person grades; there are "
                                    "1.3, 1.4"),
    ("team,1.3,1.3\na,1,1\n", "a task has two columns"),
    *((f"team,1.3 Drawing (2)\na,{cell}\n", f"row 2: '{cell}' for task 1.3 should be a multiple of 0.25 from 0 to 2")
      for cell in ("2.25", "-1", "1.1", "good", "1e0", "NaN", "=1")),
    ("team,1.3,1.4,sum\na,1,0.5,2\n", "row 2: the sum is said to be '2', and the points add up to 1.5")])
def test_points_that_cannot_be_are_told_in_one_line_and_change_nothing(graded, again, tmp_path, rows, complaint):
    before = {file: file.read_bytes() for file in graded[1].rglob("*") if file.is_file()}
    (tmp_path / "points.csv").write_text(rows)
    code, (line,) = again("--manual", tmp_path / "points.csv")
    assert code == 2 and line == f"python -m course grade: {tmp_path / 'points.csv'}: {complaint}"
    assert {file: file.read_bytes() for file in graded[1].rglob("*") if file.is_file()} == before


def test_what_is_open_is_one_line_however_many_there_are():
    teams = [replace(TEAM, team=f"team {number}") for number in range(12)]
    assert manual.left_open(BY_HAND[:1], teams) == "12 of 12 entries are still empty: " + ", ".join(
        f"team {number} (1.3)" for number in range(10)) + ", 2 teams more"
    assert manual.left_open([], teams) == ""


def test_the_sheets_of_platforms_have_the_points_of_a_person_too(graded, again, tmp_path):
    (tmp_path / "moodle_in.csv").write_bytes(GERMAN.replace("2,50", "4,50").encode())
    (tmp_path / "points.csv").write_text("team,1.3 Drawing (2)\na,1\nb,2\n")
    code, lines = again("--moodle", tmp_path / "moodle_in.csv", "--manual", tmp_path / "points.csv")
    assert code == 0 and lines[1] == f"{graded[1] / 'moodle.csv'}: 2 rows have points"
    text = (graded[1] / "moodle.csv").read_bytes().decode()
    assert ";2,75;4,50;Ja;" in text and ";3,75;4,50;Ja;" in text and "<li>1.3 Drawing: 1 / 2</li>" in text
    assert (tmp_path / "moodle_in.csv").read_bytes() == GERMAN.replace("2,50", "4,50").encode()


def test_what_a_person_has_to_settle_is_printed_and_on_your_page(graded, again, tmp_path):
    (tmp_path / "book.csv").write_text(CANVAS)
    code, lines = again("--canvas", tmp_path / "book.csv", "Sheet 2 (78)")
    assert code == 0 and lines[1:4] == [f"{graded[1] / 'canvas.csv'}: 0 rows have points",
                                        "  no row belongs to a", "  no row belongs to b"]
    assert (graded[1] / "canvas.csv").read_text() == CANVAS
    page = (graded[1] / "for_you.md").read_text()
    assert "## The sheet of Canvas\n\n- no row belongs to a\n" in page and "Hopper, Grace (14)" in page


@pytest.mark.parametrize("words, complaint", [
    (["--moodle", "none.csv"], "none.csv cannot be read: No such file or directory"),
    (["--moodle-columns", "grade=x"], "--moodle-columns says nothing without --moodle WORKSHEET"),
    (["--canvas", "none.csv", "Sheet 2 (78)"], "none.csv cannot be read: No such file or directory"),
    (["--manual", "none.csv"], "none.csv cannot be read: No such file or directory")])
def test_bad_files_are_told_before_anything_is_graded(again, words, complaint):
    code, lines = again(*words)
    assert code == 2 and lines == [f"python -m course grade: {complaint}"]
