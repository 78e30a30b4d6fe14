"""pytest as a student meets it: verdicts instead of tracebacks, the closing table, an exit code that tells the truth.

A small repository is judged here by tests that end as told; no code under test runs.
"""

import html
import shutil
from pathlib import Path

import pytest

from exercise.verdict.verdicts import LEVEL
from tests.repository import toys

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
JUDGES = '''
import pytest
from exercise.asking.failure import Failure, ProbeFailed

@pytest.mark.gap("box_volume")
def test_volume():
    """The volume is the product of the three sides."""
    {volume}

@pytest.mark.gap("box_volume")
def test_volume_of_a_cube():
    """A cube has three equal sides."""
    {cube}

@pytest.mark.gap("box_area")
def test_area():
    """The area is that of six faces."""
    {area}

@pytest.mark.gap("label_text")
def test_text():
    """The words are joined."""
    {text}
'''
EMPTY = 'raise ProbeFailed(Failure("not started", "gap box_area is not started", "box_area", "lib/box.py", 14))'
WRONG = 'pytest.fail("the product is a sum", pytrace=False)'


@pytest.fixture
def run(pytester, monkeypatch):
    """Run pytest in a small repository: `run(area="assert False", options=["-x"])`."""
    for name in ("GITHUB_ACTIONS", "CI", "BUILD_NUMBER"):  # where pytest cuts no line short
        monkeypatch.delenv(name, raising=False)
    toys.copy(pytester.path)
    shutil.copy(ROOT / "setup.cfg", pytester.path)
    (pytester.path / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", pytester.path / "tests")

    def run(*options, more="", plugins=(), **bodies):
        bodies = dict.fromkeys(("volume", "cube", "area", "text"), "pass") | bodies
        (pytester.path / "tests" / "test_boxes.py").write_text(JUDGES.format(**bodies) + more)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *options, plugins=plugins)
    return run


def state_of(result, gap):
    """The state in the closing table."""
    rows = [line for line in result.outlines if line.startswith(f"{gap} ")]
    return rows[-1].split(maxsplit=3)[3] if rows else None


def reports_of(pytester, *options):
    recorder = pytester.inline_run("-p", "no:cacheprovider", *options)
    return {report.nodeid.partition("::")[2]: dict(report.user_properties)
            for report in recorder.getreports("pytest_runtest_logreport") if "state" in dict(report.user_properties)}


def test_all_solved_is_a_success(run):
    result = run()
    assert result.ret == 0
    assert [state_of(result, gap) for gap in ("box_volume", "box_area", "label_text")] == ["solved"] * 3
    result.stdout.fnmatch_lines(["points so far: 2.5 of 2.5, and 2 more are given by hand", "all gaps are solved"])


def test_an_empty_gap_and_one_blocked_by_it_fail_without_a_word_more_than_the_table(run):
    result = run(area=EMPTY, text=EMPTY)
    assert result.ret == 1
    assert state_of(result, "box_area") == "not started"
    assert state_of(result, "label_text") == "blocked by box_area"
    assert "FAILURES" not in result.stdout.str()
    assert "Error" not in result.stdout.str()
    result.stdout.fnmatch_lines(["*2 passed, 1 not started, 1 blocked in *"])


def test_a_wrong_gap_is_told_in_words_and_says_how_to_repeat_it(run):
    result = run("--seed", "17", volume=WRONG)
    assert result.ret == 1
    assert state_of(result, "box_volume") == "wrong"
    result.stdout.fnmatch_lines([
        "the product is a sum", "", "the test:    The volume is the product of the three sides.",
        "the gap:     box_volume, sheet 1, task 1; python -m exercise hint box_volume",
        "once again:  python -m pytest -s --gap box_volume --seed 17",
        "FAILED *test_volume - the product is a sum",
        "first failure: box_volume: the product is a sum"], consecutive=False)


def test_the_table_comes_last(run):
    lines = run(volume=WRONG).outlines
    closing = next(number for number, line in enumerate(lines) if "where you stand" in line)
    assert all("FAILED" not in line for line in lines[closing:])


def test_what_was_read_once_is_not_told_again(run):
    result = run(volume=WRONG, cube=WRONG)
    assert result.stdout.str().count("the test: ") == 1
    result.stdout.fnmatch_lines(["*1 failed, 2 passed, 1 failed alike in *"])


@pytest.mark.parametrize("mark", ["skip", "xfail"])
def test_a_judge_that_is_marked_away_counts_as_failed(run, mark):
    away = f"\npytestmark = pytest.mark.{mark}(reason='no time')\n"
    result = run(more=away, area="assert False")
    assert result.ret == 1
    assert state_of(result, "box_area") == "wrong"


@pytest.mark.parametrize("escape", ["pytest.skip('now')", "pytest.xfail('now')", "pytest.importorskip('nowhere')"])
def test_a_judge_that_escapes_counts_as_failed(run, escape):
    result = run(area=escape)
    assert result.ret == 1
    assert state_of(result, "box_area") == "wrong"


