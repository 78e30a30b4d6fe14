"""Reading one submission in a child process, whose reply is checked as if anybody had written it."""

import contextlib
import dataclasses
import functools
import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course.grade.intake.commits import Clone
from course.grade.intake.documents import Document
from course.grade.intake.entries import Entry
from course.grade.intake.limits import Limits
from course.grade.intake.tree import shown

__all__ = ["Submission", "read"]

_ROOT = Path(__file__).resolve().parents[3]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from course.grade.intake.child import main; main()"
_PER_LISTED = 2_000  # bytes of a path and a fingerprint, at most
_PER_BYTE = 6  # bytes of JSON for one of a text, at most: "\\u0001"


@dataclass(frozen=True)
class Submission:
    """What one team has handed in.

    Args:
        texts: the wanted files that could be read, by path below the folder that holds the repository. Line ends are
            as they are; nothing says that they parse.
        forms: the texts of those forms that are there, by path.
        listed: the other regular files there, by path, each with its fingerprint as `exercise.source.handed_out` gives
            it; "" where it is too large, or cannot be read.
        documents: what was found of those documents that are there, by path.
        problems: what is wrong, a line each, without control characters.
        clone: what git says of it, if it is a clone, all texts without control characters.
    """
    texts: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    clone: Clone | None = None


def read(entry: Entry, wanted: Collection[str], limits: Limits | None = None, forms: Sequence[str] = (),
         documents: Sequence[str] = (), known: Collection[str] = (), deadline: float | None = None,
         commit: str = "") -> Submission:
    """What a team has handed in, read in a child process with these limits; whatever it is, nothing is raised.

    Args:
        wanted: paths such as "lib/model_vae.py". The repository is the shallowest folder that has one of them; it may
            lie in a folder, or in a zip.
        forms: paths of texts that need not be there.
        documents: paths of PDFs and notebooks that need not be there.
        known: paths of files that were handed out, which are listed before all others.
        deadline: in seconds since 1970; of a clone, the last commit on main until then counts.
        commit: what main was then, if its host has said so.
    """
    limits = limits or Limits()
    if entry.problem:
        return Submission(problems=[entry.problem])
    request = {"root": os.path.abspath(entry.place.parent), "place": entry.place.name, "wanted": sorted(wanted),
               "forms": [*forms], "documents": [*documents], "known": sorted(known),
               "limits": dataclasses.asdict(limits), "deadline": deadline, "commit": commit, "packages": _packages(),
               "is_delivered": bool(entry.platform), "beside": entry.beside}
    largest = _PER_BYTE * (limits.texts + len(forms) * limits.form) + _PER_LISTED * limits.listed + 2 ** 20
    try:
        reply, ending = _ask(json.dumps(request).encode(), limits, largest)
    except OSError as error:
        return Submission(problems=[f"it could not be read: no process for that can be started ({error.strerror})"])
    if len(reply) > largest:
        return Submission(problems=["it could not be read: there is too much of it"])
    if ending:
        return Submission(problems=[f"it could not be read: {ending}"])
    try:
        return _checked(reply, set(wanted), forms, documents, limits)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Submission(problems=["it could not be read: the process that reads it gave no proper reply"])


def _ask(request: bytes, limits: Limits, largest: int) -> tuple[bytes, str]:
    """The child's reply, a byte more than `largest` at most, and why it is none; "" if it is one."""
    with subprocess.Popen([sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", _START, str(_ROOT)], env={},
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        clock = threading.Timer(limits.seconds, child.kill)
        began = time.monotonic()
        try:
            clock.start()
            with contextlib.suppress(BrokenPipeError), child.stdin:
                child.stdin.write(request)
            reply = child.stdout.read(largest + 1)
            child.stdout.close()  # a child that still writes ends
            return reply, _ending(child.wait(), time.monotonic() - began, limits)
        finally:
            clock.cancel()
            if clock.is_alive():  # after Ctrl-C it may not be there yet
                clock.join()  # the grader forks, and a fork of a process with threads could wait for one for ever
            child.kill()


def _ending(code: int, seconds: float, limits: Limits) -> str:
    if code == 0:
        return ""
    if seconds >= limits.seconds:
        return f"no end within {limits.seconds:g} s"
    if code == -signal.SIGXCPU:
        return f"no end within {limits.cpu} s of computing"
    return f"the process that reads it ended with exit code {code}"


def _checked(reply: bytes, wanted: Collection[str], forms: Collection[str], documents: Collection[str],
             limits: Limits) -> Submission:
    content = json.loads(reply)
    texts = {path: str(text) for path, text in content["texts"].items() if path in wanted}
    filled = {path: str(text) for path, text in content["forms"].items() if path in forms}
    listed = {shown(path, limits.name): shown(mark, 64) for path, mark in content["listed"].items()}
    papers = {path: Document(bool(found["is_whole"]), shown(found["words"]))
              for path, found in content["documents"].items() if path in documents}
    return Submission(texts, filled, listed, papers, [shown(line, 600) for line in content["problems"]],
                      _clone(content["clone"], limits))


def _clone(content: dict | None, limits: Limits) -> Clone | None:
    if content is None:
        return None
    numbers = {name: int(content[name]) for name in ("time", "last", "later", "earlier")}
    texts = {name: tuple(shown(str(text), 600) for text in content[name][:limits.branches])
             for name in ("branches", "remarks")}
    return Clone(shown(str(content["commit"]), 40), **numbers, **texts)


@functools.cache
def _packages() -> str:
    """The folder that dulwich lies in, which the child, without any packages, looks for it; "" if it is nowhere."""
    found = importlib.util.find_spec("dulwich")
    return str(Path(found.origin).parents[1]) if found and found.origin else ""
