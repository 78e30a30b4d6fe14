"""The code style of the project's own files: pycodestyle leaves out what Python environments bring along."""

import contextlib
import glob
import os
from collections.abc import Iterator
from pathlib import Path

import pycodestyle

from exercise.problem import Problem
from exercise.source import opening

__all__ = ["check_style"]

_OF_ENVIRONMENTS = ("pyvenv.cfg", "conda-meta")  # what each folder of venv, virtualenv, uv or conda holds
_LONGEST_LINE = 120


def check_style(root: Path) -> int:
    """Print what pycodestyle finds in the files below `root`, and return how many places that are.

    setup.cfg names what is left out besides, such as hidden folders and results. A link, a pipe or a huge file in place
    of a module is one place, and is not opened.
    """
    with contextlib.chdir(root):
        style = _Style(config_file="setup.cfg", max_line_length=_LONGEST_LINE)
        style.options.exclude += [glob.escape(os.path.abspath(folder)) for folder in _environments()]
        return style.check_files(["."]).total_errors


class _Style(pycodestyle.StyleGuide):
    def input_file(self, filename, *more, **named):
        try:
            opening.read_bytes(Path(), Path(filename).as_posix())
        except Problem as error:
            print(f"{filename}:1:1: {error}")
            self.options.report.total_errors += 1
            return 1
        return super().input_file(filename, *more, **named)


def _environments() -> Iterator[str]:
    for folder, folders, files in os.walk("."):
        if any(name in (*folders, *files) for name in _OF_ENVIRONMENTS):
            yield folder
            folders.clear()
