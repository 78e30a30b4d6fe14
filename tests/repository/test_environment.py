"""What surrounds a script, and must not cost a result: streams, drives, MPLBACKEND, files that hide modules."""

import errno
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lib.support.errors import UserError
from lib.support.runs import checkpoints, file_systems
from lib.support.runs.results import FolderLock
from lib.support.scripts.command_line import script
from lib.support.scripts.streams import patient_streams

ROOT = Path(__file__).resolve().parent.parent.parent
WRITES = ("losses.png", "samples.png", "model.pth", "metrics.jsonl")


def pictures(folder):
    """Twenty pictures of 8x8 pixels, in two classes, one with a name in another script."""
    for number in range(20):
        path = folder / ("日本" if number % 2 else "dark") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((8, 8, 3), 10 * number, np.uint8)).save(path)


def train(folder, redirected="", root=ROOT, **environment):
    """Train a small VAE in a shell, in `folder`."""
    pictures(folder / "pictures")
    command = (f"'{sys.executable}' '{root}/run_vae_training.py' --dataset folder:pictures --image_size 8 --epochs 1 "
               f"--device cpu --output_dir 'Ergebnis 日本' {redirected}")
    return subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "OMP_NUM_THREADS": "1", **environment})


SURROUNDINGS = {
    "output in ASCII": ("", {"PYTHONIOENCODING": "ascii"}),
    "output in a Windows code page": ("", {"PYTHONIOENCODING": "cp1252"}),
    "all streams closed": ("<&- >&- 2>&-", {}),
    "a full disk behind the output": (">/dev/full 2>/dev/full", {}),
    "a notebook's backend": ("", {"MPLBACKEND": "module://of_another.environment"}),
}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="redirected as in a POSIX shell")
@pytest.mark.parametrize(("redirected", "environment"), SURROUNDINGS.values(), ids=SURROUNDINGS)
def test_a_run_keeps_its_results(redirected, environment, tmp_path):
    """Exit code 0, and all pictures, whatever the streams and the environment are."""
    done = train(tmp_path, redirected, **environment)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    assert {path.name for path in (tmp_path / "Ergebnis 日本").iterdir()} >= set(WRITES)


# streams -------------------------------------------------------------------------------------------------------------

class OnlyWrite:
    """A stream of a notebook, which has just this method."""

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text


class Ascii(OnlyWrite):
    encoding = "ascii"

    def write(self, text):
        super().write(text.encode("ascii").decode())


class Gone:
    def write(self, *_):
        raise BrokenPipeError

    flush = fileno = isatty = write


def printed(monkeypatch, stream, text):
    """What is left of a text that a script prints."""
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", stream)
    with patient_streams():
        print(text)
        print(text, file=sys.stderr, flush=True)
    assert sys.stdout is stream and sys.stderr is stream
    return getattr(stream, "text", None)


def test_a_stream_needs_nothing_but_write(monkeypatch):
    assert printed(monkeypatch, OnlyWrite(), "日本") == "日本\n" * 2


def test_letters_that_an_encoding_lacks_become_numbers(monkeypatch):
    assert printed(monkeypatch, Ascii(), "a é") == "a \\xe9\n" * 2


@pytest.mark.parametrize("stream", [None, Gone()], ids=["closed", "gone"])
def test_nobody_need_listen(stream, monkeypatch):
    printed(monkeypatch, stream, "lost")


def test_a_terminal_is_one_still(monkeypatch):
    """A progress bar asks whether there is a terminal."""
    for stream, expected in ((OnlyWrite(), False), (Ascii(), True)):
        monkeypatch.setattr(stream, "isatty", lambda expected=expected: expected, raising=False)
        monkeypatch.setattr(sys, "stdout", stream)
        with patient_streams():
            assert sys.stdout.isatty() is expected


def test_a_script_reports_into_streams_that_are_gone(monkeypatch):
    """The exit code is the same when nobody reads the line."""
    @script
    def main(argv=None):
        print("one")
        raise UserError("wrong")
    monkeypatch.setattr(sys, "stdout", Gone())
    monkeypatch.setattr(sys, "stderr", None)
    assert main() == 2


# drives --------------------------------------------------------------------------------------------------------------

@pytest.fixture(autouse=True)
def not_yet_warned():
    file_systems._warn_once.cache_clear()


