"""Reports on results that are there: pages that are safe to open and to show, and files as other programs read them."""

import json
import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from course.grade import outputs
from course.grade.folder import Folder
from course.grade.report.command import report
from course.grade.results import NO_VERDICT, Change, Flag, GapResult, History, Outcome, TeamResult
from course.grade.rules.rule import BROKEN, LOOK, RuleResult
from course.grade.run import Run
from course.grade.sentences import Judges
from exercise.problem import Problem
from exercise.source import table
from exercise.verdict.verdicts import BLOCKED, NOT_STARTED, SOLVED, WRONG
from tests.repository import toys

ROOT = Path(__file__).resolve().parents[2]
RUN = Run("abc 123", (5, 6, 7), (1, 1), "bubblewrap", ("files", "signals"), 10.0, 300.0)
RIGHT = Outcome(SOLVED)
AREA = Outcome(WRONG, "", "the faces of a box of [2, 3, 4] measure 52, not 26", "tests/test_boxes.py::test_area", 6)
LOST = Outcome(WRONG, "lost", "lib/box.py:1: this file is gone")
EMPTY = Outcome(NOT_STARTED, NOT_STARTED, "not started")
TEAM = TeamResult("team 1", "ab12", (), (
    GapResult("box_volume", "1.1", "7/4", RIGHT, RIGHT, None, "lib/box.py", 2, "product = 1"),
    GapResult("box_area", "1.1", "3/4", AREA, replace(AREA, state=BLOCKED, sentence="blocked by box_volume"), RIGHT,
              "lib/box.py", 11, "total = 1"),
    GapResult("label_text", "1.2", "0", EMPTY, EMPTY)), (Change("lib/box.py", "changed"),), ("notes.txt",),
    (Flag("box_area", "lib/box.py", 13, "import os", "imports os: files and processes"),), 1.5)
TASKS = table.parse(toys.COURSE).sheets[0].tasks
MARKED = replace(TEAM, platform="Moodle", identifier="12345", is_late=True, manual={"1.3": "1.5", "1.4": "1"},
                 members=("Ada Lovelace, 7", "Alan <b>Turing"))
EVIL = "=cmd<script>x</script><img src=x>\"'&amp;|`*[x](http://a.b)\x1b[31m\u202e\x00\ud800\ufffe]]>"
HOSTILE = replace(TEAM, problems=(EVIL,), changes=(Change(EVIL, EVIL, (EVIL,)),), gaps=tuple(
    replace(gap, isolated=Outcome(WRONG, kind, EVIL, EVIL, 6), submitted=Outcome(WRONG, "error", EVIL, EVIL),
            own_file=Outcome(WRONG, "error", EVIL), path=EVIL, text=EVIL)
    for gap, kind in zip(TEAM.gaps, ("", "error", "syntax"), strict=True)),
    history=History(EVIL, EVIL, branches=(EVIL,), remarks=(EVIL,)))


def grade(place, teams):
    """Write what `grade` writes of these teams; with points of a person if a team has some."""
    folder = Folder(place)
    folder.begin(RUN, {})
    for team in teams:
        folder.add(replace(team, manual={}))
    tasks = [task for task in TASKS if task.gaps or any(team.manual for team in teams)]
    outputs.write(folder, RUN, tasks, teams, {})


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return toys.copy(tmp_path_factory.mktemp("course"), "course.toml", "lib", "tests")


@pytest.fixture
def written(root, tmp_path):
    """The files that the command writes for these teams, as texts by path."""
    def of(*teams, **kinds):
        grade(tmp_path, teams)
        before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
        assert report(root, tmp_path, **kinds) == 0
        assert all(file.read_bytes() == content for file, content in before.items())
        return {file.relative_to(tmp_path).as_posix(): file.read_text(encoding="utf-8")
                for file in tmp_path.rglob("*") if file.is_file() and file not in before}
    return of


def words_of(page):
    """The text of a page, on one line."""
    return " ".join(re.sub("<wbr>|<[^>]*>", " ", page.partition("<main>")[2].replace("<wbr>", "")).split())


def test_without_flags_there_are_pages_and_nothing_else(written):
    assert set(written(TEAM, replace(TEAM, team="class"))) == {
        "html/class.html", "html/teams/team 1.html", "html/teams/class.html"}


