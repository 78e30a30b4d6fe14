"""Gaps: the stretches of a module that a student writes. Text in, text out.

A gap lies between two marker lines at the indentation of the code around it:

        # START TODO vae_encode ########################
        # Compute `mu` and `logvar`, both of shape (batch_size, latent_size).

        mu = self.encode_mu(hidden)
        # END TODO ########################

The comment lines straight after START are the instruction; the first blank line or line of code ends it, and all
from there to END is the body. Whatever lies outside of the bodies is never changed, not by a byte.
"""

import io
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from exercise.problem import Problem
from exercise.source import opening

__all__ = [
    "Gap", "GapError", "Marker", "compose", "decoded", "files", "forestall", "gap_at", "is_id", "lines_of",
    "marker_of", "may_have_gaps", "parse", "read", "read_text", "scan", "stub", "stubbed", "todo_id",
]

_START = re.compile(r"([ \t]*)# START TODO (\S+)(?: #*)?[ \t]*")
_END = re.compile(r"([ \t]*)# END TODO(?: #*)?[ \t]*")
_ALMOST = re.compile(r"([ \t]*)#+[ \t]*(START|END)[ \t_-]*TODO\b(.*)")
_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_EXPECTED = "a marker reads '# START TODO <model>_<what> ####' or '# END TODO ####'"


class GapError(Problem):
    """A text that cannot be read as a module with gaps; the message begins with "<path>:<line>: ".

    Args: gap, the id of the gap that is lost by it, where that is known.
    """

    def __init__(self, path: str, line: int, what: str, gap: str | None = None):
        super().__init__(f"{path}:{line}: {what}")
        self.path, self.line, self.what, self.gap = path, line, what, gap


@dataclass(frozen=True)
class Gap:
    """One gap of one file.

    Args:
        id: its name, `<model>_<what>`, unique in the repository.
        path: the file, with forward slashes, relative to the root: "lib/model_vae.py".
        start, end: line numbers of the two markers, counted from 1.
        indent: the white space before the markers.
        instruction: the comment lines after START, without "# ".
        body: the exact text from the end of the instruction to END, line ends included.
    """
    id: str
    path: str
    start: int
    end: int
    indent: str
    instruction: str
    body: str

    @property
    def body_start(self) -> int:
        """The line number of the body's first line; that of END where the body is empty."""
        return self.end - len(lines_of(self.body))


@dataclass(frozen=True)
class Marker:
    """One marker line.

    Args:
        begins: START; otherwise it is END.
        name: the id after START; None where there is no valid one.
        fault: what is wrong with the line in itself; "" if nothing is.
    """
    begins: bool
    indent: str
    name: str | None = None
    fault: str = ""


def parse(text: str, path: str) -> list[Gap]:
    """The gaps of a text, in its order.

    Raises: GapError if a marker is malformed, unbalanced, nested or indented otherwise than its partner, or an id is
        repeated or not of the form `<model>_<what>`.
    """
    found, damage = scan(text, path)
    if damage:
        raise damage[0]
    return list(_by_id(found).values())


def scan(text: str, path: str) -> tuple[list[Gap], list[GapError]]:
    """The gaps of a text whose markers are whole, and what is wrong with all other markers, each in the text's order.

    A gap without its END ends where the next one begins, and is no gap, but a fault. Ids may be repeated.
    """
    lines, found, damage = lines_of(text), [], []
    opened: tuple[int, Marker] | None = None
    for number, line in enumerate(lines, 1):
        if (marker := marker_of(line)) is None:
            continue
        if fault := marker.fault or _out_of_turn(marker, opened):
            damage.append(GapError(path, number, fault, opened and opened[1].name))
        elif not marker.begins and opened[1].name:
            found.append(_gap(lines, path, opened, number))
        opened = (number, marker) if marker.begins else None
    if opened and opened[1].name:
        name = opened[1].name
        damage.append(GapError(path, opened[0], f"gap {name} is never closed: no '# END TODO' follows", name))
    return found, damage