def test_a_run_that_ends_before_its_end_is_no_success(run):
    result = run(cube="pytest.exit('enough', returncode=0)")
    assert result.ret == 1
    assert state_of(result, "box_volume") == "not fully tested"


def test_a_gap_without_tests_is_no_success(run, pytester):
    result = run(more="\ndel test_text\n")
    assert result.ret == 1
    assert state_of(result, "label_text") == "not fully tested"
    assert run("--gap", "label_text", more="\ndel test_text\n").ret != 0


def test_a_failing_teardown_leaves_nothing_solved(run):
    result = run(more="\n@pytest.fixture(autouse=True)\ndef late():\n    yield\n    raise ValueError('late')\n")
    assert result.ret == 1
    assert state_of(result, "box_area") == "wrong"


def test_the_option_gap_runs_the_tests_of_those_gaps_only(run):
    result = run("--gap", "box_area", "--gap", "label_text", volume=WRONG)
    assert result.ret == 0
    assert state_of(result, "box_volume") is None
    assert [state_of(result, gap) for gap in ("box_area", "label_text")] == ["solved", "solved"]
    assert "points so far" not in result.stdout.str()


def test_an_unknown_gap_is_answered_with_the_closest(run):
    result = run("--gap", "box_volum")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: there is no gap 'box_volum'; did you mean box_volume?"])


def test_a_judge_of_a_gap_that_the_table_does_not_list_is_an_error(run):
    result = run(more='\n@pytest.mark.gap("box_colour")\ndef test_colour():\n    pass\n')
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "test_colour judges the gap 'box_colour', which course.toml does not list" in result.stderr.str()


XDIST = '''
def pytest_addoption(parser):
    parser.addoption("--numprocesses", type=int, default=None)
    parser.addoption("--dist", default="no")

def pytest_cmdline_main(config):
    config.option.dist = "load" if config.option.numprocesses else "no"
'''


def test_tests_are_not_dealt_out_to_several_processes(run, pytester):
    """The processes of pytest-xdist hear of their own tests alone, and would give no points for all of them."""
    pytester.makepyfile(like_xdist=XDIST)
    pytester.syspathinsert()
    result = run("-p", "like_xdist", "--numprocesses", "2")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line][0].startswith("ERROR: -n: a standing needs all tests in one")
    assert run("-p", "like_xdist", "--numprocesses", "0").ret == 0


LATE = 'raise ProbeFailed(Failure("timeout", "no answer within 9 s; it was in lib/box.py, line 4", path="lib/box.py"))'


def test_after_a_time_out_the_other_tests_of_the_gap_are_not_run(run, pytester):
    """A loop costs the limit once, not with each test; the tests of other gaps run."""
    result = run(volume=LATE, cube="import os; os.mkdir('ran')", area="import os; os.mkdir('area')")
    assert result.ret == 1
    assert [state_of(result, gap) for gap in ("box_volume", "box_area")] == ["wrong", "solved"]
    assert (pytester.path / "area").is_dir() and not (pytester.path / "ran").exists()
    said = reports_of(pytester)
    assert said["test_volume"]["sentence"].startswith("the code did not come to its end in time (timeout): no answer")
    assert said["test_volume_of_a_cube"]["sentence"] == \
        "not run: an earlier test of box_volume ran into the time limit"
    result.stdout.fnmatch_lines(["first failure: box_volume: the code did not come to its end in time (timeout): *"])


@pytest.mark.parametrize("names", ['"box_colour", "lib/box.py"', '"box_area", "lib/elsewhere.py"'])
def test_a_failure_that_names_what_the_course_does_not_have_is_not_believed(run, pytester, names):
    result = run(area=f"raise ProbeFailed(Failure('not started', 'empty', {names}, 14))")
    assert state_of(result, "box_area") == "wrong"
    assert reports_of(pytester)["test_area"]["sentence"].startswith("what came back is no answer to the question "
                                                                    "(malformed): it names ")


FALSE_LINES = ["box_area  1.1  0.75/0.75  solved", "::error file=a::b", "##[error]no", "\x1b[2J",
               "points so far: 2.5 of 2.5"]


@pytest.mark.parametrize("separator", ["\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\r\n"])
@pytest.mark.parametrize("how", ["raise ProbeFailed(Failure('error', {}, 'box_area', 'lib/box.py', 14))",
                                 "pytest.fail({}, pytrace=False)", "raise ValueError({})", "pytest.skip({})"])
def test_no_false_line_reaches_table_log_or_summary(run, pytester, monkeypatch, separator, how):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(pytester.path / "summary.md"))
    result = run(area=how.format(repr(separator.join(["no", *FALSE_LINES, "x" * 10 ** 5]))))
    shown = [line for text in (result.stdout.str(), (pytester.path / "summary.md").read_text())
             for line in text.splitlines()]
    assert state_of(result, "box_area") == "wrong"
    assert not [line for line in shown if line.strip().startswith(("box_area  1.1  0.75", "points so far: 2.5", "##["))
                or "\x1b" in line or "##[" in line or len(line) > 5000]
    assert [line for line in shown if line.strip().startswith("::")] == [
        line for line in shown if line.startswith("::error file=lib/box.py,line=11,title=box_area%3A wrong::")]


