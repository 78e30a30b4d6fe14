"""The known answers to a gap, and the cheats: how they are written down, and how a wrong entry is refused."""

import textwrap
from pathlib import Path

import pytest

from course.verify import answers, cheats
from course.verify.answers import Answers
from course.verify.variants import VariantError
from exercise.source import gaps

ROOT = Path(__file__).resolve().parents[2]
MODULE = """\
class Box:
    def area(self, a, b):
        # START TODO box_area ##
        # The area.

        if a > b:
            total = a * b
        value = 2 * total
        # END TODO ##
"""
SOLUTION = "if a > b:\n    total = a * b\nvalue = 2 * total"
WRONG = '[[wrong]]\nname = "half"\nmisconception = "m"\nsays = "s"\n'
RIGHT = '[[right]]\nname = "other"\ndiffers = "d"\n'
EQUIVALENT = '[[equivalent]]\nbefore = "a"\nafter = "b"\nwhy = "c"\n'


@pytest.fixture
def found(tmp_path):
    """Reads the answers to the gap box_area from a text, or the file of another name."""
    def read(text, name="box_area", module=MODULE):
        file = tmp_path / answers.FOLDER / f"{name}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        known = {gap.id: gap for gap in gaps.parse(module, "lib/box.py")}
        return answers.read(tmp_path, known)["box_area"]
    return read


def text_of(variant):
    assert variant.body.startswith("\n        ")  # it is laid into its gap
    return textwrap.dedent(variant.body).strip("\n")


@pytest.mark.parametrize("change, expected", [
    ('replace = ["a * b", "a + b"]', SOLUTION.replace("a * b", "a + b")),
    ('replace = [["a > b", "b > a"], ["2 * total", "total"]]', "if b > a:\n    total = a * b\nvalue = total"),
    ('replace = [["2 * total", "a * b"], ["a * b", "2 * total"]]', "if a > b:\n    total = 2 * total\nvalue = a * b"),
    ("replace = ['''\n    total = a * b''', '''\n    total = a\n    total *= b''']",
     "if a > b:\n    total = a\n    total *= b\nvalue = 2 * total"),
    ('replace = ["value = 2 * total", ""]', "if a > b:\n    total = a * b"),
    ('body = "value = 1"', "value = 1"),
    ("body = '''\nif a:\n    value = b\n'''", "if a:\n    value = b"),
])
def test_an_answer_is_the_solution_with_changes_or_a_whole_text(found, change, expected):
    (wrong,), (right,) = found(WRONG + change).wrong, found(RIGHT + change).right
    assert text_of(wrong) == text_of(right) == expected
    assert (wrong.gap, wrong.name, wrong.about, wrong.says) == ("box_area", "half", "m", "s")
    assert (right.gap, right.name, right.about, right.says) == ("box_area", "other", "d", "")


def test_line_ends_of_a_module_do_not_matter(found):
    change = "replace = ['''\n    total = a * b\nvalue''', '''\n    total = b\nvalue''']"
    (wrong,) = found(WRONG + change, module=MODULE.replace("\n", "\r\n")).wrong
    assert text_of(wrong) == SOLUTION.replace("a * b", "b")


def test_a_renamed_variable_in_the_solution_is_noticed(found):
    with pytest.raises(VariantError, match=r"\[\[wrong\]\] half: '2 \* total' should occur once in the solution, and "
                                           "occurs 0 times"):
        found(WRONG + 'replace = ["2 * total", "total"]', module=MODULE.replace("total", "area"))


def test_equivalent_mutants(found):
    (entry,) = found(EQUIVALENT).equivalent
    assert (entry.gap, entry.before, entry.after, entry.why) == ("box_area", "a", "b", "c")


def test_one_reason_for_several_equivalent_changes(found):
    entries = found(EQUIVALENT.replace('after = "b"', 'after = ["b", "d"]')).equivalent
    assert [(entry.before, entry.after, entry.why) for entry in entries] == [("a", "b", "c"), ("a", "d", "c")]


def test_a_gap_without_a_file_has_no_answers(tmp_path):
    known = {gap.id: gap for gap in gaps.parse(MODULE, "lib/box.py")}
    assert answers.read(tmp_path, known) == {"box_area": Answers()}


BODY = 'body = "value = 1"\n'


