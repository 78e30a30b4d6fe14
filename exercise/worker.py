"""Where probes run: a question is answered, or the error told as plain data. Also the worker process that does so.

In the test's own process `exercise.asking.InProcess` calls `perform` and `diagnose` itself. A worker process reads
questions from the pipe that was its standard input, one at a time, and answers them on the one that was its output.
"""

import ast
import contextlib
import faulthandler
import importlib
import linecache
import os
import re
import struct
import traceback
import warnings
from collections.abc import Iterator
from types import CodeType
from typing import BinaryIO

from exercise import codec, overlay
from exercise.gaps import Gap, GapError, todo_id
from exercise.overlay import Overlay

__all__ = ["HEADER", "diagnose", "main", "perform"]

HEADER = struct.Struct(">Q?")  # what a reply begins with: the number of the question, and whether the probe failed
_MOST_FRAMES = 30
_LONGEST_MESSAGE = 300
_UNBOUND = re.compile(r"'(\w+)'")
_INLINE = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<lambda>")  # parts of the function around them
_Frames = list[tuple[CodeType, str, int]]


def perform(question: dict) -> bytes:
    """Ask one probe.

    Args:
        question: decoded, so that the probe is given copies: module and name of the probe, args, kwargs and seed.
    Returns: the probe's answer, encoded.
    Raises: whatever the probe raises; codec.NotPlain if it answers with anything but a dict of plain data.
    """
    probe = getattr(importlib.import_module(question["module"]), question["name"])
    with _conditions(question["seed"]):
        answer = probe(*question["args"], **question["kwargs"])
    if type(answer) is not dict:
        raise codec.NotPlain(f"answer is a {type(answer).__name__}: a probe answers with a dict")
    return codec.encode(answer)


def diagnose(error: BaseException, served: Overlay) -> dict[str, object]:
    """What a student should know of an error that a probe ended in: the fields of `exercise.asking.ProbeFailed`."""
    frames = list(served.frames(error.__traceback__))
    report = {"kind": "error", "message": _message(error), "gap": None, "path": None, "line": None, "leftover": False}
    for _, path, line in frames:
        gap = served.gap_at(path, line)
        report |= {"path": path, "line": line, "gap": gap.id if gap else report["gap"]}
    report["frames"] = [_frame(served, *frame) for frame in frames[-_MOST_FRAMES:]]
    return report | (_not_started(error, served) or _syntax(error, served, frames)
                     or _missing_name(error, served, frames) or _not_plain(error) or {})


def main(root: str) -> None:
    """Answer questions about the `lib` in a folder until the pipe ends; the process ends with it."""
    import torch
    questions, answers = _take_pipes()
    faulthandler.enable()
    torch.set_num_threads(1)
    with overlay.install(root) as served:
        codec.write_frame(answers, b"ready")
        with contextlib.suppress(EOFError):
            while True:
                codec.write_frame(answers, _reply(codec.read_frame(questions), served))
    os._exit(0)  # what the student's code registered to run at the end, or its threads, could keep the process alive


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move the pipes away from the standard streams, so that printing and input() cannot disturb them."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return questions, answers


def _reply(frame: bytes, served: Overlay) -> bytes:
    question = codec.decode(frame)
    faulthandler.dump_traceback_later(question["limit"], exit=True)
    try:
        failed, content = False, perform(question)
    except BaseException as error:
        failed, content = True, codec.encode(diagnose(error, served))
    faulthandler.cancel_dump_traceback_later()
    return HEADER.pack(question["number"], failed) + content


@contextlib.contextmanager
def _conditions(seed: int | None) -> Iterator[None]:
    """Seed torch for one question, and leave the generator of whoever asks in the same process as it was.

    Gradients are on, and warnings are no errors, whatever the code that answered the last question turned off or on,
    and however strict the run of the tests is: a warning is no wrong answer.
    """
    import torch
    with (torch.random.fork_rng(devices=[], enabled=seed is not None), torch.enable_grad(),
          warnings.catch_warnings(action="default")):
        if seed is not None:
            torch.manual_seed(seed)
        yield


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


def _frame(served: Overlay, code: CodeType, path: str, line: int) -> dict[str, object]:
    text = linecache.getline(code.co_filename, line).strip()
    return {"path": path, "line": line, "function": code.co_name, "text": _cut(text)}


def _not_started(error: BaseException, served: Overlay) -> dict[str, object] | None:
    text = _text(error)
    name = todo_id(text, served.gaps) if isinstance(error, NotImplementedError) else None
    if name is None:
        return None
    if name not in served.broken and _statements(served.gaps[name]) > 1:
        message = f"gap {name} has code now, and still its raise NotImplementedError: delete the raise line"
        return {"kind": "not started", "gap": name, "leftover": True, "message": message}
    message = _cut(f"gap {name} is not started:{text.partition(':')[2]}")
    return {"kind": "not started", "gap": name, "message": message}


def _statements(gap: Gap) -> int:
    with warnings.catch_warnings(action="ignore"):
        tree = ast.parse(f"if True:\n{gap.body}" if gap.indent else gap.body)
    return len(tree.body[0].body if gap.indent else tree.body)


def _syntax(error: BaseException, served: Overlay, frames: _Frames) -> dict[str, object] | None:
    if not isinstance(error, SyntaxError):
        return None
    if isinstance(error.__cause__, GapError):
        return {"kind": "syntax", "path": error.__cause__.path, "line": error.__cause__.line, "message": _text(error)}
    for _, path, line in frames[-1:]:
        gap = served.gap_at(path, line)
        if gap is not None and gap.id in served.broken:
            return {"kind": "syntax", "message": f"gap {gap.id} does not compile: {path}, {served.broken[gap.id]}"}
    return None


def _missing_name(error: BaseException, served: Overlay, frames: _Frames) -> dict[str, object] | None:
    """A name that the code after a gap uses and the gap should have defined."""
    name = _UNBOUND.search(_text(error)) if isinstance(error, NameError) else None
    innermost = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)][-1]
    if name is None or not frames or frames[-1][0] is not innermost:
        return None
    while len(frames) > 1 and frames[-1][0].co_name in _INLINE:
        frames = frames[:-1]
    for code, path, line in frames[-1:]:
        inside = [gap for gap in served.gaps.values()
                  if gap.path == path and code.co_firstlineno <= gap.start and gap.end < line]
        if inside:
            gap = inside[-1].id
            message = f"the code after gap {gap} uses `{name[1]}`, which the gap does not define"
            return {"kind": "missing name", "gap": gap, "message": message}
    return None


def _not_plain(error: BaseException) -> dict[str, object] | None:
    return {"kind": "not plain data", "message": _cut(_text(error))} if isinstance(error, codec.NotPlain) else None
