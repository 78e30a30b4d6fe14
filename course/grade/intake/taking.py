"""What is taken of a submission, once it is known where its repository lies."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from course.grade.intake import documents
from course.grade.intake.decoding import decoded, decoded_form
from course.grade.intake.documents import Document
from course.grade.intake.tree import Refused, Tree, shown
from exercise.source import handed_out
from exercise.source.gaps import GapError

__all__ = ["Found", "take_all", "told"]

Places = Sequence[tuple[Tree, str]]  # folders of trees in which something may lie, the best one first


@dataclass
class Found:
    """The reply: the fields of a Submission."""
    texts: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    clone: dict[str, object] | None = None


def take_all(found: Found, places: Places, request: dict) -> None:
    """Take in the wanted texts first, and what no rule asks for last, so that however much that is hides nothing."""
    (tree, folder), *_ = places
    for path in request["wanted"]:
        _take(found, tree, folder, path)
    for path in request["forms"]:
        _take_form(found, places, path)
    found.problems += told(tree, {folder + path for path in request["wanted"]})
    for path in request["documents"]:
        _look_at(found, places, path)
    _list(found, tree, folder, request["wanted"], request["known"])


def told(tree: Tree, known: Collection[str] = ()) -> list[str]:
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


def _take_form(found: Found, places: Places, path: str) -> None:
    """Take in a text that need not be there."""
    if place := _called(places, path):
        tree, folder, path_there = place
        try:
            found.forms[path] = decoded_form(tree.read(folder + path_there, tree.limits.form))
        except Refused as error:
            found.problems.append(f"{shown(folder + path_there)}: {error}")


def _look_at(found: Found, places: Places, path: str) -> None:
    """Look at a document, if it is there, be it as something that is not read."""
    if place := _called(places, path):
        data, fault = _listed(found, *place)
    else:
        data, fault = b"", next(filter(None, (tree.others.get(folder + path) for tree, folder in places)), "")
    if place or fault:
        found.documents[path] = Document(False, fault) if fault else documents.looked_at(path, data)


def _called(places: Places, path: str) -> tuple[Tree, str, str] | None:
    """The first of these places with a file of this path, capitals or not, and how it is called there.

    Whoever puts the repository into a zip may hand in a document beside that.
    """
    for tree, folder in places:
        if folder + path in tree.files:
            return tree, folder, path
        below = (whole.removeprefix(folder) for whole in tree.files if whole.startswith(folder))
        if alike := next((other for other in below if other.casefold() == path.casefold()), None):
            return tree, folder, alike
    return None


def _list(found: Found, tree: Tree, folder: str, wanted: Collection[str], known: Collection[str]) -> None:
    """List what the repository holds beside the wanted files: what was handed out, then folders with little in them."""
    done = {folder + path for path in [*wanted, *found.listed]}
    others = [path for path in tree.files if path.startswith(folder) and path not in done]
    room = tree.limits.listed - len(found.listed)
    if len(others) > room:
        found.problems.append(f"{len(others):,} files beside those of the exercise: {room:,} are listed")
    first, counts = {folder + path for path in known}, Counter(path.rpartition("/")[0] for path in others)
    for path in sorted(others, key=lambda path: (path not in first, counts[path.rpartition("/")[0]]))[:room]:
        _listed(found, tree, folder, path.removeprefix(folder))


def _listed(found: Found, tree: Tree, folder: str, path: str) -> tuple[bytes, str]:
    """The bytes of a file that is put into the list, and why they are not read; "" where they are."""
    data, fault = _data(tree, folder + path)
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
