"""Where Python is too old, a package is missing, or only `python3` is there: one line, and exit code 2."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(file.name for file in ROOT.glob("*.py"))
ARGUMENTS = {"sample_gan.py": ["model_g.pth"]} | dict.fromkeys(
    ("explore_code_space.py", "plot_latent_structure.py", "infer_without_encoder.py", "complete_images.py",
     "make_latent_page.py"), ["results"])
RUNS_SCRIPT = "sys.path[0] = '.'; runpy.run_path(sys.argv[0], run_name='__main__')"
RUNS_MODULE = "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
OLD = "sys.version_info = (3, 8, 18, 'final', 0); "
WITHOUT = """
class Nowhere:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in {missing}:
            raise ModuleNotFoundError(f'No module named {{name!r}}', name=name)
sys.meta_path.insert(0, Nowhere())
import importlib.util
there = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name in {missing} else there(name, package)
"""


def python(condition, way, *arguments):
    """Run a script or a module under some condition: its exit code and what it said on standard error."""
    code = f"import runpy, sys\n{condition}\nsys.argv.pop(0)\n{way}"
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.returncode, done.stderr.splitlines()


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_under_an_older_python(script):
    code, said = python(OLD, RUNS_SCRIPT, script, *ARGUMENTS.get(script, []))
    assert code == 2 and len(said) == 1
    assert said[0].startswith("the exercises need Python 3.11 or newer, and ") and " is 3.8: " in said[0]


@pytest.mark.parametrize("module", ["exercise", "exercise.ready", "tests.test_vae"])
def test_a_module_under_an_older_python(module):
    code, said = python(OLD, RUNS_MODULE, module)
    assert code == 2 and len(said) == 1 and " is 3.8: " in said[0]


@pytest.mark.parametrize("name", ["random.py", "torch.py", "tempfile.py", "my_notes.py"])
def test_a_file_that_hides_a_module(tmp_path, name):
    """It is named, with what to do; a file with another name is none of our business."""
    shutil.copytree(ROOT / "exercise", tmp_path / "exercise", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / name).write_text("x = 1\n")
    done = subprocess.run([sys.executable, "-m", "exercise", "--help"], cwd=tmp_path, capture_output=True, text=True)
    hidden = f"{tmp_path / name} hides the module {name[:-3]} of Python or of a package: rename it\n"
    assert (done.returncode, done.stderr) == ((0, "") if name == "my_notes.py" else (2, hidden))


@pytest.mark.parametrize("file", [*SCRIPTS, "lib/__init__.py", "exercise/__init__.py", "tests/__init__.py"])
def test_what_an_older_python_reads_first_it_can_read(file):
    ast.parse((ROOT / file).read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_without_a_package(tmp_path, script):
    (tmp_path / "model.pth").touch()
    arguments = {"plot_latent_space.py": ["--output_dir", str(tmp_path)]} | ARGUMENTS
    code, said = python(WITHOUT.format(missing={"torch"}), RUNS_SCRIPT, script, *arguments.get(script, []))
    assert code == 2 and len(said) == 1, said
    assert said[0].startswith(f"{script}: torch is not installed") and "pip install -r requirements.txt" in said[0]


@pytest.mark.parametrize(("module", "package"), [  # without pytest, Python says so itself
    ("exercise", "pytest"), ("exercise", "torch"), ("exercise.ready", "tqdm"), ("tests.test_vae", "pytest"),
    ("tests.test_vae", "torch"), ("pytest", "torch"), ("pytest", "safetensors")])
def test_a_module_without_a_package(module, package):
    code, said = python(WITHOUT.format(missing={package}), RUNS_MODULE, module)
    assert code == 2 and len(said) == 1, said
    assert f"{package} is not installed" in said[0] and "pip install -r requirements.txt" in said[0]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
@pytest.mark.parametrize("name", ["python", "python3"])
def test_runtests_takes_the_python_that_is_there(tmp_path, name):
    done = runtests(tmp_path, {name: '#!/bin/sh\necho "$@"\n'}, "--gap", "vae_loss")
    assert done.returncode == 0
    assert done.stdout.splitlines() == ["-m exercise.ready", "-m pytest --gap vae_loss", "-m exercise style"]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
@pytest.mark.parametrize(("programs", "said"), [
    ({}, "there is no Python: README.md shows how to begin\n"),
    ({"python": "#!/bin/sh\necho torch is not installed >&2; exit 2\n"}, "torch is not installed\n")])
def test_runtests_ends_at_once_where_something_is_missing(tmp_path, programs, said):
    done = runtests(tmp_path, programs)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
@pytest.mark.parametrize("failing", ["pytest", "style"])
def test_runtests_fails_where_tests_or_style_do_and_runs_both(tmp_path, failing):
    done = runtests(tmp_path, {"python": f'#!/bin/sh\necho "$@"\ncase "$*" in *{failing}*) exit 1;; esac\n'})
    assert done.returncode == 1 and len(done.stdout.splitlines()) == 3


def runtests(folder, programs, *arguments):
    """Run runtests.sh where these programs are all that there is, by name."""
    (folder / "bin").mkdir()
    os.symlink(shutil.which("dirname"), folder / "bin" / "dirname")
    for name, text in programs.items():
        (folder / "bin" / name).write_text(text)
        (folder / "bin" / name).chmod(0o755)
    shutil.copy(ROOT / "runtests.sh", folder)
    return subprocess.run(["/bin/sh", folder / "runtests.sh", *arguments], env={"PATH": str(folder / "bin")},
                          capture_output=True, text=True)
