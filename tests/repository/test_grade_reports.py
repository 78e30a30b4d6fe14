"""Results on the disk, and the reports that are made of them: whole, repeatable, and safe to open."""

import csv
import json
import os
import re
from dataclasses import asdict, replace
from fractions import Fraction

import pytest
from markdown_it import MarkdownIt

from course.grade import command, isolation, outputs
from course.grade.command import grade
from course.grade.escaping import code, csv_cell, fenced, markdown, plain
from course.grade.folder import Folder
from course.grade.pages.team import of_team
from course.grade.report.command import report
from course.grade.results import Change, Flag, GapResult, History, Outcome, TeamResult
from course.grade.rules.rule import BROKEN, KEPT, LOOK, UNKNOWN, RuleResult
from course.grade.run import Run
from course.grade.sentences import Judges, passed_on
from course.grade.settings import Settings
from course.grade.version import version
from exercise.problem import Problem
from exercise.source import gaps, table
from exercise.verdict.verdicts import BLOCKED, NOT_STARTED, SOLVED, UNUSABLE, WRONG, Verdict
from tests.repository import toys

RUN = Run("abc 123", (5, 6, 7), (1, 1), "bubblewrap", ("files", "signals"), 10.0, 300.0)
RIGHT = Outcome(SOLVED)
AREA = Outcome(WRONG, "", "the faces measure 52, not 26", "tests/test_boxes.py::test_area", 6, "There are six faces.")
EVIL = "=<b>\x1b[31m`|*[x](http://a.b)\u202e@me\n"
TEAM = TeamResult(
    "team 1", "0" * 64, (), (
        GapResult("box_volume", "1.1", "7/4", RIGHT, RIGHT, text="    product = 1\n", path="lib/box.py", line=2),
        GapResult("box_area", "1.1", "3/4", AREA, replace(AREA, state=BLOCKED, sentence="blocked by box_volume"),
                  RIGHT, "lib/box.py", 11, "    total = 1\n"),
        GapResult("label_text", "1.2", "0", *2 * [Outcome(NOT_STARTED, NOT_STARTED, "not started")])),
    (Change("lib/box.py", "changed outside of its gaps", ("--- handed out", "+import math", "+```")),),
    ("notes.txt",), (Flag("box_area", "lib/box.py", 13, "import os", "imports os: files and processes"),), 1.5)
HOSTILE = TeamResult(EVIL, "", (EVIL,), tuple(
    replace(gap, isolated=Outcome(WRONG, "error", EVIL, EVIL, 6), path=EVIL, text=EVIL) for gap in TEAM.gaps),
    (Change(EVIL, EVIL, (EVIL,)),), (EVIL,), (Flag("box_area", EVIL, 1, EVIL, EVIL),),
    rules=tuple(RuleResult("declaration", state, EVIL, (EVIL,), sheet=1) for state in (BROKEN, LOOK)),
    history=History(EVIL, EVIL, branches=(EVIL,), remarks=(EVIL,)))


@pytest.fixture
def written(tmp_path):
    """The reports of these teams, as texts by name."""
    def of(*teams):
        folder = Folder(tmp_path)
        tasks = [task for task in table.parse(toys.COURSE).sheets[0].tasks if task.gaps]
        outputs.write(folder, RUN, tasks, teams, {"The sheet of Moodle": [EVIL]})
        return {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}
    return of


def test_a_result_comes_back_from_the_disk_as_it_was(tmp_path):
    folder = Folder(tmp_path / "grades")
    folder.begin(RUN, {})
    team = replace(TEAM, history=History("1" * 40, "2026-12-02", False, 1.0, None, ("dev", "main"), ("odd",)))
    folder.add(team)
    assert folder.results() == [team] and folder.resumed() == RUN
    assert [file.name for file in (tmp_path / "grades" / "results").iterdir()] == ["team 1.json"]


def test_results_are_in_the_order_of_the_teams_names(tmp_path):
    names = ["a", "a b", "a.b", "a_b", "b"]
    for name in reversed(names):
        Folder(tmp_path).add(replace(TEAM, team=name))
    assert [result.team for result in Folder(tmp_path).results()] == names