@pytest.mark.parametrize("text, complaint", [
    ("[[wrong]", "this is no valid TOML: "),
    ("[[wrongs]]\n", r"there is no wrongs, only: \[\[wrong\]\], \[\[right\]\], \[\[equivalent\]\]"),
    ("[wrong]\n", r"each wrong should begin with \[\[wrong\]\]"),
    ("right = [1]\n", r"each right should begin with \[\[right\]\]"),
    (WRONG.replace('"half"', "1") + BODY, r"\[\[wrong\]\] number 1: its name should be a text in quotes"),
    (WRONG.replace("half", "a half") + BODY, r"\[\[wrong\]\] number 1: its name should be words joined by _"),
    (WRONG.replace('name = "half"\n', "") + BODY, r"\[\[wrong\]\] number 1: it has no name"),
    (WRONG.replace('says = "s"\n', "") + BODY, r"\[\[wrong\]\] half: it has no says"),
    (WRONG.replace('says = "s"', 'says = " "') + BODY, r"\[\[wrong\]\] half: its says should be a text in quotes"),
    (RIGHT + 'says = "s"\n' + BODY, r"\[\[right\]\] other: says is not known, only: name, differs, replace, body"),
    (WRONG, r"\[\[wrong\]\] half: it should have either replace or body"),
    (WRONG + BODY + 'replace = ["a", "b"]', r"\[\[wrong\]\] half: it should have either replace or body"),
    (WRONG + "body = 1", r"\[\[wrong\]\] half: its body should be a text in quotes"),
    (WRONG + "replace = []", r"\[\[wrong\]\] half: its replace should be \[before, after\]"),
    (WRONG + 'replace = "total"', r"\[\[wrong\]\] half: its replace should be \[before, after\]"),
    (WRONG + 'replace = ["a", "b", "c"]', r"\[\[wrong\]\] half: its replace should be \[before, after\]"),
    (WRONG + 'replace = [["a", "b"], ["c"]]', r"\[\[wrong\]\] half: its replace should be \[before, after\]"),
    (WRONG + 'replace = ["product", "sum"]', "'product' should occur once in the solution, and occurs 0 times"),
    (WRONG + 'replace = ["total", "sum"]', "'total' should occur once in the solution, and occurs 2 times"),
    (WRONG + 'replace = ["", "sum"]', "'' should occur once in the solution, and occurs "),
    (WRONG + "replace = ['''\nif a:\n    b''', '']", r"'if a:\\n    b' should occur once"),
    (WRONG + 'replace = [["2 * total", "b"], ["value = 2", "c"]]', "two of its pairs change the same text: '2'"),
    (WRONG + 'body = "value = ("', r"\[\[wrong\]\] half: its text does not compile: "),
    (WRONG + 'replace = ["2 * total", "2 *"]', r"\[\[wrong\]\] half: its text does not compile: "),
    (WRONG + 'replace = ["a * b", "a  *  b  # the area"]', r"\[\[wrong\]\] half: its code is that of the solution"),
    (WRONG + BODY + WRONG + 'body = "value = 2"', r"\[\[wrong\]\] half: it repeats an earlier one"),
    (WRONG + BODY + RIGHT + BODY, r"\[\[right\]\] other: its code is that of \[\[wrong\]\] half"),
    (EQUIVALENT + EQUIVALENT, r"\[\[equivalent\]\] number 2: it repeats an earlier one"),
    (EQUIVALENT.replace("why", "because"), r"\[\[equivalent\]\] number 1: it has no why"),
    (EQUIVALENT + BODY, r"\[\[equivalent\]\] number 1: body is not known, only: before, after, why"),
    ("", "1: the file is empty"),
])
def test_an_entry_that_cannot_be_used(found, text, complaint):
    with pytest.raises((VariantError, gaps.GapError), match=complaint) as caught:
        found(text)
    assert str(caught.value).startswith("course/answers/box_area.toml:") and "\n" not in str(caught.value)


def test_a_file_for_a_gap_that_there_is_not(found):
    with pytest.raises(VariantError, match="^course/answers/box_volume.toml: there is no gap box_volume, only: box_"):
        found(WRONG + BODY, name="box_volume")


def test_each_gap_of_this_repository_has_wrong_and_right_answers():
    known = gaps.read(ROOT)
    found = answers.read(ROOT, known)
    assert list(found) == list(known)
    assert all(entry.wrong and entry.right for entry in found.values())


# cheats --------------------------------------------------------------------------------------------------------------

HEAD = "# cheat: c\n# gap: box_area\n"


@pytest.fixture
def cheat(tmp_path):
    """Reads a cheat from a text."""
    def read(text):
        (tmp_path / "course/cheats").mkdir(parents=True)
        (tmp_path / "course/cheats/a.py").write_text(text, encoding="utf-8")
        return cheats.read(tmp_path, {gap.id: gap for gap in gaps.parse(MODULE, "lib/box.py")})
    return read


def test_a_cheat(cheat):
    (found,) = cheat(HEAD + "# barrier: files\n\nvalue = 1\n")
    assert (found.gap, found.name, found.about, found.barrier) == ("box_area", "a", "c", "files")
    assert text_of(found) == "value = 1"


@pytest.mark.parametrize("text, complaint", [
    ("# cheat: c\n\nvalue = 1\n", "should begin with # cheat: … and # gap: …"),
    (HEAD + "# gap: box_area\n\nvalue = 1\n", "should begin with # cheat: … and # gap: …"),
    (HEAD + "value = 1\n", "and a blank line after that"),
    (HEAD.replace("area", "volume") + "\nvalue = 1\n", "there is no gap box_volume, only: box_area"),
    (HEAD + "# barrier: moat\n\nvalue = 1\n", "no barrier moat, only: files, signals"),
    (HEAD + "\nvalue = (\n", "its text does not compile"),
    ("", "the file is empty"),
])
def test_a_cheat_that_cannot_be_used(cheat, text, complaint):
    with pytest.raises((VariantError, gaps.GapError), match=complaint) as caught:
        cheat(text)
    assert str(caught.value).startswith("course/cheats/a.py:") and "\n" not in str(caught.value)