def test_what_keeps_the_code_from_the_tests_is_told_below_the_table(run):
    class Confined:
        @pytest.hookimpl
        def pytest_configure(self, config):
            config.stash[LEVEL] = "isolation: none"
    result = run(plugins=[Confined()])
    lines = result.outlines
    assert lines.index("isolation: none") > lines.index(next(line for line in lines if line.startswith("label_text")))
    assert "isolation" not in run().stdout.str()


def test_a_file_that_cannot_be_read_is_told_below_the_table(run, pytester):
    (pytester.path / "lib" / "new.py").write_bytes(b"x = '\xff'\n")
    result = run()
    assert result.ret == 0
    assert [state_of(result, gap) for gap in ("box_volume", "box_area", "label_text")] == ["solved"] * 3
    result.stdout.fnmatch_lines(["cannot be read: lib/new.py:1: the file is not UTF-8 here: *"])


def test_the_last_lines_that_were_printed_are_kept_with_a_failure(run):
    loud = "[print('line', number) for number in range(100)]"
    recorder = []

    class Keeper:
        def pytest_sessionfinish(self, session):
            recorder.append(session.config.pluginmanager.get_plugin("exercise"))
    result = run("--capture=sys", volume=f"{loud}; {WRONG}", area="pytest.fail('silent', pytrace=False)",
                 plugins=[Keeper()])
    assert result.ret == 1
    (loud, silent) = recorder[0].failures
    assert loud.splitlines()[-10:] == [f"line {number}" for number in range(90, 100)]
    assert "once again:  python -m pytest -s --gap box_volume " in loud
    assert "printed" not in silent


def test_a_table_that_cannot_be_used_is_told_in_one_line(run, pytester):
    (pytester.path / "course.toml").write_text("[[sheet")
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: course.toml is no valid TOML: *"])


@pytest.mark.parametrize("selection", [["-k", "cube"], ["tests/test_boxes.py::test_volume_of_a_cube"]])
def test_some_tests_of_a_gap_do_not_solve_it(run, selection):
    result = run(*selection)
    assert result.ret == 0
    assert state_of(result, "box_volume") == "not fully tested"


def test_damaged_markers_fail_the_gaps_of_that_file_and_no_others(run, pytester):
    (pytester.path / "lib" / "label.py").write_text("# END TODO ####\n")
    result = run()
    assert result.ret == 1
    assert [state_of(result, gap) for gap in ("box_area", "label_text")] == ["solved", "wrong"]
    result.stdout.fnmatch_lines(["lib/label.py:1: *"])


def test_what_is_changed_outside_of_the_gaps_is_said_once_where_all_is_judged(pytester, monkeypatch, run):
    shutil.rmtree(pytester.path / "lib")
    toys.hand_out(pytester.path)
    assert "outside of the gaps" not in run().stdout.str()
    (pytester.path / "lib" / "label.py").unlink()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(pytester.path / "summary.md"))
    said = "changed outside of the gaps: lib/label.py; to restore one there, and keep what is in its gaps: " \
           "python -m exercise reset lib/label.py"
    assert run().outlines.count(said) == 1
    assert f"\n{said}\n" in html.unescape((pytester.path / "summary.md").read_text())
    assert said not in run("--gap", "box_area").stdout.str()


def test_without_judges_of_gaps_there_is_no_table(run, pytester):
    (pytester.path / "test_other.py").write_text("def test_other():\n    pass\n")
    result = run("test_other.py")
    assert result.ret == 0
    assert "where you stand" not in result.stdout.str()


def test_collecting_alone_claims_nothing(run):
    result = run("--collect-only")
    assert result.ret == 0
    assert "where you stand" not in result.stdout.str()


def test_reports_carry_the_verdict_for_programs(run, pytester):
    run(volume=WRONG, text=EMPTY)
    said = reports_of(pytester)
    assert said["test_volume"] == {"gap": "box_volume", "state": "wrong", "sentence": "the product is a sum",
                                   "blocked_by": "", "kind": "", "path": "", "line": 0}
    assert said["test_text"]["state"] == "blocked"
    assert said["test_text"]["blocked_by"] == "box_area"
    assert said["test_text"]["kind"] == "not started"
    assert (said["test_area"]["state"], said["test_area"]["sentence"]) == ("solved", "")


def test_in_a_workflow_each_failure_is_marked(run, pytester, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(pytester.path / "summary.md"))
    result = run(area=WRONG)
    result.stdout.fnmatch_lines(["::error file=lib/box.py,line=11,title=box_area%3A wrong::the product is a sum"])
    assert "| `box_area` | 1.1 | 0/0.75 | wrong | the product is a sum |" in (pytester.path / "summary.md").read_text()
