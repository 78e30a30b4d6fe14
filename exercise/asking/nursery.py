"""The nursery, seen from within: a process that has imported what workers need, and forks one of them at a time.

It has a single thread, never computes and never imports `lib`, so that a fork starts as a fresh process would, but in
hundredths of a second. It holds nothing of any student: a worker's files come to that worker through its own pipe. At
the judge's word, when the worker has died, and when the judge is gone, it ends all that the worker has started.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable

import numpy as np

from exercise.asking import furnishing, messages, pipe, worker
from exercise.asking.confinement import confine
from exercise.asking.limits import Limits, descendants, exceeded, impose
from exercise.asking.removing import remove

__all__ = ["main"]

_LATE = ("scipy.special", "sklearn.cluster", "sklearn.decomposition", "sklearn.mixture", "sklearn.neighbors", "tqdm",
         "torch._dynamo")  # what lib imports, and torch when it first optimises: seconds in each worker
_TICK = 0.1  # seconds between two looks at a living worker
_SOON = 0.005  # seconds between two looks at one that should end
_ENDING = 10.0  # seconds in which all that a worker has started should have ended
_SHARED_MEMORY = "/dev/shm"
_DEATH_SIGNAL, _DUMPABLE, _SUBREAPER = 1, 4, 36  # numbers of prctl


def main(folder: str, all_at_once: bool) -> None:
    """Serve the judge, who has the other end of the socket that is the standard input, until it is closed.

    Args:
        folder: where this process lives; it is removed in the end.
        all_at_once: import now what only some workers need.
    """
    try:
        with contextlib.suppress(ConnectionError), socket.socket(fileno=os.dup(0)) as judge:
            _prepare(all_at_once)
            _serve(judge)
    finally:
        remove(folder)


def _prepare(all_at_once: bool) -> None:
    _set_for_process(_SUBREAPER, 1)  # orphans come to this process, which ends them
    _set_for_process(_DEATH_SIGNAL, signal.SIGCONT)  # even if somebody has stopped it, it learns that the judge is gone
    _set_for_process(_DUMPABLE, 0)  # workers have the same user id, and get at its memory no more
    probes = importlib.import_module(messages.PROBES).__path__
    for name in [*(f"{messages.PROBES}.{probe.name}" for probe in pkgutil.iter_modules(probes)), *_LATE * all_at_once]:
        with contextlib.suppress(ImportError):  # whoever needs it will tell
            importlib.import_module(name)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # until now it may be ended so; from now on it clears away first
    gc.collect()
    gc.freeze()  # a collection in a fork would write to every object, and so copy them all


def _set_for_process(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, *map(ctypes.c_ulong, (value, 0, 0, 0)))


def _serve(judge: socket.socket) -> None:
    """Do what the judge asks: begin a worker, for which it sends three pipes, or end it."""
    child = None
    try:
        while request := _next(judge, child):
            wanted, pipes = request
            answer = child.end(wanted.get("patience", 0.0)) if child else {"code": None, "exceeded": ""}
            child = None
            if pipes:
                child = _Child(wanted, pipes, judge)
            judge.sendall(json.dumps(answer).encode())
    finally:
        if child:
            child.end()


def _next(judge: socket.socket, child: "_Child | None") -> tuple[dict, list[int]] | None:
    """The judge's next request, with its pipes; None if there will be no more. The child is looked after meanwhile."""
    while not select.select([judge], [], [], _TICK if child else None)[0]:
        child.look_after()
    message, pipes, *_ = socket.recv_fds(judge, 2 ** 16, 3)
    return (json.loads(message), pipes) if message else None


