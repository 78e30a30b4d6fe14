"""A class graded again: who changes by how much, and why, with the earlier grades left as they are."""

import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from benchmarks import invented_class
from course.__main__ import main
from course.grade.folder import Folder
from course.grade.pristine import Pristine
from course.grade.regrading import command
from course.grade.regrading.causes import Causes
from course.grade.regrading.command import regrade
from course.grade.results import GapResult, History, Outcome, TeamResult
from course.grade.rules.rule import BROKEN, KEPT, RuleResult
from course.grade.run import Run
from course.grade.version import fingerprints
from course.verify.variants import laid
from exercise.problem import Problem
from exercise.verdict.verdicts import SOLVED, WRONG
from tests.repository import toys

RUN = Run("abc 123", (5, 6, 7), (1, 1), "bubblewrap", ("files",), 10.0, 300.0, "where/they/were")
RIGHT = Outcome(SOLVED)
AREA = Outcome(WRONG, "", "the faces measure 52, not 26", "tests/test_boxes.py::test_area", 6)
TEAM = TeamResult("team 1", "ab12", (), (
    GapResult("box_volume", "1.1", "7/4", RIGHT, RIGHT, None, "lib/box.py", 2, "product = 1"),
    GapResult("box_area", "1.1", "3/4", AREA, AREA, None, "lib/box.py", 11, "total = 1")))
SOLVED_TEAM = replace(TEAM, gaps=(TEAM.gaps[0], replace(TEAM.gaps[1], isolated=RIGHT, submitted=RIGHT)))
TESTS = "tests/test_boxes.py"


@pytest.fixture
def again(tmp_path, monkeypatch, capsys):
    """What the command prints when these are the results before and now, and these files have changed."""
    root = toys.copy(tmp_path / "course", "course.toml", "lib", "tests", "exercise")
    for name in ("judge", "unrelated"):
        (root / "tests" / f"{name}.py").write_text("")
    monkeypatch.chdir(tmp_path)
    Path(RUN.submissions).mkdir(parents=True)

    def of(before, after, *changed, files=True, run=RUN):
        earlier, now = Folder(tmp_path / "grades"), fingerprints(root)
        earlier.begin(RUN, now | dict.fromkeys(changed, "0" * 64))
        if not files:
            (earlier.place / "course.json").unlink()
        for team in before:
            earlier.add(team)

        def grade(root, submissions, out, settings):
            assert (str(submissions), settings.like, settings.sheets) == ("where/they/were", RUN, "1-1")
            Folder(out).begin(run, now)
            for team in after:
                Folder(out).add(team)
        monkeypatch.setattr(command, "grade", grade)
        code = regrade(root, earlier.place, diff=True)
        return code, capsys.readouterr().out
    return of


def test_what_has_changed_is_told_with_both_sentences_and_the_file_that_explains_it(again):
    code, said = again([TEAM], [SOLVED_TEAM], TESTS, "course.toml")
    assert code == 0
    for part in ("Teams in both runs: 1; more points: 1 (+0.75); fewer points: 0; the same points,",
                 "team 1: 1.75 -> 2.5 (+0.75)\n  box_area: 0 -> 0.75 points\n"
                 "    others solved, before: wrong: the faces measure 52, not 26\n    others solved, now: solved\n",
                 f"    why: changed: {TESTS}\n", f"Files that differ: course.toml, {TESTS}", "The course: abc 123"):
        assert part in said, (part, said)
    assert "box_volume" not in said


@pytest.mark.parametrize("path", [TESTS, "tests/judge.py", "exercise/probes/boxes.py", "lib/box.py"])
def test_files_of_its_tests_and_lib_explain_a_verdict(again, path):
    code, said = again([SOLVED_TEAM], [TEAM], path)
    assert code == 0 and f"why: changed: {path}" in said and "team 1: 2.5 -> 1.75 (-0.75)" in said


@pytest.mark.parametrize("path", ["tests/unrelated.py", "course/forks.py", "exercise/asking/isolated.py"])
def test_other_files_leave_it_unexplained(again, path):
    code, said = again([TEAM], [SOLVED_TEAM], path)
    assert code == 1 and "UNEXPLAINED: neither its tests nor lib have changed" in said
    assert said.endswith("Unexplained:\nteam 1: box_area\n")
    assert ("it could be the engine: " + path in said) == (not path.startswith("tests/"))


