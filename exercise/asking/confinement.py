"""Confining a process to a few folders, and to its own affairs, as far as the kernel of a Linux machine can.

A confined process reads beneath its own folder, Python's and the system's, and writes beneath its own; so do all
processes and threads that it starts. Nothing undoes this. Through /proc it does not get at the folders, files and
memory of processes outside; it sends them no signals, has no network, and does not change their limits, priority or
processors. Root has no more rights than others. Each of these is a barrier that a kernel, or the container that it
runs in, may lack: `confine` says which are up. What stays open: whether a file exists, its size, mode and times; and,
outside of a box, /dev/shm, where other programs of the same user have shared memory.

Files are Landlock's (since Linux 5.13), and signals from 6.12 on; the rest is a filter of system calls.

Source: Salaün, Landlock: unprivileged access control, https://docs.kernel.org/userspace-api/landlock.html
"""

import os
import site
import stat
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from exercise.asking import system_calls

__all__ = ["BARRIERS", "SYSTEM", "barriers", "confine", "installed"]

BARRIERS = ("files", "signals", "network", "system calls")  # what can be kept out of reach
SYSTEM = (  # what programs and libraries need, of /etc without passwords and keys
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix", "/gnu", "/etc/alternatives", "/etc/fonts",
    "/etc/group", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/mime.types",
    "/etc/nsswitch.conf", "/etc/passwd")
_SIGNALS_SINCE = 6  # the version of Landlock
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # numbers of system calls, the same on all processors
_ASK_VERSION, _PATH_BENEATH = 1, 1
_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}  # from which version on there are how many rights, each of them a bit
_READ = 0b1101  # execute a file, read it, list a folder
_ON_FILES = 0b111 | 1 << 14 | 1 << 15  # execute, write, read, truncate, ioctl: the others are rights on folders
_OWN = (1 << 16) - 1 & ~(1 << 6 | 1 << 11)  # all, but to make devices: with one of its own, root would read the disk
_PROCESSES = ("/proc", "/sys")
_DEVICES = ("null", "full", "random", "urandom", "nvidia*", "kfd", "dri", "dxg")  # the last four are GPUs
_FONTS = ("~/.cache/matplotlib", "~/.config/matplotlib")  # matplotlib's list of fonts takes seconds to make anew


def barriers() -> set[str]:
    """Which of BARRIERS this system can raise around a process."""
    return _raised(_version(), system_calls.available())


def confine(folder: str | Path, hidden: str | Path) -> frozenset[str]:
    """Confine the calling thread, and all that it will start, for good; threads that run already stay free.

    Args:
        folder: where it may read and write.
        hidden: a folder that it must not read, even if one that it may read contains it; but what Python is installed
            in, such as a virtual environment, may lie in there.
    Returns: which of BARRIERS hold from now on. One that the kernel lacks or refuses does not.
    """
    version = _version()
    if not version or not _keep_files(version, Path(folder).resolve(), Path(hidden).resolve()):
        version = 0
    filtered = system_calls.restrict(signals=version < _SIGNALS_SINCE)
    system_calls.give_up_rights()  # some would get root around these barriers, such as that to measure others
    return frozenset(_raised(version, filtered))


def _raised(version: int, filtered: bool) -> set[str]:
    up = {"files": version >= 1, "signals": version >= _SIGNALS_SINCE or filtered, "network": filtered,
          "system calls": filtered}
    return {name for name in BARRIERS if up[name]}


def _keep_files(version: int, folder: Path, hidden: Path) -> bool:
    """Whether files are out of reach now, but for those that are granted."""
    rights = (1 << max(count for since, count in _RIGHTS.items() if version >= since)) - 1
    try:
        ruleset = _new_ruleset(version, rights)
    except OSError:
        return False
    try:
        for place, wanted in _grants(folder, hidden):
            _allow(ruleset, place, wanted & rights)
        system_calls.no_new_privileges()
        system_calls.call(_RESTRICT_SELF, ruleset, 0)
    except OSError:
        return False
    finally:
        os.close(ruleset)
    return True


def _version() -> int:
    """The version of the kernel's Landlock, 0 if there is none."""
    try:
        return system_calls.call(_CREATE_RULESET, None, 0, _ASK_VERSION) if sys.platform == "linux" else 0
    except OSError:
        return 0


def _new_ruleset(version: int, rights: int) -> int:
    """A descriptor of rules by which, so far, nothing is allowed."""
    network = 0b11 if version >= 4 else 0  # bind and connect
    scopes = 0b11 if version >= 6 else 0  # abstract Unix sockets, signals
    attributes = struct.pack("=3Q", rights, network, scopes)
    return system_calls.call(_CREATE_RULESET, attributes, len(attributes), 0)


def _grants(folder: Path, hidden: Path) -> Iterator[tuple[Path, int]]:
    """Which rights to give beneath which places."""
    for place in map(Path, (*SYSTEM, *_PROCESSES, *installed(), *sys.path, *map(os.path.expanduser, _FONTS))):
        if place.is_absolute():
            yield from ((part, _READ) for part in _without(hidden, place.resolve()))
    for part in _without(hidden, Path("/dev/shm")):  # multiprocessing's memory and locks, by which torch too shares
        yield part, _OWN
    for name in _DEVICES:
        yield from ((device, _READ | _ON_FILES) for device in Path("/dev").glob(name))
    yield folder, _OWN


def installed() -> list[str]:
    """Where this Python is installed, its packages, and the libraries that it is told to load; some may be ""."""
    programs = [os.path.dirname(path) for path in (sys.executable, os.path.realpath(sys.executable))]
    libraries = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    return [sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, *programs, *libraries,
            *([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])]


def _without(hidden: Path, place: Path) -> list[Path]:
    """A place, or if what is hidden lies in it, all that is beside that."""
    if place == hidden:
        return []
    if place not in hidden.parents:
        return [place]
    return [part for child in place.iterdir() if not child.is_symlink() for part in _without(hidden, child)]


def _allow(ruleset: int, place: Path, rights: int) -> None:
    """Add a rule for a file, or for a folder and all beneath it; none if it does not exist or is out of reach."""
    try:
        descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _ON_FILES
        system_calls.call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)
