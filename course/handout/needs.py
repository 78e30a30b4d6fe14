"""What only later sheets need: nothing lists it, it is found by following imports, and links of texts.

A sheet begins with its scripts, the tests of its gaps, and the files of sheets/ and notebooks/ whose names begin with
its number. What these reach is theirs; the engine, each README.md and whatever nobody reaches belong to all sheets.
"""

import ast
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping

from course.handout.chosen import Chosen, HandoutError
from exercise.source import table

__all__ = ["LINK", "NO_LINKS", "only_later"]

NO_LINKS = re.compile(r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$", re.DOTALL)  # code and maths
LINK = re.compile(r"\]\(([^)\s#:]+)[)\s#]")  # a colon: an address, not a path
_NUMBERED = re.compile(r"(?:sheets|notebooks)/(\d+)_[^/]*")
_FOLLOWED = ("lib/", "tests/", "exercise/probes/", "pictures/", "sheets/", "notebooks/")


def only_later(whole: Mapping[str, bytes], cut: Mapping[str, bytes], chosen: Chosen) -> set[str]:
    """The paths of the files that the chosen sheets and those before them can do without.

    Args:
        whole: the files by path, in which texts speak of all sheets.
        cut: the same, in which texts speak of none that comes later.
    Raises: HandoutError if the tests in a file belong to several sheets, or the table lists a script that is not there.
    """
    imports = _imports(whole)
    begun = _beginnings(whole, imports, chosen)
    later = {path for path, number in begun.items() if number > chosen.last}
    everywhere, now = ({path: imports[path] if path in imports else _links(path, files) for path in whole}
                       for files in (whole, cut))
    always = {path for path in whole if not path.startswith(_FOLLOWED) or path.endswith("README.md")} - begun.keys()
    always |= whole.keys() - _reached({*begun, *always}, everywhere)
    needed = _reached(always | begun.keys() - later, {path: goals - later for path, goals in now.items()})
    return whole.keys() - needed


def _beginnings(files: Mapping[str, bytes], imports: Mapping[str, set[str]], chosen: Chosen) -> dict[str, int]:
    """The files that sheets begin with, and the number of the sheet of each."""
    found = {path: int(match[1]) for path in files if (match := _NUMBERED.fullmatch(path))}
    for sheet in chosen.course.sheets:
        for script in sheet.scripts:
            if script not in files:
                raise HandoutError(f"{table.FILE}: sheet {sheet.number} lists the script {script}, which is not there")
            found[script] = sheet.number
    for path in files:
        if path.startswith("tests/test_") and path.endswith(".py"):
            numbers = {chosen.sheet_of(gap) for gap in chosen.course.gaps.keys() & _judged(path, files, imports)}
            if len(numbers) > 1:
                raise HandoutError(f"{path}: it judges gaps of the sheets {', '.join(map(str, sorted(numbers)))}: give "
                                   "those of each sheet a file of their own")
            if numbers:
                found[path] = numbers.pop()
    return found


def _judged(path: str, files: Mapping[str, bytes], imports: Mapping[str, set[str]]) -> set[str]:
    """The ids in the marks of a test file; where one is computed, all texts in it and in its helpers in tests/."""
    marks = [node.args[0] for node in ast.walk(_tree(path, files))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "gap"]
    if any(isinstance(mark, ast.JoinedStr) for mark in marks):
        raise HandoutError(f"{path}: a mark puts the id of a gap together: write it out, so that its sheet can be told")
    if not all(isinstance(mark, ast.Constant) for mark in marks):
        read = [path for path in _reached([path], imports) if path.startswith("tests/")]
        marks = [node for path in read for node in ast.walk(_tree(path, files)) if isinstance(node, ast.Constant)]
    return {mark.value for mark in marks if isinstance(mark.value, str)}


def _imports(files: Mapping[str, bytes]) -> dict[str, set[str]]:
    """For each module the paths of those that it imports, wherever in it, and of the packages around them."""
    modules = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path
               for path in files if path.endswith(".py")}
    return {path: {modules[name] for full in _names(_tree(path, files)) for name in _prefixes(full) if name in modules}
            for path in modules.values()}


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _prefixes(name: str) -> Iterator[str]:
    parts = name.split(".")
    return (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def _links(path: str, files: Mapping[str, bytes]) -> set[str]:
    """The files that a text links to."""
    if not path.endswith(".md"):
        return set()
    text = NO_LINKS.sub("", files[path].decode())
    return {posixpath.normpath(posixpath.join(posixpath.dirname(path), link)) for link in LINK.findall(text)} & {*files}


def _tree(path: str, files: Mapping[str, bytes]) -> ast.Module:
    try:
        return ast.parse(files[path])
    except SyntaxError as error:
        raise HandoutError(f"{path}:{error.lineno}: this is no Python: {error.msg}") from None


def _reached(starts: Collection[str], edges: Mapping[str, Collection[str]]) -> set[str]:
    found, waiting = set(starts), [*starts]
    while waiting:
        new = edges[waiting.pop()] - found
        found |= new
        waiting += new
    return found
