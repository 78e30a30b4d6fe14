"""Asking probes: two transports behind one call, `ask(probes.vae_loss, x, mu, seed=1) -> {"loss": …}`.

`InProcess` runs the student's code right here, so that print and breakpoints work. `Isolated` runs it in a worker
process that is given nothing but `exercise/` and `lib/`. Both send the question and the answer through the same codec:
what the student's code is given is a copy, and what comes back is plain data.
"""

import contextlib
import importlib
import itertools
import os
import queue
import re
import shutil
import signal
import site
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import NoneType
from typing import Self

import exercise
from exercise.asking import codec, overlay, worker
from exercise.source import gaps

__all__ = ["InProcess", "Isolated", "ProbeFailed"]

_PROBES = "exercise.probes"
_KINDS = ("error", "not started", "syntax", "missing name", "timeout", "died", "not plain data")
_FIELDS = {"kind": (str,), "message": (str,), "gap": (str, NoneType), "path": (str, NoneType),
           "line": (int, NoneType), "frames": (list,), "leftover": (bool,)}
_FRAME = {"path": str, "line": int, "function": str, "text": str}
_KEPT_ENVIRONMENT = (
    "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "KMP_DUPLICATE_LIB_OK",
    "SYSTEMROOT", "WINDIR", "COMSPEC",
    "HOME", "USERPROFILE",  # where matplotlib keeps its list of fonts, which takes seconds to make anew
)
_START = (  # confined before torch is imported: threads that run already would stay free
    "import sys; folder, hidden, *packages = sys.argv[1:]; sys.path[:0] = [folder]; sys.path += packages; "
    "from exercise.asking.confinement import confine; confine(folder, hidden); "
    "from exercise.asking.worker import main; main(folder)")
_START_LIMIT = 120.0
_GRACE = 1.0
_KEPT_OUTPUT = 8192


class ProbeFailed(Exception):
    """A probe did not come to an answer. `str()` of it is the message.

    Attributes:
        kind: "error", "not started" (the stub of a gap was reached), "syntax" (a gap, or the file, does not compile),
            "missing name" (the code after a gap uses a name that the gap does not define), "timeout", "died" (the
            worker process ended) or "not plain data" (the answer is no dict of tensors, numbers, strings, lists).
        message: one or two lines for a student.
        gap: id of the innermost gap that the traceback passes through, or that the message is about; or None.
        path, line: the innermost place in lib, as "lib/model_vae.py" and a line number, or None.
        frames: the places in lib, the innermost last; each a dict of path, line, function and text.
        leftover: of a gap not started: there is code beside the stub's raise line.
    """

    def __init__(self, kind: str, message: str, gap: str | None = None, path: str | None = None,
                 line: int | None = None, frames: list[dict] | None = None, leftover: bool = False):
        super().__init__(message)
        self.kind, self.message, self.gap, self.path, self.line = kind, message, gap, path, line
        self.frames, self.leftover = frames or [], leftover


