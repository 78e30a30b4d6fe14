"""The code style is that of the project's own files, whatever else lies in its folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from exercise.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
UNTIDY = "x=1\n"


@pytest.fixture
def root(tmp_path):
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    save(tmp_path / "lib" / "model.py", "x = 1\n")
    return tmp_path


def save(file, text=UNTIDY):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


@pytest.mark.parametrize("path", [
    "new.py", "lib/support/new.py", "notebooks/new.py", "environment/new.py", "bin/new.py", "lib/data/new.py"])
def test_every_file_of_the_project_counts(root, capsys, path):
    save(root / path)
    assert main(["style"], root) == 1
    printed = capsys.readouterr().out
    assert f"{path}:1:2: E225" in printed.replace("\\", "/") and printed.endswith("code style: 1 to mend\n")


@pytest.mark.parametrize("folder", [".venv312", "venv", "my env", "work/[env]", "lib/env"])
@pytest.mark.parametrize("marker", ["pyvenv.cfg", "conda-meta/history"])
def test_a_python_environment_does_not_whatever_its_name(root, capsys, folder, marker):
    save(root / folder / marker)
    for path in ("lib/python3.12/site-packages/six.py", "lib/python3.12/os.py", "bin/activate_this.py"):
        save(root / folder / path)
    assert main(["style"], root) == 0
    assert capsys.readouterr().out == "code style: nothing to mend\n"


@pytest.mark.parametrize("folder", [".ipynb_checkpoints", "lib/.ipynb_checkpoints", ".conda", ".git/hooks", "data/raw",
                                    "results_kl1.0", "lib/__pycache__", ".exercise"])
def test_hidden_folders_data_and_results_do_not(root, folder):
    save(root / folder / "copy.py")
    assert main(["style"], root) == 0


@pytest.mark.parametrize(("line", "code"), [(f"x = '{'a' * 113}'\n", 0), (f"x = '{'a' * 115}'\n", 1)])
def test_lines_have_at_most_120_characters(root, line, code):
    save(root / "new.py", line)
    assert main(["style"], root) == code


def test_in_a_fresh_checkout_it_is_the_command_that_students_know(root):
    save(root / "new.py")
    save(root / "lib" / "new.py", "import os, sys\n")
    options = {"cwd": root, "capture_output": True, "text": True}
    plain = subprocess.run([sys.executable, "-m", "pycodestyle", "--max-line-length=120", "."], **options)
    environment = {"PYTHONPATH": str(ROOT)}
    ours = subprocess.run([sys.executable, "-c", "import sys; from pathlib import Path; from exercise.__main__ import "
                           "main; sys.exit(main(['style'], Path.cwd()))"], env=environment, **options)
    assert plain.returncode == ours.returncode == 1
    assert ours.stdout.splitlines()[:-1] == plain.stdout.splitlines() and len(plain.stdout.splitlines()) == 2


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are of POSIX systems")
def test_what_is_no_file_that_can_be_read_is_a_place_to_mend_and_is_not_opened(root, capsys):
    (root / "lib" / "link.py").symlink_to(root / "lib" / "model.py")
    os.mkfifo(root / "lib" / "pipe.py")
    save(root / "lib" / "large.py", "x = 1\n" * 200_000)
    assert main(["style"], root) == 1
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in printed] == [
        f"./lib/{name}.py:1:1" for name in ("large", "link", "pipe")] + ["code style"]
    assert printed[-1] == "code style: 3 to mend"
