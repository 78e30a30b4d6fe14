"""Who has passed: the points of all sheets, of people who may change teams, names and platforms in between."""

import csv
import shutil
from dataclasses import replace

import pytest

from course.__main__ import main
from course.grade import outputs
from course.grade.folder import Folder
from course.grade.passing.people import Submission, people
from course.grade.results import NO_VERDICT, Outcome
from course.grade.rules.rule import KEPT, UNKNOWN, RuleResult
from course.grade.version import version
from exercise.source import table
from exercise.verdict.verdicts import NOT_STARTED, SOLVED, WRONG
from tests.repository import toys
from tests.repository.test_grade_report import RUN, TEAM

SECOND = '''
[[sheet]]
number = 2
title = "Cards"
points = 4
[[sheet.task]]
title = "Drawing"
points = 4
kind = "manual"
'''
PASSING = "[passing]\nshare = 0.5\nall_sheets = true\n"
RIGHT = tuple(replace(gap, isolated=Outcome(SOLVED)) for gap in TEAM.gaps)
LOST = tuple(replace(gap, isolated=Outcome(WRONG, "lost"), submitted=Outcome(WRONG, "lost"), text=None)
             for gap in TEAM.gaps)
EMPTY = tuple(replace(gap, isolated=Outcome(NOT_STARTED), submitted=Outcome(NOT_STARTED)) for gap in TEAM.gaps)


def team(name, *members, points=None, gaps=RIGHT, drawing="2", style="0", **more):
    """A team on sheet 1, or, with points, on sheet 2."""
    by_hand = {"1.3": drawing, "1.4": style} if points is None else {"2.1": points, "2.2": style}
    return replace(TEAM, team=name, members=members, gaps=gaps if points is None else (),
                   manual={task: number for task, number in by_hand.items() if number}, **more)


@pytest.fixture
def passed(tmp_path, monkeypatch, capsys):
    """Runs the command on these sheets, a list of teams each; returns its rows by name, and what it prints."""
    root = toys.copy(tmp_path / "course", "course.toml", "lib", "tests")

    def run(*sheets, passing=PASSING, code=0, words=()):
        text = passing + toys.COURSE.replace("[[every_sheet]]", f"{SECOND}\n[[every_sheet]]")
        (root / "course.toml").write_text(text)
        monkeypatch.setattr("course.__main__._ROOT", root)
        for number, teams in enumerate(sheets, 1):
            shutil.rmtree(tmp_path / f"grades{number}", ignore_errors=True)
            folder = Folder(tmp_path / f"grades{number}")
            run = replace(RUN, sheets=(number, number), version=version(root))
            folder.begin(run, {})
            for result in teams:
                folder.add(result)
            outputs.write(folder, run, table.parse(text).sheets[number - 1].tasks, teams, {})
        places = [str(tmp_path / f"grades{number}") for number in range(1, len(sheets) + 1)]
        out = tmp_path / "passed.csv"
        assert main(["passed", *words, *places, "--out", str(out)]) == code
        said = capsys.readouterr()
        if code:
            assert not out.exists()
            return said.err
        with out.open(newline="", encoding="utf-8") as file:
            return {row["name"]: row for row in csv.DictReader(file)}, said.out.splitlines()
    return run


def test_points_of_all_sheets_make_a_row_of_a_person(passed):
    rows, said = passed([team("a", "Ada Lovelace, 1234567", "Alan Turing"), team("b", "Grace Hopper", style="1")],
                        [team("b", "Alan Turing", points="0.5"), team("c", "Lovelace, Ada", points="4", style="1")])
    assert rows["Ada Lovelace"] == {
        "name": "Ada Lovelace", "number": "1234567", "submissions": "1: a; 2: c", "1 Boxes (4.5)": "4.5",
        "2 Cards (4)": "5", "sum (8.5)": "9.5", "share": "1.118", "not handed in": "", "open": "0", "result": "passed",
        "why": "9.5 points of the 4.25 that are needed"}
    assert rows["Alan Turing"]["sum (8.5)"] == "5" and rows["Alan Turing"]["result"] == "passed"
    hopper = rows["Grace Hopper"]
    assert (hopper["2 Cards (4)"], hopper["not handed in"], hopper["result"]) == ("", "2", "not passed")
    assert hopper["why"] == "sheet 2: not handed in" and hopper["sum (8.5)"] == "5.5"
    assert said == [f"3 people: 2 passed, 1 not passed, 0 open: see {said[0].partition('see ')[2]}",
                    "Passing takes 4.25 of 8.5 points, and each sheet handed in."]