def test_a_team_reads_both_verdicts_the_misconception_a_hint_and_what_it_rests_on(written):
    words = words_of(written(TEAM)["html/teams/team 1.html"])
    for part in ("1.75 of 2.5 points", "1.1 Sizes 1.75 / 2.5", "box_area 0 / 0.75 wrong blocked",
                 "box_volume 1.75 / 1.75 solved solved", "the faces of a box of [2, 3, 4] measure 52, not 26",
                 "as handed in blocked by box_volume", "what is tested The area is that of six faces.",
                 "first hint How many faces are there?", "python -m pytest -s --gap box_area --seed 6",
                 "own file it is solved there", "Not started: label_text .", "Changed outside of the gaps",
                 "isolation: bubblewrap (files, signals)", "seeds 5, 6, 7", "course: abc 123"):
        assert part in words, (part, words)
    assert "import os" not in words and "notes.txt" not in words


def test_rules_stand_on_the_page_of_a_team_with_what_they_rest_on(written):
    rules = (RuleResult("style", BROKEN, "2 to mend", (EVIL, *["x=1"] * 30), "0", 1, "1.4"),
             RuleResult("loops", LOOK, "a loop", (), "0", 1), RuleResult("team_size", BROKEN, EVIL, (), "-1/2", 1))
    page = written(replace(TEAM, rules=rules))["html/teams/team 1.html"]
    words = words_of(page)
    for part in ("Broken rules -0.5", "style broken 2 to mend", "x=1 and 11 more",
                 "loops for a person to look at a loop", "team_size broken -0.5"):
        assert part in words, (part, words)
    assert "<script>" not in page and "1.25 of 2.5 points" in words


def test_the_class_is_shown_without_names(written):
    other = replace(AREA, sentence="the faces of a box of [5, 6, 7] measure 3, not 214")
    more = [replace(TEAM, team=f"{name} Lovelace", gaps=(TEAM.gaps[0], replace(TEAM.gaps[1], isolated=other),
                                                         TEAM.gaps[2])) for name in ("Ada", "Byron")]
    solved = replace(TEAM, team="best", gaps=tuple(replace(gap, isolated=RIGHT) for gap in TEAM.gaps))
    words = words_of(written(TEAM, *more, solved)["html/class.html"])
    for part in ("4 teams, sheet 1, 2.5 points for gaps. The mean is 1.94, the median 1.75.",
                 "box_area 3 of 4", "box_area 1 of 4 0", "label_text 1 of 4 3", "1.1 Sizes 1.94 / 2.5",
                 "1.75 to below 2 3", "2.25 to 2.5 1"):
        assert part in words, (part, words)
    assert len(re.findall("the faces of a box of", words)) == 1
    assert not re.search("Lovelace|team 1|best|52|214", words)


def test_a_submission_that_cannot_be_read_is_no_misconception(written):
    unread = replace(TEAM, team="unread", problems=("no file of the exercise is in it",), gaps=tuple(
        replace(gap, isolated=LOST, submitted=LOST, own_file=None, text=None) for gap in TEAM.gaps))
    pages = written(TEAM, unread)
    words = words_of(pages["html/teams/unread.html"])
    assert "What is not solved No gap could be read." in words and "is gone" not in words
    assert "markers are missing" not in words_of(pages["html/class.html"])


def test_a_single_gap_that_cannot_be_read_is_told(written):
    lost = replace(TEAM.gaps[0], isolated=LOST, submitted=LOST, text=None)
    pages = written(replace(TEAM, gaps=(lost, *TEAM.gaps[1:])))
    assert "this file is gone" in words_of(pages["html/teams/team 1.html"])
    assert "its file or its markers are missing" in words_of(pages["html/class.html"])


def test_points_of_a_person_and_who_has_handed_in_are_everywhere(written):
    files = written(MARKED, replace(TEAM, manual={"1.3": "0.5"}, team="half"), html=True, with_junit=True,
                    with_gradescope=True, in_classroom="models")
    words, page = words_of(files["html/teams/team 1.html"]), words_of(files["html/teams/half.html"])
    for part in ("4.25 of 4.5 points", "These are the points of sheet 1.", "1.3 Drawing 1.5 / 2",
                 "1.4 Code style 1 / 1", "handed in on Moodle by number 12345", "handed in late",
                 "members: Ada Lovelace, 7; Alan &lt;b&gt;Turing"):
        assert part in words, (part, words)
    assert "2.25 of 4.5 points" in page and "1.4 Code style open / 1" in page
    assert "a person has still to give some" in page
    words = words_of(files["html/class.html"])
    for part in ("4.5 points. A person has still to give some. The mean is 3.25,", "1 handed in late.",
                 "1.3 Drawing 1 / 2", "1.4 Code style 1 / 1 (1 open)", "4 to 4.5 1"):
        assert part in words, (part, words)
    assert "Lovelace" not in words and "12345" not in words
    values = {prop.get("name"): prop.get("value") for prop in ElementTree.fromstring(files["junit/team 1.xml"]).iter(
        "property")}
    assert values | {"points": "4.25", "1.3 Drawing": "1.5 / 2", "identifier": "12345", "late": "late"} == values
    assert 'name="1.4 Code style" value="open / 1"' in files["junit/half.xml"]
    content = json.loads(files["gradescope/team 1/results.json"])
    assert content["score"] == sum(test["score"] for test in content["tests"]) == 4.25
    assert content["tests"][-2] == {"name": "Drawing", "number": "1.3", "score": 1.5, "max_score": 2.0,
                                    "visibility": "visible"} and "handed in late" in content["output"]
    content = json.loads(files["classroom50/half/result.json"])
    assert (content["score"], content["max-score"]) == (9, 18)
    assert content["tests"][-1] == {"test-name": "1.3 Drawing", "passed": False, "score": 2, "max-score": 8}


