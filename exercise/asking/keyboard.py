"""Nobody sits at the keyboard of a worker: input() and breakpoint() say so, in place of an error at the end of file."""

import builtins
import pdb
import sys
from collections.abc import Callable
from typing import NoReturn

__all__ = ["Unattended", "take_away"]


class Unattended(Exception):
    """The code under test waits for somebody to type; the message is what it called."""


def take_away() -> None:
    """From now on, what would wait for the keyboard raises Unattended."""
    builtins.input = _refusal("input()")
    sys.breakpointhook = pdb.set_trace = _refusal("breakpoint()")


def _refusal(name: str) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise Unattended(name)
    return refuse
