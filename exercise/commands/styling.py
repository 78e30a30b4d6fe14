"""The code style of the project's own files: pycodestyle leaves out what Python environments bring along."""

import contextlib
import glob
import os
from collections.abc import Iterator
from pathlib import Path

import pycodestyle

from exercise.problem import Problem
from exercise.source import gaps, opening

__all__ = ["check_style", "found_in"]

_OF_ENVIRONMENTS = ("pyvenv.cfg", "conda-meta")  # what each folder of venv, virtualenv, uv or conda holds
_SETTINGS, _LONGEST_LINE = "setup.cfg", 120


def check_style(root: Path) -> int:
    """Print what pycodestyle finds in the files below `root`, and return how many places that are.

    setup.cfg names what is left out besides, such as hidden folders and results. A link, a pipe or a huge file in place
    of a module is one place, and is not opened.
    """
    with contextlib.chdir(root):
        style = _Style(config_file=_SETTINGS, max_line_length=_LONGEST_LINE)
        style.options.exclude += [glob.escape(os.path.abspath(folder)) for folder in _environments()]
        return style.check_files(["."]).total_errors


def found_in(text: str, root: Path) -> list[tuple[int, str]]:
    """What pycodestyle finds in a text, by the settings of the repository at `root`: pairs of a line and a sentence."""
    style = pycodestyle.StyleGuide(config_file=str(root / _SETTINGS), max_line_length=_LONGEST_LINE, reporter=_Places)
    style.input_file("", lines=gaps.lines_of(text))
    return style.options.report.places


class _Places(pycodestyle.BaseReport):
    """Collects what is found, in place of printing it."""

    def __init__(self, options):
        super().__init__(options)
        self.places: list[tuple[int, str]] = []

    def error(self, line_number, offset, text, check):
        if code := super().error(line_number, offset, text, check):
            self.places.append((line_number, text))
        return code


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
