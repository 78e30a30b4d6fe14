"""What makes trials on a worker of dask, which has threads itself: a warm process beside it."""

import contextlib
import queue
import socket
import subprocess
from multiprocessing.connection import Connection
from pathlib import Path

from course.grade.cluster.pipes import receive, send, start

__all__ = ["Executor", "end"]

_ROOT = Path(__file__).resolve().parents[3]
_GRACE = 10.0


class Executor:
    """A warm process of this machine, and a pipe for each trial that it makes at a time.

    It lives in the memory of a worker as the result of a task, until that is needed no more, or its worker ends: with
    the pipes ends the process, and all that it has started.

    Args:
        demands: what this machine must have, and the limits of trials; see `warm.main`.
        slots: how many trials at a time.
    """

    def __init__(self, demands: dict, slots: int):
        self._process, pipes = start("course.grade.cluster.warm", _ROOT, slots)
        self._free: queue.SimpleQueue[Connection] = queue.SimpleQueue()
        with contextlib.suppress(OSError):
            send(pipes[0], demands)
        try:
            self._refusal = receive(pipes[0])
        except EOFError:
            self._refusal = "its process for trials has ended before it was ready, as the worker's log says"
        for pipe in pipes:
            self._free.put(pipe)

    def refusal(self) -> str:
        """Why this machine is not used, with its name, in one line; "" if it is."""
        return self._refusal and f"{socket.gethostname()}: {self._refusal}"

    def attempt(self, trial: str) -> str:
        """What came of a trial, both as texts.

        Raises: OSError or EOFError if the process has ended.
        """
        pipe = self._free.get()
        try:
            pipe.send_bytes(trial.encode())
            return pipe.recv_bytes().decode()
        finally:
            self._free.put(pipe)

    def close(self) -> None:
        """End the process, with the trials that it makes."""
        self._process.terminate()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __del__(self):
        self.close()

    def __reduce__(self):
        raise TypeError("an executor does not leave its machine")


def end(keys: list[str], dask_worker: object) -> None:
    """End the executors of a worker that are there under these keys; called by `Client.run`, beside its tasks."""
    for key in keys:
        if key in dask_worker.data:
            dask_worker.data[key].close()
