"""Hostile texts for gaps, tried as the grader tries them: none earns a point that it should not, and none does damage.

All of them are tried in the best box of this machine, and where that is bubblewrap, some again without it.
"""

import contextlib
import ctypes
import fcntl
import functools
import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from course.verify import cheats
from course.verify.variants import VariantError
from exercise.asking.box import best_level, refusal
from exercise.asking.removing import remove
from exercise.source import gaps
from tests.repository import toys

if best_level() == "none":
    pytest.skip("no box works here, so nobody grades here", allow_module_level=True)

from tests.repository.hostile_process import FOLDERS, NEIGHBOUR, NEXT, OWN, ROOT, standing, texts

TEXTS = texts()
FAST = ("chatty_answer", "complex_answer", "environment", "outliving_daemon")
WITHOUT = (  # what is tried without bubblewrap too: of each kind that it keeps off by itself
    "chatty_answer", "deleted_folder", "environment", "folders_too_deep", "full_disk", "killed_judge", "limited_judge",
    "many_processes", "memory_by_tensors", "memory_in_dev_shm", "memory_of_the_judge", "network_by_udp",
    "outliving_daemon", "traces")
KINDS = {"timeout", "memory", "output limit", "crashed", "malformed"}
PORT, NAME, TRACES = 40571, "\0hostile", ("hostile_trace", "hostile_[0-9]")  # as in the texts
SEGMENTS = range(0x40571000, 0x40571010)
PLACES = ("/dev/shm", "/tmp", "/tmp/exercise_*", "/var/tmp", "/run", os.path.expanduser("~"), str(ROOT),
          str(ROOT.parent), *filter(os.path.isdir, sys.path))

RUNS = {"fast": (best_level(), FAST), "slow": (best_level(), sorted(TEXTS.keys() - {*FAST}))}
if best_level() == "bubblewrap" and not refusal("landlock"):
    RUNS["without bubblewrap"] = "landlock", WITHOUT


def slow(run):
    return [] if run == "fast" else pytest.mark.slow


CASES = [pytest.param(run, name, marks=slow(run)) for run, (_, names) in RUNS.items() for name in names]


class Found:
    """What the trials of some texts came to, and what they did to this machine.

    Attributes:
        verdicts: from (part, text) to the verdicts of its tests, each a list: state, sentence, …, kind, path, line.
        ended: the trials that came to no end by themselves, each with the reason.
        left: what is found a second later, and was not there before.
        changed: what of the judge's processes, and of a neighbour's files, is not as it was before.
    """

    def __init__(self, level, names):
        self.verdicts, self.ended = {}, []
        with alone(), neighbour() as files, servers(files), cleaned_up():
            before, known = (standing(), everything_in(files)), left_behind()
            *lines, last = run(level, names)
            self.left = left_behind() - known
            after = standing(), everything_in(files)
        for part, name, verdicts, ended in lines:
            self.verdicts[part, name] = list(verdicts.values())
            self.ended += [(part, name, ended)] * bool(ended)
        self.changed = [now for then, now in zip((*before, before[0]), (*after, last), strict=True) if then != now]

    def came_to(self, name):
        """What a text came to: "solved", how its process failed, or "wrong"."""
        bad = [verdict for verdict in self.verdicts[OWN, name] if verdict[0] != "solved"]
        return "solved" if not bad else bad[0][4] if bad[0][4] in KINDS else "wrong"


def run(level, names):
    ran = subprocess.run([sys.executable, "-m", "tests.repository.hostile_process", level, *names], cwd=ROOT, text=True,
                         stdout=subprocess.PIPE, env=os.environ | {"HOSTILE_SECRET": "1"}, timeout=1800)
    assert ran.returncode == 0
    return [json.loads(line) for line in ran.stdout.splitlines()]