def marker_of(line: str) -> Marker | None:
    """What a line marks; None of a line that is no marker, not even a faulty one."""
    if "TODO" not in line:  # nearly all lines, and all files are read again for each variant that is tried
        return None
    line = line.rstrip("\r\n")
    if match := _END.fullmatch(line):
        return Marker(False, match[1])
    if match := _START.fullmatch(line):
        valid = _ID.fullmatch(match[2])
        return Marker(True, match[1], match[2] if valid else None,
                      "" if valid else f"{match[2]!r} is no gap id: {_EXPECTED}")
    if (match := _ALMOST.fullmatch(line)) and not _is_prose(match[3]):
        return Marker(match[2] == "START", match[1], fault=f"this marker is malformed: {_EXPECTED}")
    return None


def is_id(text: str) -> bool:
    """Whether a text has the form of a gap's id."""
    return _ID.fullmatch(text) is not None


def gap_at(known: Iterable[Gap], path: str, line: int) -> Gap | None:
    """The one of these gaps that a line of a file lies in, its markers included."""
    return next((gap for gap in known if gap.path == path and gap.start <= line <= gap.end), None)


def compose(text: str, bodies: Mapping[str, str], path: str) -> str:
    """The text with the bodies of the named gaps replaced; everything else stays byte for byte.

    Args:
        bodies: from gap id to its new body. A last line without a line end gets one.
    Raises: GapError if the text has no such gap, or a body holds a marker line.
    """
    gaps, lines = {gap.id: gap for gap in parse(text, path)}, lines_of(text)
    for name in bodies:
        if name not in gaps:
            raise GapError(path, 1, f"there is no gap {name} here, only: {', '.join(gaps) or 'none at all'}")
    for gap in reversed(gaps.values()):
        if gap.id in bodies:
            lines[gap.body_start - 1:gap.end - 1] = _checked_body(bodies[gap.id], gap)
    return "".join(lines)


def lines_of(text: str) -> list[str]:
    """The lines as Python counts them: str.splitlines would also break at form feeds and the like."""
    return io.StringIO(text, newline="").readlines()


def stub(gap: Gap, where: str) -> str:
    """The body that a handout has in place of the solution: a raise that names the gap.

    It is one line, so that whatever a student writes touches it: then git, told to prefer what is the student's, mixes
    no gap with a solution that is published later.

    Args:
        where: the place of the task in the sheets, "sheet 2, task 1".
    """
    return _raising(gap, f"TODO {gap.id}: {where}")


def forestall(text: str, path: str, later: Mapping[str, int]) -> str:
    """The text with a raise in place of each gap of a later sheet, its markers and its instruction.

    Args:
        later: from the ids of these gaps to the numbers of their sheets.
    """
    lines = lines_of(text)
    for gap in reversed(parse(text, path)):
        if gap.id in later:
            lines[gap.start - 1:gap.end] = [_raising(gap, f"TODO sheet {later[gap.id]}")]
    return "".join(lines)


def stubbed(text: str) -> set[str]:
    """The ids of the gaps whose stubs are still in a text."""
    return set(re.findall(r'raise NotImplementedError\("TODO (\w+):', text))


def todo_id(message: str, known: Collection[str]) -> str | None:
    """The gap that a stub's error message names, or None where it is no stub's or the gap is not a known one."""
    match = re.match(r"TODO (\w+):", message)
    return match[1] if match and match[1] in known else None


def read(root: str | Path) -> dict[str, Gap]:
    """Every gap in the Python files below root/lib, by id, in the order of the paths.

    Raises: GapError if there is no such folder, a file cannot be read or parsed, or two files share an id.
    """
    if not (Path(root) / "lib").is_dir():
        raise GapError("lib", 1, f"there is no such folder in {root}")
    return _by_id(gap for path, file in files(root).items() for gap in parse(read_text(file, path), path))


