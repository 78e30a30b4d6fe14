"""Where gaps are found in files that a student has edited, and what is said of those that are not."""

import os

import pytest

from exercise.source import opening, places
from tests.repository import toys
from tests.repository.toys import BOX, LABEL

END = "# END TODO ########################"
START = "# START TODO {} ########################"


@pytest.fixture
def root(tmp_path):
    return toys.copy(tmp_path)


def test_all_gaps_of_whole_files_are_found(root):
    found = places.find(root)
    assert set(found.gaps) == {"box_volume", "box_area", "label_text"}
    assert found.trouble("box_area") is None
    assert found.gaps["box_area"].start == 11


@pytest.mark.parametrize(("text", "line", "says"), [
    (BOX.replace(f"    {END}\n", "", 1), 10, "gap box_area begins inside gap box_volume"),
    (BOX.replace(f"    {END}\n", "    # END TODO box_volume ####\n", 1), 6, "malformed"),
    (BOX.replace("    # START TODO box_volume", "    # START TODO volume"), 2, "no gap id"),
    (BOX.replace("    # START TODO box_volume ########################\n", ""), 5, "without a"),
])
def test_one_damaged_marker_hides_one_gap(root, text, line, says):
    (root / "lib" / "box.py").write_text(text)
    found = places.find(root)
    assert set(found.gaps) == {"box_area", "label_text"}
    assert found.trouble("box_volume").line == line and says in str(found.trouble("box_volume"))


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe"], ids=["empty", "not UTF-8"])
def test_a_file_that_cannot_be_read_is_the_trouble_of_its_gaps(root, damage):
    (root / "lib" / "label.py").write_bytes(damage)
    assert str(places.find(root).trouble("label_text")).startswith("lib/label.py:1: ")


@pytest.mark.parametrize("damage", ["not UTF-8", "large", "link", "pipe", "folder"])
def test_a_file_beside_those_of_the_gaps_is_named_and_no_gap_suffers(root, damage):
    spoil(root / "lib" / "new.py", damage)
    found = places.find(root)
    assert set(found.gaps) == {"box_volume", "box_area", "label_text"}
    assert not any(found.trouble(gap) for gap in found.gaps)
    assert [error.path for error in found.unread] == ["lib/new.py"]


@pytest.mark.skipif(os.name != "posix", reason="here not everybody may make links")
@pytest.mark.parametrize("handed_out", [True, False])
def test_a_lib_that_is_a_link_has_no_gaps_and_says_why(tmp_path, handed_out):
    root = toys.hand_out(tmp_path) if handed_out else toys.copy(tmp_path)
    (root / "lib").rename(root / "solved")
    (root / "lib").symlink_to("solved")
    found = places.find(root)
    assert not found.gaps
    assert str(found.trouble("box_area")) == "lib:1: this is a link: put what it leads to there"
    assert ("lib/box.py" in found.changed()) == handed_out


def test_a_lib_of_too_many_files_says_so(root, monkeypatch):
    monkeypatch.setattr(opening, "MOST", 1)
    assert "lib:1: more than 1 files" in str(places.find(root).trouble("box_area"))


def spoil(file, damage):
    """Put something in a file's place that no module is."""
    if damage in ("link", "pipe") and os.name != "posix":
        pytest.skip("here not everybody may make links and pipes")
    {"not UTF-8": lambda: file.write_bytes(b"\xff\xfe"), "large": lambda: file.write_text("#" * 2 ** 20 + "\n"),
     "link": lambda: file.symlink_to(__file__), "pipe": lambda: os.mkfifo(file), "folder": file.mkdir}[damage]()


def test_a_gap_whose_markers_are_gone_is_told_how_they_read(root):
    (root / "lib" / "label.py").write_text("def text(*words):\n    return ' '.join(words)\n")
    assert "# START TODO label_text ####" in str(places.find(root).trouble("label_text"))


@pytest.mark.parametrize("copies", [2, 3])
def test_a_gap_that_is_there_several_times_is_none(root, copies):
    for number in range(1, copies):
        (root / "lib" / f"more_{number}.py").write_text(LABEL)
    found = places.find(root)
    assert set(found.gaps) == {"box_volume", "box_area"}
    assert "gap label_text is also in lib/label.py, line 2" in str(found.trouble("label_text"))


def test_texts_count_in_place_of_files(root):
    found = places.find(root, {"lib/label.py": "\n\n" + LABEL, "lib/box.py": "x = 1\n"})
    assert set(found.gaps) == {"label_text"}
    assert found.gaps["label_text"].start == 4