class InProcess:
    """Ask probes in this process; `lib` is served from the root folder until `close`.

    Args:
        root: the folder that holds `lib`.
        sources: texts to serve in place of files, by path: {"lib/model_vae.py": "…"}.
    """

    def __init__(self, root: str | Path, sources: Mapping[str, str] | None = None):
        self._overlay = overlay.install(root, sources)

    def __call__(self, probe: Callable[..., dict], *args: object, seed: int | None = None, **kwargs: object) -> dict:
        """Ask one probe.

        Args:
            probe: a function of a module in exercise.probes.
            args, kwargs: its arguments, plain data.
            seed: for torch's generator, just before the probe runs.
        Returns: the probe's answer.
        Raises: ProbeFailed, from the error in the student's code; TypeError if an argument is not plain data;
            ValueError if the function is no probe.
        """
        question = _question(probe, args, kwargs, seed)
        try:
            answer = worker.perform(codec.decode(question))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise ProbeFailed(**worker.diagnose(error, self._overlay)) from error
        return codec.decode(answer)

    def close(self) -> None:
        """Stop serving `lib`."""
        self._overlay.remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Isolated:
    """Ask probes in a worker process, which is started with the first question, and anew after it has died.

    The worker lives in a fresh temporary folder with copies of `exercise/` and `lib/`. What it prints is caught. On
    Linux it is confined (`exercise.asking.confinement`): it reads that folder, Python and the system, not the root
    folder and the tests in it, and writes to its own folder. On other systems, and where Linux lacks Landlock, nothing
    stops code that searches the disk from finding the tests.

    Args:
        root, sources: as for InProcess.
        timeout: seconds that one answer may take.
    """

    def __init__(self, root: str | Path, sources: Mapping[str, str] | None = None, timeout: float = 10.0):
        self._root, self._sources, self.timeout = Path(root).resolve(), dict(sources or {}), timeout
        self._numbers = itertools.count(1)
        self._worker: _Worker | None = None

    def __call__(self, probe: Callable[..., dict], *args: object, seed: int | None = None, **kwargs: object) -> dict:
        """Ask one probe; arguments, answer and errors are those of InProcess.

        Raises: RuntimeError if no worker can be started.
        """
        number = next(self._numbers)
        question = _question(probe, args, kwargs, seed, number=number, limit=float(self.timeout))
        with self._borrowed() as process:
            answer = self._exchange(process, question, number)
        if isinstance(answer, ProbeFailed):
            raise answer
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
    def _borrowed(self) -> Iterator["_Worker"]:
        """The living worker; one that an exchange broke off with is never asked again."""
        if self._worker is None:
            self._worker = _Worker(self._root, self._sources)
        try:
            yield self._worker
        except BaseException:
            self.close()
            raise

    def _exchange(self, process: "_Worker", question: bytes, number: int) -> "dict | ProbeFailed":
        began = time.monotonic()
        try:
            return _opened(process.exchange(question, self.timeout + _GRACE), number)
        except ValueError as error:
            raise ProbeFailed("died", f"the process with your code gave no proper answer: {error}") from None
        except (OSError, EOFError, queue.Empty):
            late = time.monotonic() - began >= self.timeout
            raise self._lost(process, None if late else process.ending()) from None

    def _lost(self, process: "_Worker", ending: str | None) -> ProbeFailed:
        """What became of a worker that gave no answer; without an ending its time was up."""
        output = process.output()
        frames = [frame | {"text": self._line(frame)} for frame in process.places(output)]
        gap = next((gap.id for frame in reversed(frames) if (gap := self._gap_at(frame))), None)
        place = frames[-1] if frames else {"path": None, "line": None}
        message = f"the process with your code ended: {ending}" if ending else f"no answer within {self.timeout:g} s"
        if frames:
            message += f"; it was in {place['path']}, line {place['line']}"
        elif ending and output.strip():
            message += f"; its last words: {output.splitlines()[-1][-200:]}"
        return ProbeFailed("died" if ending else "timeout", message, gap, place["path"], place["line"], frames)

    def _line(self, frame: dict) -> str:
        lines = self._text(frame["path"]).splitlines()
        return lines[frame["line"] - 1].strip() if frame["line"] <= len(lines) else ""

    def _gap_at(self, frame: dict) -> gaps.Gap | None:
        with contextlib.suppress(gaps.GapError):
            for gap in gaps.parse(self._text(frame["path"]), frame["path"]):
                if gap.start <= frame["line"] <= gap.end:
                    return gap
        return None

    def _text(self, path: str) -> str:
        with contextlib.suppress(gaps.GapError):
            return self._sources[path] if path in self._sources else gaps.read_text(self._root / path, path)
        return ""


