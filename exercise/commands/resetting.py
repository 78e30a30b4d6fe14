"""Back to what was handed out; what the student had written is kept in `.exercise/`."""

import itertools
import os
from pathlib import Path

from exercise.problem import Problem
from exercise.source import gaps, handed_out, mending
from exercise.source.gaps import Gap, GapError, lines_of
from exercise.source.handed_out import RECORD, HandedOut

__all__ = ["kept_path", "reset", "reset_file"]


def reset(root: Path, name: str) -> Path | None:
    """Put a gap back as it was handed out, with its marker lines where they are lost; all else stays as it is.

    Returns: the file that holds what the student had written in it; None if that was nothing.
    Raises: Problem if the original is not known, or the file has neither the gap nor a place for it.
    """
    record = _record(root)
    if name not in record.gaps:
        raise Problem(f"{RECORD} does not know the gap {name}: its original is in the handout's first version")
    empty = record.gaps[name]
    file, original = root / empty.path, record.texts[empty.path]
    text = _text(file, empty.path)
    if text is None:
        return reset_file(root, empty.path)
    whole = mending.mended(text, original, empty.path)
    gap = next((gap for gap in gaps.scan(whole, empty.path)[0] if gap.id == name), None)
    if gap is None:
        raise Problem(f"{empty.path} has no place for the gap {name} any more: python -m exercise reset {empty.path}")
    lines, written = lines_of(whole), _own_lines(whole, gap, empty)
    lines[gap.start:gap.end - 1] = lines_of(_with_line_ends_of(text, original))[empty.start:empty.end - 1]
    kept = None if written == _with_line_ends_of(text, empty.body) else _keep(root / ".exercise", name, written)
    if "".join(lines) != text:
        _replace(file, "".join(lines))
    return kept


def reset_file(root: Path, path: str) -> Path | None:
    """Put a file back as it was handed out, but for what stands in its gaps, or bring it back where it is missing.

    Returns: the file that holds the text from before; None if there was none.
    Raises: Problem if the original is not known.
    """
    record = _record(root)
    if path not in record.texts:
        raise Problem(f"{RECORD} does not hold {path}: git checkout may bring it back")
    file, original = root / path, record.texts[path]
    text = _text(file, path)
    new = original if text is None else _restored(text, original, path)
    if text == new:
        return None
    kept = _keep(root / ".exercise", file.stem, file.read_bytes()) if file.is_file() else None
    file.parent.mkdir(parents=True, exist_ok=True)
    _replace(file, new)
    return kept


def kept_path(root: Path, target: str) -> str | None:
    """The path of the file that a word on the command line means, by its path or its name in lib/, if it can be reset.

    Raises: Problem if the original is not known.
    """
    place = Path(target).resolve()
    paths = [place.relative_to(root).as_posix()] if place.is_relative_to(root) else []
    return next((path for path in [*paths, f"lib/{place.name}"] if path in _record(root).texts), None)


def _record(root: Path) -> HandedOut:
    if (record := handed_out.read(root)) is None:
        raise Problem(f"there is no {RECORD}, which holds the original files: only a repository that was handed out "
                      "has it")
    return record


def _restored(text: str, original: str, path: str) -> str:
    """The original with what a text has in its gaps."""
    if not gaps.may_have_gaps(path):
        return _with_line_ends_of(text, original)
    empty = {gap.id: gap for gap in gaps.parse(original, path)}
    whole = mending.mended(text, original, path)
    bodies = {gap.id: _own_lines(whole, gap, empty[gap.id]) for gap in gaps.scan(whole, path)[0] if gap.id in empty}
    return gaps.compose(_with_line_ends_of(text, original), bodies, path)


def _own_lines(text: str, gap: Gap, empty: Gap) -> str:
    """A gap's body, with comments of the student straight below the instruction, which read as a part of it."""
    instruction = len(empty.instruction.splitlines())
    if gap.instruction.splitlines()[:instruction] != empty.instruction.splitlines():
        return gap.body
    return "".join(lines_of(text)[gap.start + instruction:gap.end - 1])


def _text(file: Path, path: str) -> str | None:
    """None where there is no file, or none that can be read."""
    try:
        return gaps.read_text(file, path)
    except GapError:
        return None


def _with_line_ends_of(text: str, body: str) -> str:
    plain = body.replace("\r\n", "\n")
    return plain.replace("\n", "\r\n") if "\r\n" in text else plain


def _keep(folder: Path, name: str, text: str | bytes) -> Path:
    """Write a text to the first file name that is free; not to a .py, which the code style would judge."""
    folder.mkdir(exist_ok=True)
    for number in itertools.count(1):
        try:
            with (folder / f"{name}_{number}.txt").open("xb") as file:
                file.write(text.encode() if isinstance(text, str) else text)
            return Path(file.name)
        except FileExistsError:
            continue


def _replace(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    draft = file.with_name(f".{file.name}.draft")
    draft.write_text(text, encoding="utf-8", newline="")
    os.replace(draft, file)
