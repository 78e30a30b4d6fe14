"""The autograder of a classroom: it grades the checkout that it runs in, and ends with 0 when it has."""

import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from benchmarks import invented_class
from course import autograder
from course.grade.pristine import Pristine
from course.verify.variants import laid
from tests.repository import toys

NAMES = ("COURSE", "CLASSROOM", "SHEETS", "GITHUB_REPOSITORY", "GITHUB_SHA")


@pytest.fixture
def run(tmp_path):
    """Run a copy of it in a checkout, which lies where nothing of the course does."""
    def of(checkout, **environment):
        script = shutil.copy(autograder.__file__, tmp_path / "autograder.py")
        kept = {name: value for name, value in os.environ.items() if name not in (*NAMES, "PYTHONPATH")}
        return subprocess.run([sys.executable, script], cwd=checkout, env=kept | {"OMP_NUM_THREADS": "1"} | environment,
                              text=True, capture_output=True, timeout=600)
    return of


def test_what_is_not_set_is_named(run, tmp_path):
    ended = run(tmp_path, COURSE="there", SHEETS="1")
    assert (ended.returncode, ended.stderr) == (
        2, "autograder: set CLASSROOM in the environment, see the top of this file\n")


def test_a_course_that_is_not_there_is_told(run, tmp_path):
    ended = run(tmp_path, COURSE=str(tmp_path / "gone"), SHEETS="1", CLASSROOM="x")
    assert ended.returncode == 2 and ended.stderr.startswith("autograder: COURSE is no folder")


def test_only_regular_files_are_packed(tmp_path, monkeypatch):
    checkout, secret = tmp_path / "checkout", tmp_path / "secret"
    for name in ("lib/box.py", ".git/config", "big.bin"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text(name)
    monkeypatch.setattr(autograder, "LARGEST", 10)
    (checkout / "big.bin").write_text("x" * 11)
    secret.write_text("secret")
    for name, target in (("link.py", secret), ("folder", tmp_path), ("dangling", tmp_path / "gone")):
        (checkout / name).symlink_to(target)
    if hasattr(os, "mkfifo"):
        os.mkfifo(checkout / "pipe")
    autograder.pack(checkout, tmp_path / "in" / "team.zip")
    assert zipfile.ZipFile(tmp_path / "in" / "team.zip").namelist() == ["checkout/lib/box.py"]


def test_the_result_takes_the_place_of_a_link(tmp_path):
    (tmp_path / "target").write_text("kept")
    (tmp_path / "result.json").symlink_to(tmp_path / "target")
    autograder.replace(tmp_path / "result.json", "{}")
    assert (tmp_path / "target").read_text() == "kept" and (tmp_path / "result.json").read_text() == "{}"


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader forks its process")
def test_a_checkout_is_graded(run, tmp_path):
    root = toys.copy_tools(tmp_path / "course")
    toys.copy(root, "course.toml", "lib", "exercise/probes/boxes.py", "tests/test_boxes.py")
    pristine = Pristine(root)
    bodies = {"box_volume": laid("product = a * b * c", pristine.gaps["box_volume"])}
    checkout = invented_class.hand_in(tmp_path / "in", "team", pristine.empty, bodies)
    (checkout / "result.json").write_text('{"score": 10}')
    ended = run(checkout, COURSE=str(root), CLASSROOM="models", SHEETS="1", GITHUB_REPOSITORY="org/vae-ada",
                GITHUB_SHA="4ca8423")
    assert ended.returncode == 0, ended.stderr
    result = json.loads((checkout / "result.json").read_text())
    assert {name: result[name] for name in ("schema", "classroom", "assignment", "owner", "commit", "score",
                                            "max-score")} == {
        "schema": "classroom50/result/v1", "classroom": "models", "assignment": "sheet-1", "owner": "vae-ada",
        "commit": "4ca8423", "score": 7, "max-score": 10}
    assert run(checkout, COURSE=str(root), CLASSROOM="models", SHEETS="7").returncode == 2