@contextlib.contextmanager
def alone():
    """One run at a time on this machine: the texts look for the same servers, and leave the same traces."""
    folder = os.open("/tmp", os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


@contextlib.contextmanager
def neighbour():
    """The folder of another submission, in the most public place."""
    folder = Path(tempfile.mkdtemp(prefix="hostile_neighbour", dir="/tmp"))
    try:
        folder.chmod(0o755)
        (folder / "lib").mkdir()
        (folder / "lib" / "solution.py").write_text("x = 1\n")
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def servers(folder):
    """Servers that the texts look for: TCP and UDP on this machine, Unix sockets with a name and with a path."""
    with contextlib.ExitStack() as stack:
        for family, kind, place in ((socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", PORT)),
                                    (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", PORT)),
                                    (socket.AF_UNIX, socket.SOCK_STREAM, NAME),
                                    (socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "socket"))):
            server = stack.enter_context(socket.socket(family, kind))
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(place)
            if kind == socket.SOCK_STREAM:
                server.listen()
            threading.Thread(target=serve, args=(server,), daemon=True).start()
            stack.callback(server.shutdown, socket.SHUT_RDWR) if kind == socket.SOCK_STREAM else \
                stack.callback(server.sendto, b"", ("127.0.0.1", PORT))
        yield


def serve(server):
    with contextlib.suppress(OSError):
        while True:
            if server.type == socket.SOCK_STREAM:
                server.accept()[0].close()
                continue
            message, sender = server.recvfrom(64)
            if not message:
                return
            server.sendto(message, sender)


def everything_in(folder):
    return {str(path): (path.lstat().st_mode, path.lstat().st_mtime_ns) for path in folder.rglob("*")}


def traces():
    """Files that hostile texts have left, and their segments of memory."""
    found = [path for place in PLACES for name in TRACES for path in glob.glob(f"{place}/{name}")]
    keys = [line.split()[0] for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]
    moved = glob.glob("/tmp/exercise_*_moved")
    return sorted({*found, *moved}) + [f"segment {key}" for key in keys if int(key) in SEGMENTS]


def running():
    """The processes that hostile texts have left: they have that name, or it as an argument."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            names = [(folder / "comm").read_bytes().strip(), *(folder / "cmdline").read_bytes().split(b"\0")]
            if b"hostile" in names:
                found.append(int(folder.name))
    return found


def left_behind():
    return {*traces(), *(f"process {process}" for process in running())}


@contextlib.contextmanager
def cleaned_up():
    """Whatever is left behind is gone afterwards, so that a failure here is none in the next run.

    What was there before stays: it is somebody else's.
    """
    processors, priority = os.sched_getaffinity(0), os.getpriority(os.PRIO_PROCESS, 0)
    known = {*traces(), *running()}
    yield
    for process in {*running()} - known:
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)
    for path in {*traces()} - known:
        remove(path)
    library = ctypes.CDLL(None)
    for key in SEGMENTS:
        if (segment := library.shmget(key, 0, 0)) >= 0:
            library.shmctl(segment, 0, None)  # IPC_RMID
    os.sched_setaffinity(0, processors)
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, priority)


@pytest.fixture(scope="module")
def runs():
    """What came of each run, made when it is first asked for."""
    return functools.cache(lambda run: Found(*RUNS[run]))


@pytest.fixture
def found(run, runs):
    return runs(run)


of_each_run = pytest.mark.parametrize("run", [pytest.param(run, marks=slow(run)) for run in RUNS])


# what comes of them ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("run, name", CASES)
def test_it_comes_to_what_it_should(found, name):
    """No point where none is earned; one where a right answer has only bad manners."""
    ends, end = TEXTS[name].ends, found.came_to(name)
    if not ends:
        assert end != "solved"
    elif "any" not in ends:
        assert end in ends


@pytest.mark.parametrize("run, name", CASES)
def test_another_gap_of_its_team_is_unaffected(found, name):
    _, *others = found.verdicts[NEIGHBOUR, name]
    assert len(others) == 2 and [verdict[0] for verdict in others] == ["solved"] * 2, others


@pytest.mark.parametrize("run, name", CASES)
def test_its_sentences_are_short_lines(found, name):
    for _, sentence, *_ in found.verdicts[OWN, name]:
        assert len(sentence) < 2_000 and sentence.isprintable()


@of_each_run
def test_the_next_team_is_unaffected(found):
    following = [verdict for (part, _), verdicts in found.verdicts.items() if part == NEXT for verdict in verdicts]
    assert following and all(verdict[0] == "solved" for verdict in following), following


@of_each_run
def test_no_trial_is_lost(found):
    assert found.ended == []


@of_each_run
def test_nothing_is_left_a_second_later(found):
    assert found.left == set()


@of_each_run
def test_the_judge_and_the_neighbours_are_as_before(found):
    assert found.changed == []


# the corpus -----------------------------------------------------------------------------------------------------------

def test_each_text_says_what_it_comes_to():
    """Those that the grader meets beside the cheats."""
    own = [TEXTS[file.stem] for file in ROOT.glob(f"{FOLDERS[1]}/*.py")]
    assert len(own) > 60 and all(text.ends for text in own)
    assert KINDS | {"any", "solved", "wrong"} == {end for text in own for end in text.ends}


def test_the_names_are_unique():
    assert len(TEXTS) == sum(len(list(ROOT.glob(f"{folder}/*.py"))) for folder in FOLDERS)
    assert {*FAST, *WITHOUT} <= TEXTS.keys()


def test_what_they_look_for_is_there():
    """Outside of a box they would find it."""
    with alone(), neighbour() as files, servers(files):
        socket.create_connection(("127.0.0.1", PORT), timeout=5).close()
        for name in (NAME, str(files / "socket")):
            with socket.socket(socket.AF_UNIX) as asking:
                asking.connect(name)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(5)
            asking.sendto(b"hostile", ("127.0.0.1", PORT))
            assert asking.recv(16) == b"hostile"
        assert glob.glob("/tmp/hostile_neighbour*/lib/solution.py")


def test_what_they_leave_would_be_seen():
    with alone(), cleaned_up():
        place = Path("/dev/shm/hostile_9")
        place.touch()
        segment = ctypes.CDLL(None).shmget(SEGMENTS[-1], ctypes.c_size_t(1), 0o1600)
        process = subprocess.Popen([sys.executable, "-c", "import time; print(flush=True); time.sleep(60)", "hostile"],
                                   stdout=subprocess.PIPE)
        with process.stdout as ready:  # before its first line, /proc need not know its arguments yet
            ready.readline()
        assert segment >= 0 and process.pid in running()
        assert {str(place), f"segment {SEGMENTS[-1]}"} <= {*traces()}
    assert process.wait(10) == -signal.SIGKILL and not place.exists() and traces() == []


def test_what_was_there_before_stays(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "PLACES", [str(tmp_path)])
    for name in ("hostile", "hostile_course"):
        (tmp_path / name).mkdir()
    (tmp_path / "hostile_1").touch()
    with alone(), cleaned_up():
        (tmp_path / "hostile_2").touch()
        (tmp_path / "hostile_3").mkdir()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hostile", "hostile_1", "hostile_course"]


# how they are written -------------------------------------------------------------------------------------------------

BOX = {gap.id: gap for gap in gaps.parse(toys.BOX, "lib/box.py")}


@pytest.fixture
def read(tmp_path):
    """Reads a text with this end, for the gap of the box's volume."""
    def read_(ends, text):
        (tmp_path / "a.py").write_text(f"# cheat: c\n# gap: box_volume\n# expect: {ends}\n\n{text}\n", encoding="utf-8")
        return cheats.read(tmp_path, BOX, ".")[0]
    return read_


def test_the_solution_stands_where_it_is_named(read):
    found = read("solved or output limit", "if True:\n    SOLUTION\nx = 'SOLUTION'")
    assert found.ends == ("solved", "output limit")
    assert found.body == "\n    if True:\n        product = a * b * c\n    x = 'SOLUTION'\n"


def test_an_end_that_is_none(read):
    with pytest.raises(VariantError, match="a cheat does not come to luck, but to: any, solved, wrong"):
        read("wrong or luck", "x = 1")
