"""A worker process, seen by the judge: asked, and ended whatever it does. `starting.py` starts one."""

import contextlib
import json
import os
import queue
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from exercise.asking import pipe

__all__ = ["GRACE", "MOST_OUTPUT", "Ending", "TooMuchOutput", "WorkerProcess"]

GRACE = 1.0  # seconds beyond the limit: the worker's own clock should ring first, and say where the code is
MOST_OUTPUT = 16 * 2 ** 20  # bytes that it may print for one question
_START_LIMIT = 120.0
_KEPT_OUTPUT = 8192


class TooMuchOutput(Exception):
    """The code prints more than MOST_OUTPUT for one question."""


@dataclass(frozen=True)
class Ending:
    """How a process came to its end.

    Args:
        code: its exit code, or minus the number of a signal; None if it had to be ended.
        exceeded: the limit that it went beyond, as `limits.exceeded` calls it; "" if it did not.
    """
    code: int | None
    exceeded: str = ""


class WorkerProcess:
    """A worker process, and two threads: pipes can be waited for on every system only by reading.

    Args:
        questions, replies, errors: its pipes.
        archive: the files that it waits for.
        end: ends the process and all that it has started, removes its folder, and says how it ended by itself within
            a number of seconds.
    Attributes:
        barriers: what keeps it from other processes, as it told before any code under test had run.
    Raises: RuntimeError if it does not start.
    """

    def __init__(self, questions: BinaryIO, replies: BinaryIO, errors: BinaryIO, archive: bytes,
                 end: Callable[[float], Ending]):
        self._pipes, self._end, self._ending = (questions, replies, errors), end, None
        self._questions: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()
        self._printed, self._count, self._said = b"", 0, None
        self._questions.put(archive)
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._converse, self._listen)]
        for thread in self._threads:
            thread.start()
        self._await_start()

    def exchange(self, question: bytes, limit: float) -> bytes:
        """The reply to a question.

        Raises: queue.Empty after `limit` seconds; TooMuchOutput; EOFError, OSError or ValueError if the pipes break or
            hold no message.
        """
        self._printed, self._count, self._said = b"", 0, None
        self._questions.put(question)
        return self._reply(limit)

    def said(self) -> str:
        """The end of what the code printed since it was asked, also where it gave no reply."""
        if self._said is not None:
            return self._said.decode("utf-8", "replace")
        return re.split(r"Timeout \(\d+:|Fatal Python error: ", self.output(), maxsplit=1)[0]  # faulthandler goes on

    def output(self) -> str:
        """The last few kilobytes that it printed since it was asked."""
        self._threads[1].join(GRACE)
        return self._printed.decode("utf-8", "replace").strip()

    def places(self, output: str) -> list[tuple[str, int, str]]:
        """(path, line, function) of each frame in lib, the innermost last, if faulthandler printed a traceback."""
        _, found, dump = output.rpartition("most recent call first")
        place = re.compile(rf'File "{re.escape(self._root)}[/\\](lib[/\\].+\.py)", line (\d{{1,9}}) in (\S+)')
        return [(match[1].replace("\\", "/"), int(match[2]), match[3])
                for match in place.finditer(dump if found else "")][::-1]

    def end(self, patience: float = 0.0) -> Ending:
        """End the process and all that it started, and remove its folder; how it came to its end.

        Args:
            patience: seconds in which it may end by itself.
        """
        if self._ending is None:
            self._ending = self._end(patience)
            self._questions.put(None)
            for thread in self._threads:
                thread.join(GRACE)
            if not any(thread.is_alive() for thread in self._threads):  # a file that is being read cannot be closed
                self._close_pipes()
        return self._ending

    def _close_pipes(self) -> None:
        for stream in self._pipes:
            with contextlib.suppress(OSError):
                stream.close()

    def _await_start(self) -> None:
        try:
            told = json.loads(self._reply(_START_LIMIT))
            self._root, self.barriers = told["root"], frozenset(told["barriers"])
        except (OSError, EOFError, ValueError, queue.Empty):
            self.end()
            raise RuntimeError(f"the worker process could not be started: {self.output() or 'it said nothing'}") \
                from None

    def _reply(self, limit: float) -> bytes:
        reply = self._replies.get(timeout=limit)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def _converse(self) -> None:
        questions, replies, _ = self._pipes
        try:
            pipe.write(questions, self._questions.get())
            self._replies.put(pipe.read(replies))
            while (question := self._questions.get()) is not None:
                pipe.write(questions, question)
                self._said = pipe.read(replies)
                self._replies.put(pipe.read(replies))
        except (OSError, EOFError, ValueError) as error:
            self._replies.put(error)

    def _listen(self) -> None:
        while printed := os.read(self._pipes[2].fileno(), 2 ** 16):
            self._printed = (self._printed + printed)[-_KEPT_OUTPUT:]
            before, self._count = self._count, self._count + len(printed)
            if before <= MOST_OUTPUT < self._count:
                self._replies.put(TooMuchOutput())
