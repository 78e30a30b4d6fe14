"""A cluster that makes trials, as the grader sees it."""

import contextlib
import importlib.util
import itertools
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from tqdm import tqdm

from course.forks import Result, Trial
from course.grade.cluster import texts
from course.grade.cluster.pipes import receive, send, start
from exercise.problem import Problem

__all__ = ["Cluster"]

_PATIENCE = 5.0  # seconds, after which it is said that there is no worker
_GRACE = 30.0  # seconds for the engine to end what it has started


class Cluster:
    """Makes trials on the workers of a cluster, as Forks does on this machine.

    Args:
        root: of the course.
        demands: what each machine must have, and the limits of trials; see `warm.main`.
        scheduler: the address of dask's.
        slurm: how many jobs Slurm is to run instead, each with a worker.
        jobs: how many trials at a time on each worker; as many as it has threads without, and at most.
    Raises: Problem if dask is not installed, or the cluster cannot be reached.
    """

    def __init__(self, root: Path, demands: dict, scheduler: str | None, slurm: int | None, jobs: int | None = None):
        for package, is_needed in (("distributed", True), ("dask_jobqueue", slurm), ("cryptography", slurm)):
            if is_needed and not importlib.util.find_spec(package):
                raise Problem(f"{package} is not installed: pip install -r requirements-course.txt")
        self._place = scheduler or "Slurm (squeue shows its jobs)"
        self._slots, self._numbers = 0, itertools.count()
        self._is_awaited = False  # whether it is worth saying that there is no worker
        self._process, (self._pipe,) = start("course.grade.cluster.engine", root)
        try:
            self._send({"scheduler": scheduler, "slurm": slurm, "demands": demands, "jobs": jobs})
            self._receive()  # that it is connected, or why not
            self._is_awaited = True
        except BaseException:
            self.close()
            raise

    def run(self, trials: Iterable[Trial]) -> Iterator[Result]:
        """The results of trials, in the order in which they end; see Forks.run."""
        trials, taken, running = iter(trials), deque(), {}
        while True:
            busy = len(taken) + len(running)
            taken += itertools.islice(trials, max(self._slots - busy, 1 - busy, 0))  # is there one at all?
            if not (taken or running):
                return
            while taken and len(running) < self._slots:
                running[number := next(self._numbers)] = taken.popleft()
                self._send({"number": number, "trial": texts.of_trial(running[number])})
            message = self._receive()
            if "number" in message:
                yield _result(running.pop(message["number"]), message)

    def close(self) -> None:
        """End what is under way on the cluster."""
        self._pipe.close()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, message: dict) -> None:
        with contextlib.suppress(OSError):  # what has happened is said when something is received
            send(self._pipe, message)

    def _receive(self) -> dict:
        """Raises: Problem if no more can be done."""
        if not self._slots and self._is_awaited and not self._pipe.poll(_PATIENCE):
            self._is_awaited = False
            _say(f"there is no worker at {self._place} yet: trials begin as soon as one is there")
        try:
            message = receive(self._pipe)
        except (EOFError, OSError):
            raise Problem("the process that speaks to the cluster has ended: --resume goes on") from None
        if "problem" in message:
            raise Problem(message["problem"])
        if "line" in message:
            _say(message["line"])
        self._slots = message.get("slots", self._slots)
        self._is_awaited = self._is_awaited or self._slots > 0
        return message


def _result(trial: Trial, message: dict) -> Result:
    if "lost" in message:
        return Result(trial, {seed: {} for seed in trial.seeds}, ended=message["lost"])
    return texts.to_result(trial, message["result"])


def _say(line: str) -> None:
    tqdm.write(line, file=sys.stderr)
