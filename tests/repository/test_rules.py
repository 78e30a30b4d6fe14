"""The rules of the course: what keeps and what breaks each one, and that nobody honest is accused."""

import os
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import invented_class
from course.grade.handed_in import PDF, take_in
from course.grade.history import Cutoff
from course.grade.intake import Submission, teams
from course.grade.intake.documents import Document, looked_at
from course.grade.pristine import Pristine
from course.grade.results import Change, History
from course.grade.rules import checking
from course.grade.rules.checking import CHECKS
from course.grade.rules.facts import Facts
from course.grade.rules.feedback import hours
from course.grade.rules.rule import BROKEN, KEPT, LOOK, UNKNOWN
from course.verify.variants import laid
from exercise.source import gaps, table
from tests.repository import toys

ROOT = Path(__file__).resolve().parents[2]
BOX = "lib/box.py"
RULES = '[rules]\nsubmission_pdf = -1\nteam_size = -0.5\nchanges = "warning"\ntask_folders = -4\n\n'
WHOLE = b"%PDF-1.7\n" + b"1 0 obj\n" * 9 + b"%%EOF\n"
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader forks its process")


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    """The toy course with rules, and with a box whose sizes are tensors."""
    root = toys.copy(tmp_path_factory.mktemp("course"))
    (root / "course.toml").write_text(RULES + toys.COURSE.replace("number = 1\n", 'number = 1\nfolders = ["task_3"]\n')
                                      + 'rule = "style"\n', encoding="utf-8")
    (root / BOX).write_text(toys.BOX.replace("volume(a,", "volume(a: Tensor,"), encoding="utf-8")
    (root / "setup.cfg").write_text((ROOT / "setup.cfg").read_text(encoding="utf-8"), encoding="utf-8")
    return Pristine(root)


@pytest.fixture
def check(pristine):
    """What a rule finds in a submission with this text in the gap box_volume, and with these parts."""
    def of(rule, body=None, changes=(), new=(), history=None, **parts):
        bodies = {} if body is None else {"box_volume": laid(body, pristine.gaps["box_volume"])}
        texts = {BOX: gaps.compose(pristine.empty[BOX], bodies, BOX)}
        handed_in = SimpleNamespace(submission=Submission(**{"texts": texts} | parts), changes=changes, new=new,
                                    history=history)
        return CHECKS[rule](Facts(pristine.chosen.course.sheets[0], handed_in, pristine))
    return of


def test_each_rule_of_the_table_has_a_check():
    assert set(CHECKS) == set(table.RULES) > set(table.FOR_A_PERSON)


def test_branches_are_those_of_a_clone(check):
    assert check("branches").state == UNKNOWN
    assert check("branches", history=History("1", "", branches=("dev", "main"))).state == KEPT
    found = check("branches", history=History("1", "", branches=("development", "main")))
    assert (found.state, found.evidence) == (BROKEN, ("development", "main"))


@pytest.mark.parametrize("pushes, state", [(None, UNKNOWN), (0, KEPT), (3, KEPT), (4, BROKEN)])
def test_main_is_pushed_three_times_at_most(check, pushes, state):
    assert check("pushes").state == UNKNOWN
    assert check("pushes", history=History("1", "", pushes=pushes)).state == state


def test_changes_are_for_a_person(check):
    assert check("changes").state == KEPT
    found = check("changes", changes=(Change(BOX, "changed outside of its gaps", ("+x",)),))
    assert (found.state, found.evidence) == (LOOK, ("lib/box.py: changed outside of its gaps",))


# style, comments, loops: what stands in the gaps

def test_style_is_that_of_the_gaps_alone(check, pristine):
    assert check("style", "product = a * b * c").state == KEPT
    found = check("style", "product=a * b * c\n")
    assert (found.state, found.sentence) == (BROKEN, "pycodestyle finds 1 to mend in the gaps")
    assert found.evidence == ("lib/box.py, line 5: E225 missing whitespace around operator: product=a * b * c",)
    untidy = gaps.compose(pristine.empty[BOX], {"box_volume": "    product = a\n"}, BOX) + "x=1\n"
    assert check("style", texts={BOX: untidy}).state == KEPT
    assert check("style", texts={BOX: untidy.replace("\n", "\r\n")}).state == KEPT