def test_a_file_is_there_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    folder.add(TEAM)
    before = (tmp_path / "results" / "team 1.json").read_text()
    monkeypatch.setattr(os, "replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        folder.add(replace(TEAM, seconds=2.0))
    assert [file.name for file in (tmp_path / "results").iterdir()] == ["team 1.json"]
    assert (tmp_path / "results" / "team 1.json").read_text() == before


def test_what_cannot_be_written_or_read_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="file/x.json cannot be written: "):
        Folder(tmp_path / "file").write("x.json", {})
    with pytest.raises(Problem, match="file is no folder: choose one that is new or empty"):
        Folder(tmp_path / "file").begin(RUN, {})
    with pytest.raises(Problem, match="file: this is no folder that `python -m course grade` has written"):
        Folder(tmp_path / "file").run()
    folder = Folder(tmp_path)
    with pytest.raises(Problem, match="there is no run to resume: leave out --resume"):
        folder.resumed()
    for damage in ("{", "[]", '{"version": "1"}'):
        (tmp_path / "run.json").write_text(damage)
        with pytest.raises(Problem, match="run.json"):
            folder.resumed()
    folder.add(TEAM)
    (tmp_path / "results" / "team 1.json").write_text('{"team": "team 1"}')
    with pytest.raises(Problem, match="team 1.json is damaged: delete it"):
        folder.results()


def test_the_table_has_a_row_a_team_and_a_column_a_task(written):
    team = replace(TEAM, platform="Moodle", identifier="12", is_late=True)
    row, = csv.DictReader(written(team)["grades.csv"].splitlines())
    assert row == {"team": "team 1", "1.1 Sizes (2.5)": "1.75", "1.2 Labels (0)": "0", "broken rules": "0",
                   "total (2.5)": "1.75", "identifier": "12", "late": "late", "isolation": "bubblewrap",
                   "course": "abc 123", "seeds": "5 6 7", "problems": "0", "flags": "1", "files changed": "1",
                   "solved only with changes": "1"}


def test_how_late_a_clone_is_stands_in_the_table_and_on_both_pages(written):
    history = History("1" * 40, "2026-12-02 02:12:00+01:00", True, 7980.0, 4, ("main",),
                      ("main was force-pushed once",))
    files = written(replace(TEAM, history=history), replace(TEAM, team="b"))
    assert [row["late"] for row in csv.DictReader(files["grades.csv"].splitlines())] == ["late by 2 h 13 min", ""]
    for page in ("team 1.md", "for_you.md"):
        for line in ("handed in late by 2 h 13 min", "pushes to main: 4", "main was force-pushed once",
                     "what counts is commit 1111111111 of main, pushed 2026-12-02 02:12:00+01:00"):
            assert f"- {line}\n" in files[page]
    assert "late by" not in files["b.md"] and json.loads(files["grades.json"])["teams"][0]["history"]["pushes"] == 4


def test_a_title_with_a_bar_stays_in_its_cell():
    task, *_ = table.parse(toys.COURSE).sheets[0].tasks
    page = MarkdownIt().enable("table").render(of_team(RUN, [replace(task, title="The density p(x|z)")], TEAM))
    assert "<td>1.1 The density p(x|z)</td>\n<td>1.75 / 2.5</td>" in page


STYLE = RuleResult("style", KEPT, "nothing is to mend", (), "1", 1, "1.4")
PDF = RuleResult("submission_pdf", BROKEN, "it is not there", (EVIL,), "-1", 1)
LOOPS = RuleResult("loops", LOOK, "a loop", ("lib/box.py, line 3: for x in a:",), "0", 1)
FEEDBACK = RuleResult("feedback", KEPT, "it is filled in", (), "0", 1, numbers=(3.0, 5.5))


def test_rules_give_and_take_points_and_no_sheet_comes_below_nothing():
    team = replace(TEAM, rules=(STYLE, PDF, LOOPS))
    assert (team.points(), team.on_task("1.4"), team.on_task("1.1"), team.taken) == (1.75, 1, 1.75, -1)
    poor = replace(TEAM, gaps=TEAM.gaps[1:], rules=(PDF, replace(STYLE, sheet=2, task="2.3"), replace(PDF, sheet=2)))
    assert (poor.points(), poor.taken) == (0, -1)  # sheet 1 has nothing to lose
    assert replace(poor, manual={"1.3": "1/2"}).taken == Fraction(-3, 2)


