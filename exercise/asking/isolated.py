"""Asking a worker process, which is given nothing but a copy of `lib`, the probes and this room."""

import contextlib
import itertools
import queue
import signal
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Self

from exercise.asking import afterwards, furnishing, messages, starting, worker_process
from exercise.asking.afterwards import Change
from exercise.asking.box import BARRIERS
from exercise.asking.failure import OF_THE_PROCESS, Failure, Frame, ProbeFailed
from exercise.asking.printed import quoted
from exercise.asking.starting import Fresh, Nursery
from exercise.asking.worker_process import Ending, TooMuchOutput, WorkerProcess
from exercise.source import gaps
from exercise.source.gaps import Gap, GapError

__all__ = ["Isolated"]

_TOO_MUCH = {
    "memory": lambda most: f"more than {most // 2 ** 20:,} MB of memory",
    "files": lambda most: f"more than {most // 2 ** 20:,} MB of files",
    "processes": lambda most: f"more than {most} processes",
}


class Isolated:
    """Ask probes in a worker process, a fresh one whenever the gap changes that is asked about, or when it has died.

    The worker lives in a fresh temporary folder with the files that it needs. The last lines that it prints are shown
    here, each after a bar. What keeps it from the tests depends on the system: see `level` and `barriers`.

    Args:
        root, sources: as for InProcess.
        timeout: seconds that one answer may take.
        nursery: what starts the workers; by default one of its own, which is ended with it.
    Attributes:
        changes: as for InProcess.
        gap: the gap that is asked about. Where an error comes from elsewhere, the question is asked once more.
    """

    def __init__(self, root: str | Path, sources: Mapping[str, str] | None = None, timeout: float = 10.0,
                 nursery: Nursery | Fresh | None = None):
        self._root, self._sources, self.timeout = Path(root).resolve(), dict(sources or {}), timeout
        self._given, self._starter = nursery, nursery
        self._numbers = itertools.count(1)
        self._worker: WorkerProcess | None = None
        self._asked_about: set[str | None] = set()  # the gap that the worker has been asked about, if any
        self.changes: tuple[Change, ...] = ()
        self.gap: str | None = None

    def __call__(self, probe: Callable[..., dict], *args: object, seed: int | None = None, **kwargs: object) -> dict:
        """Ask one probe; arguments, answer and errors are those of InProcess.

        Raises: RuntimeError if no worker can be started.
        """
        number = next(self._numbers)
        question = messages.question(probe, args, kwargs, seed, number=number, limit=float(self.timeout))
        answer, said = self._asked(question, number)
        if isinstance(answer, Failure) and self._is_from_elsewhere(answer):
            self._end_worker()  # something left behind may be the reason, or another process: a fresh one has neither
            answer, said = self._asked(question, number)
        print(quoted(said), end="")
        if isinstance(answer, Failure):
            raise ProbeFailed(answer)
        return answer

    @property
    def level(self) -> str:
        """What keeps the code from the rest of the machine: "bubblewrap", "landlock" or "none"."""
        barriers = self.barriers
        return self._starter.level if self._is_boxed() else "landlock" if "files" in barriers else "none"

    @property
    def barriers(self) -> frozenset[str]:
        """The names of all that is out of the code's reach, as a worker told before it ran any of it.

        Raises: RuntimeError if no worker can be started.
        """
        told = self._worker_of_gap().barriers
        return told | BARRIERS if self._is_boxed() else told

    def close(self) -> None:
        """End the worker, if there is one, and remove its folder."""
        self._end_worker()
        if self._given is None and self._starter is not None:
            self._starter.close()
            self._starter = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _is_boxed(self) -> bool:
        return self._starter.level == "bubblewrap"

    def _worker_of_gap(self) -> WorkerProcess:
        if not self._asked_about <= {self.gap}:
            self._end_worker()
        self._starter = self._starter or starting.starter(many=False)
        if self._worker is None:
            self._worker = self._starter.worker(self._files, self._root)
        return self._worker

    def _end_worker(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None
        self._asked_about.clear()

    @cached_property
    def _files(self) -> dict[str, bytes]:
        return furnishing.library(self._root, self._sources)

    def _asked(self, question: bytes, number: int) -> tuple[dict | Failure, str]:
        """What came of a question, and what was printed meanwhile; a worker without an answer is not asked again."""
        process = self._worker_of_gap()
        self._asked_about.add(self.gap)
        try:
            answer = self._exchange(process, question, number)
        except BaseException:
            self._end_worker()
            raise
        if isinstance(answer, Failure) and answer.kind in OF_THE_PROCESS:
            self._end_worker()
        return answer, process.said()

    def _exchange(self, process: WorkerProcess, question: bytes, number: int) -> dict | Failure:
        began = time.monotonic()
        try:
            answer = messages.opened(process.exchange(question, self.timeout + worker_process.GRACE), number)
            if time.monotonic() - began > self.timeout + worker_process.GRACE:  # it took that long to read it
                raise queue.Empty
            if type(answer) is dict:
                self.changes = afterwards.taken_from(answer)
            return answer
        except TooMuchOutput:
            most = worker_process.MOST_OUTPUT // 2 ** 20
            return Failure("output limit", f"the code printed more than {most} MB, and was ended")
        except ValueError as error:
            return Failure("malformed", f"the process with your code gave no proper answer: {error}")
        except (OSError, EOFError, queue.Empty):
            late = time.monotonic() - began >= self.timeout
            return self._lost(process, process.end(0.0 if late else worker_process.GRACE), late)

    def _is_from_elsewhere(self, failure: Failure) -> bool:
        """Whether the gap that is asked about may be innocent of it."""
        return failure.kind == "crashed" or failure.kind == "error" and failure.gap != self.gap

    def _lost(self, process: WorkerProcess, ending: Ending, late: bool) -> Failure:
        """What became of a worker that gave no answer."""
        output = process.output()
        places = process.places(output)
        texts = {path: self._text(path) for path, _, _ in places}
        frames = [Frame(path, line, function, _line(texts[path], line)) for path, line, function in places]
        kind, message = self._kind(ending, late)
        if frames:
            message += f"; it was in {frames[-1].path}, line {frames[-1].line}"
        elif kind == "crashed" and output.strip():
            message += f"; its last words: {output.splitlines()[-1][-200:]}"
        known = [gap for path, text in texts.items() for gap in _gaps(text, path)]
        return Failure.at(frames, known, kind, message)

    def _kind(self, ending: Ending, late: bool) -> tuple[str, str]:
        if ending.exceeded:
            most = getattr(self._starter.limits, ending.exceeded)
            return "memory", f"the code took too much, and was ended: {_TOO_MUCH[ending.exceeded](most)}"
        if late:
            return "timeout", f"no answer within {self.timeout:g} s"
        return "crashed", f"the process with your code ended: {_in_words(ending.code)}"

    def _text(self, path: str) -> str:
        with contextlib.suppress(GapError):
            return self._sources[path] if path in self._sources else gaps.read_text(self._root / path, path)
        return ""


def _in_words(code: int | None) -> str:
    if code is None:
        return "it closed its pipe to the judge"
    if code < 0:
        return f"signal {signal.Signals(-code).name}" if -code in set(signal.Signals) else f"signal {-code}"
    return f"exit code {code}"


def _line(text: str, number: int) -> str:
    lines = gaps.lines_of(text)
    return lines[number - 1].strip() if number <= len(lines) else ""


def _gaps(text: str, path: str) -> list[Gap]:
    with contextlib.suppress(GapError):
        return gaps.parse(text, path)
    return []