def test_style_of_a_gap_that_does_not_compile_is_none(check):
    assert check("style", "product = (a *\n").state == BROKEN


@pytest.mark.parametrize("rule", ["style", "comments", "loops"])
def test_what_is_not_there_cannot_be_checked(check, rule):
    assert check(rule).state == check(rule, texts={}).state == UNKNOWN
    assert check(rule, texts={BOX: "# START TODO box_volume ####\n"}).state == UNKNOWN


LONG = "\n".join(f"a = a + {number}" for number in range(11)) + "\nproduct = a * b * c"


@pytest.mark.parametrize("body, state", [
    (LONG, LOOK), (LONG.replace("a = a + 3", "a = a + 3  # the third one"), KEPT),
    (f"# my own way\n{LONG}", KEPT), (f'"""My own way."""\n{LONG}', KEPT), (f"# The product.\n{LONG}", LOOK),
    (f"print('# no comment')\n{LONG}", LOOK), (f"def f():\n    '''Helps.'''\n    return 1\n{LONG}", KEPT),
    ("product = sum([\n    a,\n" + "    b,\n" * 30 + "])", KEPT), (f"{LONG}\n)", KEPT)])
def test_a_long_gap_should_have_a_comment(check, body, state):
    assert check("comments", body).state == state


def test_a_comment_right_below_the_instruction_is_one_too(check, pristine):
    text = gaps.compose(pristine.empty[BOX], {"box_volume": laid(LONG, pristine.gaps["box_volume"])}, BOX)
    assert check("comments", texts={BOX: text}).state == LOOK
    assert check("comments", texts={BOX: text.replace("# The product.\n\n", "# The product.\n    # My way.\n")}
                 ).state == KEPT


@pytest.mark.parametrize("loop", [
    "for row in a: print(row)", "for row in a.T: print(row)", "for i in range(len(a)): print(i)",
    "for i in range(a.shape[0]): print(i)", "n = a.size(0)\nfor i in range(n): print(i)",
    "n, m = a.shape\nfor i in range(1, n): print(i)", "rows = [row * 2 for row in a]",
    "for x, y in zip(a, b): print(x)", "total = sum(x for x in a.flatten().tolist())",
    "import torch\ngrid = torch.linspace(0, 1, 9)\nfor x in grid: print(x)",
    "twice = 2 * a\nfor i, x in enumerate(twice[1:]): print(x)", "i = 0\nwhile i < len(a): i += 1",
    "rows = {i: x for i, x in enumerate(a)}", "if b:\n    z = a + 1\nfor x in z: print(x)"])
def test_a_loop_over_a_tensor_is_for_a_person(check, loop):
    found = check("loops", f"{loop}\nproduct = a * b * c")
    assert found.state == LOOK and len(found.evidence) == 1
    assert any(line in found.evidence[0] for line in loop.splitlines() if "for " in line or "while" in line)


@pytest.mark.parametrize("loop", [
    "for layer in (1, 2): print(layer)", "for x in (a, b): print(x)", "for i in range(3): print(i)",
    "for i in range(b): print(i)", "for size in a.shape: print(size)", "for size in a.shape[1:]: print(size)",
    "for size in a.size(): print(size)", "for part in a.split(64): print(part)",
    "for i in range(0, len(a), 64): print(i)", "while (a - b).abs().max() > 1: a = (a + b) / 2",
    "for name, weight in model.items(): print(name)", "for images, labels in loader: print(images)",
    "for parameter in self.parameters(): print(parameter)", "a = 'for x in a'",
    "for axis in range(len(a.shape) - 1): print(axis)",
    "i = 0\nwhile i < len(a.shape): i += 1", "ones = [1 for _ in range(len(a.size()))]",
    "if a.dim() > 2:\n    for axis in range(a.dim()): print(axis)"])
def test_an_honest_loop_is_not_accused(check, loop):
    assert check("loops", f"{loop}\nproduct = a * b * c").state == KEPT


