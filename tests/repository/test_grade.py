"""A small class is graded for real: by the command, with processes that are killed, and with one that is resumed."""

import contextlib
import csv
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from benchmarks import invented_class
from course.grade.pristine import Pristine
from course.hostile.submissions import ALL, CHANGED, FOLDERS, KEPT, victim
from course.hostile.zips import ZIPS
from course.verify.variants import laid
from exercise.verdict.verdicts import BLOCKED, NOT_STARTED, SOLVED, WRONG
from tests.repository import toys

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader forks its process")]
VOLUME, AREA, TEXT = "box_volume", "box_area", "label_text"
RIGHT = {VOLUME: "product = c * b * a", AREA: "total = 2 * (a * b + (b + a) * c)", TEXT: 'joined = " ".join([*words])'}
UNUSUAL = {VOLUME: "print('the volume of', a, b, c)\nimport math\nproduct = math.prod((a, b, c))",
           AREA: "def face(x, y):\n    return x * y\ntotal = sum(2 * face(*two) for two in ((a, b), (b, c), (c, a)))",
           TEXT: "joined = ''\nfor word in words:\n    joined += f'{word} '\njoined = joined.rstrip()"}
STOLEN = ("import os, sys\nsys.stdout.write('solved')\n"
          "open('/tmp/stolen', 'w').write(open('lib/box.py').read())\nproduct = 1")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The toy course, with all that grades it, and its judges."""
    root = tmp_path_factory.mktemp("course")
    toys.copy_tools(root)
    return toys.copy(root, "course.toml", "lib", "exercise/probes/boxes.py", "tests/test_boxes.py")


@pytest.fixture(scope="module")
def submissions(course, tmp_path_factory):
    """A class with submissions of all kinds."""
    folder, pristine = tmp_path_factory.mktemp("class") / "submissions", Pristine(course)

    def hand_in(team, texts, zipped=False):
        bodies = {name: laid(text, pristine.gaps[name]) for name, text in texts.items()}
        return invented_class.hand_in(folder, team, pristine.empty, bodies, zipped)
    hand_in("right", RIGHT)
    hand_in("the same", RIGHT, zipped=True)
    hand_in("unusual", UNUSUAL)
    hand_in("empty gaps", {})
    hand_in("one wrong", RIGHT | {VOLUME: "product = a + b + c"})
    hand_in("an error", RIGHT | {TEXT: "joined = ' '.joined(words)"})
    hand_in("leaves", RIGHT | {TEXT: "import os\nos._exit(0)"})
    hand_in("steals", RIGHT | {VOLUME: STOLEN})
    hand_in("does not compile", RIGHT | {AREA: "total = ("})
    helper = hand_in("a helper", RIGHT | {VOLUME: "product = times(a, times(b, c))"}) / "lib" / "box.py"
    helper.write_text("def times(x, y):\n    return x * y\n\n\n" + helper.read_text())
    lost = hand_in("lost", RIGHT) / "lib" / "label.py"
    lost.write_text(lost.read_text().replace("    # END TODO ########################\n", ""))
    (folder / "nothing").mkdir()
    (folder / "broken.zip").write_bytes(b"PK\3\4 and no more")
    with zipfile.ZipFile(folder / "deep.zip", "w") as archive:
        archive.write(folder / "the same.zip", "a folder/again.zip")
    return folder


def start(course, *arguments):
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-m", "course", "grade", *map(str, arguments)], cwd=course, text=True,
                            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def grade(course, *arguments):
    """What the command prints; it has to end well."""
    process = start(course, *arguments)
    said, errors = process.communicate(timeout=600)
    assert process.returncode == 0, errors
    return said


def results_of(folder):
    """By team, its result without the seconds that it took."""
    found = {}
    for file in sorted(folder.glob("results/*.json")):
        found[file.stem] = json.loads(file.read_text(encoding="utf-8")) | {"seconds": None}
    return found


@pytest.fixture(scope="module")
def graded(course, submissions, tmp_path_factory):
    """The folder of one undisturbed run."""
    out = tmp_path_factory.mktemp("grades") / "undisturbed"
    said = grade(course, submissions, "--out", out, "--seed", 7)
    assert said.startswith("14 graded: see ")
    return out


def states(graded, team):
    gaps = results_of(graded)[team]["gaps"]
    return {gap["gap"]: (gap["isolated"]["state"], gap["submitted"]["state"]) for gap in gaps}


def test_each_team_has_the_points_that_it_should(graded):
    with (graded / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["team"]: row for row in csv.DictReader(file)}
    assert {team: row["total (2.5)"] for team, row in rows.items()} == {
        "right": "2.5", "the same": "2.5", "deep": "2.5", "unusual": "2.5", "empty gaps": "0", "one wrong": "0.75",
        "an error": "2.5", "leaves": "2.5", "steals": "0.75", "does not compile": "1.75", "a helper": "0.75",
        "lost": "2.5", "nothing": "0", "broken": "0"}
    assert rows["broken"]["problems"] == rows["nothing"]["problems"] == "1"
    assert len(rows["right"]["seeds"].split()) == 3 and rows["right"]["isolation"] in ("bubblewrap", "landlock")


def test_each_gap_has_the_state_that_it_should(graded):
    assert states(graded, "an error")[TEXT] == states(graded, "leaves")[TEXT] == (WRONG, WRONG)
    assert states(graded, "lost")[TEXT] == (WRONG, WRONG) and states(graded, "lost")[AREA] == (SOLVED, SOLVED)
    assert states(graded, "empty gaps")[AREA] == (NOT_STARTED, NOT_STARTED)
    assert BLOCKED not in str(states(graded, "right"))


def test_who_is_honest_is_accused_of_nothing(graded):
    for team in ("right", "the same", "deep", "unusual", "empty gaps", "one wrong", "an error", "does not compile"):
        result = results_of(graded)[team]
        assert not result["flags"] and not result["problems"] and not result["changes"], team


def test_a_helper_outside_of_the_gap_is_shown_and_earns_nothing(graded):
    gap = results_of(graded)["a helper"]["gaps"][0]
    assert (gap["isolated"]["state"], gap["own_file"]["state"]) == (WRONG, SOLVED)
    assert "+def times(x, y):" in (graded / "for_you.md").read_text()
    assert "a person looks at that" in (graded / "a helper.md").read_text()


def test_what_a_team_reads_holds_no_solution(graded):
    page = (graded / "an error.md").read_text()
    assert "AttributeError in line 3 below the START marker of the gap" in page and "joined" in page
    for file in graded.glob("*.md"):
        assert "a * b * c" not in file.read_text() and "2 * (a * b" not in file.read_text(), file
    assert "imports os" in (graded / "for_you.md").read_text()


def test_trials_cost_whoever_is_the_first_to_need_them(graded):
    seconds = {file.stem: json.loads(file.read_text(encoding="utf-8"))["seconds"]
               for file in graded.glob("results/*.json")}
    assert seconds["leaves"] > 0 and seconds["nothing"] == seconds["the same"] == 0


def test_the_same_seed_gives_the_same_results(course, submissions, graded, tmp_path):
    grade(course, submissions, "--out", tmp_path, "--seed", 7, "--jobs", 1)
    assert results_of(tmp_path) == results_of(graded)
    assert (tmp_path / "grades.csv").read_text() == (graded / "grades.csv").read_text()


def test_a_killed_run_is_resumed_and_ends_alike(course, submissions, graded, tmp_path):
    out, draw = tmp_path / "out", random.Random(0)
    for words in ([], ["--resume"]):
        before = len(list(out.glob("results/*.json")))
        process = start(course, submissions, "--out", out, "--seed", 7, "--jobs", 1, *words)
        wait_for_results(process, out, before + 2)
        time.sleep(draw.random() / 5)  # in the midst of a team, and before the last one
        process.kill()  # the grader alone: what it has started has to notice
        process.communicate()
    assert 0 < len(list(out.glob("results/*.json"))) < 14
    grade(course, submissions, "--out", out, "--resume")
    assert results_of(out) == results_of(graded)
    assert (out / "grades.csv").read_text() == (graded / "grades.csv").read_text()


def test_hostile_submissions_cost_themselves_alone(course, tmp_path):
    """What is done to lib/box.py is done to the gaps in it, and to no other gap and no other team."""
    pristine, folder = Pristine(course), tmp_path / "submissions"
    right = invented_class.hand_in(folder, "honest", pristine.empty, {
        name: laid(text, pristine.gaps[name]) for name, text in RIGHT.items()})
    files = {path: (right / path).read_bytes() for path in sorted(pristine.empty)}
    hostile = {each.name: each for each in [*FOLDERS, *ZIPS]}
    for each in hostile.values():
        each.build(folder / f"{each.name}{each.suffix}", files)
    grade(course, folder, "--out", tmp_path / "out")
    solved = {team: {gap["gap"] for gap in result["gaps"] if gap["isolated"]["state"] == SOLVED}
              for team, result in results_of(tmp_path / "out").items()}
    assert victim(files) == "lib/box.py" and solved.keys() == {"honest", *hostile}
    for team, gaps in solved.items():
        fate = hostile[team].fate if team in hostile else KEPT
        assert (TEXT in gaps) == (fate != ALL), team
        assert fate == CHANGED or ({VOLUME, AREA} <= gaps) == (fate == KEPT), team


def test_killed_workers_change_no_mark(course, submissions, graded, tmp_path):
    process = start(course, submissions, "--out", tmp_path, "--seed", 7)
    killed, stop = [], threading.Event()
    killer = threading.Thread(target=kill_children, args=(process.pid, killed, stop))
    killer.start()
    try:
        _, errors = process.communicate(timeout=600)
    finally:
        stop.set()
        killer.join()
    assert process.returncode == 0, errors
    assert killed
    assert results_of(tmp_path) == results_of(graded)


def test_ctrl_c_leaves_reports_of_what_is_graded(course, submissions, tmp_path):
    process = start(course, submissions, "--out", tmp_path, "--seed", 7)
    wait_for_results(process, tmp_path, 1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert errors.splitlines()[-1] == "interrupted: the same command with --resume goes on"
    rows = (tmp_path / "grades.csv").read_text().splitlines()
    assert 1 < len(rows) < 15 and len(rows) == 1 + len(list(tmp_path.glob("results/*.json")))


def test_bad_input_is_told_in_one_line(course, submissions, tmp_path):
    for arguments, words in [(["nowhere", "--out", tmp_path / "x"], "nowhere"),
                             ([submissions, "--out", tmp_path / "x", "--sheets", "9"], "--sheets 9"),
                             ([submissions, "--out", tmp_path / "x", "--resume"], "no run to resume")]:
        process = start(course, *arguments)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 2 and len(errors.splitlines()) == 1 and words in errors, errors
    assert not (tmp_path / "x").exists()


def test_tests_that_refuse_the_solution_grade_nobody(course, submissions, tmp_path):
    root = toys.copy_tools(tmp_path / "course")
    toys.copy(root, "course.toml", "lib", "exercise/probes/boxes.py", "tests/test_boxes.py")
    (root / "lib" / "label.py").write_text(toys.LABEL.replace('" ".join', '"-".join'))
    process = start(root, submissions, "--out", tmp_path / "out")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2 and "test_boxes.py::test_text refuses the solution" in errors, errors
    assert not list((tmp_path / "out").glob("results/*"))


def wait_for_results(process, folder, count):
    """Wait until as many teams have a result, or the grader has ended."""
    while len(list(folder.glob("results/*.json"))) < count and process.poll() is None:
        time.sleep(0.05)


def kill_children(grader, killed, stop):
    """Kill a process of the grader's now and then, three in all; one that only reads a text has ended before."""
    draw, before = random.Random(1), set()
    while len(killed) < 3 and not stop.wait(draw.uniform(0.5, 3.0)):
        now = descendants(grader)
        if old := sorted(now & before):
            with contextlib.suppress(ProcessLookupError):
                killed.append(draw.choice(old))
                os.kill(killed[-1], signal.SIGKILL)
        before = now


def descendants(parent):
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            parents[int(place.parent.name)] = int(place.read_text().rpartition(")")[2].split()[1])
    found, fresh = set(), {parent}
    while fresh:
        fresh = {child for child, of in parents.items() if of in fresh}
        found |= fresh
    return found
