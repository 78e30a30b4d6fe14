"""The workflow that grades a push, and that of this repository: valid files, and steps that end as they should."""

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from exercise.source import gaps

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*"))
WORKFLOW = ROOT / ".github" / "workflows" / "classroom.yml"
ONE_GAP = """\
[[sheet]]
number = 1
title = "The loss"
points = 1

[[sheet.task]]
title = "The loss"
points = 1
kind = "auto"

[[sheet.task.gap]]
id = "vae_loss"
points = 1
hints = ["a", "b"]
"""


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.stem)
def test_the_file_follows_the_schema_of_github_workflows(workflow):
    if importlib.util.find_spec("check_jsonschema") is None:
        pytest.skip("check-jsonschema is not installed: it is in requirements-course.txt")
    checked = subprocess.run([sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows",
                              str(workflow)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.stem)
def test_no_action_but_github_s_own_takes_part(workflow):
    actions = re.findall(r"uses: *(\S+)", workflow.read_text(encoding="utf-8"))
    assert [action.partition("@")[0] for action in actions] == ["actions/checkout", "actions/setup-python"]


def test_the_repository_is_checked_on_each_python_from_the_oldest_promised():
    oldest = int(re.search(r"Python 3\.(\d+) or newer", (ROOT / "README.md").read_text(encoding="utf-8"))[1])
    matrix = re.search(r"python: \[(.+)\]", (ROOT / ".github/workflows/repository.yml").read_text(encoding="utf-8"))[1]
    minors = [int(minor) for minor in re.findall(r'"3\.(\d+)"', matrix)]
    assert minors == list(range(oldest, minors[-1] + 1)) and sys.version_info.minor <= minors[-1]


@pytest.mark.slow
@pytest.mark.parametrize("solved", [True, False], ids=["solved", "empty"])
def test_its_steps_end_as_the_work_deserves(tmp_path, solved):
    root = fresh_copy(tmp_path / "copy", solved)
    install, test, style = re.findall(r"run: *(.+)", WORKFLOW.read_text(encoding="utf-8"))
    assert install.endswith("pip install -r requirements.txt")
    summary = tmp_path / "summary.md"
    graded = step(test, root, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert graded.returncode == (0 if solved else 1), graded.stdout + graded.stderr
    assert ("::error file=lib/loss_vae.py" in graded.stdout) is not solved
    assert f"| {'solved' if solved else 'not started'} |" in summary.read_text(encoding="utf-8")
    if solved:
        checked = step(style, root)
        assert checked.returncode == 0, checked.stdout
    else:
        (root / "lib" / "untidy.py").write_text("x=1\n")
        assert step(style, root).returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--isolated"], ["-W", "error"]], ids=" ".join)
def test_an_answer_that_warns_is_judged_by_what_it_answers(tmp_path, options):
    root = fresh_copy(tmp_path / "copy", solved=True)
    file = root / "lib" / "loss_vae.py"
    gap, = gaps.parse(file.read_text(encoding="utf-8"), file.name)
    warning = f"{gap.indent}import warnings\n{gap.indent}warnings.warn('this is old', DeprecationWarning)\n"
    text = gaps.compose(file.read_text(encoding="utf-8"), {gap.id: warning + gap.body}, file.name)
    file.write_text(text, encoding="utf-8")
    judged = step(shlex.join(["python", "-m", "pytest", *options]), root)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert ("this is old" in judged.stdout) is (options != ["--isolated"])  # where it can be seen, it is


def fresh_copy(root, solved):
    """What a student has, with the tests of a single gap, to be quick."""
    for folder in ("exercise", "lib"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "tests").mkdir()
    tests = ("__init__.py", "conftest.py", "judge.py", "leftovers.py", "test_loss_vae.py")
    for file in [*ROOT.glob("*.py"), ROOT / "setup.cfg", *(ROOT / "tests" / name for name in tests)]:
        shutil.copy(file, root / file.relative_to(ROOT))
    (root / "course.toml").write_text(ONE_GAP)
    if not solved:
        empty(root / "lib" / "loss_vae.py")
    return root


def empty(file):
    text = gaps.read_text(file, file.name)
    bodies = {gap.id: gaps.stub(gap, "sheet 1, task 1") for gap in gaps.parse(text, file.name)}
    file.write_text(gaps.compose(text, bodies, file.name), encoding="utf-8", newline="")


def step(command, root, **environment):
    """Run one step as the workflow would, with this Python as `python`."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    return subprocess.run(command, shell=True, cwd=root, env=plain | {"PATH": path} | environment,
                          capture_output=True, text=True)
