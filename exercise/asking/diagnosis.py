"""From an exception to a failure in words: the gap that it concerns, and what kind of mistake it shows."""

import ast
import linecache
import re
import traceback
import warnings
from dataclasses import replace
from types import CodeType

from exercise.asking.codec import NotPlain, TooLarge
from exercise.asking.failure import Failure, Frame
from exercise.asking.keyboard import Unattended
from exercise.asking.overlay import Overlay
from exercise.source.gaps import Gap, GapError, gap_at, todo_id

__all__ = ["diagnose"]

_LONGEST_MESSAGE = 300
_UNBOUND = re.compile(r"'(\w+)'")
_INLINE = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<lambda>")  # parts of the function around them
_Places = list[tuple[CodeType, str, int]]
_Changes = dict[str, object]  # fields of the failure


def diagnose(error: BaseException, served: Overlay) -> Failure:
    """What a student should know of an error that a probe ended in."""
    places = list(served.places(error.__traceback__))
    frames = [Frame(path, line, code.co_name, _cut(linecache.getline(code.co_filename, line).strip()))
              for code, path, line in places]
    failure = Failure.at(frames, served.gaps.values(), "error", _message(error))
    return replace(failure, **(_not_started(error, served) or _syntax(error, served, places)
                               or _missing_name(error, served, places) or _not_plain(error) or _no_memory(error)
                               or _unattended(error, failure.gap) or {}))


def _message(error: BaseException) -> str:
    lines = [line for line in _text(error).splitlines() if line.strip()]
    return _cut(": ".join([type(error).__name__, "\n".join(lines[:2])]) if lines else type(error).__name__)


def _text(error: BaseException) -> str:
    try:
        return str(error).encode("utf-8", "backslashreplace").decode()
    except BaseException:
        return "(its message cannot be read)"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE - 1] + "…"


def _not_started(error: BaseException, served: Overlay) -> _Changes | None:
    text = _text(error)
    name = todo_id(text, {*served.gaps, *served.lost}) if isinstance(error, NotImplementedError) else None
    if name is None:
        return None
    if name in served.gaps and name not in served.broken and _statements(served.gaps[name]) > 1:
        message = f"gap {name} has code now, and still its raise NotImplementedError: delete the raise line"
        return {"kind": "not started", "gap": name, "leftover": True, "message": message}
    message = _cut(f"gap {name} is not started:{text.partition(':')[2]}")
    return {"kind": "not started", "gap": name, "message": message}


def _statements(gap: Gap) -> int:
    with warnings.catch_warnings(action="ignore"):
        tree = ast.parse(f"if True:\n{gap.body}" if gap.indent else gap.body)
    return len(tree.body[0].body if gap.indent else tree.body)


def _syntax(error: BaseException, served: Overlay, places: _Places) -> _Changes | None:
    if not isinstance(error, SyntaxError):
        return None
    if isinstance(error.__cause__, GapError):
        return {"kind": "syntax", "path": error.__cause__.path, "line": error.__cause__.line, "message": _text(error)}
    for _, path, line in places[-1:]:
        gap = gap_at(served.gaps.values(), path, line)
        if gap is not None and gap.id in served.broken:
            return {"kind": "syntax", "message": f"gap {gap.id} does not compile: {path}, {served.broken[gap.id]}"}
    return None


def _missing_name(error: BaseException, served: Overlay, places: _Places) -> _Changes | None:
    """A name that the code after a gap uses and the gap should have defined."""
    name = _UNBOUND.search(_text(error)) if isinstance(error, NameError) else None
    innermost = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)][-1]
    if name is None or not places or places[-1][0] is not innermost:
        return None
    while len(places) > 1 and places[-1][0].co_name in _INLINE:
        places = places[:-1]
    for code, path, line in places[-1:]:
        inside = [gap for gap in served.gaps.values()
                  if gap.path == path and code.co_firstlineno <= gap.start and gap.end < line]
        if inside:
            gap = inside[-1].id
            message = f"the code after gap {gap} uses `{name[1]}`, which the gap does not define"
            return {"kind": "missing name", "gap": gap, "message": message}
    return None


def _not_plain(error: BaseException) -> _Changes | None:
    kind = "output limit" if isinstance(error, TooLarge) else "not plain data"
    return {"kind": kind, "message": _cut(_text(error))} if isinstance(error, NotPlain) else None


def _no_memory(error: BaseException) -> _Changes | None:
    refused = isinstance(error, RuntimeError) and "DefaultCPUAllocator" in _text(error)
    return {"kind": "memory"} if isinstance(error, MemoryError) or refused else None


def _unattended(error: BaseException, gap: str | None) -> _Changes | None:
    where = f" --gap {gap}" if gap else ""
    return {"message": f"{error} waits for somebody at the keyboard, and nobody is there in this run: "
                       f"python -m pytest -s{where}"} if isinstance(error, Unattended) else None