@pytest.mark.parametrize("first, second, result, why", [
    ({}, {"points": ""}, "passed", "4.5 points of the 4.25 that are needed, 4 more are open"),
    ({"gaps": EMPTY}, {"points": ""}, "open", "2 points of the 4.25 that are needed, 4 more are open"),
    ({"gaps": EMPTY, "drawing": "0"}, {"points": "4"}, "not passed",
     "sheet 1: not handed in; 4 points of the 4.25 that are needed"),
    ({"gaps": EMPTY, "drawing": ""}, {"points": "4"}, "open", "4 points of the 4.25 that are needed, 2 more are open; "
     "sheet 1: no gap is started, and a person's points are open"),
    ({"drawing": "1"}, {"points": "0.5"}, "not passed", "4 points of the 4.25 that are needed"),
    ({"drawing": "1"}, {"points": "0.5", "style": "1"}, "passed", "5 points of the 4.25 that are needed"),
    ({"drawing": "1"}, {"points": "0.5", "style": ""}, "open",
     "4 points of the 4.25 that are needed, 1 more are open")])
def test_what_is_open_fails_nobody_and_what_is_certain_decides(passed, first, second, result, why):
    rows, _ = passed([team("a", "Ada", **first)], [team("a", "Ada", **second)])
    assert (rows["Ada"]["result"], rows["Ada"]["why"]) == (result, why)


@pytest.mark.parametrize("first, rules, more", [
    (0, (), "1.75 more are open"), (1, (), "0.75 more are open"),
    (3, (RuleResult("style", UNKNOWN, "", (), "0", 1, "1.4"),), "1 more are open")])
def test_what_could_not_be_judged_is_open(passed, monkeypatch, first, rules, more):
    """A gap, and a bonus task that a rule earns."""
    monkeypatch.setattr(toys, "COURSE", toys.COURSE + 'rule = "style"\n')
    gaps = [replace(gap, isolated=Outcome(WRONG), submitted=Outcome(WRONG)) for gap in TEAM.gaps]
    if first < len(gaps):
        gaps[first] = replace(gaps[first], isolated=Outcome(NO_VERDICT))
    result = team("a", "Ada", gaps=tuple(gaps), drawing="0", style="", rules=rules)
    rows, _ = passed([result], [team("a", "Ada", points="4", style="0")])
    assert rows["Ada"]["why"] == f"4 points of the 4.25 that are needed, {more}" and rows["Ada"]["result"] == "open"


@pytest.mark.parametrize("gaps", [LOST, (LOST[0], *EMPTY[1:])])
def test_what_cannot_be_read_is_neither_handed_in_nor_missing(passed, gaps):
    teams = [team("a", "Ada", gaps=gaps, drawing="0")], [team("a", "Ada", points="4", style="1")]
    rows, said = passed(*teams)
    assert (rows["Ada"]["result"], rows["Ada"]["not handed in"]) == ("open", "")
    assert rows["Ada"]["why"].endswith("sheet 1: no gap is started, as far as they can be read")
    assert said[2:] == [f"  Ada: {rows['Ada']['why']}"]
    assert passed(*teams, passing=PASSING.replace("true", "false"))[0]["Ada"]["result"] == "passed"
    rows, _ = passed([team("a", "Ada", gaps=gaps, drawing="1")], teams[1])
    assert rows["Ada"]["result"] == "passed"


@pytest.mark.parametrize("all_sheets", ["true", "false"])
@pytest.mark.parametrize("points, result", [("2", "open"), ("0.5", "not passed")])
def test_gaps_that_cannot_be_read_could_still_earn_their_points(passed, monkeypatch, all_sheets, points, result):
    monkeypatch.setattr(toys, "COURSE", f'{toys.COURSE.rstrip()}\nrule = "style"\n')
    unchecked = RuleResult("style", UNKNOWN, "the submission could not be read", sheet=1, task="1.4")
    teams = [team("a", "Ada", gaps=LOST, drawing="0", style="", rules=(unchecked,))], [
        team("a", "Ada", points=points, style="")]
    rows, _ = passed(*teams, passing=PASSING.replace("true", all_sheets))
    assert (rows["Ada"]["result"], rows["Ada"]["open"]) == (result, "3.5")


