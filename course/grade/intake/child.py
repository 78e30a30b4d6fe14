"""The process that reads one submission: a request on its standard input, a reply on its output, both JSON.

It limits itself before it opens anything, and needs no package beyond the standard library, but for a clone.
"""

import dataclasses
import json
import os
import sys
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from course.grade.intake import clones, documents, layout
from course.grade.intake.archives import Archive
from course.grade.intake.clones import Committed
from course.grade.intake.decoding import decoded, decoded_form
from course.grade.intake.documents import Document
from course.grade.intake.folders import Folder, open_file
from course.grade.intake.limits import Limits
from course.grade.intake.tree import Budget, Refused, Tree, shown
from exercise.source import handed_out
from exercise.source.gaps import GapError

__all__ = ["main"]


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
        _look(found, request, limits)
    except Refused as error:
        found.problems.append(str(error))
    except MemoryError:
        found.problems.append(f"it cannot be read within {limits.memory >> 20:,} MB of memory")
    except Exception as error:
        found.problems.append(f"it cannot be read ({type(error).__name__}: {error})")
    found.problems = _few([shown(line, 400) for line in found.problems], limits.problems)
    sys.stdout.buffer.write(json.dumps(dataclasses.asdict(found), ensure_ascii=False).encode())


def _look(found: Found, request: dict, limits: Limits) -> None:
    handed_in = _opened(request, limits)
    counted, nested = Committed(handed_in), limits.nested
    if isinstance(handed_in, Folder):
        counted, nested = clones.committed(handed_in, request), limits.nested + 1
    found.clone = counted.clone and dataclasses.asdict(counted.clone)
    found.problems += counted.problems
    folder = ""
    try:
        tree, folder, problems = layout.find(counted.tree, request["wanted"], nested)
    except Refused as error:
        found.problems += [str(error), *counted.tree.faults, *_told(counted.tree)]
    else:
        found.problems += problems
        if request["deadline"] is not None and not counted.problems and layout.clone_around(tree, folder) is not None:
            found.problems.append("a clone is in it: its files count as they are, whenever they were committed")
        _take_all(found, tree, folder, request)
    if counted.clone:
        texts = {path: found.texts.get(path) for path in request["wanted"]}
        found.clone["remarks"] += tuple(clones.remarks(handed_in, counted.place + folder, texts, counted.clone))


def _take_all(found: Found, tree: Tree, folder: str, request: dict) -> None:
    """Take in the wanted texts first, and what no rule asks for last, so that however much that is hides nothing."""
    for path in request["wanted"]:
        _take(found, tree, folder, path)
    for path in request["forms"]:
        _take_form(found, tree, folder, path)
    found.problems += _told(tree, {folder + path for path in request["wanted"]})
    papers = _look_at(found, tree, folder, request["documents"])
    _list(found, tree, folder, {folder + path for path in request["wanted"]} | papers, request["known"])


def _opened(request: dict, limits: Limits) -> Tree:
    """The zip or folder that was handed in."""
    budget, root, place = Budget(limits.total), request["root"], request["place"]
    if place.casefold().endswith(".zip") and not os.path.isdir(os.path.join(root, place)):
        return Archive(open_file(root, place), limits, budget)
    return Folder(root, place, limits, budget)


def _told(tree: Tree, known: Collection[str] = ()) -> list[str]:
    """A line for each thing that is no file, but for those that are told already."""
    return [f"{shown(path)}: {what}" for path, what in tree.others.items() if path not in known]


def _take(found: Found, tree: Tree, folder: str, path: str) -> None:
    """Take in a wanted text, or what is wrong with it."""
    whole = folder + path
    try:
        if whole in tree.files:
            room = tree.limits.texts - sum(map(len, found.texts.values()))
            found.texts[path] = decoded(tree.read(whole, min(tree.limits.text, room)))
        elif not any(f"{whole}/".startswith(f"{other}/") for other in tree.others if other != whole):
            found.problems.append(f"{shown(whole)}: {tree.others.get(whole, 'this file is missing')}")
    except Refused as error:
        found.problems.append(f"{shown(whole)}: {error}")


def _take_form(found: Found, tree: Tree, folder: str, path: str) -> None:
    """Take in a text that need not be there, capitals or not."""
    if whole := _called(tree, folder, path):
        try:
            found.forms[path] = decoded_form(tree.read(whole, tree.limits.form))
        except Refused as error:
            found.problems.append(f"{shown(whole)}: {error}")


def _look_at(found: Found, tree: Tree, folder: str, paths: Collection[str]) -> set[str]:
    """Look at documents, capitals or not; where they lie."""
    places = {path: whole for path in paths if (whole := _called(tree, folder, path))}
    for path in paths:
        if whole := places.get(path):
            data, fault = _listed(found, tree, folder, whole)
            found.documents[path] = Document(False, fault) if fault else documents.looked_at(path, data)
        elif fault := tree.others.get(folder + path):
            found.documents[path] = Document(False, fault)
    return set(places.values())


def _called(tree: Tree, folder: str, path: str) -> str | None:
    """The file of this path in a folder, or else one that is called the same in other capitals, if there is one."""
    if folder + path in tree.files:
        return folder + path
    return next((whole for whole in tree.files if whole.startswith(folder)
                 and whole.removeprefix(folder).casefold() == path.casefold()), None)


def _list(found: Found, tree: Tree, folder: str, done: Collection[str], known: Collection[str]) -> None:
    """List what the repository holds beside those files: what was handed out, then folders with little in them."""
    others = [path for path in tree.files if path.startswith(folder) and path not in done]
    room = tree.limits.listed - len(found.listed)
    if len(others) > room:
        found.problems.append(f"{len(others):,} files beside those of the exercise: {room:,} are listed")
    first, counts = {folder + path for path in known}, Counter(path.rpartition("/")[0] for path in others)
    for path in sorted(others, key=lambda path: (path not in first, counts[path.rpartition("/")[0]]))[:room]:
        _listed(found, tree, folder, path)


def _listed(found: Found, tree: Tree, folder: str, whole: str) -> tuple[bytes, str]:
    """The bytes of a file that is put into the list, and why they are not read; "" where they are."""
    path = whole.removeprefix(folder)
    data, fault = _data(tree, whole)
    found.listed[shown(path, tree.limits.name)] = "" if fault else _fingerprint(path, data)
    return data, fault


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
