"""The box that a process with a student's code is started in: bubblewrap, where a Linux machine lets it work.

In the box there is a system that can only be read, with Python and no home folders; two small file systems in memory to
write to, /tmp and /dev/shm; no network, no terminal, no process of outside, no right of root, an environment of a few
fixed variables. With the box ends all that was started in it; and the box ends with the thread that started it.

The user of the box is the one who starts it, or where that is root, one of no account, that no other box of this
machine has, whoever started it.
Python may lie where only root can read it, as in /root. So for root a first bubblewrap shows the files; in that, the
other user starts a second one, in which the code runs. The first has a private pid space too, since a process of root
that lost its rights could not end one of the other user.

Source: bubblewrap's manual, https://github.com/containers/bubblewrap
"""

import contextlib
import functools
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from exercise.asking.confinement import SYSTEM, installed
from exercise.asking.limits import Limits

__all__ = ["BARRIERS", "LEVELS", "WRITABLE", "Box", "best_level", "refusal"]

LEVELS = ("bubblewrap", "landlock", "none")  # from the best to the worst
BARRIERS = frozenset({"files", "signals", "network"})  # of `confinement`, which bubblewrap raises by itself
WRITABLE = (Path("/tmp"), Path("/dev/shm"))  # in bubblewrap's box
_REPOSITORY = Path(__file__).resolve().parents[2]
_PROCESSORS = "/sys/devices/system/cpu"  # which torch asks about
_FIRST_USER = 60578  # these ids are neither given to accounts nor by systemd: https://systemd.io/UIDS-GIDS
_THREADS = 256
_START_LIMIT = 60.0


@dataclass(frozen=True)
class Box:
    """A box of a level in LEVELS, with a slot, a number that no other box of this process and the same time has."""
    level: str
    slot: int = 0

    @property
    def user(self) -> int | None:
        """The id, of user and group, that runs in the box; None if it is the caller's.

        It is the caller's unless that is root, and, at levels other than bubblewrap, even root's if no other user can
        read the installed Python.
        """
        if os.name != "posix" or os.geteuid() != 0 or not shutil.which("setpriv"):
            return None
        if self.level != "bubblewrap" and not _readable_by_all(map(Path, [sys.executable, *_python()])):
            return None
        return _claimed(self.slot)

    @property
    def is_apart(self) -> bool:
        """Whether nothing in it meets other boxes, or other programs of its user: not in /dev/shm, nor in a count."""
        return self.level == "bubblewrap" or self.user is not None

    def limits(self) -> Limits:
        """Limits for grading: threads are counted only where no other program of the user would be counted too."""
        return Limits(threads=_THREADS if self.is_apart else None)

    def command(self, arguments: Sequence[str], readable: Iterable[str | Path] = ()) -> list[str]:
        """The command line that runs another one in this box.

        Args:
            arguments: the command line to run; Python is there, the repository is not.
            readable: further files and folders to read, at the same places; other users must be allowed to read them.
        """
        if self.level != "bubblewrap":
            return [*_dropping(self.user, "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"), *arguments]
        bubblewrap, shown = _program("bwrap"), _shown([Path(place).absolute() for place in readable])
        outer = [bubblewrap, "--unshare-pid", "--die-with-parent", *shown, "--bind", "/proc", "/proc", "--dev", "/dev",
                 "--"]
        inner = [bubblewrap, *_apart(), *shown, *_sealed(), "--chdir", str(WRITABLE[0]), "--", *arguments]
        start = [*outer, *_dropping(self.user)] if self.user is not None else []
        return [*start, _program("env"), "--ignore-environment", *inner]  # /proc/1 shows the environment of this one


def best_level() -> str:
    """The best level that works on this machine, tried."""
    return next(level for level in LEVELS if not refusal(level))


@functools.cache
def refusal(level: str) -> str:
    """Why a level does not work on this machine, in one line; "" if it does. It is tried, once."""
    if level == "none":
        return ""
    if sys.platform != "linux":
        return "it needs Linux"
    if level == "landlock":
        return _missing_barriers()
    missing = [name for name in ("bwrap", "env", *(["setpriv"] if os.geteuid() == 0 else [])) if not shutil.which(name)]
    return f"there is no program {' and no '.join(missing)}" if missing else _fault(Box(level).command([*_PYTHON, "0"]))


_PYTHON = (sys.executable, "-I", "-c")
_BARRIERS_THAT_HOLD = """
import sys
sys.path.insert(0, sys.argv[1])
from exercise.asking.confinement import BARRIERS, confine
held = confine("/nonexistent", sys.argv[1])
sys.exit(", ".join(f"no barrier around {name}" for name in BARRIERS if name not in held) or None)
"""


