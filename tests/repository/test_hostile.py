"""Hostile texts for gaps, tried as the grader tries them: none earns a point that it should not, and none does damage.

Where this machine has bubblewrap, all of them are tried in it; without it, those that the engine alone stops.
"""

import contextlib
import ctypes
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
from exercise.asking.confinement import barriers
from exercise.source import gaps
from tests.repository import toys

if sys.platform != "linux":
    pytest.skip("the grader's box, and what these texts attack, is Linux", allow_module_level=True)

from tests.repository.hostile_process import FOLDERS, NEIGHBOUR, NEXT, OWN, ROOT, box, standing, texts

TEXTS = texts()
FAST = ("chatty_answer", "complex_answer", "environment", "outliving_daemon")
HARMFUL = {  # what is tried in bubblewrap alone: other levels do not stop it, or it has not been tried there
    "outlives its process": {
        "outliving_daemon", "outliving_program", "flooding_daemon", "busy_children", "many_processes", "many_threads",
        "memory_in_dev_shm", "memory_in_segments", "traces", "folders_too_deep", "full_disk", "many_files"},
    "takes gigabytes": {
        "memory_by_tensors", "memory_by_numbers", "memory_shared", "memory_in_files_without_a_name",
        "leaderless_processes", "huge_answer", "recursion_in_python", "flood_of_output", "forged_nesting",
        "forged_tensor"},
    "disturbs its neighbours": {
        "deleted_folder", "emptied_process", "guarded_process", "patched_functions", "patched_probes",
        "poisoned_imports", "sleeping_thread", "traced_process", "speaking_message"},
    "reaches out of its process": {
        "environment", "network_by_udp", "network_by_name", "network_by_tcp", "limited_judge", "memory_of_the_judge",
        "devices", "settings_of_the_system", "killed_everybody", "stopped_everybody"}}
KINDS = {"timeout", "memory", "output limit", "crashed", "malformed"}
PORT, NAME = 40571, "\0hostile"  # as in the texts
SEGMENTS = range(0x40571000, 0x40571010)
PLACES = ("/dev/shm", "/tmp", "/tmp/exercise_*", "/var/tmp", "/run", os.path.expanduser("~"), str(ROOT),
          str(ROOT.parent), *filter(os.path.isdir, sys.path))


BOXED = bool(box())
TRIED = [name for name, text in TEXTS.items() if BOXED or text.barrier in {"", *barriers()}
         and not any(name in names for names in HARMFUL.values())]
CASES = [pytest.param(name, marks=[] if name in FAST else pytest.mark.slow) for name in TRIED]


class Found:
    """What the trials of some texts came to, and what they did to this machine.

    Attributes:
        verdicts: from (part, text) to the verdicts of its tests, each a list: state, sentence, …, kind, path, line.
        ended: the trials that came to no end by themselves, each with the reason.
        left: what is found a second later, and was not there before.
        changed: what of the judge's processes, and of a neighbour's files, is not as it was before.
    """

    def __init__(self, names):
        self.verdicts, self.ended = {}, []
        with neighbour() as files, servers(files), cleaned_up():
            before, known = (standing(), everything_in(files)), left_behind()
            *lines, last = run(names)
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


def run(names):
    ran = subprocess.run([sys.executable, "-m", "tests.repository.hostile_process", *names], cwd=ROOT, text=True,
                         stdout=subprocess.PIPE, env=os.environ | {"HOSTILE_SECRET": "1"}, timeout=900)
    assert ran.returncode == 0
    return [json.loads(line) for line in ran.stdout.splitlines()]


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
    found = [path for place in PLACES for path in glob.glob(f"{place}/hostile*") if "hostile_neighbour" not in path]
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
    """Whatever is left behind is gone afterwards, so that a failure here is none in the next run."""
    processors, priority = os.sched_getaffinity(0), os.getpriority(os.PRIO_PROCESS, 0)
    yield
    for process in running():
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)
    subprocess.run(["rm", "-rf", "--", *traces()], check=True)  # rm removes folders that are too deep for shutil
    library = ctypes.CDLL(None)
    for key in SEGMENTS:
        if (segment := library.shmget(key, 0, 0)) >= 0:
            library.shmctl(segment, 0, None)  # IPC_RMID
    os.sched_setaffinity(0, processors)
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, priority)


@pytest.fixture(scope="module")
def fast():
    return Found([name for name in TRIED if name in FAST])


@pytest.fixture(scope="module")
def slow():
    return Found([name for name in TRIED if name not in FAST])


@pytest.fixture
def found(name, request):
    """What came of the run that a text is part of."""
    return request.getfixturevalue("fast" if name in FAST else "slow")


@pytest.fixture(params=["fast", pytest.param("slow", marks=pytest.mark.slow)])
def whole(request):
    return request.getfixturevalue(request.param)


# what comes of them ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", CASES)
def test_it_comes_to_what_it_should(found, name):
    """No point where none is earned; one where a right answer has only bad manners."""
    ends, end = TEXTS[name].ends, found.came_to(name)
    if not ends:
        assert end != "solved"
    elif "any" not in ends:
        assert end in ends if BOXED else (end == "solved") == (ends == ("solved",))


@pytest.mark.parametrize("name", CASES)
def test_another_gap_of_its_team_is_unaffected(found, name):
    _, *others = found.verdicts[NEIGHBOUR, name]
    assert len(others) == 2 and [verdict[0] for verdict in others] == ["solved"] * 2, others


@pytest.mark.parametrize("name", CASES)
def test_its_sentences_are_short_lines(found, name):
    for _, sentence, *_ in found.verdicts[OWN, name]:
        assert len(sentence) < 2_000 and sentence.isprintable()


def test_the_next_team_is_unaffected(whole):
    following = [verdict for (part, _), verdicts in whole.verdicts.items() if part == NEXT for verdict in verdicts]
    assert following and all(verdict[0] == "solved" for verdict in following), following


def test_no_trial_is_lost(whole):
    assert whole.ended == []


def test_nothing_is_left_a_second_later(whole):
    assert whole.left == set()


def test_the_judge_and_the_neighbours_are_as_before(whole):
    assert whole.changed == []


# the corpus -----------------------------------------------------------------------------------------------------------

def test_each_text_says_what_it_comes_to():
    """Those that the grader meets beside the cheats."""
    own = [TEXTS[file.stem] for file in ROOT.glob(f"{FOLDERS[1]}/*.py")]
    assert len(own) > 60 and all(text.ends for text in own)
    assert KINDS | {"any", "solved", "wrong"} == {end for text in own for end in text.ends}


def test_the_names_are_unique():
    assert len(TEXTS) == sum(len(list(ROOT.glob(f"{folder}/*.py"))) for folder in FOLDERS)
    assert {*FAST}.union(*HARMFUL.values()) <= TEXTS.keys()


def test_what_they_look_for_is_there():
    """Outside of a box they would find it."""
    with neighbour() as files, servers(files):
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
    with cleaned_up():
        place = Path("/dev/shm/hostile_test")
        place.touch()
        segment = ctypes.CDLL(None).shmget(SEGMENTS[-1], ctypes.c_size_t(1), 0o1600)
        process = subprocess.Popen([sys.executable, "-c", "import time; print(flush=True); time.sleep(60)", "hostile"],
                                   stdout=subprocess.PIPE)
        with process.stdout as ready:  # before its first line, /proc need not know its arguments yet
            ready.readline()
        assert segment >= 0 and process.pid in running()
        assert {str(place), f"segment {SEGMENTS[-1]}"} <= {*traces()}
    assert process.wait(10) == -signal.SIGKILL and not place.exists() and traces() == []


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
