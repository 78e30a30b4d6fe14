"""The Markdown texts of `sheets/` that become pages: as students are given them, and all of them, for instructors."""

import re
from collections.abc import Mapping
from pathlib import Path

from course.handout.contents import build, tracked
from exercise.source import table
from exercise.source.table import Course, points_text

__all__ = ["FOLDER", "READERS", "address", "gap_pages", "index", "is_text", "of_files", "texts", "title"]

FOLDER = "sheets/"
READERS = ("students", "instructors")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_OVERVIEW = "Notation, and which sheet needs which"
_PARTS = {"": "Sheets", "derivations/": "Derivations", "solutions/": "Solutions"}  # folder -> its heading in the index


def texts(root: Path, reader: str) -> dict[str, str]:
    """Every text for one of the READERS, by path, as `of_files` gives them."""
    if reader == "students":
        return of_files({path: file.data for path, file in build(root).items()})
    return of_files({path: (root / path).read_bytes() for path in tracked(root) if is_text(path)})


def of_files(files: Mapping[str, bytes]) -> dict[str, str]:
    """Those texts among files that become pages, by path; what is commented out is gone, and leaves its lines empty."""
    found = {path: data.decode() for path, data in files.items() if is_text(path)}
    return {path: _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text) for path, text in found.items()}


def address(path: str, suffix: str = ".html") -> str:
    """Where the page of a text lies: "solutions/2_vae.html"; that of a README.md is the index of its folder."""
    return re.sub(r"README$", "index", path.removeprefix(FOLDER).removesuffix(".md")) + suffix


def title(text: str) -> str:
    """The first heading of a text."""
    return text.splitlines()[0].removeprefix("# ")


def gap_pages(root: Path, paths: list[str]) -> dict[str, str]:
    """The text in which a gap has its row, by the gap's id."""
    course = table.read(root)
    return {gap.id: path for sheet in course.sheets for path in paths if path.startswith(f"{FOLDER}{sheet.number}_")
            for task in sheet.tasks for gap in task.gaps}


def index(root: Path, found: dict[str, str]) -> str:
    """A text that leads to all others, as pages and on paper."""
    course, lines = table.read(root), [f"# {title((root / 'README.md').read_text(encoding='utf-8'))}"]
    for folder, heading in _PARTS.items():
        paths = [path for path in found if re.fullmatch(re.escape(FOLDER + folder) + r"[^/]+\.md", path)
                 and not path.endswith("README.md")]
        if paths:
            readme = f"{folder}README.md"
            lines += ["", f"## {heading}", ""]
            lines += [f"[{_OVERVIEW}]({readme})", ""] if FOLDER + readme in found else []
            lines += ["| | points | |" if not folder else "| | |",
                      "|---|---|---|" if not folder else "|---|---|",
                      *(_row(path, found[path], None if folder else course) for path in paths)]
    return "\n".join(lines)


def _row(path: str, text: str, course: Course | None) -> str:
    name = path.removeprefix(FOLDER)
    points = [points_text(sheet.points) for sheet in course.sheets if name.startswith(f"{sheet.number}_")] if course \
        else []
    middle = f" {''.join(points)} |" if course else ""
    return f"| [{title(text)}]({name}) |{middle} [PDF]({address(path, '.pdf')}) |"


def is_text(path: str) -> bool:
    """Whether a file of the repository becomes a page."""
    return path.startswith(FOLDER) and path.endswith(".md")
