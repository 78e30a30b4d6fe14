"""The process that reads one submission: a request on its standard input, a reply on its output, both JSON.

It limits itself before it opens anything, and needs no package beyond the standard library, but for a clone.
"""

import codecs
import dataclasses
import json
import os
import sys
from collections.abc import Collection
from dataclasses import dataclass, field

from course.grade.intake import documents, layout
from course.grade.intake.archives import Archive
from course.grade.intake.commits import CommitTree, choose
from course.grade.intake.documents import Document
from course.grade.intake.folders import Folder, open_file
from course.grade.intake.limits import Limits
from course.grade.intake.repository import Repository
from course.grade.intake.tree import Budget, Refused, Tree, shown
from exercise.source import handed_out
from exercise.source.gaps import GapError

__all__ = ["main"]

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # UTF-32 begins like the first


@dataclass
class Found:
    """The reply: the fields of a Submission."""
    texts: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    clone: dict[str, object] | None = None


def main() -> None:
    """Read the submission that the request names, and reply with what has been found."""
    request, found = json.load(sys.stdin.buffer), Found()
    limits = Limits(**request["limits"])
    limits.impose()
    try:
        _look(found, request, *(request[name] for name in ("wanted", "forms", "documents")), limits)
    except Refused as error:
        found.problems.append(str(error))
    except MemoryError:
        found.problems.append(f"it cannot be read within {limits.memory >> 20:,} MB of memory")
    except Exception as error:
        found.problems.append(f"it cannot be read ({type(error).__name__}: {error})")
    found.problems = _few([shown(line, 400) for line in found.problems], limits.problems)
    sys.stdout.buffer.write(json.dumps(dataclasses.asdict(found), ensure_ascii=False).encode())


def _look(found: Found, request: dict, wanted: Collection[str], forms: Collection[str], papers: Collection[str],
          limits: Limits) -> None:
    budget, root, place = Budget(limits.total), request["root"], request["place"]
    if place.casefold().endswith(".zip") and not os.path.isdir(os.path.join(root, place)):
        tree, nested = Archive(open_file(root, place), limits, budget), limits.nested
    else:
        folder = Folder(root, place, limits, budget)
        tree, nested = _committed(found, folder, request) or folder, limits.nested + 1
    if request["deadline"] is not None and isinstance(tree, Archive) and tree.has_git:
        found.problems.append("a clone is in this zip: its files count as they are, whenever they were committed")
    try:
        tree, folder, problems = layout.find(tree, wanted, nested)
    except Refused as error:
        found.problems += [str(error), *tree.faults, *_told(tree)]
        return
    found.problems += problems
    for path in wanted:
        _take(found, tree, folder, path)
    for path in forms:
        _take_form(found, tree, folder, path)
    found.problems += _told(tree, {folder + path for path in wanted})
    _list(found, tree, folder, wanted, papers)


def _committed(found: Found, folder: Folder, request: dict) -> CommitTree | None:
    """The files of the commit that counts, if the submission is a clone."""
    path = layout.find_clone(folder, request["wanted"])
    if path is None:
        return None
    git = Folder(request["root"], f"{request['place']}/{path}", folder.limits, folder.budget)
    if "HEAD" not in git.files:
        return None
    repository = Repository(git, request["packages"])
    commit, clone = choose(repository, request["deadline"], request["commit"])
    found.clone = dataclasses.asdict(clone)
    return CommitTree(repository, commit)


def _told(tree: Tree, known: Collection[str] = ()) -> list[str]:
    """A line for each thing that is no file, but for those that are told already."""
    return [f"{shown(path)}: {what}" for path, what in tree.others.items() if path not in known]


def _take(found: Found, tree: Tree, folder: str, path: str) -> None:
    """Take in a wanted text, or what is wrong with it."""
    whole = folder + path
    try:
        if whole in tree.files:
            room = tree.limits.texts - sum(map(len, found.texts.values()))
            found.texts[path] = _decoded(tree.read(whole, min(tree.limits.text, room)))
        elif not any(f"{whole}/".startswith(f"{other}/") for other in tree.others if other != whole):
            found.problems.append(f"{shown(whole)}: {tree.others.get(whole, 'this file is missing')}")
    except Refused as error:
        found.problems.append(f"{shown(whole)}: {error}")


def _take_form(found: Found, tree: Tree, folder: str, path: str) -> None:
    """Take in a text that need not be there."""
    if folder + path in tree.files:
        try:
            found.forms[path] = _decoded(tree.read(folder + path, tree.limits.form))
        except Refused as error:
            found.problems.append(f"{shown(folder + path)}: {error}")


def _decoded(data: bytes) -> str:
    """The text of a file, without the mark that some editors put before it. Raises: Refused if it is not UTF-8."""
    if data.startswith(_WIDE):
        raise Refused("it is saved as UTF-16: save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"it is not UTF-8 in line {_line(data, error.start)}: save it as UTF-8") from None
    if b"\0" in data:
        raise Refused(f"it holds a null byte in line {_line(data, data.index(0))}: save it as UTF-8")
    return text


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _list(found: Found, tree: Tree, folder: str, wanted: Collection[str], papers: Collection[str]) -> None:
    """List what the repository holds beside the wanted files, and look at documents, capitals or not."""
    named = {path.casefold(): path for path in papers}
    others = [path for path in tree.files if path.startswith(folder) and path.removeprefix(folder) not in wanted]
    if len(others) > tree.limits.listed:
        found.problems.append(f"{len(others):,} files beside those of the exercise: {tree.limits.listed:,} are listed")
    for whole in others[:tree.limits.listed]:
        path = whole.removeprefix(folder)
        data, fault = _data(tree, whole)
        found.listed[shown(path, tree.limits.name)] = "" if fault else _fingerprint(path, data)
        if paper := named.get(path.casefold()):
            found.documents[paper] = Document(False, fault) if fault else documents.looked_at(path, data)


def _data(tree: Tree, path: str) -> tuple[bytes, str]:
    """The bytes of a file, and why it is not read; "" where it is."""
    try:
        return tree.read(path, tree.limits.file), ""
    except Refused as error:
        return b"", str(error)
    except MemoryError:
        return b"", "it is too large for the memory"


def _fingerprint(path: str, data: bytes) -> str:
    """As `handed_out.fingerprint` gives it; "" of a file whose gaps are damaged."""
    try:
        return handed_out.fingerprint(path, data)
    except (GapError, MemoryError):
        return ""


def _few(lines: list[str], most: int) -> list[str]:
    return lines if len(lines) <= most else [*lines[:most], f"and {len(lines) - most:,} problems more"]
