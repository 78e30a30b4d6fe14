"""A confined process: what it can and cannot reach, what keeps working in it, and systems that cannot confine."""

import errno
import importlib
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

import exercise
from exercise.asking import system_calls
from exercise.asking.confinement import BARRIERS, barriers, confine
from exercise.asking.isolated import Isolated

ROOT = Path(__file__).resolve().parents[2]
needs_filter = pytest.mark.skipif("system calls" not in barriers(), reason="this system has no seccomp")
needs_landlock = pytest.mark.skipif("files" not in barriers(), reason="this system has no Landlock")

WITHIN_REACH = {
    "its own file": "(own / 'note').read_text()",
    "its own new file": "(own / 'new').write_text('x'), (own / 'new').unlink()",
    "a folder of its own": "(own / 'a' / 'b').mkdir(parents=True), (own / 'a').rename(own / 'c')",
    "a temporary file": "tempfile.TemporaryFile().write(b'x')",
    "a package beside the hidden folder": "(packages / 'package' / 'note').read_text()",
    "an environment in the hidden folder": "(hidden / '.venv' / 'note').read_text()",
    "the list of fonts": "(home / '.cache' / 'matplotlib' / 'note').read_text()",
    "a module that was not imported yet": "importlib.import_module('wave')",
    "another Python": "subprocess.run([sys.executable, '-c', 'import colorsys'], check=True)",
    "a process that shares a lock": "multiprocessing.Lock(), multiprocessing.Process(target=id, args=(0,)).start()",
    "the null device": "open(os.devnull, 'w').write('x')",
    "what the system says of it": "open('/proc/self/status').read()",
    "a pair of sockets": "socket.socketpair()",
    "a thread": "list(ThreadPoolExecutor(1).map(id, [0]))",
    "processes that share memory": "multiprocessing.Pool(2).map(abs, [1]), shared_memory()",
    "its own limits": "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
    "its own processors": "os.sched_setaffinity(0, os.sched_getaffinity(0))",
    "signals to its own processes": "subprocess.Popen(['sleep', '60']).kill()",
}
OUT_OF_REACH = {
    "a hidden file": "(hidden / 'tests' / 'note').read_text()",
    "a hidden folder": "os.listdir(hidden)",
    "a module in the hidden folder": "subprocess.run([sys.executable, hidden / 'tests' / 'note'], check=True)",
    "a thread that reads": "list(ThreadPoolExecutor(1).map(os.listdir, [hidden]))",
    "a link to a hidden folder": "os.listdir(own / 'link')",
    "a hard link": "os.link(hidden / 'tests' / 'note', own / 'hard')",
    "a file elsewhere": "(elsewhere / 'note').read_text()",
    "the root folder": "os.listdir('/')",
    "the rest of home": "os.listdir(home)",
    "the judge's folder": "os.listdir(judge / 'cwd')",
    "memory of a device": "mmap.mmap(os.open('/dev/zero', os.O_RDWR), 4096)",
    "the judge's root": "os.listdir(f'{judge}/root{hidden}')",
    "the judge's files": "os.readlink(judge / 'fd' / '1')",
    "its own root": "os.listdir(f'/proc/self/root{hidden}')",
    "writing to a hidden folder": "(hidden / 'new').write_text('x')",
    "writing elsewhere": "(elsewhere / 'new').write_text('x')",
    "writing to packages": "(packages / 'package' / 'new').write_text('x')",
    "changing a package": "(packages / 'package' / 'note').open('a')",
    "removing": "(elsewhere / 'old').unlink()",
}
REFUSED = {  # in free processes, too, these do no harm
    "a TCP socket": "socket.socket()",
    "a UDP socket": "socket.socket(type=socket.SOCK_DGRAM)",
    "a Unix socket": "socket.socket(socket.AF_UNIX)",
    "a pair of sockets that can send elsewhere": "socket.socketpair(type=socket.SOCK_DGRAM)",
    "the judge's limits": "resource.prlimit(os.getppid(), resource.RLIMIT_CORE)",
    "the judge's priority": "os.setpriority(os.PRIO_PROCESS, os.getppid(), os.getpriority(os.PRIO_PROCESS, 0))",
    "the judge's processors": "os.sched_setaffinity(os.getppid(), os.sched_getaffinity(0))",
    "a handle of the judge": "os.pidfd_open(os.getppid())",
    "a file that sends the judge signals": "fcntl.fcntl(1, fcntl.F_SETOWN, os.getppid())",
    "shared memory that no limit counts": "mmap.mmap(-1, 4096)",
    "memory that no limit counts": "os.memfd_create('x')",
    "memory that outlives it": "checked(libc.shmctl(checked(libc.shmget(0, 1, 0o600)), 0, None))",
    "modes of files": "os.chmod(own, 0o700)",
    "owners of files": "os.chown(own, -1, -1)",
    "times of files": "os.utime(own)",
    "attributes of files": "os.setxattr(own, 'user.x', b'x')",
    "a message queue": "checked(libc.msgctl(checked(libc.msgget(0, 0o600)), 0, None))",
    "a semaphore": "checked(libc.semctl(checked(libc.semget(0, 1, 0o600)), 0, 0))",
    "another process's memory": "checked(libc.process_vm_readv(os.getpid(), None, 0, None, 0, 0))",
    "hiding its own memory": "checked(libc.prctl(4, 0, 0, 0, 0)), libc.prctl(4, 1, 0, 0, 0)",
    "an execution domain": "checked(libc.personality(-1))",
}
SCRIPT = """
import ctypes, fcntl, importlib, json, mmap, multiprocessing, os, resource, socket, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
attempts = json.load(sys.stdin)
source, own, packages, hidden, elsewhere, home = map(Path, sys.argv[1:7])
judge = Path("/proc", str(os.getppid()))
sys.path.insert(0, str(source))
from exercise.asking.confinement import confine
libc = ctypes.CDLL(None, use_errno=True)
def checked(answer):
    if answer < 0:
        raise OSError(ctypes.get_errno(), "")
    return answer
def shared_memory():
    from multiprocessing.shared_memory import SharedMemory
    block = SharedMemory(create=True, size=10)
    block.unlink()
sys.path[0], sys.prefix = str(packages), str(hidden / ".venv")
if sys.argv[7] == "filtered":
    from exercise.asking import system_calls
    assert system_calls.restrict(signals=True)
found = {"barriers": sorted(confine(own, hidden)) if sys.argv[7] == "confined" else []}
for name, attempt in attempts.items():
    try:
        eval(attempt)
        found[name] = "done"
    except (OSError, subprocess.CalledProcessError) as error:
        found[name] = "refused"
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def attempt(tmp_path_factory):
    """What comes of attempts in a process, confined or free, with a home of its own.

    In its packages lies the hidden folder, "app", and in that the environment of its Python.
    """
    def try_(attempts, state="confined"):
        top = tmp_path_factory.mktemp("top")
        places = [top / name for name in ("own", "packages", "packages/app", "elsewhere", "home")]
        for folder in ("own", "packages/package", "packages/app/tests", "packages/app/.venv", "elsewhere",
                       "home/.cache/matplotlib"):
            (top / folder).mkdir(parents=True, exist_ok=True)
            (top / folder / "note").write_text("1")
            (top / folder / "old").write_text("1")
        for folder in ("own", "packages"):
            (top / folder / "link").symlink_to(places[2])
        environment = os.environ | {"HOME": str(places[4]), "TMPDIR": str(places[0])}
        ran = subprocess.run([sys.executable, "-I", "-c", SCRIPT, str(ROOT), *map(str, places), state], text=True,
                             input=json.dumps(attempts), capture_output=True, cwd=places[0], env=environment)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)
    return try_


@pytest.fixture(scope="module")
def confined(attempt):
    return attempt(WITHIN_REACH | OUT_OF_REACH | REFUSED)


@pytest.fixture(scope="module")
def free(attempt):
    return attempt(OUT_OF_REACH | REFUSED, "free")


def test_it_says_which_barriers_hold(confined, free):
    assert confined["barriers"] == sorted(barriers()) and free["barriers"] == []


@needs_landlock
@pytest.mark.parametrize("name", WITHIN_REACH)
def test_within_reach(confined, name):
    assert confined[name] == "done"


@needs_landlock
@pytest.mark.parametrize("name", OUT_OF_REACH)
def test_out_of_reach_but_for_a_free_process(confined, free, name):
    assert (confined[name], free[name]) == ("refused", "done")


@needs_filter
@pytest.mark.parametrize("name", REFUSED)
def test_a_system_call_is_refused_but_to_a_free_process(confined, free, name):
    assert (confined[name], free[name]) == ("refused", "done")


@needs_landlock
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root has rights to lose")
@pytest.mark.parametrize("right", ["os.chown(own / 'note', 1, 1)", "open(judge / 'environ').read()"])
def test_root_loses_its_rights(attempt, right):
    assert attempt({"right": right})["right"] == "refused" and attempt({"right": right}, "free")["right"] == "done"


@needs_landlock
def test_the_memory_of_the_judge_is_out_of_reach(attempt):
    assert attempt({"memory": "open(judge / 'mem', 'rb')"})["memory"] == "refused"


@pytest.mark.skipif("signals" not in barriers(), reason="this system cannot keep signals from other processes")
def test_signals_to_the_judge_are_refused(attempt):
    asked = {"signal": "os.kill(os.getppid(), 0)"}
    assert attempt(asked)["signal"] == "refused" and attempt(asked, "free")["signal"] == "done"


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_no_system_call_is_made(monkeypatch, tmp_path, platform):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(system_calls, "call", lambda *_: pytest.fail("a system call of another system"))
    assert confine(tmp_path, tmp_path) == barriers() == set()


@pytest.mark.parametrize("error", [errno.ENOSYS, errno.EPERM, errno.EINVAL])
def test_where_the_kernel_refuses_everything_nothing_holds(monkeypatch, tmp_path, error):
    def refuse(*_):
        raise OSError(error, os.strerror(error))
    monkeypatch.setattr(system_calls, "call", refuse)
    monkeypatch.setattr(system_calls, "no_new_privileges", lambda: None)
    assert confine(tmp_path, tmp_path) == barriers() == set()


def test_where_the_kernel_agrees_and_does_nothing_no_filter_is_believed(monkeypatch, tmp_path):
    monkeypatch.setattr(system_calls, "call", lambda *_: 0)
    monkeypatch.setattr(system_calls, "no_new_privileges", lambda: None)
    assert confine(tmp_path, tmp_path) == set()


IN_A_CONTAINER = """
import sys
sys.path.insert(0, sys.argv[1])
from exercise.asking import confinement, system_calls
known = dict(system_calls._REFUSED)
system_calls._REFUSED.clear()
system_calls._REFUSED.update(personality=known["personality"], **eval(sys.argv[3]))
assert system_calls.restrict()
system_calls._REFUSED.update(known)
print(*sorted(confinement.confine(sys.argv[2], sys.argv[1])), sep=", ")
"""


@needs_filter
@pytest.mark.parametrize("refused, held", [
    ({"a": (444, 444)}, "network, signals, system calls"), ({"a": (446, 446)}, "network, signals, system calls"),
    ({"a": (157, 167)}, ""), ({"a": (157, 167), "b": (444, 444), "c": (317, 277)}, "")])
def test_a_barrier_that_a_container_refuses_does_not_hold(tmp_path, refused, held):
    """The calls are Landlock's first and last, prctl and seccomp: here our own filter refuses them in advance."""
    ran = subprocess.run([sys.executable, "-I", "-c", IN_A_CONTAINER, str(ROOT), str(tmp_path), repr(refused)],
                         capture_output=True, text=True)
    assert (ran.returncode, ran.stdout.strip()) == (0, held), ran.stderr


