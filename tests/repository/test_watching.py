"""Which gaps are tested anew when files are saved."""

import itertools

import pytest

from exercise.commands import watching
from tests.repository import toys
from tests.repository.toys import BOX, LABEL

BEFORE = {"lib/box.py": BOX, "lib/label.py": LABEL}


@pytest.mark.parametrize(("after", "changed"), [
    ({}, []),
    ({"lib/box.py": BOX.replace("a * b * c", "a + b + c")}, ["box_volume"]),
    ({"lib/box.py": BOX.replace("a * b * c", "a"), "lib/label.py": LABEL.replace("words)", "())")},
     ["box_volume", "label_text"]),
    ({"lib/box.py": BOX.replace("return total", "return -total")}, ["box_volume", "box_area"]),
    ({"lib/box.py": BOX.replace("# END TODO ####", "# END TOD ####", 1)}, ["box_volume", "box_area"]),
    ({"lib/box.py": BOX.replace("# The product.", "# The sum.")}, ["box_volume", "box_area"]),
    ({"lib/other.py": "x = 1\n"}, []),
])
def test_the_gaps_that_changed(after, changed):
    assert watching.changed_gaps(BEFORE, BEFORE | after) == changed


def test_a_damaged_file_that_is_whole_again_has_all_its_gaps_tested():
    damaged = {"lib/label.py": "# END TODO ####\n"}
    assert watching.changed_gaps(BEFORE | damaged, BEFORE) == ["label_text"]


def test_a_file_that_is_gone_or_new_has_all_its_gaps_tested():
    without = {"lib/box.py": BOX}
    assert watching.changed_gaps(BEFORE, without) == ["label_text"]
    assert watching.changed_gaps(without, BEFORE) == ["label_text"]


def test_only_snapshots_that_differ_in_a_gap_are_told():
    other = BEFORE | {"lib/label.py": LABEL.replace(" ", "  ")}
    third = BEFORE | {"lib/label.py": LABEL.replace("words)", "())")}
    assert list(watching.changes([BEFORE, BEFORE, third, third, other])) == [["label_text"], ["label_text"]]


def test_snapshots_follow_the_files(tmp_path):
    toys.copy(tmp_path)
    snapshots = watching.snapshots(tmp_path, pause=0.001)
    assert next(snapshots) == BEFORE
    (tmp_path / "lib" / "label.py").write_text(LABEL.replace("words)", "())"))
    assert [list(changed) for changed in itertools.islice(watching.changes(itertools.chain([BEFORE], snapshots)), 1)] \
        == [["label_text"]]
    (tmp_path / "lib" / "label.py").write_bytes(b"\xff")
    assert "label.py:1" in next(snapshots)["lib/label.py"]


@pytest.mark.parametrize("folder", [".ipynb_checkpoints", "more/.copies"])
def test_a_copy_in_a_hidden_folder_is_no_change(tmp_path, folder):
    """Editors and notebooks keep copies of what they save."""
    toys.copy(tmp_path)
    (tmp_path / "lib" / folder).mkdir(parents=True)
    (tmp_path / "lib" / folder / "label-checkpoint.py").write_text(LABEL)
    assert next(watching.snapshots(tmp_path)) == BEFORE