def test_where_the_solution_has_a_loop_none_is_accused(tmp_path):
    root = toys.copy(tmp_path)
    (root / BOX).write_text(toys.BOX.replace("volume(a,", "volume(a: Tensor,").replace(
        "product = a * b * c", "product = 1\n    for x in a:\n        product *= x"))
    pristine = Pristine(root)
    handed_in = SimpleNamespace(submission=Submission(texts=pristine.texts))
    assert CHECKS["loops"](Facts(pristine.chosen.course.sheets[0], handed_in, pristine)).state == KEPT


@pytest.mark.slow
def test_the_solutions_keep_the_rules_on_code():
    pristine = Pristine(ROOT)
    for sheet in pristine.chosen.sheets:
        facts = Facts(sheet, SimpleNamespace(submission=Submission(texts=pristine.texts)), pristine)
        for rule in ("style", "comments", "loops"):
            assert CHECKS[rule](facts).state == KEPT, CHECKS[rule](facts)
    assert pristine.notebook(pristine.chosen.sheets[1]) == "notebooks/2_vae.ipynb"


# documents

@pytest.mark.parametrize("name, data, words", [
    ("a.pdf", WHOLE, "a PDF of 1 KB"), ("a.pdf", b"\xef\xbb\xbf\n" + WHOLE + b"\0" * 100, "a PDF of 1 KB"),
    ("a.pdf", b"", "it is empty"), ("a.pdf", b" \n", "it is empty"),
    ("a.pdf", b"<!doctype html><title>%%EOF", "it is no PDF: it does not begin as one"),
    ("a.pdf", WHOLE[:40], "it is no whole PDF: its end is missing"),
    ("a.ipynb", b'{"cells": [{"cell_type": "code", "outputs": [{}]}, {"cell_type": "markdown"}]}',
     "1 of its 1 cells of code have an output"),
    ("a.ipynb", b'{"cells": [{"cell_type": "code", "outputs": []}]}', "0 of its 1 cells of code have an output"),
    *(("a.ipynb", data, "it is no notebook that can be read") for data in (
        b"[" * 10**6, b'{"a":' * 10**5, b"[]", b"{}", b'{"cells": 3}', b'{"cells": [1]}', b"\xff\xfe", b"<html>",
        b'{"cells": [{"cell_type": "code", "outputs": 3}]}', b"1" * 10**5)),
    ("a.ipynb", b'{"cells": [{"cell_type": "code", "outputs": ["' + b"x" * 2**25 + b'"]}]}',
     "1 of its 1 cells of code have an output")])
def test_a_document_is_what_its_name_says(name, data, words):
    assert looked_at(name, data) == Document(words.startswith(("a PDF", "1 of")), words)


def test_submission_pdf_lies_in_the_main_folder(check):
    assert check("submission_pdf", documents={PDF: looked_at(PDF, WHOLE)}).state == KEPT
    assert check("submission_pdf", documents={PDF: Document(False, "it is empty")}).state == BROKEN
    found = check("submission_pdf", new=("answers/mine.PDF", "notes.txt"))
    assert (found.state, found.evidence) == (BROKEN, ("answers/mine.PDF",))


def test_a_notebook_has_been_run(check, pristine, monkeypatch):
    assert check("notebook") is None
    monkeypatch.setattr(Pristine, "notebook", lambda self, sheet: "notebooks/1_boxes.ipynb")
    assert check("notebook").state == BROKEN
    for is_whole, state in ((True, KEPT), (False, BROKEN)):
        found = check("notebook", documents={"notebooks/1_boxes.ipynb": Document(is_whole, "3 of 4")})
        assert (found.state, found.sentence) == (state, "notebooks/1_boxes.ipynb: 3 of 4")


def test_folders_are_asked_for_by_a_sheet(check, pristine):
    assert check("task_folders").state == check("task_folders", listed={"task_3": "", "task_30/x": ""}).state == BROKEN
    assert check("task_folders", listed={"task_3/answer.txt": ""}).state == KEPT
    sheet = replace(pristine.chosen.course.sheets[0], folders=())
    assert CHECKS["task_folders"](Facts(sheet, None, pristine)) is None


# forms

FEEDBACK = "# Feedback\n\n## Sheet 1: Boxes\n\n- Hours per member:{}\n- Problems:{}\n\n## Sheet 2\n\n- Other: x\n"


