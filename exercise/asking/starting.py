"""How a worker comes to be: forked by a nursery on Linux, and as a process of its own on other systems.

There it takes seconds, since each one imports torch anew; but to fork a process that has imported torch is not safe on
macOS, and unknown on Windows.
"""

import contextlib
import functools
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from exercise.asking import furnishing
from exercise.asking.box import WRITABLE, Box
from exercise.asking.limits import Limits, descendants
from exercise.asking.removing import remove
from exercise.asking.worker_process import Ending, WorkerProcess

__all__ = ["Fresh", "Nursery", "starter"]

_BEGIN = (  # an archive of this package is the first that comes through the standard input
    "import io, json, os, sys, zipfile; folder, rest, *packages = sys.argv[1:]; "
    "os.makedirs(folder, 0o700, exist_ok=True); os.chdir(folder); sys.path[:0] = [folder]; sys.path += packages; "
    "os.environ.update(dict.fromkeys(('TMPDIR', 'TEMP', 'TMP'), folder)); "
    "read = io.BufferedReader(io.FileIO(0, closefd=False), 1).read; "  # not a byte of what comes next
    "zipfile.ZipFile(io.BytesIO(read(int.from_bytes(read(8), 'big')))).extractall(folder); ")
_NURSERY = _BEGIN + "from exercise.asking.nursery import main; main(folder, bool(rest))"
_FRESH = _BEGIN + (  # confined before torch is imported: threads that run already would stay free
    "from exercise.asking.limits import Limits, impose; impose(Limits(**json.loads(rest)['limits'])); "
    "from exercise.asking.confinement import confine; barriers = confine(folder, json.loads(rest)['hidden']); "
    "from exercise.asking.worker import main; main(folder, barriers)")
_NO_BOX = Box("landlock")  # each worker confines itself, as far as the system can
_START_LIMIT, _END_LIMIT = 300.0, 30.0  # seconds to wait for a nursery: a busy machine is slow to import torch