def test_a_bonus_beyond_the_worth_has_a_place_in_the_chart(written):
    solved = tuple(replace(gap, isolated=RIGHT) for gap in TEAM.gaps)
    words = words_of(written(replace(TEAM, gaps=solved, manual={"1.3": "2", "1.4": "1"}))["html/class.html"])
    assert "4.5 points. The mean is 5.5" in words and "5 to 5.5 1" in words


def test_the_class_page_says_that_points_of_a_person_are_not_in_it(tmp_path):
    root = toys.copy(tmp_path / "course", "course.toml", "lib", "tests")
    with (root / "course.toml").open("a", encoding="utf-8") as file:
        file.write('rule = "style"\n')  # of the bonus task, which ends the table
    folder = Folder(tmp_path / "grades")
    folder.begin(RUN, {})
    folder.add(TEAM)
    tasks = [task for task in table.read(root).sheets[0].tasks if task.gaps or task.rule]
    outputs.write(folder, RUN, tasks, [TEAM], {})
    assert report(root, folder.place) == 0
    words = words_of((folder.place / "html" / "class.html").read_text(encoding="utf-8"))
    assert "1 team, sheet 1, 2.5 points for gaps and rules." in words


class Seen(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.styles = set(), set(), 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_nothing_of_a_submission_becomes_more_than_text_in_a_page(written):
    files = written(HOSTILE, replace(HOSTILE, team="=cmd<b>x\u202e"))
    assert len(files) == 3
    for page in files.values():
        seen = Seen(page)
        assert not seen.tags & {"script", "img", "a", "b", "link", "iframe", "form", "object"}
        assert not seen.attributes & {"style", "src", "href", "onerror"}
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
        assert "default-src 'none'; style-src 'sha256-" in page and "unsafe" not in page


def test_the_class_reads_nothing_that_a_team_wrote(written):
    page = written(HOSTILE)["html/class.html"]
    assert not re.search("cmd|31m|http:|img", page)
    assert "it raises an error" in words_of(page) and "it does not compile" in words_of(page)


def test_a_judge_s_sentence_is_kept_and_all_else_in_it_is_left_out():
    judges = Judges(toys.FOLDER)
    said = judges.own_words("the faces of a box of [2, 3] measure 5, not 7")
    assert said == "the faces of a box of … measure …, not …"
    assert judges.own_words("this does not hold: The area is that of six faces.") == (
        "this does not hold: The area is that of six faces.")
    assert judges.own_words("box.sides is [2, 3], not Ada") == "box.sides is …, not …"
    assert judges.own_words("secret(1) Ada") == "…"


def test_sentences_are_looked_through_in_no_time():
    judges = Judges(ROOT)
    begun = time.process_time()
    for number in range(100):
        judges.own_words(f"the KL term is averaged over the batch, not summed: {number}")
    assert time.process_time() - begun < 5  # with an expression for each piece it was 20


def test_what_cannot_be_read_is_no_misconception(written):
    lost = Outcome(WRONG, "lost", "lib/box.py: this file is missing")
    gaps = [replace(gap, isolated=lost, submitted=lost, text=None) for gap in TEAM.gaps]
    files = written(replace(TEAM, team="a", gaps=tuple(gaps)), replace(TEAM, team="b", gaps=(*TEAM.gaps[:2], gaps[2])))
    words = words_of(files["html/class.html"])
    assert "1 handed in what cannot be read." in words and "its file or its markers are missing" in words
    assert "box_volume 1 of 2" not in words.partition("Tasks")[0] and "label_text 1 of 2" in words
    assert "What is not solved No gap could be read." in words_of(files["html/teams/a.html"])


def test_code_in_a_sentence_is_shown_as_code_and_nothing_else_is_markup(written):
    said = replace(AREA, sentence="this does not hold: `sides` <b> `")
    teams = [replace(TEAM, gaps=(TEAM.gaps[0], replace(TEAM.gaps[1], isolated=said, submitted=said), TEAM.gaps[2]))]
    files = written(*teams)
    assert "this does not hold: <code>sides</code> &lt;b&gt; `</bdi>" in files["html/teams/team 1.html"]
    assert "this does not hold: <code>sides</code>" in files["html/class.html"]


def test_junit_has_a_case_a_gap_and_stays_xml(written):
    undecided = replace(TEAM.gaps[2], isolated=Outcome(NO_VERDICT, "", "no worker"))
    files = written(TEAM, replace(HOSTILE, team="evil"), replace(TEAM, team="u", gaps=(*TEAM.gaps[:2], undecided)),
                    with_junit=True)
    suite = ElementTree.fromstring(files["junit/team 1.xml"])[0]
    assert {name: suite.get(name) for name in ("name", "tests", "failures", "errors", "time")} == {
        "name": "team 1", "tests": "3", "failures": "2", "errors": "0", "time": "1.5"}
    assert {prop.get("name"): prop.get("value") for prop in suite.iter("property")} == {
        "points": "1.75", "max points": "2.5", "course": "abc 123", "seeds": "5 6 7", "isolation": "bubblewrap"}
    volume, area, _ = suite.iter("testcase")
    assert (area.get("classname"), area.get("name"), len(volume)) == ("1.1 Sizes", "box_area", 0)
    assert area[0].attrib == {"type": WRONG, "message": AREA.sentence} and area[0].tag == "failure"
    assert ElementTree.fromstring(files["junit/evil.xml"]).find(".//failure").get("message").startswith("=cmd<script>")
    assert ElementTree.fromstring(files["junit/u.xml"])[0].get("errors") == "1"


def test_gradescope_has_its_fields_and_the_sum_is_the_score(written):
    files = written(TEAM, replace(HOSTILE, team="evil"), with_gradescope=True)
    content = json.loads(files["gradescope/team 1/results.json"])
    assert set(content) == {"score", "output", "visibility", "tests"} and content["visibility"] == "visible"
    assert content["score"] == sum(test["score"] for test in content["tests"]) == 1.75
    assert content["tests"][1] == {
        "name": "box_area", "number": "1.1.2", "score": 0.0, "max_score": 0.75, "status": "failed",
        "visibility": "visible", "output": f"with the other gaps solved: {AREA.sentence}\nas handed in: blocked by "
                                           "box_volume"}
    assert content["tests"][0]["status"] == "passed" and "seeds 5 6 7" in content["output"]
    assert not re.search("[\x00\x1b\u202e\ud800]", str(json.loads(files["gradescope/evil/results.json"])))


def test_classroom_50_counts_in_whole_numbers(written, capsys):
    content = json.loads(written(TEAM, in_classroom="models 2026")["classroom50/team 1/result.json"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", content.pop("datetime"))
    tests = content.pop("tests")
    assert content == {"schema": "classroom50/result/v1", "classroom": "models 2026", "assignment": "sheet-1",
                       "owner": "team 1", "submission": "ab12", "commit": "", "score": 7, "max-score": 10}
    assert tests[1] == {"test-name": "box_area", "passed": False, "score": 0, "max-score": 3}
    assert {type(test[name]) for test in tests for name in ("score", "max-score")} == {int}
    assert "a point counts as 4" in capsys.readouterr().out


def test_what_no_report_can_be_made_of_is_told_in_one_line(root, tmp_path):
    with pytest.raises(Problem, match="no folder that `python -m course grade` has written"):
        report(root, tmp_path / "nowhere")
    folder = Folder(tmp_path)
    folder.begin(RUN, {})
    with pytest.raises(Problem, match="holds no results yet"):
        report(root, tmp_path)
    grade(tmp_path / "gap", [replace(TEAM, gaps=TEAM.gaps[:2])])
    with pytest.raises(Problem, match="differ in the gap label_text: take the version of the course"):
        report(root, tmp_path / "gap")
    grade(tmp_path / "more", [TEAM])
    Folder(tmp_path / "more").add(replace(TEAM, team="team 2"))
    with pytest.raises(Problem, match="grades.json has other teams than those that are graded: go on with"):
        report(root, tmp_path / "more")
    (tmp_path / "more" / "grades.json").write_text('{"tasks": [], "teams": [{"team": "team 1"}]}')
    with pytest.raises(Problem, match="grades.json is damaged: go on with"):
        report(root, tmp_path / "more")
    assert not [*tmp_path.rglob("html")]


def test_another_version_of_the_course_is_named(written, capsys):
    written(TEAM)
    assert "graded with the course abc 123, which is " in capsys.readouterr().err
