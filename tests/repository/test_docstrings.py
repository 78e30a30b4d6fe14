"""Examples in docstrings of lib are executed, so that what they show is true."""

import doctest
import importlib
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = {".".join(file.relative_to(ROOT).with_suffix("").parts): count for file in sorted(ROOT.glob("lib/**/*.py"))
            if (count := file.read_text(encoding="utf-8").count(">>> "))}


@pytest.mark.parametrize(("module", "count"), EXAMPLES.items(), ids=EXAMPLES)
def test_examples_show_what_happens(module, count):
    """Each line of the examples is found and gives what stands below it, with torch seeded."""
    torch.manual_seed(0)
    assert doctest.testmod(importlib.import_module(module)) == (0, count)


def test_there_are_examples_where_students_compute():
    assert {"lib.loss_vae", "lib.model_vae", "lib.utils", "lib.model_gan"} <= EXAMPLES.keys()
