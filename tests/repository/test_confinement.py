"""A confined process: what it can and cannot reach, what keeps working in it, and systems that cannot confine."""

import importlib
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

import exercise
from exercise.asking import confinement
from exercise.asking.confinement import BARRIERS, barriers, confine
from exercise.asking.isolated import Isolated

ROOT = Path(__file__).resolve().parents[2]
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
    "the judge's root": "os.listdir(f'{judge}/root{hidden}')",
    "the judge's files": "os.readlink(judge / 'fd' / '1')",
    "its own root": "os.listdir(f'/proc/self/root{hidden}')",
    "writing to a hidden folder": "(hidden / 'new').write_text('x')",
    "writing elsewhere": "(elsewhere / 'new').write_text('x')",
    "writing to packages": "(packages / 'package' / 'new').write_text('x')",
    "changing a package": "(packages / 'package' / 'note').open('a')",
    "removing": "(elsewhere / 'old').unlink()",
}
SCRIPT = """
import importlib, json, multiprocessing, os, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
attempts = json.load(sys.stdin)
source, own, packages, hidden, elsewhere, home = map(Path, sys.argv[1:7])
judge = Path("/proc", str(os.getppid()))
sys.path.insert(0, str(source))
from exercise.asking.confinement import confine
sys.path[0], sys.prefix = str(packages), str(hidden / ".venv")
found = {"confined": sys.argv[7] == "confined" and confine(own, hidden)}
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
    return attempt(WITHIN_REACH | OUT_OF_REACH)


@pytest.fixture(scope="module")
def free(attempt):
    return attempt(OUT_OF_REACH, "free")


@needs_landlock
def test_it_says_that_it_is_confined(confined, free):
    assert confined["confined"] is True and free["confined"] is False


@needs_landlock
@pytest.mark.parametrize("name", WITHIN_REACH)
def test_within_reach(confined, name):
    assert confined[name] == "done"


@needs_landlock
@pytest.mark.parametrize("name", OUT_OF_REACH)
def test_out_of_reach_but_for_a_free_process(confined, free, name):
    assert (confined[name], free[name]) == ("refused", "done")


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
    monkeypatch.setattr(confinement, "_call", lambda *_: pytest.fail("a system call of another system"))
    assert confine(tmp_path, tmp_path) is False and barriers() == set()


def test_a_kernel_without_landlock_confines_nothing(monkeypatch, tmp_path):
    def refuse(*_):
        raise OSError(38, "Function not implemented")
    monkeypatch.setattr(confinement, "_call", refuse)
    assert confine(tmp_path, tmp_path) is False and barriers() == set()


def test_an_older_kernel_has_fewer_barriers(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for version, found in ((1, {"files"}), (5, {"files"}), (6, set(BARRIERS)), (9, set(BARRIERS))):
        monkeypatch.setattr(confinement, "_call", lambda *_, version=version: version)
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
    batches = torch.utils.data.DataLoader(data, batch_size=2, num_workers=1)
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
