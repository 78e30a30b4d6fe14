"""Going back to what was handed out: a gap, a file outside of its gaps, and what is lost of either."""

import itertools

import pytest

from exercise.commands import resetting
from exercise.problem import Problem
from exercise.source import gaps, handed_out, places
from tests.repository import toys
from tests.repository.toys import BOX

STUB = '    raise NotImplementedError("TODO box_area: sheet 1, task 1")\n'
LOSSES = [(gap, which) for gap, which in itertools.product(["box_volume", "box_area"], ["START", "END", "both"])]


@pytest.fixture
def root(tmp_path):
    """A handout of which box.py is solved."""
    toys.hand_out(tmp_path)
    save(tmp_path / "lib" / "box.py", BOX)
    return tmp_path


def save(file, text):
    file.write_bytes(text.encode())


def read(root, name="box.py"):
    return (root / "lib" / name).read_bytes().decode()


def gap(root, name="box_area"):
    return places.find(root).gaps[name]


def without(text, gap, which):
    """The text without one marker line of a gap, or without both."""
    lines, place = gaps.lines_of(text), {found.id: found for found in gaps.parse(text, "lib/box.py")}[gap]
    for line, lost in ((place.end, which != "START"), (place.start, which != "END")):
        if lost:
            del lines[line - 1]
    return "".join(lines)


# a gap

def test_the_original_is_back_and_the_rest_of_the_file_untouched(root):
    body = gap(root).body
    resetting.reset(root, "box_area")
    assert gap(root).body == STUB
    assert read(root) == BOX.replace(body, STUB)
    assert sorted(file.name for file in (root / "lib").iterdir()) == ["box.py", "label.py"]


def test_each_text_that_was_there_is_kept(root):
    first = gap(root).body
    kept = [resetting.reset(root, "box_area")]
    save(root / "lib" / "box.py", BOX.replace("2 *", "3 *"))
    kept.append(resetting.reset(root, "box_area"))
    assert [file.relative_to(root).as_posix() for file in kept] == [
        ".exercise/box_area_1.txt", ".exercise/box_area_2.txt"]
    assert [file.read_text() for file in kept] == [first, first.replace("2 *", "3 *")]


def test_an_original_gap_stays_and_nothing_is_kept(root):
    resetting.reset(root, "box_area")
    before = read(root)
    assert resetting.reset(root, "box_area") is None
    assert len(list((root / ".exercise").iterdir())) == 1 and read(root) == before


def test_windows_line_ends_stay_windows_line_ends(root):
    save(root / "lib" / "box.py", BOX.replace("\n", "\r\n"))
    resetting.reset(root, "box_area")
    assert read(root).count("\r\n") == read(root).count("\n")
    assert resetting.reset(root, "box_area") is None


def test_the_instruction_comes_back_and_a_comment_below_it_is_the_student_s(root):
    save(root / "lib" / "box.py", BOX.replace("    # The sum over six faces.\n", ""))
    resetting.reset(root, "box_area")
    assert gap(root).instruction == "The sum over six faces."
    save(root / "lib" / "box.py", BOX.replace("six faces.\n", "six faces.\n    # Mine.\n"))
    assert resetting.reset(root, "box_area").read_text().startswith("    # Mine.\n")
    assert gap(root).instruction == "The sum over six faces."