def test_another_level_is_named_and_explains_nothing_by_itself(again):
    code, said = again([TEAM], [SOLVED_TEAM], run=replace(RUN, isolation="landlock", version="def 456"))
    assert code == 1 and "it could be the level of isolation: bubblewrap before, landlock now" in said
    assert "The course: abc 123 -> def 456" in said


def test_another_submission_and_other_points_explain_themselves(again):
    changed = replace(SOLVED_TEAM, submission="cd34")
    code, said = again([TEAM], [changed])
    assert code == 0 and "another submission" in said


def test_other_points_for_the_same_verdict_are_explained(again):
    dearer = replace(TEAM, gaps=(replace(TEAM.gaps[0], worth="2"), TEAM.gaps[1]))
    code, said = again([TEAM], [dearer])
    assert code == 0 and "why: it was worth 1.75, and is worth 2 now" in said and "UNEXPLAINED" not in said


@pytest.mark.parametrize("path, code", [
    ("course.toml", 0), ("lib/box.py", 0), ("tests/unrelated.py", 1), (None, 1)])
def test_a_rule_that_is_kept_now_is_told_and_explained_by_files(again, path, code):
    rule = RuleResult("submission_pdf", BROKEN, "it is not there", (), "-1", 1)
    before = replace(TEAM, rules=(rule, replace(rule, rule="style", points="0")))
    after = replace(TEAM, rules=(replace(rule, state=KEPT, sentence="a PDF", points="0"),))
    found, said = again([before], [after], *filter(None, [path]))
    assert found == code and "more points: 1 (+1)" in said and "team 1: 0.75 -> 1.75 (+1)\n" in said
    for part in ("  the rule submission_pdf, sheet 1, before: broken, -1 points: it is not there\n",
                 "  the rule submission_pdf, sheet 1, now: kept, 0 points: a PDF\n",
                 "  the rule style, sheet 1 (broken, 0 points): is not checked any more\n"):
        assert part in said, (part, said)
    assert ("Unexplained:\nteam 1: the rule submission_pdf\n" in said) == (code == 1)


def test_branches_and_pushes_that_came_later_explain_a_rule(again):
    rule, history = RuleResult("branches", BROKEN, "there is no dev", (), "-1", 1), History("1" * 40, "2026-12-02")
    code, said = again([replace(TEAM, rules=(rule,), history=history)], [
        replace(TEAM, rules=(replace(rule, state=KEPT, points="0"),), history=replace(history, branches=("dev",)))])
    assert code == 0 and "why: another history: the commits, branches or pushes are not those" in said


def test_without_a_note_of_the_files_nothing_is_called_unexplained(again):
    code, said = again([TEAM], [SOLVED_TEAM], files=False)
    assert code == 0 and "not known: the earlier run has not noted the files" in said


def test_teams_that_come_or_go_and_sentences_alone_are_named(again):
    reworded = replace(AREA, sentence="the faces measure 3")
    other = replace(TEAM, gaps=(TEAM.gaps[0], replace(TEAM.gaps[1], isolated=reworded, submitted=reworded)))
    code, said = again([TEAM, replace(TEAM, team="gone")], [other, replace(TEAM, team="new\x1b[31m")])
    assert code == 0 and "Gaps where only a sentence reads otherwise: 1" in said and "team 1:" not in said
    assert "Only in the earlier run: gone" in said and "Only in the later run: new?[31m" in said


def test_what_a_team_wrote_steers_no_terminal(again):
    evil = replace(AREA, sentence="\x1b[2J\u202e\nteam 9: 0 -> 2.5")
    team = replace(TEAM, gaps=(TEAM.gaps[0], replace(TEAM.gaps[1], isolated=evil, submitted=evil)))
    _, said = again([SOLVED_TEAM], [team], TESTS)
    assert "\x1b" not in said and "\u202e" not in said and "\nteam 9" not in said


