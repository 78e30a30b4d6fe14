"""Notebooks: the percent-format Python of `notebooks/`, their one source, as the .ipynb files that students open.

No package is needed for that, and the same text gives the same bytes, with whatever versions of Jupyter. The format, as
jupytext and VS Code read it: `# %%` begins a cell of code, `# %% [markdown]` one of text, whose lines are comments. A
formula is written as in all texts here, $`...`$, and becomes $...$, as notebooks want it.
"""

import json
import re
from collections.abc import Iterator

from course.handout.chosen import HandoutError

__all__ = ["FOLDER", "as_ipynb", "code_of", "is_source", "text_of"]

FOLDER = "notebooks/"
_HEADER = re.compile(r"^# %%(?: \[(markdown)\])?\n", re.MULTILINE)
_FORMULA = re.compile(r"\$`([^`\n]+)`\$")
_ABOUT = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
          "language_info": {"name": "python"}}


def is_source(path: str) -> bool:
    """Whether a file is the source of a notebook."""
    return path.startswith(FOLDER) and path.endswith(".py")


def as_ipynb(text: str, path: str) -> bytes:
    """The notebook of a text, without outputs, laid out as Jupyter saves it.

    Args: path, of the text, for messages.
    Raises: HandoutError if anything stands before its first cell, or a cell of text has a line that is no comment.
    """
    before, *pieces = _HEADER.split(text)
    if before.strip():
        raise HandoutError(f"{path}:1: a notebook begins with a line # %%")
    cells = [_cell(number, kind, body.strip("\n"), path)
             for number, (kind, body) in enumerate(zip(pieces[::2], pieces[1::2], strict=True), 1)]
    notebook = {"cells": cells, "metadata": _ABOUT, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def code_of(notebook: bytes) -> str:
    """All cells of code of an .ipynb file, as one module. Raises: ValueError if it is none."""
    return "\n\n".join(_sources(notebook, "code"))


def text_of(notebook: bytes) -> str:
    """All other cells of an .ipynb file. Raises: ValueError if it is none."""
    return "\n\n".join(_sources(notebook, "markdown", "raw"))


def _cell(number: int, kind: str | None, body: str, path: str) -> dict:
    if kind is None:
        more = {"cell_type": "code", "execution_count": None, "outputs": []}
    else:
        if wrong := [line for line in body.splitlines() if line != "#" and not line.startswith("# ")]:
            raise HandoutError(f"{path}: in a cell of text every line begins with #, and this does not: {wrong[0]}")
        more = {"cell_type": "markdown"}
        body = _FORMULA.sub(r"$\1$", re.sub("^# ?", "", body, flags=re.MULTILINE))
    return {"id": f"cell-{number:02}", "metadata": {}, "source": body.splitlines(keepends=True), **more}


def _sources(notebook: bytes, *kinds: str) -> Iterator[str]:
    try:
        for cell in json.loads(notebook)["cells"]:
            if cell["cell_type"] in kinds:
                yield "".join(cell["source"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"no notebook: {error!r}") from None