@pytest.mark.parametrize("answers, state, numbers", [
    (("", ""), BROKEN, ()), (("  - ", "..."), BROKEN, ()), ((" 5, 4.5", ""), KEPT, (5, 4.5)),
    ((" ten", ""), KEPT, ()), (("", " none"), KEPT, ()), (("\n  5 h and 4 h", ""), KEPT, (5, 4)),
    ((" \x1b[31m", ""), KEPT, ())])
def test_any_answer_is_feedback(check, answers, state, numbers):
    found = check("feedback", forms={"feedback.md": FEEDBACK.format(*answers)})
    assert (found.state, found.numbers) == (state, numbers)
    assert "\x1b" not in f"{found.sentence}{found.evidence}"


def test_without_a_form_there_is_no_feedback(check):
    assert check("feedback").state == BROKEN
    assert check("feedback", forms={"feedback.md": "## Sheet 11\n- Other: x"}).state == BROKEN
    assert check("feedback", forms={"feedback.md": "## Sheet 1: x\n* **Hours per member**: 3"}).numbers == (3,)


@pytest.mark.parametrize("text, numbers", [
    ("5, 4.5", (5, 4.5)), ("5h, 3,5 h", (5, 3.5)), ("about 4 hours", (4,)), ("5,4", (5, 4)), ("4-5", (4.5,)),
    ("10–12 hours each", (11,)), ("1:30", (1.5,)), ("2h30, 3 h", (2.5, 3)), ("90 min", (1.5,)), ("5 Std.", (5,)),
    ("3h 30min", (3.5,)), ("3 h 30 min, 4 h", (3.5, 4)), ("5 hours and 30 minutes", (5.5,)), ("3 h 12 h", (3, 12)),
    ("1:30 h, 2:15 h", (1.5, 2.25)), ("2 Std. 30 min", (2.5,)),
    ("Ada: 5, Alan: 4", (5, 4)), ("Ada (1234567): 5", (5,)), ("-3", ()), ("1e9", ()), ("ten", ()), ("", ()),
    ("999", ()), ("9" * 10**6, ()), ("nan inf", ()), ("٣", ())])
def test_hours_are_read_as_people_write_them(text, numbers):
    assert hours(text) == numbers


DECLARATION = """## Sheet 1: Boxes

### Sources and tools

- Source or tool:{}

### Members

- Name:{}
- Part in the work:{}
"""
PART = " I wrote the code of both boxes."


@pytest.mark.parametrize("answers, state, words", [
    ((" none", " Ada, 1234567", PART), KEPT, "names sources"),
    ((" none", " Ada, 1234567", "\n\n  I wrote\n  - the first box\n  - the second box"), KEPT, "names sources"),
    ((" a book", " Ada", " all"), LOOK, "in a few words"),
    (("", " Ada", PART), BROKEN, 'no source or tool is named, nor "none"'),
    ((" none", "", PART), BROKEN, "no member is named"),
    ((" none", " Ada", ""), BROKEN, "part in the work is not described"),
    ((" none", " Ada", PART + "\n- Name: Eve"), BROKEN, "part in the work is not described"),
    (("", "", ""), BROKEN, 'nor "none"; no member is named'),
    ((" none", " Ada", PART + "\n- Name: -\n- Part in the work: -\n- Name: n/a\n- Part in the work:"), KEPT, "sources"),
    ((" none", " -", PART), BROKEN, "no member is named"),
    ((" none", " Ada", "\n# All\n#### of it\nI wrote the code, and the report."), KEPT, "names sources")])
def test_a_declaration_is_filled_in(check, answers, state, words):
    found = check("declaration", forms={"declaration.md": DECLARATION.format(*answers)})
    assert found.state == state and words in found.sentence, found


@pytest.mark.parametrize("form", ["declaration.md", "feedback.md"])
def test_the_forms_as_they_are_handed_out_are_not_filled_in(check, form):
    text = (ROOT / form).read_text(encoding="utf-8")
    assert check(form.removesuffix(".md"), forms={form: text}).state == BROKEN
    assert check(form.removesuffix(".md")).sentence == f"{form} is missing, or cannot be read"


@pytest.mark.parametrize("names, state", [
    ([], UNKNOWN), (["Ada, 1234567"], KEPT), (["Ada (1234567)", "Alan 22-33-44", "x12@uni.example Eve"], KEPT),
    (["Ada, 1234567", "Alan"], BROKEN), (["Ada, 1234567", "-", "None"], KEPT), (["/"], UNKNOWN),
    ([f"Somebody {number}" for number in range(1000, 1004)], BROKEN)])
