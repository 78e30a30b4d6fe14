"""Limits of a process: those that the kernel keeps, and those that are measured."""

import mmap
import os
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import pytest

from exercise.asking import limits
from exercise.asking.limits import Limits, exceeded, impose, usage

ROOT = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
MEGABYTE = 2 ** 20
START = """
import os, signal, subprocess, sys, threading, time
sys.path.insert(0, sys.argv[1])
from exercise.asking.limits import Limits, impose
impose(Limits(cpu=1, threads=20))
"""


def run(code):
    return subprocess.run([sys.executable, "-I", "-c", START + code, str(ROOT)], capture_output=True, text=True)


@linux
@pytest.mark.parametrize("code, error", [
    ("bytearray(4 * 2 ** 30)", "MemoryError"),
    ("import mmap; mmap.mmap(-1, 9 * 2 ** 30)", "Cannot allocate memory"),
    ("open(os.devnull), [open(os.devnull) for _ in range(300)]", "Too many open files"),
    ("import tempfile; tempfile.TemporaryFile().write(bytes(65 * 2 ** 20))", "File too large"),
])
def test_the_kernel_keeps_a_limit(code, error):
    assert run("print('begun')\n").stdout == "begun\n"
    assert error in run(code).stderr.splitlines()[-1]


@linux
def test_time_on_a_processor_is_limited():
    assert run("while True: pass").returncode < 0


@linux
def test_a_process_that_goes_too_far_is_the_kernel_s_first_choice():
    assert run("print(open('/proc/self/oom_score_adj').read())").stdout.strip() == "1000"


@linux
@pytest.mark.parametrize("kind, value", [("NPROC", 20), ("CORE", 0), ("MSGQUEUE", 0)])
def test_the_kernel_is_told_of_a_limit(kind, value):
    assert run(f"import resource; print(*resource.getrlimit(resource.RLIMIT_{kind}))").stdout == f"{value} {value}\n"


def test_a_person_s_threads_are_not_counted():
    assert Limits().threads is None and Limits.generous().threads is None


def test_a_student_s_own_run_may_take_more_of_everything():
    own, grading = Limits.generous(), Limits()
    assert all(getattr(own, field.name) > getattr(grading, field.name) for field in fields(Limits)
               if field.name != "threads")


def test_torch_has_room():
    assert Limits().address_space >= 4096 * MEGABYTE


