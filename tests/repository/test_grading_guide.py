"""docs/grading.md does what it says: its commands take a made-up class from a download to a sheet that imports."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from fnmatch import fnmatch
from pathlib import Path

import pytest

from benchmarks import invented_class
from course.grade.pristine import Pristine
from course.handout.contents import left_out
from course.verify.variants import laid
from tests.repository import toys
from tests.repository.clones import Clone, needs_git
from tests.repository.test_cluster import free_ports

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "grading.md").read_text(encoding="utf-8")
RIGHT = {"box_volume": "product = c * b * a", "box_area": "total = 2 * (a * b + (b + a) * c)",
         "label_text": 'joined = " ".join([*words])'}
DECLARATION = "## Sheet 2: Boxes\n\n### Members\n\n- Name: Ada Lovelace\n- Name: {}\n"
WORKSHEET = ("Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
             "Last modified (submission),Last modified (grade),Feedback comments\n"
             "Participant 12345,Ada Lovelace,ada@x.org,Submitted,,4.50,Yes,-,-,\n"
             "Participant 12346,Alan Turing,alan@x.org,Submitted,,4.50,Yes,-,-,\n"
             "Participant 12347,Grace Hopper,grace@x.org,No submission,,4.50,Yes,-,-,\n")
GRADEBOOK = ("Student,ID,SIS User ID,SIS Login ID,Section,Sheet 2 (12345)\n    Points Possible,,,,,4.5\n"
             '"Lovelace, Ada",4321,1234567,ada,A,\n"Turing, Alan",4322,7654321,alan,A,\n'
             '"Hopper, Grace",4323,5555555,grace,A,\n')
MOODLE = ("Ada Lovelace_12345_assignsubmission_file", "Alan Turing_12346_assignsubmission_file")
CANVAS = ("lovelaceada_LATE_4321_98765_vae-1", "turingalan_4322_98760_vae")


def commands(heading):
    """The blocks of commands below a heading."""
    section = GUIDE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^```bash\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The toy course as sheet 2, with all that grades it."""
    root = tmp_path_factory.mktemp("course")
    toys.copy(toys.copy_tools(root), "course.toml", "lib", "exercise/probes/boxes.py", "tests/test_boxes.py")
    shutil.copy(ROOT / ".gitignore", root)
    table = root / "course.toml"
    text = table.read_text(encoding="utf-8").replace("number = 1\n", "number = 2\n")
    table.write_text(f"[passing]\nshare = 0.75\nall_sheets = true\n\n{text}", encoding="utf-8")
    return root


