"""The warm process of a worker: `python -m course.grade.cluster.warm PIPE…`, which forks a trial for each pipe.

It ends when the other end of a pipe does, whatever it is doing, and with it end its trials.
"""

import contextlib
import itertools
import signal
import sys
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path

from course import forks
from course.forks import Forks, Result, Trial
from course.grade.cluster import texts
from course.grade.cluster.demands import refusal
from course.grade.cluster.pipes import receive, send
from exercise.asking.box import Box
from exercise.problem import Problem

__all__ = ["main"]

_ROOT = Path(__file__).resolve().parents[3]


def main(pipes: Sequence[Connection]) -> None:
    """Serve what is on the other ends of these pipes, as long as they are open.

    The first one gives the demands: what this machine must have, and "limit" and "answer_limit" as of Forks. It is told
    "", or why this machine is not used.
    """
    wanted = receive(pipes[0])
    try:
        if why := refusal(_ROOT, wanted):
            raise Problem(why)
        forks.with_tests(_ROOT, wanted["limit"], lambda ready: _serve(ready, pipes),
                         box=Box(wanted["isolation"]), answer_limit=wanted["answer_limit"],
                         jobs=len(pipes) + 1)  # one more than there are, so that Forks never stops to listen to them
    except Problem as problem:
        send(pipes[0], str(problem))


def _serve(ready: Forks, pipes: Sequence[Connection]) -> None:
    ready.warm_up([])
    _try_solution(ready, len(pipes))
    send(pipes[0], "")
    asked = _Asked(pipes)
    while wait(pipes):
        for result in ready.run(asked, pipes):
            asked.answer(result)


def _try_solution(ready: Forks, slots: int) -> None:
    """Try the solution of a gap in each slot, which starts the boxes, too: no team pays with its budget for that.

    Raises: Problem if it is refused.
    """
    gaps = itertools.islice(itertools.cycle(ready.tests), slots)
    trials = [Trial("solution", gap, "", {}, ready.tests[gap], [0], "", isolated=True, once=True) for gap in gaps]
    for result in ready.run(trials):
        if result.ended or result.failures(0):
            why = result.ended or next(iter(result.failures(0).values())).sentence
            raise Problem(f"the solution of the gap {result.trial.gap} is not solved there: {why}")


class _Asked:
    """The trials that pipes ask for, each of them one at a time."""

    def __init__(self, pipes: Sequence[Connection]):
        self._pipes, self._busy = pipes, {}

    def __iter__(self) -> Iterator[Trial]:
        return self

    def __next__(self) -> Trial:
        """Raises: StopIteration if for now none is asked for; EOFError if a pipe has ended."""
        for pipe in wait(self._pipes, 0):
            trial = texts.to_trial(pipe.recv_bytes().decode())
            self._busy[id(trial)] = pipe
            return trial
        raise StopIteration

    def answer(self, result: Result) -> None:
        pipe = self._busy.pop(id(result.trial))
        pipe.send_bytes(texts.of_result(result).encode())


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that trials are ended, and their boxes
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        main([Connection(int(number)) for number in sys.argv[1:]])
