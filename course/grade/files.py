"""Files of text: tables in CSV, and files that are there as a whole or not at all."""

import contextlib
import csv
import io
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from exercise.problem import Problem

__all__ = ["csv_text", "write_file"]


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """A table in CSV, with the line ends that RFC 4180 asks for. Cells that others wrote: see escaping.csv_cell."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue()


def write_file(place: Path, text: str) -> None:
    """Write a file in UTF-8, whatever happens meanwhile: the whole text is there, or what was there before.

    Raises: Problem if it cannot be written.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _write_and_rename(place, text)
    except OSError as error:
        raise Problem(f"{place} cannot be written: {error.strerror or error}") from None


def _write_and_rename(place: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, place)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