def test_a_result_of_a_version_without_rules_is_read_too():
    plain = asdict(TEAM)
    del plain["rules"]
    assert TeamResult.from_plain(plain) == TEAM


def test_rules_stand_in_all_reports(tmp_path):
    tasks = [task for task in table.parse(toys.COURSE + 'rule = "style"\n').sheets[0].tasks if task.gaps or task.rule]
    teams = [replace(TEAM, rules=(STYLE, PDF, LOOPS, FEEDBACK)), replace(TEAM, team="b", changes=(), flags=(),
                                                                         gaps=TEAM.gaps[:1], rules=(PDF,))]
    outputs.write(Folder(tmp_path), RUN, tasks, teams, {})
    row, _ = csv.DictReader((tmp_path / "grades.csv").read_text().splitlines())
    assert (row["1.4 Code style (1)"], row["broken rules"], row["total (2.5)"]) == ("1", "-1", "1.75")
    page, yours = ((tmp_path / name).read_text(encoding="utf-8") for name in ("team 1.md", "for_you.md"))
    for words in ("| 1.4 Code style | 1 / 1 |\n| broken rules | -1 |", "- `style`: **kept** (+1); nothing is to mend\n",
                  "- `submission_pdf`: **broken** (-1); it is not there\n  - `` =<b>?", "that tests and rules give",
                  "- `loops`: **for a person to look at**; a loop\n  - `lib/box.py, line 3: for x in a:`"):
        assert words in page, words
    for words in ("| `submission_pdf` | 0 | 2 | 0 | 0 |", "for x in a:", "| 1 | `loops` |",
                  "Hours for sheet 1, as feedback.md says: 8.5 of 2 members, 4.2 on average, from 3 to 5.5."):
        assert words in yours, words
    assert "nothing is to mend" not in yours and "## b" not in yours
    assert json.loads((tmp_path / "grades.json").read_text())["teams"][0]["rules"][1]["points"] == "-1"


def test_a_bonus_task_whose_rule_cannot_be_checked_is_for_a_person(written):
    rule = replace(STYLE, state=UNKNOWN, sentence="it cannot be read", points="0")
    team = replace(TEAM, changes=(), flags=(), gaps=TEAM.gaps[:1], rules=(rule,))
    assert "- `style`: **not checked**; it cannot be read\n" in written(team)["for_you.md"]
    assert "it cannot be read" not in written(replace(team, rules=(replace(rule, task=""),)))["for_you.md"]


def test_everything_is_in_the_data(written):
    data = json.loads(written(replace(TEAM, platform="Canvas", identifier="7"))["grades.json"])
    assert data["run"]["seeds"] == [5, 6, 7] and data["tasks"][0]["points"] == 2.5
    team, = data["teams"]
    assert (team["platform"], team["identifier"], team["is_late"]) == ("Canvas", "7", False)
    assert (team["points"], team["tasks"]) == (1.75, {"1.1": 1.75, "1.2": 0.0})
    assert team["gaps"][1]["text"] == "    total = 1\n" and team["flags"][0]["code"] == "import os"


def test_the_page_of_a_team_says_what_is_wrong_and_what_it_rests_on(written):
    page = written(TEAM)["team 1.md"]
    for words in ("# team 1: 1.75 of 2.5 points", "| 1.1 Sizes | 1.75 / 2.5 |", "the faces measure 52, not 26",
                  "| `box_area` | 1.1 | 0 / 0.75 | wrong | blocked |", "as handed in: blocked by box_volume",
                  "(`test_area`: There are six faces. `python -m pytest -s --gap box_area --seed 6`)",
                  "in your own file, which is changed outside of its "
                  "gaps, it is solved; a person looks at that", "isolation: bubblewrap", "seeds 5, 6, 7", "`abc 123`"):
        assert words in page, words
    assert "import os" not in page and "flag" not in page


def test_your_page_has_the_evidence(written):
    page = written(TEAM, replace(TEAM, team="good", changes=(), flags=(), gaps=TEAM.gaps[:1]))["for_you.md"]
    for words in ("## team 1", "`import os`", "line 13", "+import math", "`notes.txt`", "`box_area` (0.75 points)",
                  "| team 1 | 0 |  | 1 | `box_area` | 1 |"):
        assert words in page, words
    assert "````diff" in page  # the diff has a fence of three
    assert "good" not in page


