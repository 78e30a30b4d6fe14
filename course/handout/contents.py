"""What a student's repository holds: this repository's files, with the gaps emptied and the instructor's part left out.

Only files that git tracks are looked at, so that no data, results, weights or notes slip in; in a copy without git,
all files but those that its .gitignore names. Of a Markdown file, the lines between `<!-- instructor -->` and
`<!-- /instructor -->`, each on a line of its own, are left out; those between `<!-- student` and `/student -->`, a
comment in this repository, are for students alone; those between `<!-- sheet 3 -->` and `<!-- /sheet 3 -->`, and a line
that holds `<!-- sheet 3 -->` beside other things, such as a row of a table, come with this sheet. Of a notebook, which
is Python here, an .ipynb file is made.
"""

import fnmatch
import os
import posixpath
import re
import subprocess
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from course.handout.chosen import Chosen, HandoutError, choose
from course.handout.needs import LINK, NO_LINKS, only_later
from course.handout.notebooks import as_ipynb, is_source
from exercise.source import gaps, handed_out, table
from exercise.source.handed_out import RECORD

__all__ = ["File", "HandoutError", "build", "git_says", "is_form", "left_out", "present", "tracked", "untracked"]

_LEFT_OUT = ("course", "tests/repository", "benchmarks", "docs", ".ci", ".github/workflows/repository.yml",
             "ruff.toml", "requirements-course.txt", "CONTRIBUTING.md", "CITATION.cff", "sheets/solutions",
             "sheets/*_solution.md")
_BEGIN, _END = "<!-- instructor -->", "<!-- /instructor -->"
_STUDENT = "<!-- student"  # an HTML comment until it is handed out
_ENDS = {_BEGIN: _END, _STUDENT: "/student -->"}
_SHEET, _SHEET_ENDS = re.compile(r"<!-- sheet (\d+) -->"), "<!-- /sheet {} -->"
_SET_IN_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")  # they name another repository than the folder's
_NAMES = re.compile(r"[\w.]+(?:[/-][\w.]+)*")  # of files and gaps


_FORMS = ("declaration.md", "feedback.md", "notebooks/*.ipynb")


@dataclass(frozen=True)
class File:
    """The bytes of a file, and whether it may be run as a program."""
    data: bytes
    executable: bool = False


def build(root: str | Path, chosen: Chosen | None = None) -> dict[str, File]:
    """Every file of the handout of the solved repository at `root`, by path. The same files give the same bytes.

    Args: chosen, of which sheets it is; by default of all.
    Raises: HandoutError, or another Problem, if a file is missing, a link, a folder, not UTF-8 where
        it should be, or not tracked though it has a gap; if markers are damaged; if a text links to what is left out,
        or names what comes with a later sheet.
    """
    root = Path(root)
    everything = choose(table.load(root))
    chosen = chosen or everything
    paths = [path for path in tracked(root) if not left_out(path)]
    whole, files = ({path: _for_students(root, path, sheets) for path in paths} for sheets in (everything, chosen))
    for gap in gaps.read(root).values():
        if gap.path not in files:
            raise HandoutError(f"{gap.path}: this file has the gap {gap.id}, but git does not track it: git add it")
    later = only_later(_bytes(whole), _bytes(files), chosen)
    files = {path: file for path, file in files.items() if path not in later}
    _check_links(files)
    _check_names(files, later | {gap for gap in chosen.course.gaps if chosen.is_later(gap)})
    files = dict(_as_opened(path, file) for path, file in files.items())
    files[RECORD] = File(handed_out.record(_bytes(files)))
    return dict(sorted(files.items()))


def tracked(root: Path) -> list[str]:
    """The paths of the files that git tracks, in order."""
    return _git_files(root) if _has_git(root) else sorted(_walk(root, root, _ignored(root)))


def untracked(root: Path, *how: str) -> list[str]:
    """The paths of the files that git neither tracks nor ignores, in order; none in a copy without git.

    Args: how, "--directory" names a folder in which git tracks nothing in place of its files.
    """
    return _git_files(root, "--others", "--exclude-standard", *how) if _has_git(root) else []


def present(folder: Path) -> list[str]:
    """The paths of all files that are there and not ignored, tracked or not, in order."""
    paths = {*tracked(folder), *untracked(folder)}
    return sorted(path for path in paths if (folder / path).is_symlink() or (folder / path).exists())


def is_form(path: str) -> bool:
    """Whether a file of a handout is to be filled in, like the gaps."""
    return any(fnmatch.fnmatchcase(path, form) for form in _FORMS)


def left_out(path: str) -> str | None:
    """Why a file is the instructor's alone: its own path, or the folder that is; None where it is for students."""
    places = [path, *(parent.as_posix() for parent in Path(path).parents)]
    return next((place for place in places if any(fnmatch.fnmatchcase(place, name) for name in _LEFT_OUT)), None)


