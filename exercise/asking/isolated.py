"""Asking a worker process, which is given nothing but a copy of `lib`, the probes and this room."""

import contextlib
import itertools
import queue
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Self

from exercise.asking import afterwards, messages, worker_process
from exercise.asking.afterwards import Change
from exercise.asking.failure import Failure, Frame, ProbeFailed
from exercise.asking.printed import quoted
from exercise.asking.worker_process import WorkerProcess
from exercise.source import gaps
from exercise.source.gaps import Gap, GapError

__all__ = ["Isolated"]


class Isolated:
    """Ask probes in a worker process, which is started with the first question, and anew after it has died.

    The worker lives in a fresh temporary folder with the files that it needs. The last lines that it prints are shown
    here, each after a bar. On Linux it is confined (`exercise.asking.confinement`): it reads that folder, Python and
    the system, not the root folder and the tests in it, and writes to its own folder. On other systems, and where Linux
    lacks Landlock, nothing stops code that searches the disk from finding the tests.

    Args:
        root, sources: as for InProcess.
        timeout: seconds that one answer may take.
    Attributes:
        changes: as for InProcess.
    """

    def __init__(self, root: str | Path, sources: Mapping[str, str] | None = None, timeout: float = 10.0):
        self._root, self._sources, self.timeout = Path(root).resolve(), dict(sources or {}), timeout
        self._numbers = itertools.count(1)
        self._worker: WorkerProcess | None = None
        self.changes: tuple[Change, ...] = ()

    def __call__(self, probe: Callable[..., dict], *args: object, seed: int | None = None, **kwargs: object) -> dict:
        """Ask one probe; arguments, answer and errors are those of InProcess.

        Raises: RuntimeError if no worker can be started.
        """
        number = next(self._numbers)
        question = messages.question(probe, args, kwargs, seed, number=number, limit=float(self.timeout))
        with self._borrowed() as process:
            try:
                answer = self._exchange(process, question, number)
            finally:
                print(quoted(process.said()), end="")
        if isinstance(answer, Failure):
            raise ProbeFailed(answer)
        return answer

    def close(self) -> None:
        """End the worker, if there is one, and remove its folder."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _borrowed(self) -> Iterator[WorkerProcess]:
        """The living worker; one that an exchange broke off with is never asked again."""
        if self._worker is None:
            self._worker = WorkerProcess(self._root, self._sources)
        try:
            yield self._worker
        except BaseException:
            self.close()
            raise

    def _exchange(self, process: WorkerProcess, question: bytes, number: int) -> dict | Failure:
        began = time.monotonic()
        try:
            answer = messages.opened(process.exchange(question, self.timeout + worker_process.GRACE), number)
            if type(answer) is dict:
                self.changes = afterwards.taken_from(answer)
            return answer
        except ValueError as error:
            message = f"the process with your code gave no proper answer: {error}"
            raise ProbeFailed(Failure("malformed", message)) from None
        except (OSError, EOFError, queue.Empty):
            late = time.monotonic() - began >= self.timeout
            raise ProbeFailed(self._lost(process, None if late else process.ending())) from None

    def _lost(self, process: WorkerProcess, ending: str | None) -> Failure:
        """What became of a worker that gave no answer; without an ending its time was up."""
        output = process.output()
        places = process.places(output)
        texts = {path: self._text(path) for path, _, _ in places}
        frames = [Frame(path, line, function, _line(texts[path], line)) for path, line, function in places]
        message = f"the process with your code ended: {ending}" if ending else f"no answer within {self.timeout:g} s"
        if frames:
            message += f"; it was in {frames[-1].path}, line {frames[-1].line}"
        elif ending and output.strip():
            message += f"; its last words: {output.splitlines()[-1][-200:]}"
        known = [gap for path, text in texts.items() for gap in _gaps(text, path)]
        return Failure.at(frames, known, "crashed" if ending else "timeout", message)

    def _text(self, path: str) -> str:
        with contextlib.suppress(GapError):
            return self._sources[path] if path in self._sources else gaps.read_text(self._root / path, path)
        return ""


def _line(text: str, number: int) -> str:
    lines = gaps.lines_of(text)
    return lines[number - 1].strip() if number <= len(lines) else ""


def _gaps(text: str, path: str) -> list[Gap]:
    with contextlib.suppress(GapError):
        return gaps.parse(text, path)
    return []
