"""`python -m course doctor`: what a dishonest gap could do on this machine, tried in the boxes that it gives."""

import contextlib
import dataclasses
import queue
import re
from collections.abc import Iterator
from pathlib import Path

import torch
from tqdm import tqdm

from course.doctor.attempts import ATTEMPTS, SEEN_OUTSIDE
from course.doctor.outside import Outside
from exercise.asking import messages
from exercise.asking.box import LEVELS, Box, refusal
from exercise.asking.starting import Nursery
from exercise.asking.worker_process import GRACE, WorkerProcess
from exercise.probes import likelihoods

__all__ = ["doctor"]

_STOPPED, _DONE, _UNCLEAR, _NOT_HERE = "stopped", "NOT STOPPED", "NO ANSWER", "-"
_LIMIT = 15.0  # seconds for an attempt
_MEGABYTE = 2 ** 20
_ADVICE = {
    "bubblewrap": (
        "install it (apt install bubblewrap), and allow user namespaces where they are off: "
        "sysctl kernel.unprivileged_userns_clone=1 (Debian), kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu, "
        "GitHub's runners), user.max_user_namespaces=10000; a container needs the right to make them"),
    "landlock": "use Linux 5.13 or later with Landlock and seccomp, which a container may forbid"}


def doctor(root: str | Path) -> int:
    """Try to break out of the boxes of this machine, and print a table of what was stopped.

    Args:
        root: the repository, which is to stay out of reach.
    Returns: an exit code, 0 if the best box that works here stops everything, else 1.
    """
    boxes = {level: Box(level) for level in LEVELS if level != "none"}
    refused = {level: refusal(level) for level in boxes}
    found = {level: {} if refused[level] else _tried_all(box, Path(root)) for level, box in boxes.items()}
    _print_table(found)
    for level, reason in refused.items():
        if reason:
            print(f"{level} does not work here: {reason}\n  For it, {_ADVICE[level]}.")
    return _verdict(next((boxes[level] for level in boxes if not refused[level]), None), found)


def _print_table(found: dict[str, dict[str, str]]) -> None:
    width = max(map(len, ATTEMPTS))
    print(f"{'attempt':{width}}  " + "  ".join(f"{level:11}" for level in found))
    for name in ATTEMPTS:
        print(f"{name:{width}}  " + "  ".join(f"{outcomes.get(name, _NOT_HERE):11}" for outcomes in found.values()))
    print()


def _verdict(best: Box | None, found: dict[str, dict[str, str]]) -> int:
    if best is None:
        print("No box works here: submissions should be graded on another machine.")
        return 1
    user = f", as the user {best.user}" if best.user is not None else ""
    alone = "" if best.is_apart else ", in which one gap is tried at a time, since several would meet in /dev/shm"
    passed = [name for name, outcome in found[best.level].items() if outcome != _STOPPED]
    print(f"The best box here is {best.level}{user}{alone}. "
          + (f"It does not stop: {', '.join(passed)}." if passed else "It stops everything that was tried."))
    return 1 if passed else 0


def _tried_all(box: Box, root: Path) -> dict[str, str]:
    return dict(tqdm(_outcomes(box, root), box.level, len(ATTEMPTS), leave=False, disable=None))


def _outcomes(box: Box, root: Path) -> Iterator[tuple[str, str]]:
    """(attempt, what became of it) of all attempts, each in a worker of its own."""
    limits = dataclasses.replace(box.limits(), memory=1024 * _MEGABYTE, files=128 * _MEGABYTE, processes=24)
    with Outside(root, limits) as outside, contextlib.closing(Nursery(box, limits)) as nursery:
        for name in ATTEMPTS:
            worker = nursery.worker({"lib/likelihoods.py": _code(name, outside.facts)}, root)
            said = _tried(worker)
            has_left = outside.traces()
            yield name, _DONE if has_left else _STOPPED if said == _DONE and name in SEEN_OUTSIDE else said


def _tried(worker: WorkerProcess) -> str:
    question = messages.question(likelihoods.bin_numbers, (torch.zeros(1), 2), {}, None, number=1, limit=_LIMIT)
    try:
        worker.exchange(question, _LIMIT)
    except queue.Empty:
        return _UNCLEAR
    except (OSError, EOFError):
        ending = worker.end(GRACE)
        return _STOPPED if ending.exceeded or ending.code else _UNCLEAR
    finally:
        worker.end()
    outcome = re.search(r"^outcome: (done|stopped)", worker.said(), re.MULTILINE)
    return {"done": _DONE, "stopped": _STOPPED}[outcome[1]] if outcome else _UNCLEAR


def _code(name: str, facts: dict) -> bytes:
    text = Path(__file__).with_name("attempts.py").read_text(encoding="utf-8")
    return f"{text}\n\ntry_({name!r}, {facts!r})\n".encode()
