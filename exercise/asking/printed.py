"""What the code under test prints: its end is kept, and shown so that no terminal or workflow takes it for its own."""

import io

__all__ = ["KEPT", "Tail", "quoted"]

KEPT = 2000  # characters
_MOST_LINES = 20


class Tail(io.TextIOBase):
    """A stream that hands on all that is written, and keeps the end of it.

    Args: stream, where all of it goes.
    """

    def __init__(self, stream: io.TextIOBase):
        self._stream, self._kept = stream, ""

    def write(self, text: str) -> int:
        self._kept = (self._kept + text)[-KEPT:]
        return self._stream.write(text)

    def flush(self) -> None:
        self._stream.flush()

    def fileno(self) -> int:
        return self._stream.fileno()

    def take(self) -> str:
        """What was kept since the last call."""
        kept, self._kept = self._kept, ""
        return kept


def quoted(text: str) -> str:
    """The last lines of a text, each after a bar; signs that would steer a terminal become question marks."""
    lines = text[-KEPT:].splitlines()[-_MOST_LINES:]
    plain = ("".join(sign if sign.isprintable() else "?" for sign in line.expandtabs()) for line in lines)
    return "".join(f"| {line}\n" for line in plain)