def test_a_file_that_most_teams_have_changed_was_perhaps_handed_out_otherwise(written):
    page = written(TEAM, replace(TEAM, team="b"), replace(TEAM, team="c", changes=()))["for_you.md"]
    assert "- `lib/box.py`: 2 of 3 teams (was it handed out otherwise?)" in page


def test_nothing_of_a_submission_steers_a_report(written):
    for name, text in written(replace(HOSTILE, team="evil")).items():
        text = text if name != "grades.json" else json.dumps(json.loads(text))
        assert "\x1b" not in text and "\u202e" not in text, name
        if name.endswith(".md"):
            page = re.sub(r"<code.*?</code>", "", MarkdownIt().enable("table").render(text), flags=re.S)
            assert not re.search("<b>|<a |<img|<em>", page), page
            assert {len(re.findall("<td>|<th>", row)) for row in re.findall("<tr>.*?</tr>", page, re.S)} <= {2, 5, 7}


@pytest.mark.parametrize("text, safe", [
    ("=1+1", "'=1+1"), ("+x", "'+x"), ("\t-x", "'-x"), ("@x", "'@x"), ("\uff1d1", "'\uff1d1"), ("a=1-2", "a=1-2"),
    ("a;=1;b; +2", "a;'=1;b;' +2"), ("1: a; 2: b", "1: a; 2: b"), ("", "")])
def test_no_spreadsheet_finds_a_formula_in_a_cell(text, safe):
    """Not even one for which a semicolon ends a cell, as in Germany, or to which a wide equals sign is one."""
    assert csv_cell(text) == safe


@pytest.mark.parametrize("text, safe", [
    ("a_b x_y_ __z__", r"a_b x_y\_ \_\_z\_\_"),
    ("[x](y)", r"\[x\](y)"), ("<b>&", "&lt;b&gt;&amp;"), ("# head", r"\# head"),
    ("1. x", r"1\. x"), ("12)", r"12\)"), ("1.5 x", "1.5 x"),
    ("a | b", r"a \| b"), ("http://x", "http&#58;//x"), ("@you", "&#64;you"), ("a\nb\tc", "a b c"), ("\x00\x1b", "??")])
def test_markdown_stays_text(text, safe):
    assert markdown(text) == safe


def test_code_and_fences_hold_whatever_is_in_them():
    assert code("a ``b` c") == "``` a ``b` c ```" and code("") == ""
    assert fenced(["a", "````"], "diff") == ["`````diff", "a", "````", "`````"]
    assert plain("x" * 500, 10) == "xxxxxxxxx…"


GAP = gaps.parse(toys.BOX, "lib/box.py")[1]


@pytest.mark.parametrize("verdict, said", [
    (Verdict(WRONG, "the faces of a box of [2, 3] measure 5, not 7"), "the faces of a box of [2, 3] measure 5, not 7"),
    (Verdict(WRONG, "the faces of a box of total = 2 * (a * b + b * c + c * a) measure 5"),
     "this does not hold: The area is that of six faces."),
    (Verdict(WRONG, "ValueError: total = a * b (lib/box.py, line 13)", kind="error", path="lib/box.py", line=13),
     "ValueError in line 2 below the START marker of the gap"),
    (Verdict(WRONG, "Stolen: total = a * b", kind="error", path="lib/box.py", line=4),
     "an error in code that the gap is used by"),
    (Verdict(WRONG, "TypeError: no", kind="error"), "TypeError"),
    (Verdict(WRONG, "gap x", kind="timeout"), "the code did not come to its end in time (timeout)"),
    (Verdict(WRONG, "its last words: total", kind="crashed"),
     "the process that ran the code ended before it gave an answer (crashed)"),
    (Verdict(WRONG, "no tensor: total", kind=UNUSABLE), "the test could not use what the code returned"),
    (Verdict(WRONG, "the code after gap box_area uses `total`, which the gap does not define (lib/box.py, line 15)",
             kind="missing name", path="lib/box.py", line=15),
     "the code after gap box_area uses `total`, which the gap does not define"),
    (Verdict(BLOCKED, "blocked by the gap x: total", "box_volume", kind=NOT_STARTED),
     "it ends in what looks like the empty gap box_volume, which is solved here"),
    (Verdict(NOT_STARTED, "total", kind=NOT_STARTED), "not started: the gap box_area is still empty")])
