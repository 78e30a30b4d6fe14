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
TOOLS = "bash cat cp dirname grep mkdir mktemp rm tail tee".split()  # what .ci/run finds besides stand-ins
PROGRAM = """#!/bin/sh
echo "$0 $*" | tee -a {log}
case "$*" in *"-m slow "*) {slow} ;; esac
"""
PYTHON = """#!/bin/sh
case "$*" in
    --version) echo "Python {version}" ;;
    "-m venv "*) mkdir -p "$3/bin" && for name in python pip ruff codespell; do cp {program} "$3/bin/$name"; done ;;
    *) exit {code} ;;
esac
"""


@pytest.fixture
def called(tmp_path):
    """Run .ci/run where python3 has this version and the oldest Python this exit code, as the user with this number,
    with or without a browser, bubblewrap and Slurm; what programs it called."""
    if sys.platform == "win32":
        pytest.skip("a shell script")

    def run(version, code, slow="true", user=0, browser=True, box=True, slurm=True, apt=True):
        log, program, root = tmp_path / "log", tmp_path / "program", tmp_path / "root"
        save(program, PROGRAM.format(log=log, slow=slow))
        save(root / "runtests.sh", PROGRAM.format(log=log, slow=slow))
        save(tmp_path / "bin/python3", PYTHON.format(version=version, program=program, code=1))
        save(tmp_path / f"bin/python{OLDEST}", PYTHON.format(version=f"{OLDEST}.0", program=program, code=code))
        save(root / ".ci/run", (ROOT / ".ci/run").read_text(encoding="utf-8"))
        shutil.copy(ROOT / "README.md", root)
        save(tmp_path / "bin/id", f"#!/bin/sh\necho {user}\n")
        for name in ["chromedriver"] * browser + ["bwrap"] * box + ["slurmctld"] * slurm + ["apt-get"] * apt:
            save(tmp_path / "bin" / name, PROGRAM.format(log=log, slow=slow))
        for name in TOOLS:
            (tmp_path / "bin" / name).symlink_to(shutil.which(name))
        subprocess.run([root / ".ci/run"], env={"PATH": str(tmp_path / "bin")}, check=True, text=True,
                       capture_output=True)
        return re.sub(r"(?m)^\S+/(venv|oldest)/bin/", r"\1 ", log.read_text()).splitlines()
    return run


def save(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def test_the_python_that_is_there_runs_everything(called):
    calls = called(version=f"{OLDEST}.7", code=0)
    assert [line.split()[0] for line in calls[:2]] == ["venv", "venv"] and calls[1] == "venv ruff check ."
    assert calls[2] == "venv python -m exercise style" and calls[3].startswith("venv codespell ")
    tests = [line.split()[0] for line in calls if "pytest" in line or "runtests" in line]
    assert sorted(tests) == ["./runtests.sh", "venv", "venv"]
    slow = {line for line in calls if line.startswith("venv python -m pytest -m slow")}
    assert slow == {f"venv python -m pytest -m slow tests/repository/test_[{part}]*.py" for part in ("a-g", "!a-g")}
    assert calls[-1].startswith("venv python -m course verify --seed 0")
    assert calls[4] == "venv python -m course.sheets.katex"  # before the tests


def test_a_slow_test_that_fails_is_shown_and_fails_the_run(called):
    """Although it runs beside the fast ones."""
    with pytest.raises(subprocess.CalledProcessError) as failed:
        called(version=f"{OLDEST}.7", code=0, slow="echo one slow test failed; exit 1")
    assert "one slow test failed" in failed.value.stdout and "verify" not in failed.value.stdout


def test_no_slow_test_lies_where_it_is_not_run():
    assert {file.parent for file in ROOT.glob("tests/**/test_*.py")
            if "mark.slow" in file.read_text(encoding="utf-8")} == {ROOT / "tests" / "repository"}


def test_the_oldest_promised_python_runs_the_fast_tests_first(called):
    assert called(version="3.99.0", code=0)[:2] == [
        "oldest pip install --quiet --disable-pip-version-check -r requirements.txt", "oldest python -m pytest"]


def test_an_oldest_python_that_is_not_there_or_cannot_make_environments_is_left_out(called):
    assert not [line for line in called(version="3.99.0", code=127) if line.startswith("oldest")]


@pytest.mark.parametrize("there, packages", [
    ({"browser": False}, "chromium chromium-driver"), ({"box": False}, "bubblewrap"),
    ({"slurm": False}, "slurm-wlm munge"), ({"browser": False, "box": False}, "chromium chromium-driver bubblewrap")])
def test_a_browser_bubblewrap_and_slurm_are_installed_where_there_are_none(there, packages, called):
    calls = called(version=f"{OLDEST}.7", code=0, **there)
    assert [line for line in calls if line.endswith(f"install --no-install-recommends {packages}")]


@pytest.mark.parametrize("there", [{}, {"browser": False, "box": False, "user": 1000},
                                   {"browser": False, "box": False, "apt": False}])
def test_nothing_is_installed_where_all_are_there_or_cannot_be_installed(there, called):
    assert not [line for line in called(version=f"{OLDEST}.7", code=0, **there) if "apt-get" in line]


def test_a_warning_is_an_error_here():
    with pytest.raises(DeprecationWarning):
        warnings.warn("this is old", DeprecationWarning, stacklevel=1)
