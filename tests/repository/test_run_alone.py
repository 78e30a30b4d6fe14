"""A module of lib/ that is run by itself, as by an editor's button, does nothing or says what to run instead."""

import subprocess
import sys
from pathlib import Path

import pytest

from exercise.source import gaps

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(file.name for file in ROOT.glob("lib/*.py") if "\nfrom lib." in file.read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "module"), [*((".", module) for module in MODULES), ("lib", "loss_vae.py")])
def test_a_module_that_needs_others_says_what_to_run(folder, module):
    path = Path("lib", module) if folder == "." else module
    done = subprocess.run([sys.executable, path], cwd=ROOT / folder, capture_output=True, text=True)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    has_gaps = bool(gaps.parse(gaps.read_text(ROOT / "lib" / module), f"lib/{module}"))
    assert (f"python -m exercise check lib/{module} runs" in done.stderr) is has_gaps


def test_the_module_that_says_so_is_in_nobody_s_way():
    done = subprocess.run([sys.executable, "-c", "import lib.lib, lib; print(lib.__path__)"], cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0 and "lib" in done.stdout