def test_in_isolation_only_the_judges_words_are_passed_on(verdict, said):
    judges = Judges(toys.FOLDER)
    assert passed_on(verdict, GAP, "tests/test_boxes.py::test_area[1]", judges) == said


def test_the_version_changes_with_what_decides_on_marks(tmp_path):
    root = toys.copy(tmp_path, "course.toml", "lib", "tests")
    before = version(root)
    (root / "notes.md").write_text("nothing")
    assert version(root) == before
    (root / "lib" / "box.py").write_text(toys.BOX.replace("a * b * c", "c * b * a"))
    assert version(root) != before
    (root / "CITATION.cff").write_text("title: x\nversion: 1.2.3\n")
    assert version(root).startswith("1.2.3 ")


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A toy course and a submission; nothing is tried."""
    monkeypatch.setattr(command.forks, "with_tests", lambda *_, **__: None)
    monkeypatch.setattr(isolation, "level", lambda trusting: "landlock")
    (tmp_path / "in" / "team").mkdir(parents=True)
    return toys.copy(tmp_path / "course"), tmp_path / "in", tmp_path / "out"


def test_a_folder_with_results_is_refused_without_resume(course):
    root, place, out = course
    grade(root, place, out)
    Folder(out).add(TEAM)
    with pytest.raises(Problem, match="holds results already: add --resume"):
        grade(root, place, out)
    grade(root, place, out, Settings(resume=True))
    assert (out / "grades.csv").exists()


@pytest.mark.parametrize("settings, words", [
    (Settings(resume=True, seed=4), "the seeds: "), (Settings(resume=True, seeds=2), "the seeds: "),
    (Settings(resume=True, budget=5.0), "the budget of a submission: 300.0 before, 5.0 now")])
def test_another_run_is_not_resumed(course, settings, words):
    root, place, out = course
    grade(root, place, out, Settings(seed=3))
    with pytest.raises(Problem, match=words):
        grade(root, place, out, settings)
    grade(root, place, out, Settings(resume=True, seed=3))


def test_other_sheets_are_told_as_people_write_them(course):
    root, place, out = course
    for sheets, words in (((2, 2), "2"), ((2, 3), "2-3")):
        Folder(out).begin(replace(RUN, sheets=sheets, version=version(root)), {})
        with pytest.raises(Problem, match=f"the sheets: {words} before, 1 now"):
            grade(root, place, out, Settings(resume=True))


def test_a_deadline_is_kept_and_taken_again(course, tmp_path):
    root, place, out = course
    grade(root, place, out, Settings(deadline="2026-12-01T23:59+01:00"))
    grade(root, place, out, Settings(resume=True))
    grade(root, place, out, Settings(resume=True, deadline="2026-12-01T22:59Z"))
    grade(root, place, tmp_path / "again", Settings(like=Folder(out).run()))
    assert Folder(tmp_path / "again").run().deadline == Folder(out).run().deadline == "2026-12-01T22:59:00+00:00"
    with pytest.raises(Problem, match="the deadline: 2026-12-0. .*:59:00.* before, 2026-12-0. .*:59:00.* now"):
        grade(root, place, out, Settings(resume=True, deadline="2026-12-02T22:59Z"))
    (tmp_path / "pushes").mkdir()
    (tmp_path / "pushes" / "team.json").write_text("[]")
    with pytest.raises(Problem, match="the folder with the host's data: none before, .*pushes now"):
        grade(root, place, out, Settings(resume=True, pushes=str(tmp_path / "pushes")))


@pytest.mark.parametrize("settings, words", [(Settings(deadline="soon"), "the deadline 'soon' is no date with a time"),
                                             (Settings(pushes="nowhere"), "a file TEAM.json for each team")])
def test_a_deadline_that_is_none_leaves_nothing_behind(course, settings, words):
    root, place, out = course
    with pytest.raises(Problem, match=words):
        grade(root, place, out, settings)
    assert not out.exists()


def test_a_class_without_clones_is_told_that_a_deadline_has_no_effect(course, capsys):
    root, place, out = course
    grade(root, place, out, Settings(deadline="2026-12-01T23:59"))
    Folder(out).add(TEAM)
    grade(root, place, out, Settings(resume=True))
    said = "no submission is a clone, so that the deadline and the host's data have no effect"
    assert capsys.readouterr().out.count(said) == 1 and said in (out / "for_you.md").read_text()


def test_another_commit_of_the_same_course_is_resumed(course):
    root, place, out = course
    grade(root, place, out)
    (root / "CITATION.cff").write_text("version: 9.9\n")
    grade(root, place, out, Settings(resume=True))
    assert not Folder(out).run().version.startswith("9.9")


def test_the_first_minute_without_a_result_is_explained(course, capsys):
    root, place, out = course
    grade(root, place, out)
    assert capsys.readouterr().err == "trying the tests on the solution …\n"
    Folder(out).add(replace(TEAM, team="team"))
    grade(root, place, out, Settings(resume=True))
    assert capsys.readouterr().err == ""


def test_a_run_that_is_cut_off_notes_how_many_are_left(course, monkeypatch, capsys):
    root, place, out = course
    for team in ("b", "c"):
        (place / team).mkdir()

    def interrupted(*_, **__):
        Folder(out).add(replace(TEAM, team="b"))
        raise KeyboardInterrupt
    monkeypatch.setattr(command.forks, "with_tests", interrupted)
    with pytest.raises(KeyboardInterrupt):
        grade(root, place, out)
    assert json.loads((out / "grades.json").read_text())["left"] == 2
    assert report(root, out) == 0
    assert "submissions that are not graded yet: 2; go on with" in capsys.readouterr().err
    monkeypatch.setattr(command.forks, "with_tests", lambda *_, **__: None)
    grade(root, place, out, Settings(resume=True))
    assert json.loads((out / "grades.json").read_text())["left"] == 0


@pytest.mark.parametrize("count, names", [
    (1, "team 0"), (11, f"{', '.join(sorted(f'team {number}' for number in range(11))[:10])} and 1 more")])
def test_whose_submission_could_not_be_read_is_printed(course, capsys, count, names):
    root, place, out = course
    grade(root, place, out)
    for team in [*(f"team {number}" for number in range(count)), "well"]:
        (place / team).mkdir()
        Folder(out).add(replace(TEAM, team=team, problems=() if team == "well" else ("it is no zip",)))
    (place / "team").rmdir()
    grade(root, place, out, Settings(resume=True))
    assert f"with problems, which for_you.md explains: {names}\n" in capsys.readouterr().out


def test_a_result_without_a_submission_is_told(course, capsys):
    root, place, out = course
    grade(root, place, out)
    Folder(out).add(TEAM)
    grade(root, place, out, Settings(resume=True))
    assert f"no longer among the submissions: {TEAM.team}" in capsys.readouterr().out


def test_another_course_is_not_resumed(course):
    root, place, out = course
    grade(root, place, out)
    (root / "lib" / "label.py").write_text(toys.LABEL + "\n")
    with pytest.raises(Problem, match="the version of the course: .* before, .* now; grade into a new folder"):
        grade(root, place, out, Settings(resume=True))


def test_the_results_do_not_lie_among_the_submissions(course):
    root, place, _ = course
    with pytest.raises(Problem, match="lies in the folder of submissions"):
        grade(root, place, place / "out")
    assert not (place / "out").exists()


def test_without_isolation_nothing_is_graded(tmp_path, monkeypatch):
    monkeypatch.setattr(isolation.box, "best_level", lambda: "none")
    monkeypatch.setattr(isolation.box, "refusal", lambda level: "it needs Linux")
    with pytest.raises(Problem, match="bubblewrap: it needs Linux.*--i-trust-these-submissions"):
        isolation.level(trusting=False)
    assert isolation.level(trusting=True) == "none"


def test_the_page_for_you_is_no_team_s(tmp_path):
    assert outputs.page_name("for_you") == "for_you_.md" and outputs.page_name("b") == "b.md"
    assert outputs.page_name("For_you_") == "For_you__.md"
