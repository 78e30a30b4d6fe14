"""Limits on what a process, with all that it starts, may take of a machine: set in the kernel, and measured.

The kernel limits one process at a time, and counts neither shared memory nor files by their sum. So `impose` is for the
process itself, and `usage` for one that watches it and ends it when the sum is too large.
"""

import contextlib
import os
import stat
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Limits", "Usage", "descendants", "exceeded", "impose", "usage"]

_MEGABYTE = 2 ** 20
_GONE = (FileNotFoundError, NotADirectoryError, ProcessLookupError)  # ended, or removed, since it was found
_HIDDEN = sys.maxsize  # bytes of files that nobody may see: of a folder or a process that hides them, or too deep
_FILE = 1024  # what the kernel keeps for a file, even an empty one, in a file system in memory
_UNSEEN = 8 * _MEGABYTE  # what a removed file counts for of which only a mapping shows


@dataclass(frozen=True)
class Limits:
    """What a worker may take, in bytes unless said otherwise.

    Attributes:
        memory: in use by all its processes together (watched).
        files: of all files that it has written together, those in shared memory among them (watched).
        processes: how many it may be, threads not counted (watched).
        address_space: of a process; torch alone takes 3.3 GB.
        data: of a process, allocated by it alone.
        file_size: of one file.
        open_files: how many a process may have open.
        cpu: seconds of processor that a process may use.
        threads: how many threads all processes of the user may be together; None, no limit, where that is a person's
            user id, whose other programs would be counted.
    """
    memory: int = 2048 * _MEGABYTE
    files: int = 256 * _MEGABYTE
    processes: int = 64
    address_space: int = 8192 * _MEGABYTE
    data: int = 3072 * _MEGABYTE
    file_size: int = 64 * _MEGABYTE
    open_files: int = 256
    cpu: int = 600
    threads: int | None = None

    @classmethod
    def generous(cls) -> "Limits":
        """Those of a student's own run: they keep a slip from taking the whole computer."""
        return cls(memory=8192 * _MEGABYTE, files=4096 * _MEGABYTE, processes=256, address_space=32768 * _MEGABYTE,
                   data=12288 * _MEGABYTE, file_size=2048 * _MEGABYTE, open_files=1024, cpu=7200)


@dataclass(frozen=True)
class Usage:
    """What processes take at a moment: bytes of memory and of files, and their number."""
    memory: int = 0
    files: int = 0
    processes: int = 0


def impose(limits: Limits) -> None:
    """Limit the calling process, and each that it will start, for good: not on Windows, and not in all on macOS."""
    try:
        import resource
    except ImportError:
        return
    wanted = {"RLIMIT_AS": limits.address_space, "RLIMIT_DATA": limits.data, "RLIMIT_FSIZE": limits.file_size,
              "RLIMIT_NOFILE": limits.open_files, "RLIMIT_CPU": limits.cpu, "RLIMIT_NPROC": limits.threads,
              "RLIMIT_CORE": 0, "RLIMIT_MSGQUEUE": 0}
    _be_the_first_to_go()
    for kind, value in wanted.items():
        if value is not None and hasattr(resource, kind):
            _set(getattr(resource, kind), value)


def exceeded(limits: Limits, root: int, folders: Iterable[str | Path] = ()) -> str:
    """The name of a limit that a process and its descendants are beyond: "memory", "files" or "processes"; or "".

    Args: as for usage.
    """
    folders = list(folders)
    found = _usage(root, folders, _resident)
    if found.memory > limits.memory:  # the exact number takes a hundredth of a second for each process
        found = usage(root, folders)
    return next((name for name in ("memory", "files", "processes") if getattr(found, name) > getattr(limits, name)), "")


def usage(root: int, folders: Iterable[str | Path] = ()) -> Usage:
    """What a process and its descendants take, and the files in some folders: nothing where there is no /proc.

    Args:
        folders: where they write, or single files. A file system of its own is measured as a whole. Files that are
            hidden count as more than there could be.
    """
    return _usage(root, folders, _shared_out)


def descendants(root: int) -> list[int]:
    """All processes that a process has started, and that those have, on Linux. Orphans are their new parent's."""
    children = defaultdict(list)
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        with contextlib.suppress(OSError, IndexError, ValueError):
            status = Path(f"/proc/{pid}/stat").read_bytes()
            children[int(status.rpartition(b")")[2].split()[1])].append(pid)  # a name may hold spaces and brackets
    found = [root]
    for pid in found:
        found += children.pop(pid, [])
    return found[1:]


