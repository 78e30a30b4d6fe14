"""Files of text, written so that they are there as a whole or not at all."""

import contextlib
import os
import tempfile
from pathlib import Path

from exercise.problem import Problem

__all__ = ["write_file"]


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