def files(root: str | Path, pattern: str = "*.py") -> dict[str, Path]:
    """The files below root/lib whose names match, by path, in order; what is hidden is left out.

    A link in place of a folder, or of lib itself, is not followed, and is one of them, so that `read_text` tells of it.

    Raises: GapError if there are too many.
    """
    try:
        return {path: Path(root) / path for path in opening.listed(Path(root), "lib", pattern)}
    except Problem as error:
        raise GapError("lib", 1, str(error)) from None


def may_have_gaps(path: str) -> bool:
    """Whether gaps are looked for in the file of this path: one of `files`."""
    return path.startswith("lib/") and path.endswith(".py") and not _is_hidden(path)


def read_text(file: str | Path, path: str | None = None) -> str:
    """The text of a file, its line ends as they are.

    Args:
        path: the last components of `file`, by default one; none of them may be a link. Errors call the file so.
    Raises: GapError if it is missing, no ordinary file, too large, empty (an `__init__.py` may be) or not UTF-8.
    """
    file = Path(file)
    path = file.as_posix() if path is None else path
    data = _data(file, path)
    if not data.strip() and file.name != "__init__.py":
        raise GapError(path, 1, "the file is empty")
    return decoded(data, path)


def decoded(data: bytes, path: str) -> str:
    """The text of a file's bytes.

    Raises: GapError if they are not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise GapError(path, line, "the file is not UTF-8 here: save it with that encoding") from None


def _raising(gap: Gap, what: str) -> str:
    newline = "\r\n" if "\r\n" in gap.body else "\n"
    return f"{gap.indent}raise NotImplementedError({json.dumps(what, ensure_ascii=False)}){newline}"


def _is_hidden(path: str) -> bool:
    """Whether a file of lib is somebody's copy: editors keep theirs below a name that begins with a dot."""
    return "/." in path or "/__pycache__/" in path


def _is_prose(rest: str) -> bool:
    """Whether what follows START TODO or END TODO reads like a sentence, so that the line is somebody's comment."""
    return len(rest.split()) > 1 and not rest.rstrip().endswith("#")


def _out_of_turn(marker: Marker, opened: tuple[int, Marker] | None) -> str:
    """What is wrong with a marker after the one that opened a gap; a fault of that one is none of this one's."""
    if opened is None:
        return "" if marker.begins else "'# END TODO' without a '# START TODO' before it"
    line, start = opened
    if not start.name:
        return ""
    if marker.begins:
        return f"gap {marker.name} begins inside gap {start.name}, which line {line} opens"
    return "" if marker.indent == start.indent else \
        f"this END is not indented like the START of gap {start.name} in line {line}"


def _gap(lines: list[str], path: str, opened: tuple[int, Marker], end: int) -> Gap:
    start, marker = opened
    first = start
    while lines[first].lstrip(" \t").startswith("#") and first < end - 1:
        first += 1
    instruction = [line.strip().removeprefix("#").removeprefix(" ") for line in lines[start:first]]
    return Gap(marker.name, path, start, end, marker.indent, "\n".join(instruction), "".join(lines[first:end - 1]))


def _by_id(gaps: Iterable[Gap]) -> dict[str, Gap]:
    found: dict[str, Gap] = {}
    for gap in gaps:
        if gap.id in found:
            first = found[gap.id]
            raise GapError(gap.path, gap.start, f"gap {gap.id} is also in {first.path}, line {first.start}")
        found[gap.id] = gap
    return found


def _checked_body(body: str, gap: Gap) -> list[str]:
    lines = lines_of(body)
    for line in lines:
        if marker_of(line):
            raise GapError(gap.path, gap.start, f"the new body of gap {gap.id} holds a marker: {line.strip()}")
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += "\n"
    return lines


def _data(file: Path, path: str) -> bytes:
    count = 1 if Path(path).is_absolute() else path.count("/") + 1
    try:
        return opening.read_bytes(Path(*file.parts[:-count]), "/".join(file.parts[-count:]))
    except Problem as error:
        raise GapError(path, 1, str(error)) from None
