"""The world outside of the box, in which one sees what an attempt has done."""

import contextlib
import ctypes
import os
import secrets
import signal
import socket
import tempfile
import time
from pathlib import Path

from exercise.asking import furnishing
from exercise.asking.limits import Limits

__all__ = ["Outside"]

_ENDING = 5.0  # seconds in which a process that was killed is gone
_LINGER = 4.0  # seconds in which a watchdog should notice, however busy the machine is
_HARMLESS = {"PATH", "PWD", "HOME", "USER", "LOGNAME", "LANG", "TMPDIR", "TEMP", "TMP", "OMP_NUM_THREADS", "MPLBACKEND",
             "LD_LIBRARY_PATH"}  # variables that a box has too, beside those that a worker is given


class Outside:
    """What the judge of a box has that must stay out of reach: ports, a file, a descriptor, its processes.

    Args:
        repository: the folder that must not be read.
        limits: of the box; the attempts go two or three times as far.
    Attributes:
        facts: what an attempt is told of all this.
    """

    def __init__(self, repository: Path, limits: Limits):
        self._open = contextlib.ExitStack()
        self._marker = f"doctor_{secrets.token_hex(8)}"
        self._key = secrets.randbelow(2 ** 30) + 1
        file = self._private_file()
        tcp, self._udp = map(self._listener, (socket.SOCK_STREAM, socket.SOCK_DGRAM))
        tcp.listen()
        self._udp.setblocking(False)
        self.facts = {
            "marker": self._marker, "key": self._key, "repository": str(repository), "folder": str(file.parent),
            "file": str(file), "home": os.path.expanduser("~"), "judge": os.getpid(),
            "environment": sorted({*os.environ} - _HARMLESS - {*furnishing.environment()}),
            "tcp": tcp.getsockname()[1], "udp": self._udp.getsockname()[1], "most_memory": 2 * limits.memory,
            "most_files": 3 * limits.files, "most_processes": 2 * limits.processes, "linger": _LINGER}

    def traces(self) -> bool:
        """Whether something of an attempt has arrived, or is still there; it is cleared away."""
        return any([self._received(), self._has_file(), self._has_segment(), self._has_processes()])

    def close(self) -> None:
        """Close all that was open."""
        self._open.close()

    def __enter__(self) -> "Outside":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _private_file(self) -> Path:
        """A file with the marker in it, which is also open, with a descriptor that processes inherit."""
        file = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="exercise_")), "private")
        file.touch(0o600)
        file.write_text(self._marker)
        descriptor = os.open(file, os.O_RDONLY)
        os.set_inheritable(descriptor, True)
        self._open.callback(os.close, descriptor)
        return file

    def _listener(self, kind: socket.SocketKind) -> socket.socket:
        listener = self._open.enter_context(socket.socket(type=kind))
        listener.bind(("127.0.0.1", 0))
        return listener

    def _received(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            return self._marker.encode() in self._udp.recv(1000)
        return False

    def _has_file(self) -> bool:
        with contextlib.suppress(FileNotFoundError):
            os.remove(f"/dev/shm/{self._marker}")
            return True
        return False

    def _has_segment(self) -> bool:
        found = [line.split()[:2] for line in Path("/proc/sysvipc/shm").read_text().splitlines()]
        ours = [int(number) for key, number in found if key == str(self._key)]
        for number in ours:
            ctypes.CDLL(None).shmctl(number, 0, None)
        return bool(ours)

    def _has_processes(self) -> bool:
        """The marker is an argument of theirs, and of nobody else's."""
        found = [int(name) for name in os.listdir("/proc") if name.isdigit() and self._is_marked(name)]
        for process in found:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        deadline = time.monotonic() + _ENDING
        while any(map(self._is_marked, found)) and time.monotonic() < deadline:
            time.sleep(0.01)
        return bool(found)

    def _is_marked(self, process: int | str) -> bool:
        with contextlib.suppress(OSError):
            return self._marker.encode() in Path(f"/proc/{process}/cmdline").read_bytes()
        return False
