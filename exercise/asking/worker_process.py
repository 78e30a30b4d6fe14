"""A worker process, seen by the judge: started, asked, and ended whatever it does."""

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from exercise.asking import furnishing, pipe

__all__ = ["GRACE", "WorkerProcess"]

GRACE = 1.0  # seconds beyond the limit: the worker's own clock should ring first, and say where the code is
_START = (  # confined before torch is imported: threads that run already would stay free
    "import sys; folder, hidden, *packages = sys.argv[1:]; sys.path[:0] = [folder]; sys.path += packages; "
    "from exercise.asking.confinement import confine; confine(folder, hidden); "
    "from exercise.asking.worker import main; main(folder)")
_START_LIMIT = 120.0
_KEPT_OUTPUT = 8192


class WorkerProcess:
    """A worker process with its folder, and two threads: pipes can be waited for on every system only by reading."""

    def __init__(self, root: Path, sources: Mapping[str, str]):
        self._folder = tempfile.TemporaryDirectory(prefix="exercise_", ignore_cleanup_errors=True)
        self._root = folder = Path(self._folder.name).resolve()
        furnishing.furnish(folder, root, sources)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-u", "-X", "utf8", "-c", _START, str(folder), str(root),
             *furnishing.user_packages()],
            cwd=folder, env=furnishing.environment(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True)
        self._questions: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()
        self._printed, self._said = b"", None
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._converse, self._listen)]
        for thread in self._threads:
            thread.start()
        self._await_start()

    def exchange(self, question: bytes, limit: float) -> bytes:
        """The reply to a question.

        Raises: queue.Empty after `limit` seconds; EOFError, OSError or ValueError if the pipes break or hold no
            message.
        """
        self._printed, self._said = b"", None
        self._questions.put(question)
        return self._reply(limit)

    def said(self) -> str:
        """The end of what the code printed since it was asked, also where it gave no reply."""
        if self._said is not None:
            return self._said.decode("utf-8", "replace")
        return re.split(r"Timeout \(\d+:|Fatal Python error: ", self.output(), maxsplit=1)[0]  # faulthandler goes on

    def ending(self) -> str:
        """How the process came to its end, in words."""
        try:
            code = self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            return "it closed its pipe to the judge"
        if code < 0:
            return f"signal {signal.Signals(-code).name}" if -code in set(signal.Signals) else f"signal {-code}"
        return f"exit code {code}"

    def output(self) -> str:
        """The last few kilobytes that it printed since it was asked."""
        self._threads[1].join(GRACE)
        return self._printed.decode("utf-8", "replace").strip()

    def places(self, output: str) -> list[tuple[str, int, str]]:
        """(path, line, function) of each frame in lib, the innermost last, if faulthandler printed a traceback."""
        _, found, dump = output.rpartition("most recent call first")
        place = re.compile(rf'File "{re.escape(str(self._root))}[/\\](lib[/\\].+\.py)", line (\d{{1,9}}) in (\S+)')
        return [(match[1].replace("\\", "/"), int(match[2]), match[3])
                for match in place.finditer(dump if found else "")][::-1]

    def end(self) -> None:
        """End the process and all that it started, and remove its folder."""
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL) if hasattr(os, "killpg") else self._process.kill()
        self._process.wait()
        self._questions.put(None)
        for thread in self._threads:
            thread.join(GRACE)
        if not any(thread.is_alive() for thread in self._threads):  # a file that is being read cannot be closed
            for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
                with contextlib.suppress(OSError):
                    stream.close()
        self._folder.cleanup()

    def _await_start(self) -> None:
        try:
            self._reply(_START_LIMIT)
        except (OSError, EOFError, ValueError, queue.Empty):
            output = self.output()
            self.end()
            raise RuntimeError(f"the worker process could not be started: {output or 'it said nothing'}") from None

    def _reply(self, limit: float) -> bytes:
        reply = self._replies.get(timeout=limit)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def _converse(self) -> None:
        try:
            self._replies.put(pipe.read(self._process.stdout))
            while (question := self._questions.get()) is not None:
                pipe.write(self._process.stdin, question)
                self._said = pipe.read(self._process.stdout)
                self._replies.put(pipe.read(self._process.stdout))
        except (OSError, EOFError, ValueError) as error:
            self._replies.put(error)

    def _listen(self) -> None:
        while printed := os.read(self._process.stderr.fileno(), 2 ** 16):
            self._printed = (self._printed + printed)[-_KEPT_OUTPUT:]
