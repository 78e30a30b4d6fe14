"""Runs that are killed, stopped, starved of disk space: each goes on as if nothing had been, bit for bit.

The processes are forks of one that has done all that is slow about starting, see `warm_process.py`.
"""

import itertools
import multiprocessing.forkserver
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import wait
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lib.support.errors import UserError
from lib.support.runs import checkpoints
from lib.support.runs.run import Run
from tests.repository.test_runs import contents, outcome, rows, train

if "forkserver" not in multiprocessing.get_all_start_methods():
    pytest.skip("this system cannot fork a process", allow_module_level=True)

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SMALL_RUN = ["--dataset", "folder:pictures", "--image_size", "4", "--batch_size", "4", "--hidden_size", "5",
             "--device", "cpu", "--output_dir", "results"]
PATIENCE = 60  # seconds, after which a process hangs
KILLS = 30


def make_pictures(folder):
    """Two classes of ten pictures: four steps an epoch."""
    draw = np.random.default_rng(0)
    for class_ in ("one", "other"):
        os.makedirs(os.path.join(folder, class_))
        for number in range(10):
            pixels = draw.integers(0, 256, (4, 4, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(os.path.join(folder, class_, f"{number}.png"))


# Processes

CONTEXT = multiprocessing.get_context("forkserver")
IN_TURN = threading.Lock()  # a start asks after all processes there are: in two threads, one takes the other's answer


@pytest.fixture(scope="module", autouse=True)
def fork_server():
    """Starts getting warm; tests that need no processes run meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        patch.setenv("PYTHONPATH", str(ROOT))
        CONTEXT.set_forkserver_preload(["tests.repository.warm_process"])
        multiprocessing.forkserver.ensure_running()


def start(function, *arguments):
    process = CONTEXT.Process(target=function, args=arguments, daemon=True)
    with IN_TURN:
        process.start()
    return process


@pytest.fixture(scope="module")
def processes():
    """Starts processes: `processes(function, *arguments)`. The server is warm, so what it starts can be timed."""
    assert end_of(start(os.getpid)) == 0
    return start


def end_of(process):
    """Its exit code; minus the signal that ended it."""
    if not wait([process.sentinel], PATIENCE):
        process.kill()
        pytest.fail(f"a process did not end within {PATIENCE} s")
    with IN_TURN:
        process.join()
        return process.exitcode


def run_script(folder, flags):
    """What a shell would do: run run_vae_training.py in `folder`, with stdout and stderr in files there."""
    os.chdir(folder)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background may ignore Ctrl-C
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    random.seed(0)  # the script uses neither of these two, but their state is in the checkpoints to be compared
    np.random.seed(0)
    sys.argv = ["run_vae_training.py"]
    import run_vae_training
    sys.exit(run_vae_training.main([*SMALL_RUN, *flags]))


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    """A new folder with pictures in it, at each call."""
    original = tmp_path_factory.mktemp("original")
    make_pictures(original / "pictures")
    return lambda: Path(shutil.copytree(original, tmp_path_factory.mktemp("workplace"), dirs_exist_ok=True))


@pytest.fixture(scope="module")
def straight(processes, workplace):
    """Runs that nobody disturbed: `straight(epochs)` is where one lies, and how many seconds it took."""
    done = {}

    def run(epochs):
        if epochs not in done:
            place, began = workplace(), time.perf_counter()
            assert end_of(processes(run_script, place, ["--epochs", str(epochs)])) == 0
            done[epochs] = place / "results", time.perf_counter() - began
        return done[epochs]
    return run


def error_line(place):
    """What a process said on stderr, which has to be one line."""
    line, = (place / "stderr").read_text().splitlines()
    return line


def wait_for(path, process):
    give_up = time.monotonic() + PATIENCE
    while not path.exists() and process.is_alive() and time.monotonic() < give_up:
        time.sleep(0.002)
    assert path.exists()


# Disks

@pytest.fixture
def small_disk(tmp_path):
    """A file system of two megabytes; needs the right to mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", place], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount a file system")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(disk, left):
    """A file that leaves `left` bytes of the disk free."""
    state = os.statvfs(disk)
    (disk / "ballast").write_bytes(bytes(state.f_bavail * state.f_bsize - left))


def test_a_disk_that_fills_up_costs_the_current_epoch_only(small_disk, tmp_path):
    train(Run(tmp_path / "straight"), 4)
    folder, refusals = small_disk / "results", 0
    for left in range(0, 60_000, 8_192):
        shutil.rmtree(folder, ignore_errors=True)
        train(Run(folder), 2)
        fill(small_disk, left)
        try:
            train(Run(folder, resume=True), 4)
        except UserError as refusal:
            assert "No space left on device; what was there before is kept" in str(refusal)
            refusals += 1
        assert len(checkpoints.load(folder)["metrics"].splitlines()) >= 2
        (small_disk / "ballast").unlink()
        train(Run(folder, resume=True), 4)
        assert outcome(folder) == outcome(tmp_path / "straight")
    assert refusals > 1


# Killed

def test_a_run_killed_at_random_moments_ends_like_one_that_never_was(processes, workplace, straight):
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    expected, seconds = straight(6)

    def live(number):
        """A run that is killed up to five times, and then left to finish; returns how often."""
        draw, place = random.Random(f"{seed} {number}"), workplace()
        for kills in range(6):
            process = processes(run_script, place, ["--epochs", "6", "--resume"])
            if kills < 5:
                wait([process.sentinel], draw.uniform(0, seconds))
                process.kill()
            exit_code = end_of(process)
            if exit_code == 0:
                break
            assert exit_code == -signal.SIGKILL, (place / "stderr").read_text()
            if (place / "results" / "metrics.jsonl").exists():
                found = rows(place / "results")
                assert found == rows(expected)[:len(found)]
        assert outcome(place / "results") == outcome(expected)
        return kills

    total, numbers = 0, itertools.count()
    with ThreadPoolExecutor(2) as pool:
        while total < KILLS:
            total += sum(pool.map(live, itertools.islice(numbers, 2)))


def train_and_die(folder, last_operation):
    """Train anew in `folder`, and die just before the file operation of that number; 0 counts them, as exit code."""
    operations = itertools.count(1)

    def look(event, arguments):
        writes = event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.truncate") \
            or event == "open" and arguments[1] not in ("r", "rb")
        if writes and str(arguments[0]).startswith(str(folder)) and next(operations) == last_operation:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(look)
    train(Run(folder, {"name": "new"}), 1, seed=1, picture="new")
    sys.exit(next(operations) - 1)


def test_a_new_run_killed_before_any_file_operation_leaves_either_run_whole(processes, tmp_path):
    train(Run(tmp_path / "begun", {"name": "old"}), 2, picture="old")
    shutil.copytree(tmp_path / "begun", tmp_path / "old")
    train(Run(tmp_path / "old", {"name": "old"}, resume=True), 3, picture="old")
    train(Run(tmp_path / "new", {"name": "new"}), 2, seed=1, picture="new")
    expected = {name: outcome(tmp_path / name) for name in ("old", "new")}

    def begin_and_die(operation):
        folder = Path(shutil.copytree(tmp_path / "begun", tmp_path / str(operation)))
        return folder, end_of(processes(train_and_die, folder, operation))

    found, (_, operations) = [], begin_and_die(0)
    with ThreadPoolExecutor(2) as pool:
        for folder, exit_code in pool.map(begin_and_die, range(1, operations + 1)):
            assert exit_code == -signal.SIGKILL
            name = checkpoints.load(folder)["settings"]["name"]
            if name == "old":
                visible = {file: data for file, data in contents(folder).items() if not file.startswith(".")}
                assert visible == contents(tmp_path / "begun")
            train(Run(folder, {"name": name}, resume=True), {"old": 3, "new": 2}[name], picture=name)
            assert outcome(folder) == expected[name], f"killed before operation {folder.name}"
            assert not list(folder.glob(".*.tmp"))
            found.append(name)
    assert found == sorted(found, reverse=True) and found.count("old") > 2 and found.count("new") > 20


# Stopped

@pytest.mark.parametrize("number, expected_code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_says_how_to_go_on_and_that_works(number, expected_code, processes, workplace, straight):
    expected, _ = straight(30)
    place = workplace()
    process = processes(run_script, place, ["--epochs", "30"])
    wait_for(place / "results" / checkpoints.PREVIOUS, process)
    os.kill(process.pid, number)
    assert end_of(process) == expected_code
    line = error_line(place)
    said = re.fullmatch(r"run_vae_training\.py: stopped in epoch (\d+) of 30; epoch (\d+) is saved in results\. "
                        r"Go on with: python run_vae_training\.py (.*)", line)
    assert said, line
    in_epoch, saved, flags = int(said[1]), int(said[2]), shlex.split(said[3])
    assert saved in (in_epoch - 1, in_epoch) and len(rows(place / "results")) == saved
    assert end_of(processes(run_script, place, flags[len(SMALL_RUN):])) == 0
    assert f"going on in results after epoch {saved}" in (place / "stdout").read_text()
    assert outcome(place / "results") == outcome(expected)


# Two at once

def test_the_second_of_two_runs_in_a_folder_refuses_until_the_first_is_dead(processes, workplace):
    place, elsewhere = workplace(), workplace()
    first = processes(run_script, place, ["--epochs", "100000"])
    wait_for(place / "results" / checkpoints.NEWEST, first)
    (elsewhere / "results").symlink_to(place / "results")
    for flags in (["--epochs", "2"], ["--epochs", "2", "--resume"]):
        assert end_of(processes(run_script, elsewhere, flags)) == 2
        assert "another run is writing into results: wait for it" in error_line(elsewhere)
    assert first.is_alive()
    first.kill()
    assert end_of(first) == -signal.SIGKILL
    assert end_of(processes(run_script, elsewhere, ["--epochs", "1", "--resume"])) == 0
    assert "nothing to do" in (elsewhere / "stdout").read_text()


# Scripts on such disks

def test_a_script_on_a_full_disk_ends_in_one_line(processes, small_disk, workplace):
    place = workplace()
    (place / "results").symlink_to(small_disk)
    assert end_of(processes(run_script, place, ["--epochs", "2"])) == 0
    before = checkpoints.load(small_disk)
    fill(small_disk, 0)
    assert end_of(processes(run_script, place, ["--epochs", "4", "--resume"])) == 2
    assert re.search(r"cannot write results.*: No space left on device; what was there before is kept",
                     error_line(place))
    assert checkpoints.load(small_disk)["metrics"] == before["metrics"]


def test_a_script_that_may_not_write_ends_in_one_line(processes, small_disk, workplace):
    place = workplace()
    (place / "results").symlink_to(small_disk / "results")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert end_of(processes(run_script, place, ["--epochs", "2"])) == 2
    assert re.search(r"cannot write into results: .*; name another folder with --output_dir", error_line(place))


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_one_line(tmp_path):
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(UserError, match="cannot write into .*: Permission denied; name another folder"):
            train(Run(tmp_path / "results"), 1)
    finally:
        tmp_path.chmod(0o755)
