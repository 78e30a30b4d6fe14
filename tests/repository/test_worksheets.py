"""The sheets of Moodle and Canvas: points and comments go in, and every other cell stays as it was, to the byte."""

import csv
import re
from dataclasses import replace

import pytest

from course.grade.pages import for_you
from course.grade.results import GapResult, Outcome, TeamResult
from course.grade.rules.rule import RuleResult
from course.grade.run import Run
from course.grade.worksheets.canvas import Gradebook
from course.grade.worksheets.cells import Cells
from course.grade.worksheets.moodle import Worksheet
from exercise.problem import Problem
from exercise.source import table
from exercise.verdict.verdicts import SOLVED, WRONG
from tests.repository import toys

TASKS = [task for task in table.parse(toys.COURSE).sheets[0].tasks if task.gaps]
RIGHT, EVIL = Outcome(SOLVED), Outcome(WRONG, "", "=<b>two\nlines</b> http://x $$y$$")
RUN = Run("abc 123", (5, 6, 7), (1, 1), "bubblewrap", (), 10.0, 300.0)
ADA = TeamResult("Ada Lovelace_12", "", (), (GapResult("box_volume", "1.1", "7/4", RIGHT, RIGHT, text=""),
                                             GapResult("box_area", "1.1", "3/4", EVIL, EVIL, text="")),
                 platform="Moodle", identifier="12")
ALAN = replace(ADA, team="Alan Turing_13", identifier="13", gaps=ADA.gaps[1:])
ENGLISH = ('Identifier,"Full name","Email address",Status,Group,Grade,"Maximum Grade","Grade can be changed",'
           '"Last modified (submission)","Last modified (grade)","Feedback comments"\r\n'
           '"Participant 12","Ada ""A"" Lovelace",ada@x.org,"Submitted for grading - Not graded","Team, 1",,2.50,Yes,'
           '"Monday, 2 May 2033, 8:15 PM",-,\r\n'
           '"Participant 13",Alan Turing,=alan@x.org,"Submitted for grading","Team 2",,2.50,Yes,-,-,""\r\n'
           '"Participant 14",Grace Hopper,grace@x.org,"No submission","",1.00,2.50,Yes,-,-,'
           '"as before\nin two lines"\r\n')
GERMAN = ("\ufeffID;Vollständiger Name;Status;Bewertung;Bestwertung;Bewertung kann geändert werden;"
          "Zuletzt geändert (Bewertung);Feedback als Kommentar\n"
          "Teilnehmer/in12;Ada Lovelace;Abgegeben;;2,50;Ja;-;\nTeilnehmer/in13;Alan Turing;Abgegeben;;2,50;Ja;-;\n")
CANVAS = ('Student,ID,SIS User ID,SIS Login ID,Section,Sheet 1 (77),"Sheet 2 (78)",Current Score\n'
          "    Points Possible,,,,,10.0,2.5,(read only)\n"
          '"Lovelace, Ada",12,1234567,ada,"DGM, Monday",9.5,,95.0\n'
          '"Turing, Alan",13,7654321,alan,DGM,,,\n"Hopper, Grace",14,5555555,grace,DGM,8,1,80\n'
          '"Student, Test",15,,abc,DGM,,,\n')


@pytest.fixture
def file(tmp_path):
    """A file with this text."""
    def of(text):
        (tmp_path / "sheet.csv").write_bytes(text.encode())
        return tmp_path / "sheet.csv"
    return of


def filled(sheet, results, tmp_path):
    """The text of a sheet with these results in it, and what is to be settled."""
    assigned = sheet.fill(results, TASKS)
    sheet.save(tmp_path / "out.csv")
    return (tmp_path / "out.csv").read_bytes().decode(), assigned


@pytest.mark.parametrize("text", [
    "a,b\r\n1,2\r\n", 'a;"b"\n"1;\n""2";\n\n', "\ufeffa\tb\r1\t2", 'a,b\n1,"2"\r\n"3",4\r', "a,b\n,\n"])