def test_without_rlimits_nothing_is_limited(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    impose(Limits(cpu=0, address_space=0))
    assert bytearray(MEGABYTE)


def test_without_proc_nothing_is_measured(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert usage(os.getpid(), [tmp_path]) == limits.Usage()


# measured ------------------------------------------------------------------------------------------------------------

@pytest.fixture
def tree():
    """The number of a process that has started two others, which wait."""
    code = "import subprocess; [subprocess.Popen(['sleep', '60']) for _ in range(2)]; print(1, flush=True); input()"
    with subprocess.Popen([sys.executable, "-I", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield process.pid
        for child in limits.descendants(process.pid):
            os.kill(child, 9)
        process.kill()


@linux
def test_processes_of_a_tree_are_counted(tree):
    assert usage(tree).processes == 3
    assert exceeded(Limits(processes=3), tree) == "" and exceeded(Limits(processes=2), tree) == "processes"


@linux
@pytest.mark.parametrize("take", [lambda: bytearray(b"x" * 64 * MEGABYTE),
                                  lambda: filled(mmap.mmap(-1, 64 * MEGABYTE))], ids=["its own", "shared"])
def test_memory_in_use_is_counted(take):
    before = usage(os.getpid()).memory
    taken = take()
    assert usage(os.getpid()).memory - before > 60 * MEGABYTE, len(taken)


def filled(block):
    block.write(b"x" * len(block))
    return block


@linux
def test_pages_that_processes_share_are_counted_once():
    block = filled(mmap.mmap(-1, 64 * MEGABYTE))
    before = usage(os.getpid()).memory
    wait, ready = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(ready, block[::4096][:1])
            time.sleep(60)
        finally:
            os._exit(0)
    try:
        os.read(wait, 1)
        assert usage(os.getpid()).memory - before < 32 * MEGABYTE
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(wait)
        os.close(ready)


@linux
def test_a_process_that_hides_what_it_shares_is_counted_in_full(monkeypatch):
    monkeypatch.setattr(limits, "_kilobytes", lambda pid, file, key: 7 if key == b"VmRSS:" else 0)
    assert usage(os.getpid()).memory % 7 == 0 and usage(os.getpid()).memory > 0


@linux
def test_the_exact_sum_is_looked_at_only_where_it_matters(monkeypatch):
    monkeypatch.setattr(limits, "_resident", lambda pid: 2 * MEGABYTE)
    monkeypatch.setattr(limits, "_shared_out", lambda pid: MEGABYTE // 2)
    few = replace(Limits(), memory=MEGABYTE, processes=10 ** 6, files=10 ** 12)
    assert exceeded(few, os.getpid()) == ""
    monkeypatch.setattr(limits, "_shared_out", lambda pid: 2 * MEGABYTE)
    assert exceeded(few, os.getpid()) == "memory"


@linux
def test_files_are_counted_wherever_they_are_and_links_are_not_followed(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_bytes(b"x" * MEGABYTE)
    (tmp_path / "link").symlink_to("/usr")
    single = tmp_path / "a" / "b" / "file"
    assert MEGABYTE <= usage(os.getpid(), [tmp_path]).files - usage(os.getpid()).files < 2 * MEGABYTE
    assert MEGABYTE <= usage(os.getpid(), [single]).files - usage(os.getpid()).files < 2 * MEGABYTE
    assert exceeded(Limits(files=MEGABYTE), os.getpid(), [tmp_path]) == "files"


@linux
def test_files_that_are_removed_and_still_open_are_counted(tmp_path):
    before = usage(os.getpid(), [tmp_path]).files
    with open(tmp_path / "file", "wb") as file:
        os.remove(tmp_path / "file")
        file.write(b"x" * MEGABYTE)
        file.flush()
        os.fsync(file.fileno())
        assert usage(os.getpid(), [tmp_path]).files - before >= MEGABYTE


@linux
def test_whoever_hides_files_takes_too_many(monkeypatch, tmp_path):
    (tmp_path / "a").mkdir()
    deep, here = 0, os.getcwd()
    monkeypatch.chdir(tmp_path / "a")
    while deep < 30:  # beyond the longest path that the kernel takes
        os.mkdir("x" * 200)
        os.chdir("x" * 200)
        deep += 1
    os.chdir(here)
    try:
        assert exceeded(Limits(), os.getpid(), [tmp_path]) == "files"
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / "a")], check=True)
    assert exceeded(Limits(memory=2 ** 40, processes=10 ** 6), os.getpid(), [tmp_path]) == ""


@linux
def test_a_process_that_shows_nobody_what_it_has_open_takes_too_many(monkeypatch):
    def listed(path, listdir=os.listdir):
        if path.endswith("/fd"):
            raise PermissionError(path)
        return listdir(path)
    monkeypatch.setattr(limits.os, "listdir", listed)
    assert exceeded(Limits(memory=2 ** 40), os.getpid()) == "files"


@linux
def test_a_process_that_has_ended_hides_nothing():
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)  # nobody has taken note of it yet: what it had open is root's
    try:
        assert exceeded(Limits(memory=2 ** 40, processes=10 ** 6), os.getpid()) == ""
    finally:
        os.waitpid(child, 0)


LEADERLESS = """
import ctypes, os, sys, threading, time
def take():
    taken = bytearray(b"x" * 64 * 2 ** 20)
    with open(sys.argv[1], "wb", buffering=0) as file:
        os.remove(sys.argv[1])
        file.write(taken[:2 ** 20])
        print(1, flush=True)
        sys.stdin.read()
    os._exit(0)
threading.Thread(target=take).start()
ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[os.uname().machine], 0)  # exit, of this thread alone
"""


@linux
def test_a_process_whose_first_thread_has_ended_is_measured(tmp_path):
    with subprocess.Popen([sys.executable, "-I", "-c", LEADERLESS, str(tmp_path / "file")], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        found = usage(process.pid)
        process.stdin.close()
    assert found.memory > 64 * MEGABYTE and found.files >= MEGABYTE


MAPPED = """
import mmap, os, sys
with open(sys.argv[1], "wb+") as file:
    file.truncate(2 ** 20)
    held = mmap.mmap(file.fileno(), 4096)
os.remove(sys.argv[1])
os.closerange(3, 100)  # the map has a descriptor of its own
print(1, flush=True)
sys.stdin.read()
"""


@linux
def test_files_that_are_removed_and_still_mapped_are_counted(tmp_path):
    before = usage(os.getpid()).files
    with subprocess.Popen([sys.executable, "-I", "-c", MAPPED, str(tmp_path / "file")], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        found = usage(os.getpid()).files
        process.stdin.close()
    assert found - before > MEGABYTE


@linux
def test_many_empty_files_count_too(tmp_path):
    for number in range(100):
        (tmp_path / str(number)).touch()
    assert usage(os.getpid(), [tmp_path]).files - usage(os.getpid()).files > 100 * 1000