def git_says(folder: Path, *words: str) -> list[str]:
    """What git prints in a folder, in pieces that NUL ends.

    Raises: HandoutError if it fails, or is not there.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _SET_IN_HOOKS}
    try:
        run = subprocess.run(["git", *words], cwd=folder, env=environment, capture_output=True, check=True)
    except FileNotFoundError:
        raise HandoutError("git is needed, to tell which files belong to the repository: install it") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines() or ["it gave no reason"]
        raise HandoutError(f"git cannot list the files of {folder}: {said[0]}") from None
    return [*filter(None, os.fsdecode(run.stdout).split("\0"))]


def _bytes(files: Mapping[str, File]) -> dict[str, bytes]:
    return {path: file.data for path, file in files.items()}


def _as_opened(path: str, file: File) -> tuple[str, File]:
    """A file as students open it, and its path: a notebook in place of its source."""
    if not is_source(path):
        return path, file
    return f"{path.removesuffix('.py')}.ipynb", File(as_ipynb(file.data.decode(), path))


def _for_students(root: Path, path: str, chosen: Chosen) -> File:
    file = root / path
    if file.is_symlink():
        raise HandoutError(f"{path}: this is a link: put the file itself there")
    if not file.is_file():
        raise HandoutError(f"{path}: this is no ordinary file" if file.exists() else
                           f"{path}: there is no such file, though git tracks it: restore it, or git rm it")
    executable = bool(file.stat().st_mode & 0o100)
    if file.suffix not in (".py", ".md") and path != table.FILE:
        return File(file.read_bytes(), executable)
    text = gaps.read_text(file, path)
    if gaps.may_have_gaps(path):
        text = chosen.module(text, path)
    elif file.suffix == ".md":
        text = _as_handed_out(text, path, chosen)
    elif path == table.FILE:
        text = chosen.table(text)
    return File(text.encode(), executable)


def _as_handed_out(text: str, path: str, chosen: Chosen) -> str:
    """A Markdown text as students are given it: without sections for the instructor or of later sheets, nor the blank
    line that follows one, and with sections for students, which a reader of this repository does not see.
    """
    ends = _ENDS | {f"<!-- sheet {sheet.number} -->": _SHEET_ENDS.format(sheet.number)
                    for sheet in chosen.course.sheets}
    kept, opened, skip_blank = [], None, False
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        mark = line.strip()
        if unknown := [mark for mark in _SHEET.findall(line) if f"<!-- sheet {mark} -->" not in ends]:
            raise HandoutError(f"{path}:{number}: there is no sheet {unknown[0]}")
        if mark in ends or mark in ends.values():
            if mark != (ends[opened[1]] if opened else mark) or (opened is None and mark not in ends):
                raise HandoutError(f"{path}:{number}: {mark} out of turn: "
                                   + "; ".join(f"{begin} begins and {end} ends" for begin, end in ends.items()))
            opened, skip_blank = (None, not _is_for(opened[1], chosen)) if opened else ((number, mark), False)
        elif (opened is None or _is_for(opened[1], chosen)) and not (skip_blank and not mark):
            if _is_for(line, chosen):
                kept.append(_SHEET.sub("", line))
            skip_blank = False
    if opened is not None:
        raise HandoutError(f"{path}:{opened[0]}: {opened[1]} is never closed: no {ends[opened[1]]} follows on a line "
                           "of its own")
    return "".join(kept)


def _is_for(line: str, chosen: Chosen) -> bool:
    """Whether what a line marks is for the students who are given these sheets; what marks nothing is."""
    return line != _BEGIN and all(int(number) <= chosen.last for number in _SHEET.findall(line))


def _check_links(files: Mapping[str, File]) -> None:
    """A student's page should not point to a page that only the instructor has."""
    folders = {parent.as_posix() for path in files for parent in Path(path).parents}
    for path in files:
        text = NO_LINKS.sub("", files[path].data.decode()) if _is_read(path) else ""
        for link in LINK.findall(text):
            goal = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
            if goal not in files and goal not in folders:
                raise HandoutError(f"{path}: it links to {link}, which the handout does not have: put the link between "
                                   f"{_BEGIN} and {_END}, or mend it")


def _check_names(files: Mapping[str, File], later: Collection[str]) -> None:
    """A student's page names no file and no gap that comes later."""
    later = {*later, *map(posixpath.basename, later)} - {*map(posixpath.basename, files)}
    for path in files:
        text = files[path].data.decode() if _is_read(path) else ""
        for name in sorted({name.rstrip(".") for name in _NAMES.findall(text)} & later):
            raise HandoutError(f"{path}: it names {name}, which comes with a later sheet: put that between "
                               "<!-- sheet N --> and <!-- /sheet N -->, or name another")


def _is_read(path: str) -> bool:
    """Whether a file is a text that students read from its beginning to its end."""
    return path.endswith(".md") or is_source(path)


def _has_git(folder: Path) -> bool:
    return (folder / ".git").exists()


def _git_files(folder: Path, *options: str) -> list[str]:
    return sorted(set(git_says(folder, "ls-files", "-z", *options)))


def _walk(folder: Path, root: Path, ignored: list[str]) -> Iterator[str]:
    for entry in folder.iterdir():
        path, is_folder = entry.relative_to(root).as_posix(), entry.is_dir() and not entry.is_symlink()
        if path == ".git" or any(_matches(path, is_folder, pattern) for pattern in ignored):
            continue
        if is_folder:
            yield from _walk(entry, root, ignored)
        else:
            yield path


def _ignored(root: Path) -> list[str]:
    file = root / ".gitignore"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _matches(path: str, is_folder: bool, pattern: str) -> bool:
    """Whether a line of a .gitignore, one without `**` or `!`, means this path."""
    anchored = "/" in pattern.rstrip("/")
    subject = path if anchored else posixpath.basename(path)
    return (is_folder or not pattern.endswith("/")) and fnmatch.fnmatchcase(subject, pattern.strip("/"))