@needs_filter
def test_without_landlock_s_signals_the_filter_refuses_them(attempt):
    asked = {"signal": "os.kill(os.getppid(), 0)", "group": "os.kill(0, 0)", "own": "os.kill(os.getpid(), 0)"}
    assert attempt(asked, "filtered") == {"barriers": [], "signal": "refused", "group": "refused", "own": "done"}


@pytest.mark.parametrize("version, filtered, found", [
    (0, False, set()), (1, False, {"files"}), (6, False, {"files", "signals"}), (9, True, set(BARRIERS)),
    (0, True, set(BARRIERS) - {"files"}), (5, True, set(BARRIERS))])
def test_an_older_kernel_has_fewer_barriers(monkeypatch, version, filtered, found):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(system_calls, "call", lambda *_: version)
    monkeypatch.setattr(system_calls, "available", lambda: filtered)
    assert barriers() == found


# in a worker ---------------------------------------------------------------------------------------------------------

PROBES = '''
import os
import sys


def threads():
    import torch
    torch.set_num_threads(3)
    torch.ones(1000, 1000).exp().sum()
    tasks = os.listdir("/proc/self/task")
    status = [open(f"/proc/self/task/{task}/status").read() for task in tasks]
    return {"threads": len(tasks), "confined": sum("NoNewPrivs:\\t1" in lines for lines in status)}


def work(root):
    import matplotlib.pyplot as plt
    import torch
    plt.plot([1, 2])
    plt.title("$x^2$")
    plt.savefig("figure.png")
    data = torch.arange(6.0)
    batches = torch.utils.data.DataLoader(data, batch_size=2)
    return {"figure": os.path.getsize("figure.png") > 0, "sum": sum(float(batch.sum()) for batch in batches),
            "read": _can_read(f"{root}/tests/secret.py")}


def _can_read(path):
    try:
        return bool(open(path).read())
    except PermissionError:
        return False
'''


