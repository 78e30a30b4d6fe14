"""Fresh workers, forked by a nursery: nothing of one reaches the next, and nothing is left of any."""

import contextlib
import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
import types
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import pytest

import exercise
from exercise.asking import starting
from exercise.asking.box import Box, refusal
from exercise.asking.confinement import barriers
from exercise.asking.failure import ProbeFailed
from exercise.asking.isolated import Isolated
from exercise.asking.limits import Limits, descendants
from exercise.asking.removing import remove
from exercise.asking.starting import Fresh, Nursery

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is forked")]

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 2 ** 20
DAEMON = """
import os, signal, sys, time
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
for _ in range(2):
    if os.fork():
        os._exit(0)
    os.setsid()
open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(600)
"""
PROBES = textwrap.dedent(f'''\
    import contextlib
    import os
    import random
    import shutil
    import signal
    import subprocess
    import sys
    import threading
    import time

    import numpy as np
    import torch

    DAEMON = {DAEMON!r}


    def spoil():
        """Leave behind whatever could make the answers of others wrong."""
        torch.set_default_dtype(torch.float64)
        torch.relu = torch.nn.functional.softplus = abs
        sys.modules["json"] = sys.modules["lib.toy"] = None
        os.environ["OMP_NUM_THREADS"] = "7"
        shutil.rmtree("lib")
        threading.Thread(target=time.sleep, args=(600,)).start()
        random.seed(0)
        np.random.seed(0)
        return {{}}


    def look():
        import json
        from lib.toy import VALUE
        return {{"dtype": str(torch.ones(1).dtype), "relu": float(torch.relu(torch.ones(()) * -1)), "value": VALUE,
                "softplus": float(torch.nn.functional.softplus(torch.ones(()))), "json": json.dumps(1),
                "environment": os.environ["OMP_NUM_THREADS"], "threads": threading.active_count(),
                "folder": os.listdir(".")}}


    def drawn():
        return {{"python": random.random(), "numpy": float(np.random.random()), "torch": float(torch.rand(()))}}


    def here():
        return {{"process": os.getpid(), "folder": os.getcwd()}}


    def leave(note):
        """A daemon that left the session and hears no signal, its pipes kept; files that are hard to remove."""
        place = here()
        subprocess.run([sys.executable, "-c", DAEMON, "note"])
        while not os.path.exists("note") or not read("note"):
            time.sleep(0.01)
        os.mkdir("locked", 0)
        for _ in range(30):
            os.mkdir("x" * 200)
            os.chdir("x" * 200)
        os.chdir(place["folder"])
        if os.path.isdir("/dev/shm"):
            shutil.copyfile("note", f"/dev/shm/{{note}}")
        return {{"daemon": int(read("note"))}} | place


    def read(path):
        with open(path) as file:
            return file.read()


    def leave_word():
        """In what there is of the nursery's files, which outlives this worker."""
        place = sys.modules["exercise.asking"].__file__
        for deed in (lambda: os.utime(place, (7, 7)), lambda: os.chmod(place, 0o640), lambda: os.chown(place, -1, -1),
                     lambda: os.setxattr(place, "user.word", b"x")):
            with contextlib.suppress(OSError):
                deed()
        return {{}}


    def find_word():
        place = sys.modules["exercise.asking"].__file__
        found, words = os.stat(place), []
        with contextlib.suppress(OSError):
            words = os.listxattr(place)
        return {{"times": [found.st_mtime_ns, found.st_ctime_ns], "mode": found.st_mode, "words": words}}


    def die(number):
        os.kill(os.getpid(), number)
        time.sleep(60)
        return {{}}


    def die_at_second():
        """The first process that is asked answers; then it can answer no more."""
        from lib.toy import fail
        sys.modules["lib.toy"].count = count = getattr(sys.modules["lib.toy"], "count", 0) + 1
        if count == 2:
            fail()
        return {{"count": count}}


    def fill(megabytes):
        held = torch.ones(megabytes, 2 ** 18)
        time.sleep(60)
        return {{"sum": float(held.sum())}}


    def spread(count):
        for _ in range(count):
            subprocess.Popen(["sleep", "60"])
        time.sleep(60)
        return {{}}


    ''')


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("root")
    for path, text in {"lib/toy.py": "VALUE = 3\n\n\ndef fail():\n    raise ValueError('elsewhere')\n",
                       "probes/rude.py": PROBES}.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    return root


@pytest.fixture(scope="module")
def probes(root):
    with pytest.MonkeyPatch.context() as patch:
        package = types.ModuleType("exercise.probes")
        package.__path__ = [str(root / "probes")]
        patch.setitem(sys.modules, "exercise.probes", package)
        patch.setattr(exercise, "probes", package, raising=False)
        yield importlib.import_module("exercise.probes.rude")
        del sys.modules["exercise.probes.rude"]