def test_a_table_that_nobody_changes_comes_out_byte_for_byte(file, tmp_path, text):
    Cells(file(text)).save(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == text.encode()


@pytest.mark.parametrize("before, put, after", [
    ("a,b\n1,2\n", "3", "a,b\n1,3\n"), ('a,b\n1,"2"\n', "3", 'a,b\n1,"3"\n'),
    ("a,b\n1,2\n", 'x, "y"', 'a,b\n1,"x, ""y"""\n'), ("a;b\n1;2", "x;y", 'a;b\n1;"x;y"'),
    ("a,b\n1,2\n", "x;y", "a,b\n1,x;y\n")])
def test_a_cell_has_quotes_where_it_needs_them(file, tmp_path, before, put, after):
    cells = Cells(file(before))
    cells.put(0, 1, put)
    cells.save(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().decode() == after


@pytest.mark.parametrize("text, complaint", [
    ("", "its first row is empty"), ("a,b\n", "no row below"), ('a,b\n1,"2\n', "quotes of a cell in line 2"),
    ('a,b\n"1" ,2\n', "quotes of a cell in line 2"), ("a,b\n1\n", "row 2 has 1 cells, and the first row has 2"),
    ("a\0,b\n1,2\n", "is no CSV in UTF-8")])
def test_a_table_that_cannot_be_used_is_told_in_one_line(file, text, complaint):
    with pytest.raises(Problem, match=complaint):
        Cells(file(text))


def test_names_of_columns_are_one_line_whatever_is_in_them(file):
    with pytest.raises(Problem) as told:
        Cells(file('a,"b\nc\x1b"\n1,2\n')).column("d")
    assert str(told.value).endswith("no column is called 'd'; the columns are a, b c?")


def test_a_table_in_another_encoding_or_place_is_told(tmp_path):
    (tmp_path / "x.csv").write_bytes("a,ä\n1,2\n".encode("utf-16"))
    for name, complaint in (("x.csv", 'is no CSV in UTF-8: export it again, or save it as "CSV UTF-8"'),
                            ("none.csv", "cannot be read: No such file")):
        with pytest.raises(Problem, match=complaint):
            Cells(tmp_path / name)


# Moodle ---------------------------------------------------------------------------------------------------------------

def test_moodle_gets_points_and_comments_and_all_else_stays(file, tmp_path):
    text, assigned = filled(Worksheet(file(ENGLISH)), [ADA, ALAN], tmp_path)
    before, after = (list(csv.reader(each.splitlines(keepends=True))) for each in (ENGLISH, text))
    assert [row[5] for row in after] == ["Grade", "1.75", "0.00", "1.00"]
    assert [[cell for place, cell in enumerate(row) if place not in (5, 10)] for row in after] == [
        [cell for place, cell in enumerate(row) if place not in (5, 10)] for row in before]
    assert after[3] == before[3] and text.count("\r\n") == ENGLISH.count("\r\n")
    assert assigned.notes == ["without a submission: Grace Hopper (14)"] and not assigned.shared


def test_everybody_without_a_submission_is_named_in_a_large_class(file, tmp_path):
    rows = "".join(f"Participant {number},A name of {number} with many words,n{number}@example.org,,,,2.50,Yes,-,-,\r\n"
                   for number in range(100, 400))
    _, assigned = filled(Worksheet(file(ENGLISH + rows)), [ADA, ALAN], tmp_path)
    page = for_you.of_class(RUN, [ADA, ALAN], {"The sheet of Moodle": assigned.notes})
    assert all(f"({number})" in page for number in (14, *range(100, 400)))


def test_a_sheet_is_filled_to_the_byte(file, tmp_path):
    text, _ = filled(Worksheet(file(ENGLISH)), [ADA], tmp_path)
    comment = next(csv.reader([text.splitlines()[1]]))[10]
    assert text == ENGLISH.replace('"Team, 1",,', '"Team, 1",1.75,').replace(
        'PM",-,\r\n', f'PM",-,"{comment}"\r\n')


def test_a_comment_is_one_line_of_html_that_holds_only_text(file, tmp_path):
    text, _ = filled(Worksheet(file(ENGLISH)), [ADA], tmp_path)
    comment = next(csv.reader([text.splitlines()[1]]))[10]
    assert comment.startswith("<p>Points</p><ul><li>1.1 Sizes: 1.75 / 2.5</li><li>1.2 Labels: 0 / 0</li></ul>")
    assert "box_area: =&lt;b&gt;two lines&lt;/b&gt; http&#58;//x &#36;&#36;y" in comment
    assert set(re.findall(r"<[^>]*>", comment)) == {"<p>", "</p>", "<ul>", "</ul>", "<li>", "</li>"}


def test_in_another_language_columns_are_found_by_what_is_in_them(file, tmp_path):
    text, assigned = filled(Worksheet(file(GERMAN)), [ADA, ALAN], tmp_path)
    assert text.startswith(GERMAN.partition("\n")[0] + "\nTeilnehmer/in12;Ada Lovelace;Abgegeben;1,75;2,50;Ja;-;\"<p>")
    assert ";0,00;2,50;" in text and not assigned.notes


def test_without_a_column_of_comments_none_are_written(file, tmp_path):
    german = re.sub(";[^;\n]*$", "", GERMAN, flags=re.M)
    text, assigned = filled(Worksheet(file(german)), [ADA, ALAN], tmp_path)
    assert text == german.replace(";;2,50", ";1,75;2,50", 1).replace(";;2,50", ";0,00;2,50")
    assert "no column for comments is found" in assigned.notes[-1]


def test_columns_that_cannot_be_told_are_named_by_a_flag(file, tmp_path):
    twice = GERMAN.replace(";2,50;", ";2,50;2,50;").replace(";Bestwertung;", ";Bestwertung;Bestwertung 2;")
    with pytest.raises(Problem, match="column of the grade cannot be told .* if this is Moodle's grading worksheet, "
                                      "name it with --moodle-columns grade=…, one of .*ID, "):
        Worksheet(file(twice))
    words = "grade=Bewertung,maximum=Bestwertung 2,comments=Feedback als Kommentar"
    assert ";1,75;2,50;2,50;Ja;-;\"<p>" in filled(Worksheet(file(twice), words), [ADA, ALAN], tmp_path)[0]
    for words, complaint in (("points=x", "'points=x': write identifier=…"), ("grade", "'grade': write identifier=…"),
                             ("grade=Note", "no column is called 'Note'; the columns are")):
        with pytest.raises(Problem, match=complaint):
            Worksheet(file(twice), words)
    with pytest.raises(Problem, match="grade and maximum are both the column 'Bestwertung': name each of them"):
        Worksheet(file(GERMAN), "grade=Bestwertung")


@pytest.mark.parametrize("old, new, complaint", [
    ("2.50", '"Good, Bad"', "the maximum 'Good, Bad' in row 2 is no number: choose points"),
    ("Participant 13", "Alan", "'Alan' in row 3 is no identifier such as 'Participant 12345'")])
def test_a_worksheet_that_is_none_is_told_in_one_line(file, old, new, complaint):
    with pytest.raises(Problem, match=complaint):
        Worksheet(file(ENGLISH.replace(old, new)))


def test_bonus_points_need_a_maximum_with_room_for_them(file, tmp_path):
    tasks = table.parse(toys.COURSE + 'rule = "style"\n').sheets[0].tasks[::3]  # 2.5 points, and 1 of a bonus
    rules = (RuleResult("style", "kept", "", (), "1", 1, "1.4"), RuleResult("notebook", "broken", "<b>", (), "-1/4", 1))
    rich = replace(ADA, gaps=tuple(replace(gap, isolated=RIGHT) for gap in ADA.gaps), rules=rules)
    assigned = Worksheet(file(ENGLISH)).fill([rich], tasks)
    said = "Ada Lovelace_12 has 3.25 points, more than Moodle's maximum of 2.5: nothing is written"
    assert f"{said}; make it at least 3.5 there, bonus points included" in assigned.notes
    sheet = Worksheet(file(ENGLISH.replace(",2.50,", ",3.50,")))
    assert not [note for note in sheet.fill([rich], tasks).notes if "maximum" in note]
    sheet.save(tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "<li>1.4 Code style: 1 / 1</li>" in text and "<li>notebook (-0.25): &lt;b&gt;</li>" in text


def test_points_above_the_maximum_are_not_written(file, tmp_path):
    text, assigned = filled(Worksheet(file(GERMAN.replace("2,50", "1,00"))), [ADA, ALAN], tmp_path)
    assert "Ada Lovelace;Abgegeben;;1,00;Ja;-;\n" in text and 12 not in assigned.results
    assert assigned.notes == ["Ada Lovelace_12 has 1.75 points, more than Moodle's maximum of 1: nothing is written",
                              "Moodle's maximum is not 2.5, what the graded tasks are worth: points are written as "
                              "they are"]


# Canvas ---------------------------------------------------------------------------------------------------------------

def of_canvas(result, **changes):
    return replace(result, platform="Canvas", **changes)


def test_canvas_gets_points_and_all_else_stays(file, tmp_path):
    text, assigned = filled(Gradebook(file(CANVAS), "Sheet 2 (78)"), [of_canvas(ADA), of_canvas(ALAN)], tmp_path)
    assert text == CANVAS.replace("9.5,,95.0", "9.5,1.75,95.0").replace("alan,DGM,,,", "alan,DGM,,0,")
    assert assigned.notes == ["without a submission: Hopper, Grace (14); Student, Test (15)"]


def test_points_possible_that_are_others_are_told(file, tmp_path):
    _, assigned = filled(Gradebook(file(CANVAS), "Sheet 1 (77)"), [of_canvas(ADA)], tmp_path)
    assert assigned.notes[-1] == ("Canvas's points possible are not 2.5, what the graded tasks are worth: points are "
                                  "written as they are")


@pytest.mark.parametrize("column, complaint", [
    ("Sheet 2", r"no assignment is called 'Sheet 2': choose 'Sheet 1 \(77\)', 'Sheet 2 \(78\)'"),
    ("Current Score", "no assignment is called 'Current Score'")])
def test_a_column_that_is_no_assignment_is_refused(file, column, complaint):
    with pytest.raises(Problem, match=complaint):
        Gradebook(file(CANVAS), column)


def test_a_gradebook_without_people_is_refused(file):
    with pytest.raises(Problem, match="no row has a number in its column ID"):
        Gradebook(file("".join(CANVAS.splitlines(keepends=True)[:2])), "Sheet 2 (78)")
    with pytest.raises(Problem, match="no column is called 'ID'"):
        Gradebook(file(CANVAS.replace(",ID,", ",Number,")), "Sheet 2 (78)")


# teams ----------------------------------------------------------------------------------------------------------------

def points_of(assigned):
    return {number: str(result.points()) for number, result in assigned.results.items()}


@pytest.mark.parametrize("members", [
    ("Ada Lovelace, 1234567", "Alan Turing (7654321)"), ("Ada Lovelace", "Alan Turing"),
    ("lovelace, ADA", "7654321"), ("A. L. 1234567", "Turing 7654321")])
def test_all_members_of_a_team_get_its_points(file, tmp_path, members):
    team = of_canvas(ADA, members=members)
    _, assigned = filled(Gradebook(file(CANVAS), "Sheet 2 (78)"), [team], tmp_path)
    assert points_of(assigned) == {1: "7/4", 2: "7/4"}
    assert assigned.shared == ["the points of Ada Lovelace_12 go to Turing, Alan (13)"]
    three = of_canvas(ADA, members=(*members, "Grace Hopper"))
    _, assigned = filled(Gradebook(file(CANVAS), "Sheet 2 (78)"), [three], tmp_path)
    assert assigned.shared == ["the points of Ada Lovelace_12 go to Turing, Alan (13); Hopper, Grace (14)"]


def test_a_plain_folder_finds_its_rows_by_its_members_or_its_name(file, tmp_path):
    teams = [replace(ADA, platform="", identifier="", team="team 1", members=("Alan Turing",)),
             replace(ADA, platform="", identifier="", team="Grace Hopper"),
             replace(ADA, platform="", identifier="", team="team 3")]
    _, assigned = filled(Gradebook(file(CANVAS), "Sheet 2 (78)"), teams, tmp_path)
    assert points_of(assigned) == {2: "7/4", 3: "7/4"}
    assert assigned.notes[0] == "no row belongs to team 3"


@pytest.mark.parametrize("member, note", [
    ("Alan Turing 5555555", "'Alan Turing 5555555', a member of Ada Lovelace_12, could be Hopper, Grace (14) or "
                            "Turing, Alan (13)"),
    ("Nobody", "no row belongs to 'Nobody', a member of Ada Lovelace_12")])
def test_a_member_who_is_not_clear_is_named_and_gets_nothing(file, tmp_path, member, note):
    team = of_canvas(ADA, members=("Ada Lovelace", member))
    _, assigned = filled(Gradebook(file(CANVAS), "Sheet 2 (78)"), [team], tmp_path)
    assert points_of(assigned) == {1: "7/4"} and assigned.notes[0] == note


def test_of_two_people_of_one_name_the_number_decides(file, tmp_path):
    book = file(CANVAS.replace("Hopper, Grace", "Turing, Alan"))
    for member, points in (("Alan Turing 5555555", {1: "7/4", 3: "7/4"}), ("Alan Turing", {1: "7/4"})):
        team = of_canvas(ADA, members=(member,))
        assert points_of(filled(Gradebook(book, "Sheet 2 (78)"), [team], tmp_path)[1]) == points


def test_a_row_that_two_submissions_claim_needs_the_same_points_of_both(file, tmp_path):
    team, own = of_canvas(ADA, members=("Ada Lovelace", "Alan Turing")), of_canvas(ALAN)
    text, assigned = filled(Gradebook(file(CANVAS), "Sheet 2 (78)"), [team, own], tmp_path)
    assert "alan,DGM,,,\n" in text and assigned.notes[0] == (
        "Turing, Alan (13) is claimed by Ada Lovelace_12 and by Alan Turing_13, with different points: nothing is "
        "written")
    assert not assigned.shared
    _, assigned = filled(Gradebook(file(CANVAS), "Sheet 2 (78)"), [team, replace(own, gaps=ADA.gaps)], tmp_path)
    assert points_of(assigned) == {1: "7/4", 2: "7/4"}


def test_a_submission_whose_number_is_in_no_row_is_named(file, tmp_path):
    _, assigned = filled(Gradebook(file(CANVAS), "Sheet 2 (78)"), [of_canvas(ADA, identifier="99")], tmp_path)
    assert assigned.notes[0] == "no row has the number of Ada Lovelace_12 (99)" and not assigned.results
