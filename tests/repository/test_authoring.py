"""docs/authoring.md does what it says: its files, put into the toy course, make a gap that passes verify."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from course.handout.contents import left_out
from exercise.source import table
from tests.repository import toys

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`([\w/.]+)`(?:, at its end)?:\n\n```\w+\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL))
GAP = "laplace_log_prob"


@pytest.fixture
def root(tmp_path):
    """The toy course with the tools of this one, and the files of the guide."""
    toys.copy_tools(toys.copy(tmp_path, "course.toml", "lib", "exercise", "tests"))
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        with (tmp_path / path).open("a", encoding="utf-8") as file:
            file.write("\n" * (path == table.FILE) + text)
    return tmp_path


def test_each_step_has_a_file(root):
    assert [*FILES] == ["lib/laplace.py", "course.toml", "exercise/probes/laplace.py", "tests/test_laplace.py",
                        f"course/answers/{GAP}.toml"]
    assert table.load(root).where(GAP) == "sheet 2, task 1"


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="verify forks its process")
def test_the_gap_of_the_guide_passes_verify(root):
    command, = re.findall(r"^python -m (course verify \w+ --seed \d+)$", GUIDE, re.MULTILINE)
    done = subprocess.run([sys.executable, "-m", *command.split()], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0 and "All is as it should be." in done.stdout, done.stdout + done.stderr


def test_paths_that_the_guide_names_exist():
    spans = re.findall(r"`([\w.-]+/[\w./-]+|[\w-]+\.(?:md|toml|py))`", GUIDE)
    assert spans and all((ROOT / span).exists() for span in spans if span not in FILES)


def test_students_are_not_given_the_guide():
    assert left_out("docs/authoring.md") == "docs"
