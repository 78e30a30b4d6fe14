"""What a dishonest gap could try. The doctor puts this text, and a call, in place of a module of `lib` in the box.

An attempt raises an error if it is stopped. All of them are bounded, and do no harm where they succeed.
"""

import ctypes
import fcntl
import mmap
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable

__all__ = ["ATTEMPTS", "SEEN_OUTSIDE", "try_"]

_PIECE = 16 * 2 ** 20
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def try_(name: str, facts: dict) -> None:
    """Make an attempt, and print "outcome: done", or "outcome: stopped" with the reason.

    Args:
        facts: of the world outside, from `course.doctor.outside`.
    """
    try:
        ATTEMPTS[name](facts)
    except (OSError, MemoryError, subprocess.CalledProcessError, RuntimeError) as error:
        print(f"outcome: stopped by {type(error).__name__}: {error}", flush=True)
    else:
        print("outcome: done", flush=True)


def _connect(facts: dict) -> None:
    socket.create_connection(("127.0.0.1", facts["tcp"]), timeout=2).close()


def _send(facts: dict) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        sender.sendto(facts["marker"].encode(), ("127.0.0.1", facts["udp"]))


def _read_repository(facts: dict) -> None:
    open(os.path.join(facts["repository"], "course.toml"), "rb").close()


def _read_others(facts: dict) -> None:
    files = [facts["file"], "/etc/shadow", *_through_proc(facts, f"root{facts['file']}")]
    _any(lambda path: open(path, "rb").close(), files)


def _read_processes(facts: dict) -> None:
    _any(os.readlink, _through_proc(facts, "cwd", "root", "fd/0", "fd/3"))


def _read_memory(facts: dict) -> None:
    _any(lambda path: open(path, "rb").close(), _through_proc(facts, "mem"))


def _read_environment(facts: dict) -> None:
    def read(path: str) -> None:
        with open(path, "rb") as file:
            names = {entry.partition(b"=")[0].decode(errors="replace") for entry in file.read().split(b"\0")}
        if names.isdisjoint(facts["environment"]):
            raise PermissionError("it holds nothing of the judge")
    _any(read, [*_through_proc(facts, "environ"), "/proc/self/environ"])


def _mark(facts: dict) -> None:
    """Leave a mark where the next worker would find it, or at a file of somebody else."""
    marks = [lambda path: os.utime(path, (0, 0)), lambda path: os.setxattr(path, "user.mark", b"x"),
             lambda path: os.chmod(path, 0o600)]
    files = [facts["file"], *(sys.modules[name].__file__ for name in ("exercise.asking",) if name in sys.modules)]
    _any(lambda pair: pair[0](pair[1]), [(mark, file) for mark in marks for file in files])


def _read_descriptors(facts: dict) -> None:
    def read(descriptor: str) -> None:
        if facts["marker"].encode() not in os.pread(int(descriptor), 1000, 0):
            raise PermissionError("another file")
    _any(read, os.listdir("/proc/self/fd"))


def _write(facts: dict) -> None:
    def write(folder: str) -> None:
        path = os.path.join(folder, facts["marker"])
        open(path, "wb").close()
        os.remove(path)
    _any(write, [facts["folder"], facts["repository"], "/", "/usr", "/etc", "/dev", "/var/tmp", facts["home"]])


def _type(_: dict) -> None:
    def type_(terminal: int) -> None:
        fcntl.ioctl(terminal, 0x5412, b" ")
    _any(lambda path: type_(os.open(path, os.O_RDWR | os.O_NOCTTY)), ["/dev/tty", "/dev/console"])


def _signal(facts: dict) -> None:
    _any(lambda process: os.kill(process, 0), _processes(facts))


def _limit(facts: dict) -> None:
    def limit(process: int) -> None:
        resource.prlimit(process, resource.RLIMIT_CORE, resource.prlimit(process, resource.RLIMIT_CORE))
    _any(limit, _processes(facts))


def _slow_down(facts: dict) -> None:
    _any(lambda process: os.setpriority(os.PRIO_PROCESS, process, os.getpriority(os.PRIO_PROCESS, process)),
         _processes(facts))


