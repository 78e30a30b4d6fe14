"""Processes of ours, and messages to and from them: plain data as JSON."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

__all__ = ["receive", "send", "start"]


def start(module: str, root: Path, pipes: int = 1) -> tuple[subprocess.Popen, list[Connection]]:
    """Start a module of the course at `root` as a process, which is given its ends of pipes by their numbers.

    It is in a session of its own, so Ctrl-C does not reach it: what ends it is the end of a pipe.
    """
    with ExitStack() as theirs:
        pairs = [Pipe() for _ in range(pipes)]
        for _, other in pairs:
            theirs.enter_context(other)
        numbers = [other.fileno() for _, other in pairs]
        process = subprocess.Popen([sys.executable, "-m", module, *map(str, numbers)], cwd=root, pass_fds=numbers,
                                   env=os.environ | {"OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"},
                                   stdin=subprocess.DEVNULL, start_new_session=True)
    return process, [own for own, _ in pairs]


def send(pipe: Connection, message: object) -> None:
    """Raises: OSError if nobody listens any more."""
    pipe.send_bytes(json.dumps(message).encode())


def receive(pipe: Connection) -> object:
    """Raises: EOFError if nothing will come any more."""
    return json.loads(pipe.recv_bytes())
