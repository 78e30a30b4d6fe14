"""A probe that did not come to an answer: what a student should know of it, on both sides of the pipe."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from types import UnionType
from typing import Self, get_args, get_origin, get_type_hints

from exercise.asking.printed import plain, visible
from exercise.source.gaps import Gap, gap_at, is_id

__all__ = ["KINDS", "OF_THE_PROCESS", "Failure", "Frame", "ProbeFailed", "fields_of"]

OF_THE_PROCESS = ("timeout", "memory", "output limit", "crashed", "malformed")
KINDS = ("error", "not started", "syntax", "missing name", "not plain data", *OF_THE_PROCESS)
_REPLIED = {*KINDS} - {"timeout", "crashed", "malformed"}  # these are said of a process that gave no reply
_MOST_FRAMES, _LONGEST_PATH, _LARGEST_LINE = 30, 200, 10 ** 7


@dataclass(frozen=True)
class Frame:
    """One place in lib that a traceback passes through: "lib/model_vae.py", line, name of the function, the code."""
    path: str
    line: int
    function: str
    text: str


@dataclass(frozen=True)
class Failure:
    """What a student should know.

    Args:
        kind: "error", "not started" (the stub of a gap was reached), "syntax" (a gap, or the file, does not compile),
            "missing name" (the code after a gap uses a name that the gap does not define), "not plain data" (the answer
            is no dict of tensors, numbers, strings, lists); and of the process that runs the code: "timeout", "memory"
            (it needs more than it may have), "output limit" (it prints or answers more than is read), "crashed" (it
            ended before it answered) or "malformed" (what came back is no answer).
        message: one or two lines.
        gap: id of the innermost gap that the traceback passes through, or that the message is about; or None.
        path, line: the innermost place in lib, or None.
        frames: the places in lib, the innermost last.
        leftover: of a gap not started: there is code beside the stub's raise line.
    """
    kind: str
    message: str
    gap: str | None = None
    path: str | None = None
    line: int | None = None
    frames: tuple[Frame, ...] = ()
    leftover: bool = False

    @classmethod
    def at(cls, frames: Sequence[Frame], known: Collection[Gap], kind: str, message: str) -> Self:
        """A failure that came through these places, in code with these gaps."""
        inside = [gap.id for frame in frames if (gap := gap_at(known, frame.path, frame.line))]
        path, line = (frames[-1].path, frames[-1].line) if frames else (None, None)
        return cls(kind, message, inside[-1] if inside else None, path, line, tuple(frames[-_MOST_FRAMES:]))

    @classmethod
    def from_plain(cls, content: object) -> Self:
        """The failure that plain data describe, which anybody could have written: `dataclasses.asdict` undone.

        What is to be read is `visible` text from here on.

        Raises: ValueError if they describe none that a reply could tell of.
        """
        if type(content) is dict and type(content.get("frames")) is list:
            content = content | {"frames": tuple(map(_frame, content["frames"][:_MOST_FRAMES + 1]))}
        failure = cls(**fields_of(cls, content))
        if failure.kind not in _REPLIED:
            raise ValueError(f"no reply tells of a failure of the kind {visible(failure.kind, 20)!r}")
        if len(failure.frames) > _MOST_FRAMES:
            raise ValueError(f"a failure has at most {_MOST_FRAMES} places")
        if failure.gap is not None and not (len(failure.gap) <= _LONGEST_PATH and is_id(failure.gap)):
            raise ValueError(f"{visible(failure.gap, 40)!r} is no gap")
        _check_place(failure.path, failure.line)
        return replace(failure, message=visible(failure.message))


class ProbeFailed(Exception):
    """What asking a probe raises where it has no answer; `str()` of it is the message."""

    def __init__(self, failure: Failure):
        super().__init__(failure.message)
        self.failure = failure


def _frame(content: object) -> Frame:
    frame = Frame(**fields_of(Frame, content))
    _check_place(frame.path, frame.line)
    return replace(frame, function=visible(frame.function, 100), text=visible(frame.text, 300))


def _check_place(path: str | None, line: int | None) -> None:
    """Raise ValueError unless they could be a place in a module of lib."""
    if path is not None and not (path.startswith("lib/") and path.endswith(".py") and ".." not in path
                                 and path == plain(path, _LONGEST_PATH)):
        raise ValueError(f"{visible(path, 40)!r} is no module of lib")
    if line is not None and not 0 <= line <= _LARGEST_LINE:
        raise ValueError("a line has an impossible number")


def fields_of(record: type, content: object) -> dict[str, object]:
    """Content that has exactly the fields of a record, each exactly of one of the types that the record declares.

    Raises: ValueError if it does not.
    """
    declared = get_type_hints(record)
    if type(content) is not dict or content.keys() != declared.keys():
        raise ValueError(f"a {record.__name__} has the fields {', '.join(declared)}")
    for name, hint in declared.items():
        types = get_args(hint) if isinstance(hint, UnionType) else (get_origin(hint) or hint,)
        if type(content[name]) not in types:
            raise ValueError(f"{name} of a {record.__name__} cannot be a {type(content[name]).__name__}")
    return content