def _missing_barriers() -> str:
    return _fault([*_PYTHON, _BARRIERS_THAT_HOLD, str(_REPOSITORY)])


def _fault(command: Sequence[str]) -> str:
    """The last line that a command prints if it fails; "" if it does not."""
    try:
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                             timeout=_START_LIMIT)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (ran.stderr.strip().splitlines() or [f"exit code {ran.returncode}"])[-1] if ran.returncode else ""


def _apart() -> list[str]:
    """Namespaces of its own, no rights, the environment, and what can be written to."""
    names = ["user", "ipc", "pid", "net", "uts", "cgroup"]
    words = [*(f"--unshare-{name}" for name in names), "--disable-userns", "--cap-drop", "ALL", "--new-session",
             "--die-with-parent", "--hostname", "box", "--clearenv"]
    for name, value in _environment().items():
        words += ["--setenv", name, value]
    return words


def _environment() -> dict[str, str]:
    home = str(WRITABLE[0])
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return kept | {"PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin", "HOME": home, "TMPDIR": home,
                   "USER": "box", "LOGNAME": "box", "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"}


def _sealed() -> list[str]:
    """Fresh /proc and /dev, and no writing but where it is meant to be."""
    return ["--proc", "/proc", "--dev", "/dev", *_in_memory(WRITABLE[1]), "--remount-ro", "/dev", "--remount-ro", "/"]


def _shown(readable: Iterable[Path]) -> list[str]:
    """What can be read, beside and in /tmp. The repository is masked where it lies in a folder of that."""
    outside, inside = [], []
    for place in [*map(Path, [*SYSTEM, _PROCESSORS]), *_python(), *readable]:
        (inside if _REPOSITORY in place.parents else outside).append(place)
    words = [*_in_memory(WRITABLE[0]), *_bound(outside)]
    if any(place in _REPOSITORY.parents for place in outside):
        return [*words, *_in_memory(_REPOSITORY), *_bound(inside), "--remount-ro", str(_REPOSITORY)]
    return words + list(_bound(inside))


def _python() -> list[Path]:
    """Where Python and its packages lie."""
    places = {Path(place) for place in installed() if os.path.isabs(place)}
    return sorted(places - {Path("/"), _REPOSITORY})


def _bound(places: Iterable[Path]) -> Iterator[str]:
    """Show places as they are outside, links and what they lead to; folders above them are empty but for that."""
    done: set[Path] = set()
    for place in sorted({*places, *(place.resolve() for place in places)}):
        if not os.path.exists(place) or not done.isdisjoint(place.parents):
            continue
        for folder in reversed(place.parents[:-1]):
            yield from ("--dir", str(folder))  # readable by all, as bubblewrap's own choice would not be
        done.add(place)
        how, source = ("--symlink", os.readlink(place)) if place.is_symlink() else ("--ro-bind", str(place))
        yield from (how, source, str(place))


def _in_memory(folder: Path) -> list[str]:
    return ["--perms", "1777", "--size", str(Limits().files), "--tmpfs", str(folder)]


def _dropping(user: int | None, *more: str) -> list[str]:
    """The beginning of a command line that runs the rest of it as another user."""
    if user is None:
        return []
    return [_program("setpriv"), f"--reuid={user}", f"--regid={user}", "--clear-groups", *more]


def _program(name: str) -> str:
    return shutil.which(name) or name


@functools.cache
def _claimed(slot: int) -> int:
    """The id of a user for the boxes of a slot, which other slots and other programs do not get while this one runs."""
    user, claim = _FIRST_USER, socket.socket(socket.AF_UNIX)
    while _taken(user) or not _can_have(claim, user):
        user += 1
    claim.detach()  # it stays open until this process ends
    return user


def _can_have(claim: socket.socket, user: int) -> bool:
    try:
        claim.bind(f"\0exercise: user {user}")  # no file: the name is free again as soon as nobody has the socket
    except OSError:
        return False
    return True


def _taken(user: int) -> bool:
    """Whether there is an account or a group of this id."""
    import grp
    import pwd
    for look_up in (pwd.getpwuid, grp.getgrgid):
        with contextlib.suppress(KeyError):
            return bool(look_up(user))
    return False


def _readable_by_all(places: Iterable[Path]) -> bool:
    found = (place.resolve() for place in places if os.path.exists(place))
    return all(folder.stat().st_mode & 1 for place in found for folder in (place, *place.parents))