@pytest.fixture
def worker(tmp_path, monkeypatch):
    """Questions to a worker, whose home is empty, and the probes for it."""
    root = tmp_path / "root"
    for path, text in {"lib/toy.py": "", "probes/confined.py": PROBES, "tests/secret.py": "1", "home/.x": ""}.items():
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(text)
    package = types.ModuleType("exercise.probes")
    package.__path__ = [str(root / "probes")]
    monkeypatch.setenv("HOME", str(root / "home"))
    monkeypatch.setitem(sys.modules, "exercise.probes", package)
    monkeypatch.setattr(exercise, "probes", package, raising=False)
    with Isolated(root, timeout=60) as ask:
        yield ask, importlib.import_module("exercise.probes.confined"), root
    del sys.modules["exercise.probes.confined"]


@needs_landlock
@pytest.mark.slow
def test_all_threads_of_a_worker_are_confined(worker):
    ask, probes, _ = worker
    answer = ask(probes.threads)
    assert answer["threads"] == answer["confined"] > 1


@needs_landlock
@pytest.mark.slow
def test_a_worker_draws_and_loads_batches_and_cannot_read_the_tests(worker):
    ask, probes, root = worker
    assert ask(probes.work, str(root)) == {"figure": True, "sum": 15.0, "read": False}