def test_sheets_count_as_the_table_and_the_flag_say(passed):
    teams = [team("a", "Ada")]
    assert passed(teams)[0]["Ada"]["why"] == ("4.5 points of the 4.25 that are needed, 5 more are open; sheet 2: not "
                                              "graded yet")
    rows, said = passed(teams, passing=PASSING.replace("true", "false"))
    assert rows["Ada"]["result"] == "passed" and said[1] == "Passing takes 4.25 of 8.5 points."
    rows, said = passed(teams, words=["--sheets", "1"])
    assert rows["Ada"]["why"] == "4.5 points of the 2.25 that are needed" and "2 Cards (4)" not in rows["Ada"]


def test_points_of_a_rule_for_an_empty_submission_are_in_its_column_and_in_the_sum(passed, monkeypatch):
    monkeypatch.setattr(toys, "COURSE", toys.COURSE + 'rule = "style"\n')
    style = RuleResult("style", KEPT, "", (), "1", 1, "1.4")
    rows, _ = passed([team("a", "Ada", gaps=EMPTY, drawing="0", style="", rules=(style,)),
                      team("b", "Bob", gaps=EMPTY, drawing="0", style="")])
    assert [rows["Ada"][name] for name in ("1 Boxes (4.5)", "sum (8.5)", "not handed in")] == ["1", "1", "1"]
    assert [rows["Bob"][name] for name in ("1 Boxes (4.5)", "sum (8.5)", "not handed in")] == ["", "0", "1"]


def test_two_submissions_of_one_person_are_for_you_to_settle(passed):
    rows, said = passed([team("a", "Ada", drawing="0"), team("b", "Ada")], [team("c", "Ada", points="1")])
    assert (rows["Ada"]["result"], rows["Ada"]["sum (8.5)"], rows["Ada"]["open"]) == ("open", "3.5", "2")
    assert said[2] == ("  Ada: 3.5 points of the 4.25 that are needed, 2 more are open; "
                       "sheet 1: claimed by a and by b, with different points")
    rows, said = passed([team("a", "Ada"), team("b", "Ada")], [team("c", "Ada", points="1")])
    assert rows["Ada"]["result"] == "passed" and len(said) == 2


def test_who_has_mistyped_a_number_has_not_failed(passed):
    rows, _ = passed([team("a", "Ada, 1234567"), team("b", "Al, 5555551")],
                     [team("a", "Ada, 1234576", points="4"), team("b", "Al, 5555551", points="4"),
                      team("c", "Al, 5555552", points="4")])
    assert rows["Ada"]["result"] == "open" and rows["Ada"]["why"].endswith(
        "somebody with the same name has another number: are they one person?")
    assert rows["Al"]["result"] == "not passed" and rows["Al"]["why"].startswith("sheet 1: not handed in")


def test_a_team_that_names_nobody_once_is_those_whom_it_names_elsewhere(passed):
    rows, said = passed([team("a", "Ada", "Alan"), team("lone wolf")],
                        [team("a", points="1"), team("b", "Alan", points="4"), team("lone wolf", points="4")])
    assert {name: row["submissions"] for name, row in rows.items()} == {
        "Ada": "1: a; 2: a", "Alan": "1: a; 2: b", "lone wolf": "1: lone wolf; 2: lone wolf"}
    assert said[2:] == ["  a names nobody in one submission: it counts for Ada, named on other sheets"]


def test_all_that_is_to_be_settled_is_said_however_much_it_is(passed):
    names = [f"Person {one}{other}" for one in "abcde" for other in "abcdef"]
    _, said = passed([team(name, f"{name}, {number}") for number, name in enumerate(names, 1111111)],
                     [team(name, f"{name}, {number}", points="1") for number, name in enumerate(names, 2222222)])
    assert all(sum(line.startswith(f"  {name}: ") for line in said) == 2 for name in names)
    teams = [team(str(number) * 99, "Ada", drawing=str(number % 3)) for number in range(6)]
    rows, said = passed(teams, [team("c", "Ada", points="1")])
    assert all(each.team in rows["Ada"]["why"] and each.team in said[2] for each in teams)


