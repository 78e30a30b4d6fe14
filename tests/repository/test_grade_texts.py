"""What the grader takes of a submission's text: the bodies of its gaps, and a note of all that differs elsewhere."""

import os

import pytest

from course.grade import gap_texts, limited
from course.grade.limited import OutOfLimits, in_child
from course.grade.pristine import Pristine
from course.verify.variants import laid
from exercise.source import gaps
from tests.repository import toys

BOX, LABEL = "lib/box.py", "lib/label.py"
START = "# START TODO box_area ########################"
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader forks its process")


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    return Pristine(toys.copy(tmp_path_factory.mktemp("course")))


def test_forms_and_printed_sheets_are_neither_changed_nor_new(pristine, monkeypatch):
    monkeypatch.setitem(pristine._fingerprints, "sheets/1_boxes.md", {"its text"})
    assert pristine.is_intact("notebooks/1_boxes.ipynb", "of a student") and pristine.is_intact("feedback.md", "filled")
    printed = "sheets/1_boxes.pdf"
    assert pristine.is_known(printed) and pristine.is_intact(printed, "of another browser")
    assert not pristine.is_known("report.pdf") and not pristine.is_intact("lib/box.py", "another")


@pytest.fixture
def handed_in(pristine):
    """The files of the handout, with texts in some gaps."""
    def files(**bodies):
        laid_in = {name: laid(body, pristine.gaps[name]) for name, body in bodies.items()}
        return {path: gaps.compose(text, {name: body for name, body in laid_in.items()
                                          if pristine.gaps[name].path == path}, path)
                for path, text in pristine.empty.items()}
    return files


@pytest.fixture
def find(pristine):
    return lambda texts: gap_texts.find(pristine, texts, {"test_boxes"})


def damaged(texts, path, before, after):
    """The texts with one of them changed."""
    assert before in texts[path]
    return texts | {path: texts[path].replace(before, after)}


def test_bodies_are_taken_and_empty_gaps_are_those_of_the_handout(pristine, handed_in, find):
    found = find(handed_in(box_volume="product = c * b * a"))
    assert found.gaps["box_volume"].body == "\n    product = c * b * a\n"
    assert found.gaps["box_area"].body == pristine.stubs["box_area"]
    assert not (found.changes or found.flags or any(text.trouble for text in found.gaps.values()))


def test_line_ends_of_windows_and_a_byte_order_mark_change_nothing(handed_in, find):
    texts = handed_in(box_volume="product = a\nproduct *= b * c")
    windows = {path: "\ufeff" + text.replace("\n", "\r\n") for path, text in texts.items()}
    assert find(windows) == find(texts)


@pytest.mark.parametrize("before, after, words", [
    (f"    {START}\n", "", "markers of gap box_area are damaged: put `# START TODO box_area"),
    ("    # The sum over six faces.\n", "    # The sum.\n    # END TODO #####\n", "without a '# START TODO' before it"),
    (START, "# START TODO box_volume ####", "gap box_volume is also in lib/box.py"),
    (START, "# START TODO box_edges ####", "markers of gap box_area are damaged"),
])
def test_damaged_markers_cost_their_gap_alone(handed_in, find, before, after, words):
    texts = handed_in(box_volume="product = a * b * c", box_area="total = 0", label_text="joined = ''")
    found = find(damaged(texts, BOX, before, after))
    assert any(words in text.trouble for text in found.gaps.values()), found.gaps
    assert found.gaps["label_text"].body == "\n    joined = ''\n"
    assert found.gaps["box_area"].body is None
    assert (found.gaps["box_volume"].body is None) == ("box_volume" in words)
    assert [change.path for change in found.changes] == [BOX]


def test_a_gap_in_another_file_is_lost(handed_in, find):
    texts = handed_in(label_text="joined = ' '.join(words)")
    found = find({BOX: texts[BOX] + "\n\n" + texts[LABEL]})
    assert found.gaps["label_text"].body is None
    assert "the gap label_text belongs into lib/label.py" in found.gaps["label_text"].trouble
    assert found.gaps["box_volume"].body is not None


def test_a_missing_file_costs_its_gaps(handed_in, find):
    found = find({LABEL: handed_in(label_text="joined = 0")[LABEL]})
    assert "lib/box.py:1: this file is gone" in found.gaps["box_area"].trouble
    assert found.gaps["label_text"].body == "\n    joined = 0\n"