@pytest.fixture(scope="module")
def nursery(probes):
    nursery = Nursery(limits=Limits(memory=1500 * MEGABYTE, processes=20, files=2 ** 70))  # whoever hides files too
    yield nursery
    nursery.close()


@pytest.fixture
def ask(root, nursery):
    with Isolated(root, timeout=20, nursery=nursery) as ask:
        ask.gap = "toy_first"
        yield ask


def is_gone(process):
    """Whether a process has ended; at most some seconds later."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not os.path.exists(f"/proc/{process}"):
            return True
        time.sleep(0.05)
    return False


def failure(ask, probe, *args):
    with pytest.raises(ProbeFailed) as caught:
        ask(probe, *args)
    return caught.value.failure


def test_what_one_gap_leaves_behind_does_not_reach_another(ask, probes):
    before = ask(probes.look)
    ask.gap = "toy_second"
    ask(probes.spoil)
    ask.gap = "toy_third"
    assert ask(probes.look) == before
    assert before["threads"] == 1 and before["folder"] == ["lib"]


@pytest.mark.skipif("system calls" not in barriers(), reason="this system has no seccomp")
def test_one_gap_leaves_no_word_for_another(ask, probes):
    before = ask(probes.find_word)
    ask.gap = "toy_second"
    ask(probes.leave_word)
    ask.gap = "toy_third"
    assert ask(probes.find_word) == before


def test_a_nursery_has_one_thread_whatever_it_has_imported(ask, nursery, probes):
    for gap in ("toy_first", "toy_second", "toy_third", "toy_fourth"):
        ask.gap = gap
        ask(probes.here)
    assert len(os.listdir(f"/proc/{nursery._process.pid}/task")) == 1


def test_the_tests_of_one_gap_share_a_worker(ask, probes):
    first, again = ask(probes.here), ask(probes.here)
    ask.gap = "toy_second"
    assert first == again != ask(probes.here) and not os.path.exists(first["folder"])


def test_each_worker_draws_numbers_of_its_own(ask, probes):
    found = []
    for gap in ("toy_first", "toy_second", "toy_third"):
        ask.gap = gap
        found.append(ask(probes.drawn))
    assert all(len({numbers[name] for numbers in found}) == 3 for name in ("python", "numpy", "torch"))


def test_a_fork_starts_as_a_fresh_process_would(ask, root, probes):
    with Isolated(root, timeout=60, nursery=Fresh()) as fresh:
        assert ask(probes.look) | {"folder": []} == fresh(probes.look) | {"folder": []}


@pytest.mark.parametrize("how", ["ended", "died"])
def test_nothing_is_left_of_a_worker(ask, probes, how):
    note = f"exercise_{os.getpid()}"
    left = ask(probes.leave, note)
    if how == "died":
        failure(ask, probes.die, signal.SIGKILL)
    else:
        ask.close()
    assert not os.path.exists(f"/proc/{left['daemon']}") and not os.path.exists(f"/proc/{left['process']}")
    assert not os.path.lexists(left["folder"]) and not os.path.exists(f"/dev/shm/{note}")


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="there is no folder of shared memory")
def test_what_other_programs_share_meanwhile_stays(ask, probes):
    """Memory, and a semaphore, for a process that has still to start."""
    ask(probes.here)
    spawning = multiprocessing.get_context("spawn")
    with contextlib.closing(SharedMemory(create=True, size=1)) as memory:
        lock = spawning.Lock()
        ask.close()
        process = spawning.Process(target=_take, args=(lock, memory.name))
        process.start()
        process.join()
        memory.unlink()
    assert process.exitcode == 0


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="there is no folder of shared memory")
def test_what_other_programs_share_meanwhile_counts_for_no_worker(root, probes):
    with contextlib.closing(Nursery(limits=Limits(files=8 * MEGABYTE))) as nursery:
        with Isolated(root, timeout=20, nursery=nursery) as ask:
            before = ask(probes.here)
            with contextlib.closing(SharedMemory(create=True, size=16 * MEGABYTE)) as memory:
                memory.buf[:] = bytes(memory.size)
                time.sleep(0.5)  # the nursery looks ten times a second
                memory.unlink()
            assert ask(probes.here) == before


def _take(lock, name):
    with lock, contextlib.closing(SharedMemory(name)):
        pass


def test_an_error_from_elsewhere_is_asked_for_once_more_in_a_fresh_worker(ask, probes):
    assert [ask(probes.die_at_second) for _ in range(2)] == [{"count": 1}, {"count": 1}]


def test_memory_of_all_processes_together_is_limited(ask, probes):
    found = failure(ask, probes.fill, 2000)
    assert (found.kind, found.message) == (
        "memory", "the code took too much, and was ended: more than 1,500 MB of memory")
    found = failure(ask, probes.spread, 30)
    assert found.message == "the code took too much, and was ended: more than 20 processes"


@pytest.mark.parametrize("number, kind", [
    (signal.SIGKILL, "crashed"), (signal.SIGSTOP, "timeout"), (signal.SIGSEGV, "crashed")])
def test_a_worker_that_ends_or_stops_itself_leaves_the_nursery_alone(root, nursery, probes, number, kind):
    process = nursery._process.pid
    with Isolated(root, timeout=1 if kind == "timeout" else 20, nursery=nursery) as ask:
        assert failure(ask, probes.die, number).kind == kind
    with Isolated(root, timeout=20, nursery=nursery) as ask:
        assert ask(probes.here) and nursery._process.pid == process


def test_a_nursery_that_gives_no_answer_is_replaced(root, probes, monkeypatch):
    monkeypatch.setattr(starting, "_END_LIMIT", 0.5)
    nursery = Nursery(many=False)
    with Isolated(root, timeout=20, nursery=nursery) as ask:
        first, stopped = ask(probes.here), nursery._process.pid
        os.kill(stopped, signal.SIGSTOP)
        ask.gap = "toy_second"
        assert ask(probes.here)["process"] != first["process"]
        assert is_gone(stopped) and is_gone(first["process"])
    nursery.close()


JUDGE = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from exercise.asking.isolated import Isolated
from exercise.probes import bystander
ask = Isolated(sys.argv[2], timeout=20)
print(ask.barriers and os.getpid(), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("stopped", [False, True])
def test_nothing_is_left_of_a_judge_that_is_killed(root, tmp_path, stopped):
    judge = subprocess.Popen([sys.executable, "-c", JUDGE, str(ROOT), str(root)], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True, env=os.environ | {"TMPDIR": str(tmp_path)})
    with judge:
        judge.stdout.readline()
        found = descendants(judge.pid)
        if stopped:
            os.kill(found[0], signal.SIGSTOP)
        judge.kill()
    assert len(found) == 2 and all(map(is_gone, found)) and list(tmp_path.iterdir()) == []


@pytest.mark.skipif(bool(refusal("bubblewrap")), reason=f"there is no bubblewrap here: {refusal('bubblewrap')}")
def test_in_a_box_all_holds_as_well(root, probes):
    box = Box("bubblewrap")
    nursery = Nursery(box, box.limits(), many=False)
    with Isolated(root, timeout=20, nursery=nursery) as ask:
        assert ask.level == "bubblewrap" and {"files", "signals", "network"} <= ask.barriers
        inside = descendants(nursery._process.pid)
        ask(probes.leave, "note")
        assert set(inside) < set(descendants(nursery._process.pid))
        ask.gap = "toy_second"
        assert ask(probes.look)["folder"] == ["lib"] and len(descendants(nursery._process.pid)) == len(inside)
    nursery.close()
    assert all(map(is_gone, inside))


def test_a_folder_is_removed_whatever_is_in_it(tmp_path):
    (tmp_path / "folder" / "locked").mkdir(parents=True)
    (tmp_path / "folder" / "link").symlink_to(tmp_path)
    (tmp_path / "kept").write_text("1")
    (tmp_path / "folder" / "locked").chmod(0)
    here = os.getcwd()
    os.chdir(tmp_path / "folder")
    for _ in range(400):
        os.mkdir("x" * 50)
        os.chdir("x" * 50)
    os.chdir(here)
    remove(tmp_path / "folder")
    remove(tmp_path / "folder")
    assert [file.name for file in tmp_path.iterdir()] == ["kept"]


UNCONFINED = """
import sys
import pytest
from exercise.asking import starting
starting._NURSERY = starting._BEGIN + (
    "from exercise.asking import confinement; confinement.confine = lambda *_: frozenset(); "
    "from exercise.asking.nursery import main; main(folder, False)")
sys.exit(pytest.main(["-q", "--isolated", "--gap=vae_decode", "tests/test_vae.py", *sys.argv[1:]]))
"""


@pytest.mark.parametrize("option, code", [("", 0), ("--require-confinement", 4)])
def test_whoever_demands_confinement_is_given_no_result_without_it(option, code):
    ran = subprocess.run([sys.executable, "-c", UNCONFINED, *option.split()], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert ("nothing keeps the code under test from reading the tests" in ran.stderr) == bool(option)
    assert ("solved" in ran.stdout) != bool(option)


def test_confinement_is_not_demanded_of_a_run_that_is_not_isolated():
    ran = subprocess.run([sys.executable, "-m", "pytest", "--require-confinement"], cwd=ROOT, capture_output=True,
                         text=True)
    assert (ran.returncode, ran.stderr.strip()) == (4, "ERROR: --require-confinement: only with --isolated, add it")
