"""Work on texts that anybody could have written, done in a child process with limits: parsing can be made to last for
ever, to fill the memory, and to overflow the stack."""

import json
import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from course import children

__all__ = ["OutOfLimits", "in_child"]

_SECONDS = 10.0
_MEMORY = 512 << 20  # bytes, beyond what the process has when it begins
_LARGEST = 64 << 20  # bytes of a reply
_CONTEXT = multiprocessing.get_context("fork") if hasattr(os, "fork") else None


class OutOfLimits(Exception):
    """The work came to no end within its limits, or failed; `str()` of it says how."""


def in_child(work: Callable[..., object], *args: object, seconds: float = _SECONDS) -> object:
    """What `work` returns, plain data, from a child process.

    Raises: OutOfLimits if the child takes too long or too much memory, crashes or fails.
    """
    receiver, sender = _CONTEXT.Pipe(duplex=False)
    child = _CONTEXT.Process(target=_perform, args=(work, args, sender, seconds), daemon=True)
    children.begin(child)
    sender.close()
    try:
        reply = json.loads(_received(receiver, time.monotonic() + seconds))
    except (OSError, EOFError, ValueError):
        raise OutOfLimits("it takes too long, or too much memory") from None
    finally:
        child.kill()
        child.join()
        receiver.close()
    if "failed" in reply:
        raise OutOfLimits(reply["failed"])
    return reply["done"]


def _received(receiver: Connection, deadline: float) -> bytes:
    if not receiver.poll(max(deadline - time.monotonic(), 0.0)):
        raise EOFError
    return receiver.recv_bytes(_LARGEST)


def _perform(work: Callable[..., object], args: tuple, sender: Connection, seconds: float) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    _limit(seconds)
    try:
        reply = {"done": work(*args)}
    except Exception as error:
        reply = {"failed": f"{type(error).__name__}: {error}"}
    sender.send_bytes(json.dumps(reply).encode())
    os._exit(0)


def _limit(seconds: float) -> None:
    import resource
    for name, most in (("RLIMIT_DATA", _data() + _MEMORY), ("RLIMIT_CPU", int(seconds) + 1), ("RLIMIT_FSIZE", 0),
                       ("RLIMIT_CORE", 0)):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def _data() -> int:
    """Bytes that count for RLIMIT_DATA already; where the system does not tell, more than they can be."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[5]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 4 << 30