def test_a_gap_that_does_not_compile_says_where_in_the_team_s_file(handed_in, find):
    texts = handed_in(box_area="\n\ntotal = (")
    texts[BOX] = "# a line more\n" + texts[BOX]
    trouble = find(texts).gaps["box_area"].trouble
    line = texts[BOX].splitlines().index("    total = (") + 1
    assert trouble.startswith(f"gap box_area does not compile: lib/box.py, line {line}: ") and "total = (" in trouble


def test_what_differs_outside_is_shown_and_kept_in_the_team_s_own_file(pristine, handed_in, find):
    texts = damaged(handed_in(box_volume="product = prod(a, b, c)"), BOX, "def volume", "import math\n\n\ndef volume")
    found = find(texts)
    change, = found.changes
    assert (change.path, change.what) == (BOX, "changed outside of its gaps")
    assert "+import math" in change.diff
    own = found.gaps["box_volume"].own_file
    assert "import math" in own and "prod(a, b, c)" in own and pristine.gaps["box_area"].body in own
    assert found.gaps["label_text"].own_file is None


def test_a_file_in_tabs_has_the_other_solutions_in_tabs_too(handed_in, find):
    texts = handed_in(box_volume="product = 1\nfor side in (a, b, c):\n    product *= side")
    texts[BOX] = texts[BOX].replace("    ", "\t")
    own = find(texts).gaps["box_volume"].own_file
    assert "\ttotal = 2 * (a * b + b * c + c * a)" in own
    compile(own, BOX, "exec")


def test_a_file_with_lost_markers_has_them_back_in_the_team_s_own_file(handed_in, find):
    texts = damaged(handed_in(box_area="total = 1"), BOX, f"    {START}\n", "")
    text = find(texts).gaps["box_area"]
    assert text.body is None and START in text.own_file and "total = 1" in text.own_file


def test_a_file_of_another_week_s_handout_is_not_changed(tmp_path):
    root = toys.copy(tmp_path)
    table = (root / "course.toml").read_text()
    more = table[table.index("[[sheet]]"):table.index("[[every_sheet]]")].replace("number = 1", "number = 2")
    more = more.replace("box_volume", "tin_volume").replace("box_area", "tin_area").replace("label_text", "tin_text")
    (root / "course.toml").write_text(table.replace("[[every_sheet]]", f"{more}\n[[every_sheet]]"))
    (root / BOX).write_text(toys.BOX + "".join(f"""

def {name}():
    # START TODO tin_{name} ########################
    # A tin.

    pass
    # END TODO ########################
""" for name in ("volume", "area", "text")))
    first, both = Pristine(root, "1"), Pristine(root, "1-2")
    assert list(first.gaps) == ["box_volume", "box_area", "label_text"]
    assert "tin_area" in both.empty[BOX] and "tin_area" not in first.empty[BOX]
    for handout in (first, both):
        assert not gap_texts.find(first, handout.empty, set()).changes
        assert not gap_texts.find(both, handout.empty, set()).changes


def test_a_file_that_takes_too_long_costs_its_own_gaps(handed_in, find, monkeypatch):
    def slow(name, *_):
        if name.startswith("box"):
            raise MemoryError
        return []
    monkeypatch.setattr(gap_texts, "_flags", lambda gap, *_: slow(gap.id))
    found = find(handed_in(label_text="joined = 1"))
    assert "this file cannot be looked at (MemoryError: )" in found.gaps["box_area"].trouble
    assert found.gaps["label_text"].body == "\n    joined = 1\n"


@pytest.mark.parametrize("work", [
    lambda: os.kill(os.getpid(), 9), lambda: [bytes(2**24) for _ in range(200)] and None, lambda: 1 / 0,
    lambda: max(iter(int, 1))], ids=["killed", "memory", "error", "loop"])
def test_a_child_that_comes_to_no_good_end_says_so(work):
    with pytest.raises(OutOfLimits, match="too long|ZeroDivisionError|MemoryError"):
        in_child(work, seconds=1.0)


def test_a_child_writes_no_file(tmp_path):
    with pytest.raises(OutOfLimits):
        in_child(lambda: (tmp_path / "file").write_text("x" * 100))
    assert limited.in_child(lambda: [1, "ä"]) == [1, "ä"]
