"""Where gaps are found in files that a student has edited, and what is said of those that are not."""

import pytest

from exercise.source import places
from tests.repository import toys
from tests.repository.toys import BOX, LABEL


@pytest.fixture
def root(tmp_path):
    return toys.copy(tmp_path)


def test_all_gaps_of_whole_files_are_found(root):
    found = places.find(root)
    assert set(found.gaps) == {"box_volume", "box_area", "label_text"}
    assert found.trouble("box_area") is None
    assert found.gaps["box_area"].start == 11


def test_a_damaged_file_hides_its_gaps_and_no_others(root):
    (root / "lib" / "box.py").write_text(BOX.replace("# END TODO ####", "# END OF TODO ####", 1))
    found = places.find(root)
    assert set(found.gaps) == {"label_text"}
    for gap in ("box_volume", "box_area"):
        assert str(found.trouble(gap)).startswith("lib/box.py:11: ")


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe"], ids=["empty", "not UTF-8"])
def test_a_file_that_cannot_be_read_is_the_trouble_of_its_gaps(root, damage):
    (root / "lib" / "label.py").write_bytes(damage)
    assert str(places.find(root).trouble("label_text")).startswith("lib/label.py:1: ")


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
