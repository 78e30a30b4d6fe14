"""course.toml: what it says, and how a wrong one is refused."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from exercise.problem import Problem
from exercise.source import table
from exercise.source.gaps import GapError
from exercise.source.table import CourseError
from tests.repository import toys
from tests.repository.toys import COURSE

ROOT = Path(__file__).parents[2]


def test_the_table_lists_the_gaps_of_this_repository():
    course = table.load(ROOT)
    vae = course.sheets[1]
    assert (vae.number, vae.points) == (2, 10)
    assert [(task.points, task.kind) for task in vae.tasks] == [
        (4, "auto"), (2, "auto"), (2, "auto"), (2, "manual"), (1, "bonus"), (1, "bonus")]
    assert course.where("latent_grid") == "sheet 2, task 3"


@pytest.fixture
def course(tmp_path):
    return table.load(toys.copy(tmp_path))


def test_gaps_come_in_the_order_of_the_course(course):
    assert list(course.gaps) == ["box_volume", "box_area", "label_text"]
    assert course.gaps["box_area"].hints == ("How many faces are there?", "Faces come in pairs.", "Two of each pair.")


def test_points_are_exact_fractions(course):
    assert course.gaps["box_volume"].points == Fraction(7, 4)
    assert course.sheets[0].points == Fraction(9, 2)
    assert [table.points_text(points) for points in (Fraction(7, 4), Fraction(2), Fraction(0))] == ["1.75", "2", "0"]


def test_the_number_of_a_task_is_its_position_and_bonus_tasks_come_last(course):
    assert [(task.number, task.title) for task in course.sheets[0].tasks] == [
        (1, "Sizes"), (2, "Labels"), (3, "Drawing"), (4, "Code style")]
    assert course.where("label_text") == "sheet 1, task 2"
    assert course.task_of("label_text").points == 0


def test_the_table_says_what_passing_takes():
    assert table.load(ROOT).passing == table.Passing(Fraction(1, 2), True) and table.parse(COURSE).passing is None


def with_change(old, new):
    assert old in COURSE
    return COURSE.replace(old, new, 1)


@pytest.mark.parametrize(("text", "message"), [
    *((f"[passing]\n{lines}\n{COURSE}", f"course.toml: {message}") for lines, message in [
        ("share = 0.5", r"\[passing\] has no 'all_sheets'"),
        ("all_sheets = true\nshare = true", r"'share' of \[passing\] should be a number, not True"),
        ("all_sheets = 1\nshare = 1", r"'all_sheets' of \[passing\] should be true or false, not 1"),
        ("all_sheets = true\nshare = 50", r"the share of \[passing\] should be above 0 and at most 1, not 50"),
        ("all_sheets = true\nshare = nan", r"the share of \[passing\] should be above 0 and at most 1, not NaN"),
        ("all_sheets = true\nshares = 1", r"\[passing\] has the unknown key 'shares'")]),
    ("passing = 1\nsheet = []", "'passing' of the table should be a table, not 1"),
    ("[[sheet", "course.toml is no valid TOML: .*end of document"),
    ("", "course.toml: the table has no 'sheet'"),
    ("sheet = [1]", r"course.toml: \[\[sheet\]\] number 1 should be a table with the keys number, title"),
    (with_change('title = "Boxes"\n', ""), r"\[\[sheet\]\] number 1 has no 'title'"),
    (with_change('title = "Boxes"', "title = 3"), "'title' of .* should be text in quotes, not 3"),
    (with_change("number = 1", "number = true"), "'number' of .* should be a whole number, not True"),
    (with_change("points = 4.5", 'points = "many"'), "'points' of .* should be a number, not 'many'"),
    (with_change('title = "Sizes"', 'titel = "Sizes"'), "sheet 1, task 1 has the unknown key 'titel'; the keys are"),
    (with_change('kind = "manual"', 'kind = "by hand"'), "task 3 is of the kind 'by hand': choose auto, manual, bonus"),
    (with_change('kind = "manual"', 'kind = "auto"'), "sheet 1, task 3 is \"auto\", and has no gap"),
    (with_change('kind = "auto"', 'kind = "manual"'), "sheet 1, task 1 is \"manual\", and has gaps"),
    (with_change("points = 4.5", "points = 5.5"), "sheet 1 is worth 5.5 points, but .* add up to 4.5"),
    (with_change("points = 1.75", "points = 1.5"), "sheet 1, task 1 is worth 2.5 points, but its gaps add up to 2.25"),
    (with_change("points = 1.75", "points = 1.7"), "points of the gap box_volume should be 0 or a multiple of 0.25"),
    (with_change("points = 1.75", "points = -1.75"), "the points of the gap box_volume .* not -1.75"),
    (with_change("points = 1.75", "points = nan"), "the points of the gap box_volume .* not NaN"),
    (with_change(', "Multiply."', ""), "the gap box_volume should have two or three hints"),
    (with_change('"Multiply."', '" "'), "the gap box_volume should have two or three hints, each a text"),
    (with_change('"Multiply."', '"Multiply.", "a", "b"'), "the gap box_volume should have two or three hints"),
    (with_change('id = "box_area"', 'id = "box_volume"'), "the gap box_volume is listed twice, in sheet 1, task 1 and"),
    (COURSE.replace("[[every", COURSE[:COURSE.index("[[every")] + "[[every"), "numbers .* ascend, not be 1, 1"),
    (COURSE + "gap = []\n", r"\[\[every_sheet\]\] number 1 has the unknown key 'gap'"),
])
def test_a_wrong_table_is_refused_in_one_line(text, message):
    with pytest.raises(CourseError, match=message) as error:
        table.parse(text)
    assert str(error.value).startswith("course.toml")
    assert len(str(error.value).splitlines()) == 1


RULE = COURSE + 'rule = "style"\n'


def with_rules(lines, course=COURSE):
    return f"[rules]\n{lines}\n\n{course}"


def test_rules_are_a_warning_or_cost_points_or_earn_those_of_a_bonus_task():
    course = table.parse(with_rules('changes = "warning"\nteam_size = -0.5\nfeedback = -1', RULE))
    assert course.rules == {"changes": 0, "team_size": Fraction(1, 2), "feedback": 1}
    assert [task.rule for task in course.sheets[0].tasks] == ["", "", "", "style"]
    assert table.parse(COURSE).rules == {} and table.parse(COURSE).sheets[0].folders == ()
    assert table.parse(with_change("number = 1", 'number = 1\nfolders = ["task_1"]')).sheets[0].folders == ("task_1",)


@pytest.mark.parametrize(("text", "message"), [
    ("rules = 3\n" + COURSE, "'rules' of the table should be a table, not 3"),
    (with_rules("stile = -1"), "there is no rule 'stile': choose changes, comments, loops, style, "),
    (RULE.replace('"style"', '"stile"'), "there is no rule 'stile': choose changes, "),
    *((with_rules(f"style = {cost}"), 'the rule style should be "warning", or points that it takes, such as -1 or')
      for cost in ("1", "0", "-0.3", '"error"', "true", "nan", "-inf", "[]")),
    (with_rules("loops = -1"), 'the rule loops is for a person to judge, and neither gives nor takes .* "warning"'),
    (RULE.replace('"style"', '"comments"'), "the rule comments is for a person to judge"),
    (with_rules("style = -1", RULE), "the rule style earns the points of sheet 1, task 4: leave it out of"),
    (RULE.replace('kind = "bonus"', 'kind = "manual"').replace("points = 4.5", "points = 5.5"),
     "sheet 1, task 4 has a rule, which earns bonus points: make it \"bonus\""),
])
def test_a_rule_that_cannot_be_is_refused_in_one_line(text, message):
    with pytest.raises(CourseError, match=message) as error:
        table.parse(text)
    assert str(error.value).startswith("course.toml: ") and len(str(error.value).splitlines()) == 1


def test_a_gap_that_no_file_has_is_refused(tmp_path):
    toys.copy(tmp_path)
    (tmp_path / "lib" / "label.py").write_text("text = None\n")
    with pytest.raises(CourseError, match="sheet 1, task 2 lists the gap label_text, which is in no file of lib/"):
        table.load(tmp_path)


def test_a_gap_that_no_task_lists_is_refused(tmp_path):
    toys.copy(tmp_path)
    extra = toys.LABEL.replace("label_text", "label_size")
    (tmp_path / "lib" / "size.py").write_text(extra)
    with pytest.raises(CourseError, match=r"no task lists the gap label_size of lib/size.py, line 2"):
        table.load(tmp_path)


def test_damaged_markers_are_told_by_file_and_line(tmp_path):
    toys.copy(tmp_path)
    (tmp_path / "lib" / "label.py").write_text("# END TODO ####\n")
    with pytest.raises(GapError, match="lib/label.py:1: "):
        table.load(tmp_path)


@pytest.mark.parametrize(("content", "message"), [
    (None, "there is no such file"), (b"", "the file is empty"), (b"\xff\xfe", "not UTF-8")])
def test_a_table_that_cannot_be_read_is_told(tmp_path, content, message):
    if content is not None:
        (tmp_path / "course.toml").write_bytes(content)
    with pytest.raises(CourseError, match=f"course.toml:1: .*{re.escape(message)}"):
        table.read(tmp_path)


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm():
    assert table.parse("\ufeff" + COURSE.replace("\n", "\r\n")) == table.parse(COURSE)


@pytest.mark.parametrize(("word", "gaps"), [
    ("box_area", ["box_area"]), ("box", ["box_volume", "box_area"]), ("1.1", ["box_volume", "box_area"]),
    ("1", ["box_volume", "box_area", "label_text"]), ("1.2", ["label_text"]), ("label", ["label_text"])])
def test_a_word_means_a_gap_a_task_a_sheet_or_what_names_begin_with(word, gaps):
    assert table.parse(COURSE).named(word) == gaps


@pytest.mark.parametrize(("word", "advice"), [
    ("box_are", "did you mean box_area?"), ("1.3", "choose box_volume, box_area, label_text"),
    ("2", "choose box_"), ("bo", "choose box_|did you mean box_"), ("1.10", "choose box_"), ("", "choose box_")])
def test_a_word_that_means_no_gap_is_answered_with_those_there_are(word, advice):
    with pytest.raises(Problem, match=f"^there is no gap '{word}': ({advice})"):
        table.parse(COURSE).named(word)