class _Worker:
    """A worker process with its folder, and two threads: pipes can be waited for on every system only by reading."""

    def __init__(self, root: Path, sources: Mapping[str, str]):
        self._folder = tempfile.TemporaryDirectory(prefix="exercise_", ignore_cleanup_errors=True)
        self._root = folder = Path(self._folder.name).resolve()
        _furnish(folder, root, sources)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-u", "-X", "utf8", "-c", _START, str(folder), str(root), *_user_packages()],
            cwd=folder, env=_environment(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True)
        self._questions: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()
        self._printed = b""
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._converse, self._listen)]
        for thread in self._threads:
            thread.start()
        self._await_start()

    def exchange(self, question: bytes, limit: float) -> bytes:
        """The reply to a question.

        Raises: queue.Empty after `limit` seconds; EOFError, OSError or ValueError if the pipes break or hold no frame.
        """
        self._printed = b""
        self._questions.put(question)
        return self._reply(limit)

    def ending(self) -> str:
        """How the process came to its end, in words."""
        try:
            code = self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            return "it closed its pipe to the judge"
        if code < 0:
            return f"signal {signal.Signals(-code).name}" if -code in set(signal.Signals) else f"signal {-code}"
        return f"exit code {code}"

    def output(self) -> str:
        """The last few kilobytes that it printed since it was asked."""
        self._threads[1].join(_GRACE)
        return self._printed.decode("utf-8", "replace").strip()

    def places(self, output: str) -> list[dict]:
        """The places in lib, the innermost last, of the traceback that faulthandler printed at the end, if it did."""
        _, found, dump = output.rpartition("most recent call first")
        place = re.compile(rf'File "{re.escape(str(self._root))}[/\\](lib[/\\].+\.py)", line (\d{{1,9}}) in (\S+)')
        frames = [{"path": match[1].replace("\\", "/"), "line": int(match[2]), "function": match[3]}
                  for match in place.finditer(dump if found else "")]
        return frames[::-1]

    def end(self) -> None:
        """End the process and all that it started, and remove its folder."""
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL) if hasattr(os, "killpg") else self._process.kill()
        self._process.wait()
        self._questions.put(None)
        for thread in self._threads:
            thread.join(_GRACE)
        if not any(thread.is_alive() for thread in self._threads):  # a file that is being read cannot be closed
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                with contextlib.suppress(OSError):
                    pipe.close()
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
            self._replies.put(codec.read_frame(self._process.stdout))
            while (question := self._questions.get()) is not None:
                codec.write_frame(self._process.stdin, question)
                self._replies.put(codec.read_frame(self._process.stdout))
        except (OSError, EOFError, ValueError) as error:
            self._replies.put(error)

    def _listen(self) -> None:
        while printed := os.read(self._process.stderr.fileno(), 2 ** 16):
            self._printed = (self._printed + printed)[-_KEPT_OUTPUT:]


def _question(probe: Callable[..., dict], args: tuple, kwargs: dict, seed: int | None, **more: object) -> bytes:
    module, name = getattr(probe, "__module__", ""), getattr(probe, "__name__", "")
    if not module.startswith(_PROBES) or getattr(sys.modules.get(module), name, None) is not probe:
        raise ValueError(f"{module}.{name} is no probe: a probe is a function at the top of a module in {_PROBES}")
    content = {"module": module, "name": name, "args": args, "kwargs": kwargs, "seed": seed}
    return codec.encode(content | more, "question")


def _opened(reply: bytes, number: int) -> dict | ProbeFailed:
    """What a reply holds. Nothing in it is believed: the student's code could have written it.

    Raises: ValueError if it is not a reply to the question of this number.
    """
    if len(reply) < worker.HEADER.size:
        raise ValueError("it is cut short")
    echoed, failed = worker.HEADER.unpack_from(reply)
    content = codec.decode(reply[worker.HEADER.size:])
    if echoed != number:
        raise ValueError(f"it belongs to question {echoed}, not {number}")
    if type(content) is not dict or failed and not _is_failure(content):
        raise ValueError("it is not in the agreed form")
    return ProbeFailed(**content) if failed else content


def _is_failure(content: dict) -> bool:
    return (content.keys() == _FIELDS.keys() and content["kind"] in _KINDS
            and all(type(content[name]) in kinds for name, kinds in _FIELDS.items())
            and all(type(frame) is dict and frame.keys() == _FRAME.keys() and
                    all(type(frame[name]) is kind for name, kind in _FRAME.items()) for frame in content["frames"]))


def _furnish(folder: Path, root: Path, sources: Mapping[str, str]) -> None:
    """Put into a worker's folder what it may see."""
    shutil.copytree(Path(exercise.__file__).parent, folder / "exercise", ignore=_no_files)
    for probes in importlib.import_module(_PROBES).__path__:
        shutil.copytree(probes, folder / "exercise" / "probes", ignore=_no_files, dirs_exist_ok=True)
    if (root / "lib").is_dir():
        shutil.copytree(root / "lib", folder / "lib", ignore=_no_files)
    for path, text in sources.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")


def _no_files(folder: str, names: list[str]) -> list[str]:
    """Which names in a folder not to copy: links, which could lead anywhere, pipes and the like, and bytecode."""
    places = [(name, os.path.join(folder, name)) for name in names]
    return [name for name, place in places if name == "__pycache__" or os.path.islink(place)
            or not (os.path.isfile(place) or os.path.isdir(place))]


def _user_packages() -> list[str]:
    """Where `pip install --user` puts packages; python -I would not look there."""
    return [site.getusersitepackages()] if site.ENABLE_USER_SITE else []


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    return kept | places | {"OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