# where the record of the handout knows how it was

@pytest.fixture
def handout(tmp_path):
    """A handout of which box.py is solved."""
    toys.hand_out(tmp_path)
    (tmp_path / "lib" / "box.py").write_text(BOX)
    return tmp_path


def without(text, *lines):
    """The text without the first of each of these lines."""
    for line in lines:
        text = text.replace(f"    {line}\n", "", 1)
    return text


@pytest.mark.parametrize(("text", "gap", "line", "advice"), [
    (without(BOX, END), "box_volume", 6, f"put `{END}`, indented by 4, above line 6, `return product`"),
    (without(BOX, START.format("box_area")), "box_area", 11,
     f"put `{START.format('box_area')}`, indented by 4, above line 11, `# The sum over six faces.`"),
    (without(BOX, START.format("box_volume"), END), "box_volume", 2,
     f"put `{START.format('box_volume')}`, indented by 4, above line 2, `# The product.`; "
     f"put `{END}`, indented by 4, above line 5, `return product`"),
    (BOX.replace(f"    {END}", "# END TODO", 1), "box_volume", 6, f"line 6 should read `{END}`, indented by 4"),
    (BOX.replace("# START TODO box_area", "# START TODO area"), "box_area", 11,
     f"line 11 should read `{START.format('box_area')}`, indented by 4")])
def test_a_lost_marker_is_told_with_its_text_and_place_and_no_other_gap_suffers(handout, text, gap, line, advice):
    (handout / "lib" / "box.py").write_text(text)
    found = places.find(handout)
    assert set(found.gaps) == {"box_volume", "box_area", "label_text"} - {gap}
    assert str(found.trouble(gap)) == (f"lib/box.py:{line}: the markers of gap {gap} are damaged: {advice}; "
                                       "python -m exercise reset lib/box.py does it")


def test_a_file_that_is_gone_is_named_with_what_brings_it_back(handout):
    (handout / "lib" / "box.py").unlink()
    found = places.find(handout)
    for gap in ("box_volume", "box_area"):
        assert str(found.trouble(gap)) == "lib/box.py:1: this file is gone: python -m exercise reset lib/box.py " \
                                          "brings it back"
        assert found.path_of(gap) == "lib/box.py"


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe"], ids=["empty", "not UTF-8"])
def test_a_file_that_cannot_be_read_is_told_with_what_brings_it_back(handout, damage):
    (handout / "lib" / "box.py").write_bytes(damage)
    assert str(places.find(handout).trouble("box_area")).endswith(
        ": python -m exercise reset lib/box.py brings back what was handed out")


def test_a_gap_in_two_files_is_told_as_such(handout):
    (handout / "lib" / "copy.py").write_text(LABEL)
    assert "gap label_text is also in lib/copy.py, line 2: keep one" in str(places.find(handout).trouble("label_text"))


def test_what_changes_outside_of_gaps_is_noticed_and_nothing_else(handout):
    (handout / "lib" / "new.py").write_text("x = 1\n")
    (handout / "lib" / "label.py").write_bytes((handout / "lib" / "label.py").read_bytes().replace(b"\n", b"\r\n"))
    assert places.find(handout).changed() == []
    (handout / "lib" / "box.py").write_text(BOX.replace("return total", "return 2 * total"))
    (handout / "lib" / "label.py").unlink()
    (handout / "course.toml").write_text("")
    assert places.find(handout).changed() == ["course.toml", "lib/box.py", "lib/label.py"]


@pytest.mark.skipif(os.name != "posix", reason="here not everybody may make links and pipes")
@pytest.mark.parametrize("damage", ["link", "pipe", "large"])
def test_what_is_no_file_that_can_be_read_is_a_change(handout, damage):
    """A link leads to the very file that was handed out, and is none all the same."""
    (handout / "lib" / "label.py").rename(handout / "label.py")
    if damage == "link":
        (handout / "lib" / "label.py").symlink_to("../label.py")
    else:
        spoil(handout / "lib" / "label.py", damage)
    assert places.find(handout).changed() == ["lib/label.py"]


def test_a_lost_marker_is_a_change(handout):
    (handout / "lib" / "box.py").write_text(without(BOX, END))
    assert places.find(handout).changed() == ["lib/box.py"]


@pytest.mark.parametrize("record", [None, "{"])
def test_without_a_record_nothing_is_called_changed(handout, record):
    file = handout / "exercise" / "handout.json"
    file.write_text(record) if record else file.unlink()
    (handout / "lib" / "box.py").write_text("")
    assert places.find(handout).changed() == []