def test_a_team_has_at_most_three_members_with_numbers(check, names, state):
    lines = ["## Sheet 1: Boxes", "### Members", *(f"- Name: {name}\n- Part in the work: x" for name in names)]
    text = "\n\n".join(lines)
    assert check("team_size", forms={"declaration.md": text}).state == state


# students are told

def test_the_setup_sheet_names_the_rules_of_the_course_and_says_what_they_cost():
    course = table.read(ROOT)
    text = (ROOT / "sheets" / "0_setup.md").read_text(encoding="utf-8").partition("**Rules.**")[2].partition("##")[0]
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == [*course.rules]
    assert ("None of them costs a point" in text) == (not any(course.rules.values()))
    assert {task.rule for sheet in course.sheets for task in sheet.tasks if task.kind == "bonus"} == {
        "style", "feedback"}


def test_the_guide_lists_each_rule_and_who_decides():
    text = (ROOT / "docs" / "grading.md").read_text(encoding="utf-8").partition("## Rules")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ([\w ,]+) \|$", text, re.MULTILINE))
    assert rows.keys() == set(table.RULES)
    assert {name for name, who in rows.items() if who == "you"} == set(table.FOR_A_PERSON)


# all of them

@pytest.fixture
def checked(pristine, tmp_path):
    """By rule, what is found in a submission in which these files lie beside solved gaps."""
    def of(files):
        bodies = {name: gap.body for name, gap in pristine.gaps.items()}
        place = invented_class.hand_in(tmp_path / "class", "team", pristine.empty, bodies)
        for path, data in files.items():
            (place / path).parent.mkdir(exist_ok=True)
            (place / path).write_bytes(data)
        entry, = teams(tmp_path / "class")
        return {result.rule: result for result in checking.check(take_in(entry, pristine, set(), Cutoff()), pristine)}
    return of


@needs_fork
def test_points_are_as_the_table_says(checked):
    found = checked({})
    assert {name: (result.state, result.points, result.task) for name, result in found.items()} == {
        "style": (KEPT, "1", "1.4"), "submission_pdf": (BROKEN, "-1", ""), "team_size": (UNKNOWN, "0", ""),
        "changes": (KEPT, "0", ""), "task_folders": (BROKEN, "-4", "")}
    assert all(result.sheet == 1 for result in found.values())


@needs_fork
def test_files_are_looked_at_as_they_lie_in_a_submission(checked):
    form = DECLARATION.format(" none", " <b>Ada\x1b\u202e, 1", PART).encode()
    found = checked({"Submission.PDF": WHOLE, "declaration.md": form, "task_3/x": b"", "feedback.md": b"x" * 10**7})
    assert found["submission_pdf"].state == found["task_folders"].state == KEPT
    assert found["team_size"].evidence == ("<b>Ada??, 1",)


@needs_fork
def test_evidence_is_short_however_much_there_is(checked, pristine):
    untidy = "".join(f"    x={number}\n" for number in range(300)) + f"    x={'1' * 1000}\n"
    text = gaps.compose(pristine.texts[BOX], {"box_volume": untidy}, BOX)
    found = checked({BOX: text.encode()})["style"]
    assert found.sentence.startswith("pycodestyle finds 30") and found.points == "0"
    assert len(found.evidence) == 100 and max(map(len, found.evidence)) <= 300


@needs_fork
def test_nothing_is_missing_in_what_could_not_be_read(pristine, tmp_path):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "team.zip").write_bytes(b"PK no zip")
    entry, = teams(tmp_path / "class")
    found = checking.check(take_in(entry, pristine, set(), Cutoff()), pristine)
    assert {(result.state, result.points) for result in found} == {(UNKNOWN, "0")} and len(found) == 5


@needs_fork
def test_a_check_that_comes_to_no_end_costs_nothing_and_no_other_check(checked, monkeypatch):
    monkeypatch.setitem(CHECKS, "changes", lambda facts: os._exit(1))
    found = checked({})
    assert found["changes"].state == UNKNOWN and found["submission_pdf"].state == BROKEN