def _be_the_first_to_go() -> None:
    """Where memory runs out, the kernel ends this process rather than another."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _set(kind: int, value: int) -> None:
    import resource
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (value, value))


def _usage(root: int, folders: Iterable[str | Path], memory: Callable[[int], int]) -> Usage:
    if sys.platform != "linux":
        return Usage()
    found = [root, *descendants(root)]
    files = _held(found) + sum(_written(Path(folder)) for folder in folders)
    return Usage(sum(map(memory, found)), files, len(found))


def _shared_out(pid: int) -> int:
    """Resident bytes, each page divided by the number of processes that share it; undivided if that is not told."""
    return _kilobytes(_living(pid), "smaps_rollup", b"Pss:") or _resident(pid)


def _resident(pid: int) -> int:
    return _kilobytes(_living(pid), "status", b"VmRSS:")


def _living(pid: int) -> str:
    """A thread that has not ended, "" if all have: the first one may end before others, and /proc/PID tells no more."""
    return next(filter(_has_memory, _threads(pid)), "")


def _threads(pid: int) -> list[str]:
    """The folders of a process's threads."""
    with contextlib.suppress(OSError):
        return [f"/proc/{pid}/task/{name}" for name in os.listdir(f"/proc/{pid}/task")]
    return []


def _has_memory(thread: str) -> bool:
    return _kilobytes(thread, "status", b"VmRSS:") > 0


def _kilobytes(thread: str, file: str, key: bytes) -> int:
    with contextlib.suppress(OSError, ValueError):
        lines = (line.split() for line in Path(thread, file).read_bytes().splitlines())
        return 1024 * sum(int(line[1]) for line in lines if line and line[0] == key)
    return 0


def _held(processes: Sequence[int]) -> int:
    """Bytes of files that are removed and still in use: no folder shows them.

    Args:
        processes: what the first of them has mapped was removed by others, as by an update of the system.
    """
    mapped = {file for pid in processes[1:] for file in _mapped(pid)}
    if mapped:
        mapped.difference_update(_mapped(processes[0]))
    opened = {file: size for pid in processes for thread in _threads(pid) for file, size in _opened(thread)}
    return sum((dict.fromkeys(mapped, _UNSEEN) | opened).values())


def _mapped(pid: int) -> Iterator[tuple[int, int]]:
    """Device and inode of each removed file that a process has in its memory."""
    with contextlib.suppress(OSError):
        for line in Path(_living(pid), "maps").read_bytes().splitlines():
            if line.endswith(b" (deleted)"):
                *_, device, inode, name = line.split(maxsplit=5)
                if name != b"/dev/zero (deleted)":  # memory without a file, counted as such
                    major, minor = (int(number, 16) for number in device.split(b":"))
                    yield os.makedev(major, minor), int(inode)


def _opened(thread: str) -> Iterator[tuple[tuple[int, int], int]]:
    """Device and inode of each removed file that a thread holds open, with its bytes."""
    try:
        for name in os.listdir(f"{thread}/fd"):
            with contextlib.suppress(*_GONE):
                found = os.stat(f"{thread}/fd/{name}")
                if found.st_nlink == 0 and stat.S_ISREG(found.st_mode):
                    yield (found.st_dev, found.st_ino), _size(found)
    except _GONE:
        return
    except OSError:
        if _has_memory(thread):  # otherwise it is about to end, and then the folder is root's
            yield (0, 0), _HIDDEN


def _written(folder: Path) -> int:
    if os.path.ismount(folder):
        found = os.statvfs(folder)
        return (found.f_blocks - found.f_bfree) * found.f_frsize + (found.f_files - found.f_ffree) * _FILE
    try:
        return _size(os.lstat(folder)) + sum(_size(status) for status in _walked(folder))
    except _GONE:
        return 0
    except OSError:
        return _HIDDEN


def _walked(folder: Path) -> Iterator[os.stat_result]:
    """The status of all that lies beneath a folder, links not followed."""
    waiting = [folder]
    while waiting:
        with contextlib.suppress(*_GONE), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(*_GONE):
                    yield entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)


def _size(found: os.stat_result) -> int:
    return found.st_blocks * 512 + _FILE
