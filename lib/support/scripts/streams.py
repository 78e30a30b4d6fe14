"""Standard output and error that never end a run: closed, without a reader, or with an encoding that lacks letters."""

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from typing import Any

__all__ = ["patient_streams"]


class _Nowhere(io.TextIOBase):
    """In place of a stream that was closed before Python started."""

    def write(self, text: str) -> int:
        return len(text)


class _Patient:
    """A stream that writes what it can, and asks of `stream` only a method `write`."""

    def __init__(self, stream: Any):
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def isatty(self) -> bool:
        """Whether a terminal shows it."""
        return bool(getattr(self._stream, "isatty", bool)())

    def write(self, text: str) -> int:
        """Write a text; letters that the encoding lacks become their numbers."""
        try:
            try:
                self._stream.write(text)
            except UnicodeEncodeError:
                encoding = getattr(self._stream, "encoding", None) or "ascii"
                self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        except (OSError, ValueError):  # nobody reads it any more, or it has been closed
            self._let_go()
        return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        try:
            getattr(self._stream, "flush", bool)()
        except (OSError, ValueError):
            self._let_go()

    def _let_go(self) -> None:
        """Python flushes its streams once more as it ends, and would complain then."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


@contextlib.contextmanager
def patient_streams() -> Iterator[None]:
    """Within the context, writing to standard output and error raises nothing."""
    _open_what_is_closed()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (_Patient(stream or _Nowhere()) for stream in before)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def _open_what_is_closed() -> None:
    """Occupy the descriptors 0 to 2: a file of weights that got number 2 would receive the complaints of C code."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