class _Child:
    """A worker, with all that it starts, its folder, and what it leaves in shared memory.

    Args:
        wanted: its "limits", and the folder that is "hidden" from it.
        pipes: of its questions, replies and errors.
        judge: not for it.
    """

    def __init__(self, wanted: dict, pipes: list[int], judge: socket.socket):
        self._limits, self._code, self._exceeded = Limits(**wanted["limits"]), None, ""
        self._shared = _own_shared_memory()
        self._folder = tempfile.mkdtemp(prefix="worker_")
        self._pid = os.fork()
        if self._pid == 0:
            judge.close()
            _live(self._folder, wanted["hidden"], self._limits, pipes)
        for descriptor in pipes:
            os.close(descriptor)

    def look_after(self) -> None:
        """End what the worker has started, if it has died; end all, if that takes more than it may."""
        self._reap()
        if self._code is None:
            self._exceeded = exceeded(self._limits, os.getpid(), [self._folder, *self._newly_shared()])
        if self._code is not None or self._exceeded:
            self._end_all()

    def end(self, patience: float = 0.0) -> dict:
        """End everything, and remove what is left of it.

        Args:
            patience: seconds in which the worker may end by itself.
        Returns: its exit code, None if it had to be ended, and the limit that it went beyond, if any.
        """
        deadline = time.monotonic() + patience
        while self._reap() and self._code is None and time.monotonic() < deadline:
            time.sleep(_SOON)
        ending = {"code": self._code, "exceeded": self._exceeded}
        self._end_all()
        remove(self._folder)
        for path in self._newly_shared():
            remove(path)
        return ending

    def _newly_shared(self) -> set[str]:
        """What it has put into shared memory, as far as anybody can tell: all that is new and that nobody else has."""
        new = _own_shared_memory() - self._shared
        return new and new - _of_others(new)

    def _end_all(self) -> None:
        """End all that descends from this process. Orphans become its children, so that nobody gets away."""
        deadline = time.monotonic() + _ENDING
        while self._reap():
            for pid in descendants(os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if time.monotonic() > deadline:
                os._exit(1)  # the judge, who gets no answer, ends them from outside
            for _ in range(10):
                if self._reap():
                    time.sleep(_SOON)

    def _reap(self) -> bool:
        """Take note of children that have ended; whether there are others."""
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                if found[0] == self._pid:
                    self._code = os.waitstatus_to_exitcode(found[1])
            return True
        return False


def _live(folder: str, hidden: str, limits: Limits, pipes: list[int]) -> None:
    """What a fork does: it becomes a worker."""
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _set_for_process(_DUMPABLE, 1)
        _set_for_process(_DEATH_SIGNAL, signal.SIGKILL)
        for stream, descriptor in enumerate(pipes):
            os.dup2(descriptor, stream)
            os.close(descriptor)
        os.chdir(folder)
        os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder))
        tempfile.tempdir = None
        sys.path.insert(0, folder)
        np.random.seed()  # Python's own generator is seeded anew in each fork, and torch's before each question
        with open(0, "rb", closefd=False) as questions:
            furnishing.unpack(pipe.read(questions), folder)
        impose(limits)
        worker.main(folder, confine(folder, hidden))
    except BaseException:
        traceback.print_exc()
    os._exit(1)


def _own_shared_memory() -> set[str]:
    """The paths in shared memory that belong to this user."""
    with contextlib.suppress(OSError), os.scandir(_SHARED_MEMORY) as entries:
        return {entry.path for entry in entries if entry.stat(follow_symlinks=False).st_uid == os.getuid()}
    return set()


def _of_others(paths: Iterable[str]) -> set[str]:
    """Those of some paths whose file is open or mapped in a process that does not descend from this one: other programs
    of the user have shared memory too.

    What counts is the file: a semaphore is mapped before it has its name.
    """
    own, used = {os.getpid(), *descendants(os.getpid())}, set()
    for pid in {int(name) for name in os.listdir("/proc") if name.isdigit()} - own:
        with contextlib.suppress(OSError), open(f"/proc/{pid}/maps", errors="replace") as maps:
            used |= {tuple(line.split(maxsplit=5)[3:5]) for line in maps}
        with contextlib.suppress(OSError):
            used |= {_file(f"/proc/{pid}/fd/{name}", follow=True) for name in os.listdir(f"/proc/{pid}/fd")}
    return {path for path in paths if _file(path) in used}


def _file(path: str, follow: bool = False) -> tuple[str, str] | None:
    """Its device and its number there, in the form of /proc/PID/maps; None if it is closed, or gone."""
    with contextlib.suppress(OSError):
        found = os.stat(path, follow_symlinks=follow)
        return f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}", str(found.st_ino)
    return None
