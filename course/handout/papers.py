"""The sheets of a handout on paper: beside each text of `sheets/` its PDF, where there is what makes them.

A handout is complete without them, and they are no part of its record: they follow from the texts, and another browser
gives other bytes.
"""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from course.browser import BrowserError
from course.handout.contents import File
from course.sheets.command import missing, papers
from course.sheets.texts import is_text, of_files

__all__ = ["beside", "printed"]


def printed(root: Path, files: Mapping[str, File]) -> dict[str, File]:
    """The PDFs of the texts in the files of a handout; none, and a line that says why, where they cannot be made.

    Raises: Problem if a formula is wrong.
    """
    texts = of_files({path: file.data for path, file in files.items() if is_text(path)})
    if not texts:
        return {}
    try:
        if not (why := missing()):
            return {path: File(data) for path, data in papers(root, texts).items()}
    except BrowserError as error:
        why = str(error)
    print(f"the PDFs of the sheets are left out: {why}", file=sys.stderr, flush=True)
    return {}


def beside(paths: Iterable[str]) -> set[str]:
    """Where the PDFs lie that belong to the texts among these paths."""
    return {f"{path.removesuffix('.md')}.pdf" for path in paths if is_text(path)}
