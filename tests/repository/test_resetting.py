"""Going back to a gap as it was handed out."""

import json

import pytest

from exercise.commands import resetting
from exercise.problem import Problem
from exercise.source import places
from tests.repository import toys

ORIGINAL = '\n    raise NotImplementedError("TODO box_area: sheet 1, task 1")\n'


@pytest.fixture
def root(tmp_path):
    toys.copy(tmp_path)
    (tmp_path / "exercise").mkdir()
    (tmp_path / "exercise" / "handout.json").write_text(json.dumps({"gaps": {"box_area": ORIGINAL}}))
    return tmp_path


def gap(root, name="box_area"):
    return places.find(root).gaps[name]


def test_the_original_is_back_and_the_rest_of_the_file_untouched(root):
    before = (root / "lib" / "box.py").read_bytes()
    body = gap(root).body
    resetting.reset(root, gap(root))
    assert gap(root).body == ORIGINAL
    assert (root / "lib" / "box.py").read_bytes() == before.replace(body.encode(), ORIGINAL.encode())
    assert sorted(file.name for file in (root / "lib").iterdir()) == ["box.py", "label.py"]


def test_each_text_that_was_there_is_kept(root):
    first = gap(root).body
    kept = [resetting.reset(root, gap(root))]
    (root / "lib" / "box.py").write_text(toys.BOX.replace("2 *", "3 *"))
    kept.append(resetting.reset(root, gap(root)))
    assert [file.relative_to(root).as_posix() for file in kept] == [
        ".exercise/box_area_1.txt", ".exercise/box_area_2.txt"]
    assert [file.read_text() for file in kept] == [first, first.replace("2 *", "3 *")]


def test_an_original_gap_stays_and_nothing_is_kept(root):
    resetting.reset(root, gap(root))
    assert resetting.reset(root, gap(root)) is None
    assert len(list((root / ".exercise").iterdir())) == 1


def test_windows_line_ends_stay_windows_line_ends(root):
    file = root / "lib" / "box.py"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    resetting.reset(root, gap(root))
    assert file.read_bytes().count(b"\r\n") == file.read_bytes().count(b"\n")
    assert resetting.reset(root, gap(root)) is None


@pytest.mark.parametrize(("record", "message"), [
    (None, "there is no exercise/handout.json"), ("{", "handout.json is damaged"), ("[]", "handout.json is damaged"),
    ('{"gaps": 3}', "handout.json is damaged"), ('{"gaps": {}}', "does not know the gap box_area")])
def test_without_a_record_of_the_handout_nothing_is_changed(root, record, message):
    file = root / "exercise" / "handout.json"
    file.write_text(record) if record else file.unlink()
    before = (root / "lib" / "box.py").read_bytes()
    with pytest.raises(Problem, match=message) as error:
        resetting.reset(root, gap(root))
    assert len(str(error.value).splitlines()) == 1
    assert (root / "lib" / "box.py").read_bytes() == before
