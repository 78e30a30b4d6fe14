"""What .ci/run runs, seen through stand-ins for Python and its programs that only say how they were called; and how
strict a run of the tests is."""

import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLDEST = re.search(r"Python (3\.\d+) or newer", (ROOT / "README.md").read_text(encoding="utf-8"))[1]
TOOLS = "bash", "cp", "dirname", "grep", "mkdir", "mktemp", "rm"  # all that .ci/run finds besides stand-ins
PROGRAM = """#!/bin/sh
echo "$0 $*" >> {log}
"""
PYTHON = """#!/bin/sh
case "$*" in
    --version) echo "Python {version}" ;;
    "-m venv "*) mkdir -p "$3/bin" && for name in python pip ruff; do cp {program} "$3/bin/$name"; done ;;
    *) exit {code} ;;
esac
"""


@pytest.fixture
def called(tmp_path):
    """Run .ci/run where python3 has this version and the oldest Python this exit code, as the user with this number,
    with or without a browser; what programs it called."""
    if sys.platform == "win32":
        pytest.skip("a shell script")

    def run(version, code, user=0, browser=True, apt=True):
        log, program, root = tmp_path / "log", tmp_path / "program", tmp_path / "root"
        save(program, PROGRAM.format(log=log))
        save(root / "runtests.sh", PROGRAM.format(log=log))
        save(tmp_path / "bin/python3", PYTHON.format(version=version, program=program, code=1))
        save(tmp_path / f"bin/python{OLDEST}", PYTHON.format(version=f"{OLDEST}.0", program=program, code=code))
        save(root / ".ci/run", (ROOT / ".ci/run").read_text(encoding="utf-8"))
        shutil.copy(ROOT / "README.md", root)
        save(tmp_path / "bin/id", f"#!/bin/sh\necho {user}\n")
        for name in ["chromedriver"] * browser + ["apt-get"] * apt:
            save(tmp_path / "bin" / name, PROGRAM.format(log=log))
        for name in TOOLS:
            (tmp_path / "bin" / name).symlink_to(shutil.which(name))
        subprocess.run([root / ".ci/run"], env={"PATH": str(tmp_path / "bin")}, check=True)
        return re.sub(r"(?m)^\S+/(venv|oldest)/bin/", r"\1 ", log.read_text()).splitlines()
    return run


def save(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def test_the_python_that_is_there_runs_everything(called):
    calls = called(version=f"{OLDEST}.7", code=0)
    assert [line.split()[0] for line in calls] == ["venv"] * 3 + ["./runtests.sh"] + ["venv"] * 2
    assert "venv ruff check ." in calls and "venv python -m pytest -m slow" in calls


def test_the_oldest_promised_python_runs_the_fast_tests_first(called):
    assert called(version="3.99.0", code=0)[:2] == [
        "oldest pip install --quiet --disable-pip-version-check -r requirements.txt", "oldest python -m pytest"]


def test_an_oldest_python_that_is_not_there_or_cannot_make_environments_is_left_out(called):
    assert not [line for line in called(version="3.99.0", code=127) if line.startswith("oldest")]


def test_a_browser_is_installed_where_there_is_none(called):
    calls = called(version=f"{OLDEST}.7", code=0, browser=False)
    assert any("install" in line and "chromium-driver" in line for line in calls)


@pytest.mark.parametrize("there", [{"browser": True}, {"browser": False, "user": 1000},
                                   {"browser": False, "apt": False}])
def test_nothing_is_installed_where_there_is_a_browser_or_it_cannot_be(there, called):
    assert not [line for line in called(version=f"{OLDEST}.7", code=0, **there) if "chromium" in line]


def test_a_warning_is_an_error_here():
    with pytest.raises(DeprecationWarning):
        warnings.warn("this is old", DeprecationWarning, stacklevel=1)
