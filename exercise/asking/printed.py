"""What the code under test prints, and says: shown so that no terminal, table or workflow takes it for its own."""

import io
import re

__all__ = ["KEPT", "Tail", "plain", "quoted", "visible"]

KEPT = 2000  # characters
_MOST_LINES = 20
_LONGEST = 1000  # characters of one line
_COMMAND = re.compile(r"^(\s*:)(?=:)|(##)(?=\[)")  # what GitHub takes for a command, at the start and anywhere


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
    """The last lines of a text, each after a bar, and `plain`."""
    return "".join(f"| {plain(line, KEPT)}\n" for line in text[-KEPT:].splitlines()[-_MOST_LINES:])


def visible(text: str, longest: int = _LONGEST) -> str:
    """A text of anybody's as one line, `plain`, with one blank in place of all white space."""
    return plain(" ".join(text[:longest ** 2].split()), longest)


def plain(line: str, longest: int = _LONGEST) -> str:
    """A line of anybody's that steers neither a terminal nor a workflow, cut to a length.

    What cannot be seen becomes a question mark: line ends, escapes, what turns the direction of writing, halves of
    characters.
    """
    line = line[:longest + 1].expandtabs()
    line = line if len(line) <= longest else line[:longest - 1] + "…"
    return _COMMAND.sub(r"\1\2 ", "".join(sign if sign.isprintable() else "?" for sign in line))