def _move(facts: dict) -> None:
    _any(lambda process: os.sched_setaffinity(process, os.sched_getaffinity(process)), _processes(facts))


def _take_namespace(_: dict) -> None:
    subprocess.run([shutil.which("unshare") or "unshare", "--user", "true"], check=True, capture_output=True)


def _stay(facts: dict) -> None:
    hear, tell = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            os.dup2(tell, 1)
            code = "import time; print(flush=True); time.sleep(20)"
            os.execv(sys.executable, [sys.executable, "-c", code, facts["marker"]])
        os._exit(0)
    os.close(tell)
    os.read(hear, 1)  # before it has said something, /proc need not know its arguments


def _take_memory(facts: dict) -> None:
    kept = []
    for _ in range(0, facts["most_memory"], _PIECE):
        kept.append(b"x" * _PIECE)
    time.sleep(facts["linger"])


def _share_memory(facts: dict) -> None:
    kept = []
    for _ in range(0, facts["most_memory"], _PIECE):
        kept.append(mmap.mmap(-1, _PIECE))
        kept[-1].write(b"x" * _PIECE)
    time.sleep(facts["linger"])


def _take_segment(facts: dict) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.shmget(facts["key"], 4096, 0o1600) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _fill_shared_memory(facts: dict) -> None:
    _fill("/dev/shm", facts)


def _fill_disk(facts: dict) -> None:
    _fill(os.environ["TMPDIR"], facts)


def _fill(folder: str, facts: dict) -> None:
    path = os.path.join(folder, f"{facts['marker']}_")
    try:
        for number in range(facts["most_files"] // _PIECE):
            with open(f"{path}{number}", "wb") as file:
                file.write(b"x" * _PIECE)
        time.sleep(facts["linger"])
    finally:
        for number in range(facts["most_files"] // _PIECE):
            if os.path.exists(f"{path}{number}"):
                os.remove(f"{path}{number}")


def _leave_shared_memory(facts: dict) -> None:
    with open(os.path.join("/dev/shm", facts["marker"]), "wb") as file:
        file.write(b"x")


def _multiply(facts: dict) -> None:
    for _ in range(facts["most_processes"]):
        if os.fork() == 0:
            time.sleep(3 * facts["linger"])
            os._exit(0)
    time.sleep(facts["linger"])


def _processes(facts: dict) -> list[int]:
    return [os.getppid(), facts["judge"]]


def _through_proc(facts: dict, *parts: str) -> list[str]:
    return [f"/proc/{process}/{part}" for process in (1, *_processes(facts)) for part in parts]


def _any(attempt: Callable[[object], None], targets: Iterable[object]) -> None:
    """Succeed if the attempt does with one of its targets."""
    errors = []
    for target in targets:
        try:
            return attempt(target)
        except OSError as error:
            errors.append(error)
    raise errors[0]


ATTEMPTS = {
    "open a TCP connection": _connect,
    "send by UDP": _send,
    "read the repository": _read_repository,
    "read another user's files": _read_others,
    "read the judge's folders in /proc": _read_processes,
    "read the judge's memory": _read_memory,
    "read the environment of /proc/1 and the judge": _read_environment,
    "read files that the judge has open": _read_descriptors,
    "write outside of its folder": _write,
    "mark a file by its time, mode or attributes": _mark,
    "type into the terminal": _type,
    "send a signal to the judge": _signal,
    "change limits of the judge": _limit,
    "change the priority of the judge": _slow_down,
    "choose the processors of the judge": _move,
    "take a namespace": _take_namespace,
    "leave a process behind": _stay,
    "take too much memory": _take_memory,
    "take too much shared memory": _share_memory,
    "leave a System V segment behind": _take_segment,
    "fill /dev/shm": _fill_shared_memory,
    "leave a file in /dev/shm behind": _leave_shared_memory,
    "fill the disk": _fill_disk,
    "start too many processes": _multiply,
}
SEEN_OUTSIDE = frozenset(  # these succeed if they leave a trace: in a box, much can be done that nobody notices
    {"send by UDP", "leave a process behind", "leave a System V segment behind", "leave a file in /dev/shm behind"})
