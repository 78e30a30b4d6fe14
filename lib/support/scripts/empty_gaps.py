"""Parts of a script that can do without a gap that is still empty."""

import contextlib
from collections.abc import Iterator

__all__ = ["left_out_if_empty"]


@contextlib.contextmanager
def left_out_if_empty(name: str, asked: bool) -> Iterator[None]:
    """Leave out what needs an empty gap, and say so in a line; where it was asked for by name, the error goes on."""
    try:
        yield
    except NotImplementedError as error:
        if asked or not str(error).startswith("TODO "):  # torch raises that class too
            raise
        gap, _, place = str(error).removeprefix("TODO ").partition(":")
        why = f"the gap {gap} is still empty ({place.strip()})" if place else f"it comes with {gap}"
        print(f"{name} is left out: {why}")
