"""The code style of the project's own files: pycodestyle leaves out what Python environments bring along."""

import contextlib
import glob
import os
from collections.abc import Iterator
from pathlib import Path

import pycodestyle

__all__ = ["check_style"]

_OF_ENVIRONMENTS = ("pyvenv.cfg", "conda-meta")  # what each folder of venv, virtualenv, uv or conda holds
_LONGEST_LINE = 120


def check_style(root: Path) -> int:
    """Print what pycodestyle finds in the files below `root`, and return how many places that are.

    setup.cfg names what is left out besides, such as hidden folders and results.
    """
    with contextlib.chdir(root):
        style = pycodestyle.StyleGuide(config_file="setup.cfg", max_line_length=_LONGEST_LINE)
        style.options.exclude += [glob.escape(os.path.abspath(folder)) for folder in _environments()]
        return style.check_files(["."]).total_errors


def _environments() -> Iterator[str]:
    for folder, folders, files in os.walk("."):
        if any(name in (*folders, *files) for name in _OF_ENVIRONMENTS):
            yield folder
            folders.clear()
