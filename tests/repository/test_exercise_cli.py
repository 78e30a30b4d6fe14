"""`python -m exercise`, as a student meets it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from exercise.__main__ import main
from exercise.commands import judging, watching
from exercise.commands.judging import Judgement
from exercise.source import gaps, places, table
from exercise.verdict import standing
from exercise.verdict.verdicts import SOLVED, WRONG, Verdict
from tests.repository import toys

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path):
    return toys.copy(tmp_path)


@pytest.fixture
def judged(root, monkeypatch):
    """A judge that finds box_area wrong and all else solved; the gaps that it was asked about, run by run."""
    asked = []

    def judge(root, gaps):
        asked.append(list(gaps))
        outcome = {gap: [Verdict(WRONG, "a face is missing") if gap == "box_area" else Verdict(SOLVED)] for gap in gaps}
        found = standing.of_run(table.load(root), places.find(root), outcome, len(asked[-1]) == 3)
        return Judgement(found, ["a face is missing\n\nthe test: …"] if "box_area" in gaps else [])
    monkeypatch.setattr(judging, "judge", judge)
    return asked


# Bare, and check

def test_bare_it_shows_the_table_and_the_first_failure(root, judged, capsys):
    assert main([], root) == 1
    printed = capsys.readouterr().out
    assert judged == [["box_volume", "box_area", "label_text"]]
    assert "box_volume  1.1         1.75/1.75  solved" in printed
    assert "points so far: 1.75 of 2.5" in printed
    assert "first failure: box_area: a face is missing" in printed
    assert "the test:" not in printed


@pytest.mark.parametrize(("target", "gaps", "code"), [
    (["label_text"], ["label_text"], 0), ([], ["box_volume", "box_area", "label_text"], 1),
    (["lib/box.py"], ["box_volume", "box_area"], 1), (["label.py"], ["label_text"], 0)])
def test_check_runs_the_tests_of_a_gap_or_file(root, judged, capsys, target, gaps, code):
    assert main(["check", *target], root) == code
    assert judged == [gaps]


def test_check_finds_a_file_from_where_the_student_is(root, judged, monkeypatch):
    monkeypatch.chdir(root / "lib")
    assert main(["check", "label.py"], root) == 0
    assert main(["check", str(root / "lib" / "box.py")], root) == 1
    assert judged == [["label_text"], ["box_volume", "box_area"]]


def test_check_takes_the_word_that_names_of_gaps_begin_with(root, judged):
    assert main(["check", "box"], root) == 1
    assert judged == [["box_volume", "box_area"]]


def test_check_takes_the_number_that_the_table_prints(root, judged):
    assert main(["check", "1.1"], root) == 1
    assert main(["check", "1.2"], root) == 0
    assert judged == [["box_volume", "box_area"], ["label_text"]]


def test_check_prints_all_that_the_tests_say(root, judged, capsys):
    main(["check", "box_area"], root)
    assert capsys.readouterr().out.startswith("a face is missing\n\nthe test: …\n\ngap ")


# Bad input

@pytest.mark.parametrize(("arguments", "message"), [
    (["check", "box_volum"], "there is no gap 'box_volum': did you mean box_volume?"),
    (["check", "lib/other.py"], "lib/other.py has no gaps: name one of lib/box.py, lib/label.py"),
    (["check", "nothing.py"], "there is no gap 'nothing.py'"),
    (["hint", "box"], "box means 2 gaps: choose box_volume, box_area\n"),
    (["hint", "1.1"], "1.1 means 2 gaps: choose box_volume, box_area\n"),
    (["check", "1.3"], "there is no gap '1.3': choose box_volume, box_area, label_text\n"),
    (["hint", "zzz"], "there is no gap 'zzz': choose box_volume, box_area, label_text"),
    (["hint"], "the following arguments are required: GAP"),
    (["reset", "box_area"], "there is no exercise/handout.json"),
    (["dance"], "invalid choice: 'dance'"),
])
def test_what_does_not_work_is_told_in_one_line(root, judged, capsys, arguments, message):
    (root / "lib" / "other.py").write_text("x = 1\n")
    assert main(arguments, root) == 2
    error = capsys.readouterr().err
    assert error.startswith("exercise: ") and message in error and len(error.splitlines()) == 1
    assert judged == []


@pytest.mark.parametrize("command", [[], ["check"], ["hint", "box_area"], ["reset", "box_area"], ["watch"]])
def test_a_table_that_cannot_be_used_is_told_in_one_line(root, judged, capsys, command):
    (root / "course.toml").write_text("[[sheet")
    assert main(command, root) == 2
    assert capsys.readouterr().err.startswith("exercise: course.toml is no valid TOML")


def test_a_file_without_a_whole_gap_is_told_by_its_damage(root, judged, capsys):
    (root / "lib" / "box.py").write_text("# END TODO ####\n")
    assert main(["check", "lib/box.py"], root) == 2
    assert capsys.readouterr().err.startswith("exercise: lib/box.py:1: ") and judged == []


@pytest.mark.parametrize("target", ["lib/box.py", "box.py"])
def test_a_file_that_is_gone_is_told_by_its_name(tmp_path, judged, capsys, target):
    root = toys.hand_out(tmp_path / "course")
    (root / "lib" / "box.py").unlink()
    assert main(["check", target], root) == 2
    assert capsys.readouterr().err == ("exercise: lib/box.py:1: this file is gone: "
                                       "python -m exercise reset lib/box.py brings it back\n")


def test_a_file_with_one_damaged_gap_is_checked(root, judged):
    (root / "lib" / "box.py").write_text(toys.BOX.replace("    # END TODO ########################\n", "", 1))
    main(["check", "lib/box.py"], root)
    assert judged == [["box_volume", "box_area"]]


def test_a_package_that_is_missing_is_told_with_the_command_that_brings_it(root, capsys, monkeypatch):
    monkeypatch.setattr(table, "read", lambda root: exec("import package_that_is_nowhere"))
    assert main([], root) == 2
    error = capsys.readouterr().err
    assert error.startswith("exercise: package_that_is_nowhere is not installed") and "pip install -r" in error


def test_ctrl_c_ends_quietly(root, capsys, monkeypatch):
    def interrupted(root, gaps):
        raise KeyboardInterrupt
    monkeypatch.setattr(judging, "judge", interrupted)
    assert main([], root) == 130
    assert capsys.readouterr().err.strip() == ""


# Hint, reset, watch

def test_hints_come_one_by_one_and_then_all_once_more(root, capsys):
    said = []
    for _ in range(4):
        assert main(["hint", "box_area"], root) == 0
        said.append(capsys.readouterr().out)
    for number, hint in enumerate(table.load(root).gaps["box_area"].hints):
        assert [hint in text for text in said] == [number == call or call == 3 for call in range(4)]
    assert "hint 1 of 3" in said[0] and "lib/box.py, line 11" in said[0]
    assert ["no more" in text for text in said] == [False, False, True, True]


@pytest.mark.parametrize("word", ["1.1", "box"])
def test_a_hint_for_several_gaps_is_that_of_the_first_empty_one(root, capsys, word):
    stub = gaps.stub(places.find(root).gaps["box_area"], "sheet 1, task 1")
    (root / "lib" / "box.py").write_text(gaps.compose(toys.BOX, {"box_area": stub}, "lib/box.py"))
    assert main(["hint", word], root) == 0
    assert "box_area, sheet 1, task 1: lib/box.py, line 11" in capsys.readouterr().out


def test_a_hint_can_be_asked_for_by_the_number_of_a_task_with_one_gap(root, capsys):
    assert main(["hint", "1.2"], root) == 0
    assert "label_text" in capsys.readouterr().out


@pytest.mark.parametrize("memory", ["", "[]", '{"box_area": "two"}', '{"box_area": -7}'])
def test_a_damaged_memory_begins_with_the_first_hint(root, capsys, memory):
    (root / ".exercise").mkdir()
    (root / ".exercise" / "hints.json").write_text(memory)
    assert main(["hint", "box_area"], root) == 0
    assert "hint 1 of 3" in capsys.readouterr().out


def test_a_hint_can_be_had_where_the_markers_are_damaged(root, capsys):
    (root / "lib" / "box.py").write_text("# END TODO ####\n")
    assert main(["hint", "box_area"], root) == 0
    assert "hint 1 of 3" in capsys.readouterr().out


@pytest.fixture
def handout(tmp_path, monkeypatch):
    """A handout of which box.py is solved, and the folder where the student is."""
    root = toys.hand_out(tmp_path / "handout")
    (root / "lib" / "box.py").write_text(toys.BOX)
    monkeypatch.chdir(root)
    return root


def test_reset_says_where_the_old_text_is(handout, capsys):
    assert main(["reset", "box_area"], handout) == 0
    assert ".exercise/box_area_1.txt" in capsys.readouterr().out
    assert main(["reset", "box_area"], handout) == 0
    assert capsys.readouterr().out == "box_area is as it was handed out\n"


@pytest.mark.parametrize("target", ["lib/box.py", "box.py"])
@pytest.mark.parametrize("change", [lambda file: file.write_text(toys.BOX.replace("return total", "return 1")),
                                    lambda file: file.unlink()], ids=["changed", "gone"])
def test_reset_restores_a_file_outside_of_its_gaps(handout, capsys, target, change):
    change(handout / "lib" / "box.py")
    assert main(["reset", target], handout) == 0
    assert "lib/box.py is as it was handed out, but for what is in its gaps\n" in capsys.readouterr().out
    assert places.find(handout).changed() == []


@pytest.mark.parametrize(("target", "message"), [
    ("box", "reset takes one gap, or one file: choose box_volume, box_area"), ("lib/new.py", "there is no gap"),
    ("1.2", "reset takes one gap, or one file: choose label_text"), ("box_are", "did you mean box_area?")])
def test_reset_takes_one_gap_or_one_file(handout, capsys, target, message):
    assert main(["reset", target], handout) == 2
    error = capsys.readouterr().err
    assert message in error and len(error.splitlines()) == 1 and not (handout / ".exercise").exists()


def test_watch_judges_what_changed_until_it_is_stopped(root, judged, capsys, monkeypatch):
    def snapshots(root):
        yield {"lib/box.py": toys.BOX, "lib/label.py": toys.LABEL}
        yield {"lib/box.py": toys.BOX.replace("2 *", "3 *"), "lib/label.py": toys.LABEL}
        raise KeyboardInterrupt
    monkeypatch.setattr(watching, "snapshots", snapshots)
    assert main(["watch"], root) == 130
    assert judged == [["box_area"]]
    assert "first failure: box_area" in capsys.readouterr().out


# As a program of its own

def test_help_teaches_every_command_without_waiting_for_torch():
    code = "import sys, runpy; sys.argv = ['exercise', '--help']\n" \
           "try: runpy.run_module('exercise', run_name='__main__')\n" \
           "finally: print('torch' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert shown.stdout.endswith("False\n")
    for command in ("check", "hint", "reset", "watch"):
        assert f"python -m exercise {command}" in shown.stdout


@pytest.mark.slow
def test_the_whole_way_from_the_command_to_the_table(tmp_path):
    for folder in ("exercise", "lib"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests").mkdir()
    for file in ("course.toml", "setup.cfg", "tests/__init__.py", "tests/conftest.py", "tests/judge.py",
                 "tests/leftovers.py", "tests/test_loss_vae.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    loss = tmp_path / "lib" / "loss_vae.py"
    loss.write_text(loss.read_text(encoding="utf-8").replace("-0.5 * torch.sum", "0.5 * torch.sum"), encoding="utf-8")
    shown = subprocess.run([sys.executable, "-m", "exercise", "check", "vae_loss"], cwd=tmp_path, capture_output=True,
                           text=True)
    assert shown.returncode == 1, shown.stderr
    assert "first failure: vae_loss: the KL term: its sign is flipped" in shown.stdout
    assert "passed" not in shown.stdout  # pytest itself stays silent