class Nursery:
    """A nursery, seen by the judge: it forks one worker at a time. One that gives no answer is ended and replaced.

    Args:
        box: what it is started in, and with it all its workers.
        limits: what a worker may take of the machine; by default those of a student's own run.
        many: whether there will be many workers, of different gaps: it pays to import at once what only some need.
    Attributes:
        level: of the box.
    """

    def __init__(self, box: Box = _NO_BOX, limits: Limits | None = None, many: bool = True):
        self._box, self.level, self.limits, self._many = box, box.level, limits or Limits.generous(), many
        self._start()

    def worker(self, files: Mapping[str, bytes], hidden: Path) -> WorkerProcess:
        """A new worker; the one before is ended.

        Args:
            files: of `lib`, by path.
            hidden: the folder that it must not read.
        Raises: RuntimeError if it cannot be started.
        """
        (questions, ask), (hear, replies), (listen, errors) = (os.pipe() for _ in range(3))
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
            streams = [ours.enter_context(os.fdopen(end, mode)) for end, mode in
                       ((ask, "wb"), (hear, "rb"), (listen, "rb"))]
            for end in (questions, replies, errors):
                theirs.callback(os.close, end)
            self._begin({"hidden": str(hidden), "limits": asdict(self.limits)}, [questions, replies, errors])
            ours.pop_all()
        return WorkerProcess(*streams, furnishing.packed(files), self._end)

    def is_alive(self) -> bool:
        """Whether it can be asked for another worker; only whoever has started it can tell."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it, with its worker and all that this has started."""
        self._judge.close()
        self._process.terminate()  # one that is not ready yet ends at once; any other clears away first
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_LIMIT)
        self._clear_away()

    def restart(self) -> None:
        """End it, and start it anew."""
        self.close()
        self._start()

    def _start(self) -> None:
        place = WRITABLE[0] if self.level == "bubblewrap" else Path(tempfile.gettempdir())
        self._folder = str(place / f"exercise_{secrets.token_hex(8)}")
        self._judge, other = socket.socketpair()
        self._judge.settimeout(_START_LIMIT)
        command = _command(_NURSERY, self._folder, "many" * self._many)
        with other:
            boxed = self._box.command(command, furnishing.user_packages())
            self._process = _started(boxed, other, subprocess.DEVNULL)
        with contextlib.suppress(OSError):  # it has ended already; the first request will tell why
            archive = furnishing.packed(furnishing.own_files())
            self._judge.sendall(len(archive).to_bytes(8, "big") + archive)

    def _begin(self, wanted: dict, pipes: list[int]) -> None:
        with contextlib.suppress(OSError):
            self._ask(wanted, pipes, _START_LIMIT)
            return
        self._clear_away()
        self._start()
        try:
            self._ask(wanted, pipes, _START_LIMIT)
        except OSError:
            said = self._clear_away() or "it said nothing"
            raise RuntimeError(f"the worker process could not be started: {said}") from None

    def _end(self, patience: float) -> Ending:
        try:
            return Ending(**self._ask({"patience": patience}, [], patience + _END_LIMIT))
        except OSError:
            self._clear_away()
            return Ending(None)

    def _ask(self, request: dict, pipes: list[int], limit: float) -> dict:
        """What it answers.

        Raises: OSError if it gives no answer within the limit.
        """
        self._judge.settimeout(limit)
        socket.send_fds(self._judge, [json.dumps(request).encode()], pipes)
        answer = self._judge.recv(2 ** 16)
        if not answer:
            raise ConnectionError("it has ended")
        return json.loads(answer)

    def _clear_away(self) -> str:
        """End it from outside, with all that descends from it, for somebody may have stopped it; its last words."""
        if self._process.returncode is None:
            ended = {self._process.pid}
            while found := {*descendants(self._process.pid), self._process.pid} - ended:
                ended |= found
                _kill(found)
            _kill([self._process.pid])
            self._process.wait()
        self._judge.close()
        remove(self._folder)
        if self._process.stderr.closed:
            return ""
        with self._process.stderr as errors:
            return errors.read().decode(errors="replace").strip()


class Fresh:
    """Starts each worker as a process of its own."""
    level = "none"

    def __init__(self):
        self.limits = Limits.generous()

    def worker(self, files: Mapping[str, bytes], hidden: Path) -> WorkerProcess:
        """A new worker, as by a nursery."""
        folder = tempfile.TemporaryDirectory(prefix="exercise_", ignore_cleanup_errors=True)
        place = str(Path(folder.name).resolve())
        rest = json.dumps({"hidden": str(hidden), "limits": asdict(self.limits)})
        process = _started(_command(_FRESH, place, rest), subprocess.PIPE, subprocess.PIPE)
        archive = furnishing.packed(furnishing.own_files() | dict(files))
        return WorkerProcess(process.stdin, process.stdout, process.stderr, archive,
                             functools.partial(_end, process, folder))

    def close(self) -> None:
        """There is nothing to end."""


def starter(many: bool) -> Nursery | Fresh:
    """What starts workers on this system; whether many, as for Nursery."""
    return Nursery(many=many) if sys.platform == "linux" else Fresh()


def _command(code: str, folder: str, rest: str = "") -> list[str]:
    return [sys.executable, "-I", "-u", "-X", "utf8", "-c", code, folder, rest, *furnishing.user_packages()]


def _started(command: list[str], stdin: int | socket.socket, stdout: int) -> subprocess.Popen:
    return subprocess.Popen(command, cwd=tempfile.gettempdir(), env=furnishing.environment(), stdin=stdin,
                            stdout=stdout, stderr=subprocess.PIPE, start_new_session=True)


def _kill(processes: Iterable[int]) -> None:
    for process in processes:
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)


def _end(process: subprocess.Popen, folder: tempfile.TemporaryDirectory, patience: float) -> Ending:
    """How a process of its own has ended within its patience; it is ended now, and its session with it."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    ending = Ending(process.returncode)
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
    process.wait()
    folder.cleanup()
    return ending
