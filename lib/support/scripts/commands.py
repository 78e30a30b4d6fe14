"""Commands that a message tells the reader to run."""

import os
import shlex

__all__ = ["command"]


def command(*words: object) -> str:
    """A command line that can be pasted into a terminal: words with blanks or signs of the shell are quoted."""
    if os.name == "nt":
        from subprocess import list2cmdline
        return list2cmdline(map(str, words))
    return shlex.join(map(str, words))