@pytest.mark.parametrize(("lost", "which"), LOSSES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lost_markers_come_back_and_nothing_else_changes(root, lost, which, newline):
    """What stands in the other gap, and outside of both, is the student's business."""
    own = "import os\n\n\n" + BOX.replace("= 2 *", "= 1 *").replace("a * b * c", "c * a * b")
    save(root / "lib" / "box.py", without(own, lost, which).replace("\n", newline))
    resetting.reset(root, lost)
    stub = handed_out.read(root).gaps[lost].body
    assert read(root) == gaps.compose(own, {lost: stub}, "lib/box.py").replace("\n", newline)


def test_blank_lines_between_an_end_and_what_follows_stay_there(root):
    """The code style asks for them above a function."""
    text = BOX.replace("    return product\n", "")
    save(root / "lib" / "box.py", text)
    files = {path: (root / path).read_bytes() for path in ("lib/box.py", "lib/label.py")}
    (root / handed_out.RECORD).write_bytes(handed_out.record(files))
    save(root / "lib" / "box.py", without(text, "box_volume", "END"))
    assert "above line 6, which is blank" in str(places.find(root).trouble("box_volume"))
    resetting.reset(root, "box_volume")
    assert read(root) == text


def test_where_what_followed_the_end_is_changed_too_only_the_file_can_be_restored(root):
    save(root / "lib" / "box.py", without(BOX, "box_area", "END").replace("return total", "return 2 * total"))
    with pytest.raises(Problem, match="no place for the gap box_area any more: python -m exercise reset lib/box.py"):
        resetting.reset(root, "box_area")
    assert "2 * total" in resetting.reset_file(root, "lib/box.py").read_text()
    assert gap(root).body == STUB and gap(root, "box_volume").body in BOX


@pytest.mark.parametrize("damage", [None, "", "all of it is gone\n"])
def test_a_gap_of_a_missing_file_comes_back_with_the_file_or_says_how(root, damage):
    file = root / "lib" / "box.py"
    file.unlink() if damage is None else save(file, damage)
    if damage:
        with pytest.raises(Problem, match="^lib/box.py has no place for .*: python -m exercise reset lib/box.py$"):
            resetting.reset(root, "box_volume")
        resetting.reset_file(root, "lib/box.py")
    else:
        resetting.reset(root, "box_volume")
    assert read(root) == handed_out.read(root).texts["lib/box.py"]


# a file

@pytest.mark.parametrize(("before", "after"), [
    ("return total", "return 2 * total"), ("def area(a, b, c):\n", "def area(a, b, c):\n    print(a)\n"),
    ("    return product\n", ""), ("def volume", "import os\n\n\ndef volume"), ("six faces", "eight faces")])
def test_a_file_is_restored_outside_of_its_gaps_and_what_is_in_them_stays(root, before, after):
    assert before in BOX
    save(root / "lib" / "box.py", BOX.replace(before, after))
    kept = resetting.reset_file(root, "lib/box.py")
    assert read(root) == BOX and kept.name == "box_1.txt" and kept.read_text() == BOX.replace(before, after)


@pytest.mark.parametrize(("lost", "which"), LOSSES)
def test_lost_markers_come_back_with_what_stands_between_them(root, lost, which):
    save(root / "lib" / "box.py", without(BOX, lost, which))
    resetting.reset_file(root, "lib/box.py")
    assert read(root) == BOX


@pytest.mark.parametrize("spoilt", ["    # END TODO", "# END TODO ####", "    # END TODO box_volume ####",
                                    "    #END TODO #######"])
def test_a_spoilt_marker_is_replaced(root, spoilt):
    save(root / "lib" / "box.py", BOX.replace("    # END TODO ########################", spoilt, 1))
    resetting.reset_file(root, "lib/box.py")
    assert read(root) == BOX


def test_a_comment_below_the_instruction_stays(root):
    own = BOX.replace("six faces.\n", "six faces.\n    # Mine.\n").replace("return total", "return 0")
    save(root / "lib" / "box.py", own)
    resetting.reset_file(root, "lib/box.py")
    assert read(root) == own.replace("return 0", "return total")


def test_an_intact_file_stays_as_it_is(root):
    assert resetting.reset_file(root, "lib/box.py") is None
    assert read(root) == BOX and not (root / ".exercise").exists()


def test_what_has_no_gaps_is_restored_whole(root):
    save(root / "course.toml", "")
    resetting.reset_file(root, "course.toml")
    assert handed_out.read(root).changed(root) == []


def test_a_file_that_was_not_handed_out_has_no_original(root):
    with pytest.raises(Problem, match="does not hold lib/new.py"):
        resetting.reset_file(root, "lib/new.py")


# without a record

@pytest.mark.parametrize(("record", "message"), [
    (None, "there is no exercise/handout.json"), ("{", "handout.json is damaged"), ("[]", "handout.json is damaged"),
    ('{"texts": 3, "hashes": {}}', "handout.json is damaged"), ('{"hashes": {}}', "handout.json is damaged"),
    ('{"texts": {"lib/a.py": 3}, "hashes": {}}', "handout.json is damaged"),
    ('{"texts": {"lib/a.py": "# END TODO ##"}, "hashes": {}}', "handout.json is damaged"),
    ('{"texts": {}, "hashes": {}}', "does not know the gap box_area")])
def test_without_a_record_of_the_handout_nothing_is_changed(root, record, message):
    file = root / "exercise" / "handout.json"
    file.write_text(record) if record else file.unlink()
    with pytest.raises(Problem, match=message) as error:
        resetting.reset(root, "box_area")
    assert len(str(error.value).splitlines()) == 1
    assert read(root) == BOX