def test_a_spreadsheet_finds_no_formula_in_what_teams_wrote(passed):
    rows, _ = passed([team("=cmd", "=cmd|x, +1234567")], [team("@b", "@b", points="1")])
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows.values() for cell in row.values())


def test_a_name_without_letters_is_one_person(passed):
    rows, said = passed([team("a", "....", "1234567", "@")], [team("b", "Ada, 1234567", points="4")])
    assert len(rows) == 3 and said[2:] == ["  1234567 and Ada have the same number or address: they count as one"]


def test_who_is_not_graded_yet_has_not_failed(passed, tmp_path, capsys):
    passed([team("a", "Ada")])
    file = tmp_path / "grades1" / "grades.json"
    file.write_text(file.read_text().replace('"left": 0', '"left": 3'))
    assert main(["passed", str(file.parent), "--out", str(tmp_path / "again.csv")]) == 2
    assert f"{file.parent}: submissions that are not graded yet: 3; go on with" in capsys.readouterr().err
    assert not (tmp_path / "again.csv").exists()


def test_what_cannot_be_added_up_is_told_in_one_line(passed, tmp_path):
    teams = [team("a", "Ada")]
    assert "course.toml does not say what passing takes: add [passing]" in passed(teams, passing="", code=2)
    again = str(tmp_path / "grades1")
    assert f"sheet 1 is graded in {again} and in {again}: name one of them" in passed(teams, code=2, words=[again])
    assert "there are 1, 2" in passed(teams, code=2, words=["--sheets", "3"])
    said = passed(teams, [team("b", "Ada", points="4")], code=2, words=["--sheets", "1"])
    assert f"{tmp_path / 'grades2'} holds grades of no sheet of the term: leave it out" in said


def test_other_points_than_today_s_are_named(passed, tmp_path):
    gaps = (replace(RIGHT[0], worth="1"), *RIGHT[1:])
    _, said = passed([team("a", "Ada", gaps=gaps)], [team("a", "Ada", points="4")])
    assert said[2] == f"{tmp_path / 'grades1'}: the gap box_volume was worth 1, and is worth 1.75 now"


def names(*results):
    """The names of the people, and their submissions, by folder."""
    found = people([Submission(folder, result) for folder, teams in enumerate(results) for result in teams])
    return {person.names[0]: [[submission.result.team for submission in person.of(folder)]
                              for folder in range(len(results))] for person in found}


def test_a_number_of_canvas_stays_that_of_a_person_and_moodle_s_does_not():
    canvas = [team(f"{name}_4321", platform="Canvas", identifier="4321") for name in ("lovelaceada", "kingada")]
    assert names([canvas[0]], [canvas[1]]) == {"lovelaceada": [["lovelaceada_4321"], ["kingada_4321"]]}
    moodle = [team("Ada Lovelace_12", platform="Moodle", identifier="12"),
              team("Ada Lovelace_77", platform="Moodle", identifier="77"),
              team("Alan Turing_12", platform="Moodle", identifier="12")]
    assert names([moodle[0]], moodle[1:]) == {"Ada Lovelace": [["Ada Lovelace_12"], ["Ada Lovelace_77"]],
                                              "Alan Turing": [[], ["Alan Turing_12"]]}


def test_who_hands_in_on_a_platform_is_the_member_of_that_name():
    first = [team("lovelaceada_4321", "Alan Turing, 7654321", "Ada Lovelace, 1234567", platform="Canvas",
                  identifier="4321")]
    second = [team("Team 7-Ada Lovelace_9", "Ada Lovelace", "Grace", platform="Moodle", identifier="9")]
    assert names(first, second) == {"Ada Lovelace": [["lovelaceada_4321"], ["Team 7-Ada Lovelace_9"]],
                                    "Alan Turing": [["lovelaceada_4321"], []],
                                    "Grace": [[], ["Team 7-Ada Lovelace_9"]]}


def test_a_number_that_a_whole_team_has_is_nobody_s():
    assert set(names([team("a", "Ada, WS2026", "Alan, WS2026")], [team("a", "Ada, WS2026", "Alan, WS2026")])) == {
        "Ada", "Alan"}


def test_a_number_tells_more_than_a_name():
    assert names([team("a", "Ada Lovelace (1234567)")], [team("a", "A. King <1234567>")]) == {
        "Ada Lovelace": [["a"], ["a"]]}
