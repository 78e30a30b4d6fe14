"""Back to a gap as it was handed out; what the student had written is kept in `.exercise/`."""

import itertools
import json
import os
from pathlib import Path

from exercise.problem import Problem
from exercise.source import gaps
from exercise.source.gaps import Gap

__all__ = ["original_bodies", "reset"]

HANDOUT = "exercise/handout.json"


def reset(root: Path, gap: Gap) -> Path | None:
    """Put the original body back into a gap.

    Returns: the file that now holds the text that was in the gap; None if that was the original already.
    Raises: Problem if the original is not known; GapError if the gap's file cannot be read.
    """
    originals = original_bodies(root)
    if gap.id not in originals:
        raise Problem(f"{HANDOUT} does not know the gap {gap.id}: its original is in the handout's first version")
    file = root / gap.path
    text = gaps.read_text(file, gap.path)
    body = _with_line_ends_of(text, originals[gap.id])
    if body == gap.body:
        return None
    kept = _keep(root / ".exercise", gap)
    _replace(file, gaps.compose(text, {gap.id: body}, gap.path))
    return kept


def original_bodies(root: Path) -> dict[str, str]:
    """The bodies of all gaps as they were handed out, by id.

    Raises: Problem if this is no handout, or its record is damaged.
    """
    try:
        return dict(json.loads((root / HANDOUT).read_text(encoding="utf-8"))["gaps"])
    except FileNotFoundError:
        raise Problem(f"there is no {HANDOUT}, which holds the original gaps: "
                      "only a repository that was handed out has it") from None
    except (ValueError, KeyError, TypeError) as error:
        raise Problem(f"{HANDOUT} is damaged ({type(error).__name__}: {error}): "
                      f"bring it back with git checkout {HANDOUT}") from None


def _with_line_ends_of(text: str, body: str) -> str:
    plain = body.replace("\r\n", "\n")
    return plain.replace("\n", "\r\n") if "\r\n" in text else plain


def _keep(folder: Path, gap: Gap) -> Path:
    """Write a gap's text to the first file name that is free; not to a .py, which the code style would judge."""
    folder.mkdir(exist_ok=True)
    for number in itertools.count(1):
        try:
            with (folder / f"{gap.id}_{number}.txt").open("x", encoding="utf-8", newline="") as file:
                file.write(gap.body)
            return Path(file.name)
        except FileExistsError:
            continue


def _replace(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    draft = file.with_name(f".{file.name}.draft")
    draft.write_text(text, encoding="utf-8", newline="")
    os.replace(draft, file)