@pytest.mark.parametrize("code", ["ENOTSUP", "EINVAL", "ENOSYS", "ENOLCK"])
def test_a_drive_without_locks_and_flushing_gets_one_warning_each(code, tmp_path, monkeypatch, capsys):
    """Network and cloud drives: the run goes on, and its checkpoint is written."""
    def unsupported(*_):
        raise OSError(getattr(errno, code), "not here")
    monkeypatch.setattr(file_systems, "_lock", unsupported)
    monkeypatch.setattr(os, "fsync", unsupported)
    lock = FolderLock(tmp_path / "folder")
    lock.acquire()
    for number in range(3):
        checkpoints.save(tmp_path, {"number": number})
    lock.release()
    assert checkpoints.load(tmp_path)["number"] == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["warning", "warning"]
    assert "locks" in lines[0] and "power cut" in lines[1]


def test_a_drive_that_cannot_flush_is_not_one_that_is_full(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="No space left"):
        checkpoints.save(tmp_path, {"number": 1})


class Held:
    """A file that another program holds for the first `times` tries of an action."""

    def __init__(self, times, action):
        self.times, self.action = times, action

    def __call__(self, *arguments):
        self.times -= 1
        if self.times >= 0:
            raise PermissionError(errno.EACCES, "held by another program")
        return self.action(*arguments)


def test_a_file_that_is_held_for_a_moment_is_replaced_after_it(tmp_path, monkeypatch):
    """A virus scanner, or a folder that is being synchronised."""
    waits = []
    monkeypatch.setattr(file_systems.time, "sleep", waits.append)
    monkeypatch.setattr(os, "replace", Held(3, os.replace))
    checkpoints.write_atomically(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new" and len(waits) == 3 and sum(waits) < 5


def test_a_file_that_is_held_for_good_is_one_line(tmp_path, monkeypatch):
    waits = []
    (tmp_path / "file").write_bytes(b"old")
    monkeypatch.setattr(file_systems.time, "sleep", waits.append)
    monkeypatch.setattr(os, "replace", Held(100, os.replace))
    with pytest.raises(UserError, match="held by another program"):
        checkpoints.write_atomically(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old" and 2 < sum(waits) < 10


# files that hide modules ---------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The root scripts and lib/, where a test may add files."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "lib", folder / "lib", ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.glob("*.py"):
        shutil.copy(path, folder)
    return folder


def run_with(copy, name, script_name, *arguments):
    (copy / name).write_text("answer = 42\n")
    try:
        return subprocess.run([sys.executable, "-S" if not arguments else "-B", script_name, *arguments], cwd=copy,
                              capture_output=True, text=True)
    finally:
        (copy / name).unlink()


@pytest.mark.parametrize("script_name", sorted(path.name for path in ROOT.glob("*.py")))
@pytest.mark.parametrize("name", ["types.py", "argparse.py"])
def test_a_file_that_hides_a_module_of_python_is_named(name, script_name, copy):
    """Before any module is imported that types.py could spoil; without `site`, which may have imported the true one."""
    done = run_with(copy, name, script_name)
    assert done.returncode == 2 and re.fullmatch(rf"{script_name}: .*{name} hides the module .*\n", done.stderr), done


@pytest.mark.parametrize("name", ["random.py", "torch.py", "numpy.py"])
def test_a_file_that_hides_what_is_needed_later_is_named(name, copy):
    """As soon as the module is needed, which --help does not."""
    assert run_with(copy, name, "run_vae_training.py", "--help").returncode == 0
    done = run_with(copy, name, "run_vae_training.py", "--dataset", "digits", "--epochs", "1")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and f"{name} hides" in done.stderr, done


def test_a_folder_that_is_twice_on_the_path_hides_nothing(copy):
    """PYTHONPATH often names the folder of the project."""
    done = subprocess.run([sys.executable, "run_vae_training.py", "--help"], cwd=copy, capture_output=True,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join([str(copy), "."])})
    assert done.returncode == 0 and not done.stderr
    done = subprocess.run([sys.executable, "-c", "import lib.support.errors, run_vae_training"], cwd=copy,
                          capture_output=True, env={**os.environ, "PYTHONPATH": str(copy)})
    assert done.returncode == 0 and not done.stderr


@pytest.mark.slow
def test_a_file_with_the_name_of_a_module_that_nobody_needs_may_stay(copy):
    done = run_with(copy, "antigravity.py", "run_vae_training.py", "--dataset", "nowhere", "--epochs", "1")
    assert done.returncode == 2 and "no image set" in done.stderr


# files of tests ------------------------------------------------------------------------------------------------------

@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(ROOT.glob("tests/test_*.py")), ids=lambda path: path.stem)
def test_a_file_of_tests_runs_by_its_path(path, tmp_path):
    """`python tests/test_vae.py` works like `python -m tests.test_vae`, from any folder."""
    done = subprocess.run([sys.executable, path, "--collect-only", "-q"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and f"{path.name}::test_" in done.stdout, done.stderr
