"""`python -m course sheets OUT`: the sheets, derivations and solutions as pages and on paper.

OUT/students holds what students are given, OUT/instructors everything. It is written whole or not at all: first into a
hidden folder beside OUT.
"""

import importlib.util
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from course import browser
from course.sheets import katex
from course.sheets.formulas import Formula, FormulaError
from course.sheets.texts import FOLDER, READERS, address, gap_pages, index, texts
from exercise.problem import Problem

__all__ = ["SheetsError", "missing", "missing_for_pages", "papers", "sheets", "write_pages"]


class SheetsError(Problem):
    """Pages that cannot be made here, or not in this folder; one line that says why."""


def sheets(root: str | Path, target: str | Path) -> int:
    """Write all pages of the repository at `root` to the folder `target`, and say so. Returns: the exit code 0.

    Raises: Problem if something that is needed is not installed, `target` cannot take them, or a formula is wrong.
    """
    root, target = Path(root).resolve(), Path(target)
    if why := missing():
        raise SheetsError(why)
    if not target.resolve().parent.is_dir():
        raise SheetsError(f"{target} cannot be made: there is no folder {target.resolve().parent}")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise SheetsError(f"{target} is not empty: choose an empty folder or a new one")
    with tempfile.TemporaryDirectory(dir=target.resolve().parent, prefix=f".{target.name}-") as parent:
        folder = Path(parent) / "sheets"
        pages = [page for reader in READERS for page in write_pages(root, folder / reader, texts(root, reader))]
        _print_all(pages, folder)
        if target.exists():
            target.rmdir()
        folder.rename(target)
    print(f"{target}: {len(pages)} pages, each with a PDF; begin at {target / READERS[0] / 'index.html'}")
    return 0


def papers(root: Path, found: Mapping[str, str]) -> dict[str, bytes]:
    """The PDFs of texts of the repository at `root`, by the path of each beside its text; nothing may be `missing`.

    Raises: Problem if a formula is wrong, or the browser does not start.
    """
    with tempfile.TemporaryDirectory() as folder:
        pages = write_pages(root, Path(folder), found)
        _print_all(pages, Path(folder))
        return {f"{FOLDER}{page.relative_to(folder).with_suffix('.pdf').as_posix()}":
                page.with_suffix(".pdf").read_bytes() for page in pages}


def missing() -> str:
    """What pages on paper need and is not installed, and what helps; "" where all is there."""
    return missing_for_pages() or browser.missing()


def missing_for_pages() -> str:
    """The same, for pages that are not printed."""
    absent = [name for name, module in (("markdown-it-py", "markdown_it"), ("pypdf", "pypdf"))
              if importlib.util.find_spec(module) is None]
    return f"{absent[0]} is not installed: pip install -r requirements-course.txt" if absent else katex.missing()


def write_pages(root: Path, folder: Path, found: Mapping[str, str]) -> list[Path]:
    """Write the pages of texts, given by their paths, with an index. Returns: those that are to be printed."""
    from course.sheets.page import Site, page
    site = Site(root, list(found), gap_pages(root, list(found)))
    found = {**found, f"{FOLDER}README.md": index(root, found)}
    drawn = _draw(found)
    for path, text in found.items():
        file = folder / address(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page(text, path, site, drawn, on_paper=file.name != "index.html"), encoding="utf-8")
    return [folder / address(path) for path in found if not path.endswith("README.md")]


def _draw(found: Mapping[str, str]) -> dict[Formula, str]:
    from course.sheets.page import draw
    try:
        return draw(found.values())
    except (FormulaError, katex.KatexError):
        for path, text in found.items():  # in which of them is it?
            try:
                draw([text])
            except (FormulaError, katex.KatexError) as error:
                raise SheetsError(f"{path}: {error}") from error
        raise


def _print_all(pages: list[Path], folder: Path) -> None:
    from course.sheets.paper import paper
    with browser.open_browser() as driver:
        for number, file in enumerate(pages, 1):
            written = file.with_suffix(".pdf")
            print(f"printing {number} of {len(pages)}: {written.relative_to(folder)}", file=sys.stderr, flush=True)
            written.write_bytes(paper(driver, file))