def test_a_run_that_cannot_be_repeated_is_refused_in_one_line(tmp_path):
    grades = Folder(tmp_path / "grades")
    with pytest.raises(Problem, match="no folder that `python -m course grade` has written"):
        regrade(toys.FOLDER, grades.place)
    grades.begin(replace(RUN, submissions=""), {})
    with pytest.raises(Problem, match="does not say where its submissions are: name their folder"):
        regrade(toys.FOLDER, grades.place)
    grades.begin(replace(RUN, submissions=str(tmp_path / "moved")), {})
    with pytest.raises(Problem, match="no longer in .*moved: name their folder after .*grades"):
        regrade(toys.FOLDER, grades.place)
    with pytest.raises(Problem, match="holds no results that could change"):
        regrade(toys.FOLDER, grades.place, "there")
    grades.add(TEAM)
    with pytest.raises(Problem, match="holds the earlier grades: choose another folder"):
        regrade(toys.FOLDER, grades.place, "there", grades.place)
    other = Folder(tmp_path / "grades-new")
    other.begin(replace(RUN, seeds=(1,)), {})
    other.add(TEAM)
    with pytest.raises(Problem, match="a run with other seeds or sheets: choose another folder with --out"):
        regrade(toys.FOLDER, grades.place, "there")
    other.write("run.json", asdict(RUN))
    with pytest.raises(Problem, match="grades-new was graded before the course has changed once more: delete it, or"):
        regrade(toys.FOLDER, grades.place, "there")


def test_ctrl_c_says_how_to_go_on(monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt
    monkeypatch.setattr(command, "regrade", interrupted)
    assert main(["regrade", "grades"]) == 130
    assert capsys.readouterr().err == "interrupted: the same command goes on\n"


def test_the_files_of_a_gap_are_those_of_its_tests_with_what_these_import():
    causes = Causes(toys.ROOT, Folder(toys.ROOT), Folder(toys.ROOT))
    causes.changed = frozenset(fingerprints(toys.ROOT))
    loss = GapResult("vae_loss", "2.2", "1", RIGHT, RIGHT)
    files = [path for path in causes.of_gap(loss, loss) if not path.startswith("lib/")]
    assert {"tests/test_loss_vae.py", "tests/judge.py", "tests/conftest.py", "exercise/probes/vae.py"} <= {*files}
    assert not {"tests/test_gan_training.py", "exercise/probes/gan.py"} & {*files}
    assert "exercise/asking/isolated.py" in causes.elsewhere() and "tests/judge.py" not in causes.elsewhere()


def run(root, *words):
    return subprocess.run([sys.executable, "-m", "course", *map(str, words)], cwd=root, text=True, capture_output=True,
                          env=os.environ | {"OMP_NUM_THREADS": "1"}, timeout=600)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader forks its process")
def test_a_class_is_graded_again_after_a_changed_test(tmp_path):
    root = tmp_path / "course"
    toys.copy_tools(root)
    toys.copy(root, "course.toml", "lib", "exercise/probes/boxes.py", "tests/test_boxes.py")
    pristine = Pristine(root)
    texts = {"box_volume": "product = a * b * c", "box_area": "total = 2 * (a * b + b * c + c * a) + 1"}
    bodies = {name: laid(text, pristine.gaps[name]) for name, text in texts.items()}
    invented_class.hand_in(tmp_path / "in", "team", pristine.empty, bodies)
    trust = "--i-trust-these-submissions"
    assert run(root, "grade", tmp_path / "in", "--out", tmp_path / "grades", trust).returncode == 0
    before = {file: file.read_bytes() for file in (tmp_path / "grades").rglob("*") if file.is_file()}
    first = run(root, "regrade", tmp_path / "grades", "--out", tmp_path / "same", "--diff", trust)
    assert first.returncode == 0 and "more points: 0; fewer points: 0" in first.stdout, first.stderr
    assert Folder(tmp_path / "same").run().seeds == Folder(tmp_path / "grades").run().seeds
    judge = root / TESTS
    judge.write_text(judge.read_text().replace("require(area == expected,", "require(abs(area - expected) < 2,"))
    second = run(root, "regrade", tmp_path / "grades", "--diff", trust)
    assert second.returncode == 0, second.stderr
    assert "team: 1.75 -> 2.5 (+0.75)" in second.stdout and f"why: changed: {TESTS}" in second.stdout
    assert before == {file: file.read_bytes() for file in (tmp_path / "grades").rglob("*") if file.is_file()}
    third = run(root, "regrade", tmp_path / "grades", "--diff", trust)  # nothing is left to grade
    assert third.returncode == 0 and "team: 1.75 -> 2.5 (+0.75)" in third.stdout