@pytest.fixture
def run(course, tmp_path):
    """Runs commands in a copy of the course; returns what they print."""
    shutil.copytree(course, tmp_path, dirs_exist_ok=True)
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}

    def of(words):
        done = subprocess.run(["bash", "-e", "-c", words], cwd=tmp_path, capture_output=True, text=True,
                              env=environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
    return of


@pytest.fixture
def made(tmp_path_factory):
    return tmp_path_factory.mktemp("made")


def make(root, made, names, zipped):
    """The platform's download of a team that is right, with Grace in it, and of one with a gap that is not."""
    pristine = Pristine(root)
    for name, member, area in ((names[0], "Grace Hopper", RIGHT["box_area"]), (names[1], "", "total = 0")):
        bodies = {gap: laid(text, pristine.gaps[gap]) for gap, text in (RIGHT | {"box_area": area}).items()}
        folder = invented_class.hand_in(made, name, pristine.empty, bodies)
        (folder / "declaration.md").write_text(DECLARATION.format(member) if member else "")
        if zipped:
            shutil.make_archive(str(folder), "zip", folder)
            shutil.rmtree(folder)
    with zipfile.ZipFile(root / "download.zip", "w") as archive:
        for file in sorted(made.rglob("*")):
            archive.write(file, file.relative_to(made))


def fill_in(sheet):
    """Give points to each team, as a person does."""
    head, *rows = sheet.read_text(encoding="utf-8-sig").splitlines()
    assert head == "team,2.3 Drawing (2),2.4 Code style (1),sum (2)"
    sheet.write_text("\n".join([head, *(f"{row.partition(',')[0]},1.5,,1.5" for row in rows)]) + "\n", encoding="utf-8")


pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader forks its process")


@pytest.mark.slow
def test_the_commands_lead_from_moodle_to_moodle(run, tmp_path, made):
    make(tmp_path, made, MOODLE, zipped=False)
    (tmp_path / "worksheet.csv").write_text(WORKSHEET)
    first, second = commands("Moodle")
    said = run(first)
    assert "2 graded: see grades/grades.csv" in said and "without a submission" not in said
    fill_in(tmp_path / "grades" / "manual.csv")
    assert "2 of 4 entries are still empty" in run(second)
    before, after = WORKSHEET.splitlines(), (tmp_path / "grades" / "moodle.csv").read_text().splitlines()
    for line, points, was in zip(after[1:], ("4.00", "3.25", "4.00"), before[1:], strict=True):
        assert line.startswith(was.replace(",,4.50,Yes,-,-,", f',{points},4.50,Yes,-,-,"<p>Points'))
    assert after[0] == before[0]
    regrade, take_over = commands("Grading again")
    assert "more points: 0; fewer points: 0" in run(regrade)
    run(take_over)
    assert (tmp_path / "grades-new" / "moodle.csv").read_text().splitlines() == after
    assert "3 people: 2 passed, 0 not passed, 1 open: see passed.csv" in run(*commands("Who has passed"))
    rows = (tmp_path / "passed.csv").read_text().splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == ["Ada Lovelace", "Alan Turing", "Grace Hopper"]


@pytest.mark.slow
def test_the_commands_lead_from_canvas_to_canvas(run, tmp_path, made):
    make(tmp_path, made, CANVAS, zipped=True)
    (tmp_path / "gradebook.csv").write_text(GRADEBOOK)
    first, second = commands("Canvas")
    run(first)
    fill_in(tmp_path / "grades" / "manual.csv")
    run(second)
    points = dict(zip(("ada,A,", "alan,A,", "grace,A,"), ("4", "3.25", "4"), strict=True))
    assert (tmp_path / "grades" / "canvas.csv").read_text() == "".join(
        line.replace("\n", points.get(",".join(line.strip().split(",")[-3:]), "") + "\n")
        for line in GRADEBOOK.splitlines(keepends=True))
    assert ",4321,late," in (tmp_path / "grades" / "grades.csv").read_text()


@pytest.mark.slow
def test_the_commands_lead_to_a_cluster(run, tmp_path, made):
    make(tmp_path, made, MOODLE, zipped=False)
    shutil.copytree(made, tmp_path / "submissions")
    words = commands("More than one machine")[0]
    port = free_ports(1)[0]
    for written, here in (("192.168.0.10", "127.0.0.1"), ("8786", str(port)), ("--nthreads 8", "--nthreads 2")):
        words = words.replace(written, here)
    scheduler, worker, grade = words.splitlines()
    said = run(f"trap 'kill $(jobs -p)' EXIT\n{scheduler} 2> scheduler.log &\n"
               f"until echo > /dev/tcp/127.0.0.1/{port}; do sleep 0.1; done 2> /dev/null\n"
               f"{worker} 2> worker.log &\n{grade}")
    assert "2 graded: see grades/grades.csv" in said


def push(time, commit):
    return {"activity_type": "push", "ref": "refs/heads/main", "timestamp": time, "after": commit}


@needs_git
@pytest.mark.slow
def test_the_commands_lead_from_clones_to_points(run, tmp_path, made):
    """One team was in time and went on; what the other has dated back was pushed late. GitHub is a script."""
    pristine, program = Pristine(tmp_path), tmp_path / "bin" / "gh"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nname=${3%/activity*}\ncat "${name##*/}.json"\n')
    program.chmod(0o755)
    for team, time in (("ada", "2026-12-01T20:00:00Z"), ("alan", "2026-12-03T20:00:00Z")):
        bodies = {gap: laid(text, pristine.gaps[gap]) for gap, text in RIGHT.items()}
        clone = Clone(invented_class.hand_in(made, team, pristine.empty, bodies))
        activity = [push(time, clone.commit("2026-12-01T19:00"))]
        if team == "ada":
            activity.insert(0, push("2026-12-04T20:00:00Z", clone.commit("2026-12-04T19:00", box="nothing is left\n")))
        (tmp_path / f"{team}.json").write_text(json.dumps(activity))
    (tmp_path / "repositories.txt").write_text("\n".join(f"{team} {made / team}" for team in ("ada", "alan")))
    first, second = commands("Git clones")
    run(f"PATH={program.parent}:$PATH\n{first}{second}")
    with (tmp_path / "grades" / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["team"]: row for row in csv.DictReader(file)}
    assert {team: row["2.1 Sizes (2.5)"] for team, row in rows.items()} == {"ada": "2.5", "alan": "2.5"}
    assert rows["ada"]["late"] == "" and re.fullmatch(r"late by [12] d \d+ h", rows["alan"]["late"])
    assert "1 commit that came to main after the deadline does not count" in (tmp_path / "grades/ada.md").read_text()


def test_each_part_has_its_commands_and_no_other_is_there():
    parts = ("Moodle", "Canvas", "Git clones", "More than one machine", "Who has passed", "Grading again")
    assert [len(commands(part)) for part in parts] == [2, 2, 2, 2, 1, 2] and GUIDE.count("```bash") == 11


@pytest.mark.parametrize("name", ["submissions", "grades", "grades-new", "pushes", "repositories.txt",
                                  "download.zip", "worksheet.csv", "gradebook.csv", "passed.csv"])
def test_git_leaves_out_what_students_have_handed_in_and_their_points(name):
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert name in GUIDE and any(fnmatch(f"/{name}", line.rstrip("/")) for line in lines)


def test_students_are_not_given_the_guide():
    assert left_out("docs/grading.md") == "docs"
