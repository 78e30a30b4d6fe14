"""What grades a push on GitHub and on GitLab, and the workflow of this repository: valid files, and steps that end as
they should.
"""

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from exercise.source import gaps

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*"))
WORKFLOW = ROOT / ".github" / "workflows" / "classroom.yml"
GITLAB = ROOT / ".gitlab-ci.yml"
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


@pytest.mark.parametrize("file, schema", [(file, "github-workflows") for file in WORKFLOWS] + [(GITLAB, "gitlab-ci")],
                         ids=lambda value: getattr(value, "stem", ""))
def test_the_file_follows_the_schema_of_its_service(file, schema):
    if importlib.util.find_spec("check_jsonschema") is None:
        pytest.skip("check-jsonschema is not installed: it is in requirements-course.txt")
    checked = subprocess.run([sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}",
                              str(file)], capture_output=True, text=True)
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


def test_gitlab_runs_what_github_runs():
    install, *steps = steps_of(WORKFLOW)
    job = grade_of_gitlab()
    assert job["before_script"] == [install]
    script, = job["script"]
    assert [line.split(" --junitxml")[0].split(" || ")[0] for line in script.splitlines()[:-1]] == steps
    report = re.search(r"--junitxml (\S+)", script)[1]
    assert job["artifacts"]["reports"]["junit"] == report and job["artifacts"]["when"] == "always"
    assert "/results*/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split() and report.startswith("results_")


def test_a_development_container_installs_the_same():
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    assert container["postCreateCommand"] == steps_of(WORKFLOW)[0]
    assert container["image"] == grade_of_gitlab()["image"]


def test_torch_is_installed_without_its_libraries_for_gpus():
    """By a flag, not by the address of an index; without it a push is graded minutes later."""
    install = steps_of(WORKFLOW)[0]
    assert re.search(r"\buv pip install --system --torch-backend cpu -r requirements\.txt$", install)
    assert install.startswith("python -m pip install uv && ") and "://" not in install


@pytest.mark.slow
@pytest.mark.parametrize("solved", [True, False], ids=["solved", "empty"])
def test_gitlab_s_job_ends_as_the_work_deserves(tmp_path, solved):
    """Its log has the table, its report all tests, and bad style fails as tests do."""
    root = fresh_copy(tmp_path / "copy", solved)
    script, = grade_of_gitlab()["script"]
    graded = step(f"set -e\n{script}", root)
    assert graded.returncode == (0 if solved else 1), graded.stdout + graded.stderr
    assert re.search(rf"vae_loss .*{'solved' if solved else 'not started'}", graded.stdout)
    suite, = ElementTree.parse(root / "results_tests/report.xml").getroot()
    assert int(suite.get("tests")) == len([*suite]) > 0 and (int(suite.get("failures")) == 0) is solved
    if solved:
        (root / "lib" / "untidy.py").write_text("x=1\n")
        assert step(f"set -e\n{script}", root).returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize("solved", [True, False], ids=["solved", "empty"])
def test_its_steps_end_as_the_work_deserves(tmp_path, solved):
    root = fresh_copy(tmp_path / "copy", solved)
    _, test, style = steps_of(WORKFLOW)
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


def steps_of(workflow):
    return re.findall(r"run: *(.+?)(?:  #.*)?$", workflow.read_text(encoding="utf-8"), re.MULTILINE)


def grade_of_gitlab():
    yaml = pytest.importorskip("ruamel.yaml", reason="it comes with check-jsonschema, in requirements-course.txt")
    return yaml.YAML(typ="safe").load(GITLAB)["grade"]


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
