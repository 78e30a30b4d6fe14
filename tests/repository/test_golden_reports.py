"""What the reports look like, kept in golden/: whoever changes one sees in the diff what its readers will see.

After a wanted change, `python -m tests.repository.test_golden_reports` writes them anew: look at each of them.
"""

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from course.grade import outputs
from course.grade.folder import Folder
from course.grade.report.command import report
from course.grade.results import Change, Flag, GapResult, History, Outcome, TeamResult
from course.grade.rules.rule import BROKEN, KEPT, LOOK, UNKNOWN, RuleResult
from course.grade.run import Run
from exercise.source import table
from exercise.verdict.verdicts import BLOCKED, NOT_STARTED, SOLVED, WRONG
from tests.repository import toys

GOLDEN = Path(__file__).parent / "golden"
RUN = Run("1.0 0123abcd", (5, 6, 7), (1, 1), "bubblewrap", ("files", "network", "signals"), 10.0, 300.0)
RIGHT, EMPTY = Outcome(SOLVED), Outcome(NOT_STARTED, NOT_STARTED, "not started")
HALF = Outcome(WRONG, "", "the faces of a box of [2, 3, 4] measure 52, not 26", "tests/test_boxes.py::test_area", 6,
               "The area is that of six faces.")
LATE = Outcome(WRONG, "timeout", "timeout: no answer within 10 s", "tests/test_boxes.py::test_volume", 5,
               "The volume is the product of the sides.")
LOST = Outcome(WRONG, "lost", "the file of the gap is missing")
EVIL = "=1+1<script>x</script>|`*[x](http://a.b)\x1b[31m\u202e::error::x"


def solved(gap, task, worth, line, text):
    return GapResult(gap, task, worth, RIGHT, RIGHT, None, "lib/box.py", line, text)


VOLUME = solved("box_volume", "1.1", "7/4", 2, "    product = a * b * c\n")
AREA = solved("box_area", "1.1", "3/4", 11, "    total = 2 * (a * b + b * c + a * c)\n")
LABEL = replace(solved("label_text", "1.2", "0", 6, "    joined = ' '.join(words)\n"), path="lib/label.py")
RULES = (RuleResult("style", KEPT, "pycodestyle finds nothing", (), "1", 1, "1.4"),
         RuleResult("feedback", KEPT, "feedback.md is filled in; hours: 5, 4.5", sheet=1, numbers=(5.0, 4.5)))
BROKEN_RULES = (
    RuleResult("style", BROKEN, "1 to mend", ("lib/box.py, line 12: E225 missing whitespace",), "0", 1, "1.4"),
    RuleResult("loops", LOOK, "a loop over a tensor", ("lib/box.py, line 13: for side in sides:",), sheet=1),
    RuleResult("submission_pdf", BROKEN, "submission.pdf is missing", points="-1/2", sheet=1),
    RuleResult("pushes", UNKNOWN, "the host's data on pushes is not there", sheet=1))
CLASS = [
    TeamResult("Ada Lovelace", "a" * 64, (), (VOLUME, AREA, LABEL), platform="Moodle", identifier="12345",
               members=("Ada Lovelace, 1234567", "Grace Hopper, 7654321"), rules=RULES, manual={"1.3": "3/2"}),
    TeamResult("Alonzo", "e" * 64, (), (VOLUME, AREA, LABEL), rules=RULES, history=History(
        "0123456789abcdef", "2026-12-02 02:12 UTC", True, 7_980.0, 4, ("main",),
        ("1 commit that came to main after the deadline does not count",))),
    TeamResult("Alan Turing", "b" * 64, ("lib/label.py: this file is missing",), (
        VOLUME, replace(AREA, isolated=HALF, own_file=RIGHT,
                        submitted=replace(HALF, state=BLOCKED, sentence="blocked by box_volume")),
        replace(LABEL, isolated=EMPTY, submitted=EMPTY)),
        (Change("lib/box.py", "changed outside of its gaps", ("--- handed out", "+++ handed in", "+import math")),),
        ("notes.txt",), (Flag("box_area", "lib/box.py", 13, "import os", "imports os: files and processes"),), 4.2,
        "Moodle", "12346", True, rules=BROKEN_RULES, manual={"1.3": "0"}),
    TeamResult("Nobody", "c" * 64, ("no file of the exercise is in it",), tuple(
        replace(gap, isolated=LOST, submitted=LOST, text=None) for gap in (VOLUME, AREA, LABEL))),
    TeamResult("Would be root", "d" * 64, (EVIL,), (
        replace(VOLUME, isolated=LATE, submitted=LATE, text=EVIL),
        *(replace(gap, isolated=Outcome(WRONG, "error", EVIL), submitted=Outcome(WRONG, "error", EVIL), path=EVIL)
          for gap in (AREA, LABEL))), (Change(EVIL, EVIL, (EVIL,)),), (EVIL,), (Flag("box_area", EVIL, 1, EVIL, EVIL),),
        members=(EVIL,))]
NOTES = {"The sheet of Moodle": ["Grace Hopper gets the points of the submission Ada Lovelace", EVIL]}


def write(place: Path) -> None:
    """Write all reports of the class."""
    root, folder = toys.copy(place / "course", "course.toml", "lib", "tests"), Folder(place / "grades")
    with (root / "course.toml").open("a", encoding="utf-8") as file:
        file.write('rule = "style"\n')  # of the bonus task, which ends the table
    folder.begin(RUN, {})
    for team in CLASS:
        folder.add(team)
        os.utime(folder.place / "results" / f"{team.team}.json", (0, 0))  # the date of a report is that of its result
    outputs.write(folder, RUN, table.read(root).sheets[0].tasks, CLASS, NOTES)
    report(root, folder.place, html=True, with_junit=True, with_gradescope=True, in_classroom="models")


def read(place: Path) -> dict[str, str]:
    """The reports by their paths; of a page in HTML what stands below its head, which holds the style sheet."""
    texts = {file.relative_to(place).as_posix(): file.read_text(encoding="utf-8") for file in place.rglob("*")
             if file.is_file() and not file.is_relative_to(place / "results")}
    return {name: text[text.find("<main>"):] if name.endswith(".html") else text for name, text in texts.items()}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    place = tmp_path_factory.mktemp("written")
    write(place)
    return read(place / "grades")


def test_these_reports_there_are(written):
    assert sorted(written) == sorted(read(GOLDEN))


@pytest.mark.parametrize("name", sorted(read(GOLDEN)))
def test_a_report_is_as_it_was_looked_at(written, name):
    assert written[name] == read(GOLDEN)[name]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        write(Path(temporary))
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for name, text in read(Path(temporary) / "grades").items():
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_text(text, encoding="utf-8", newline="")
