"""Gaps that are still empty: what to say of one, and parts of a script that can do without."""

import contextlib
from collections.abc import Iterator

__all__ = ["in_words", "left_out_if_empty"]


def in_words(error: NotImplementedError) -> str:
    """The empty gap that an error comes from, in a line; "" where it comes from elsewhere: torch raises that class too.
    """
    if not str(error).startswith("TODO "):
        return ""
    gap, place = _gap_and_place(error)
    return f"the gap {gap} is still empty ({place}). A hint: python -m exercise hint {gap}" if place else \
        f"this comes with {gap}"


@contextlib.contextmanager
def left_out_if_empty(name: str, asked: bool) -> Iterator[None]:
    """Leave out what needs an empty gap, and say so in a line; where it was asked for by name, the error goes on."""
    try:
        yield
    except NotImplementedError as error:
        if asked or not in_words(error):
            raise
        gap, place = _gap_and_place(error)
        why = f"the gap {gap} is still empty ({place})" if place else f"it comes with {gap}"
        print(f"{name} is left out: {why}")


def _gap_and_place(error: NotImplementedError) -> tuple[str, str]:
    """The gap, and its sheet and task; the sheet alone, and "", where it is not handed out yet."""
    gap, _, place = str(error).removeprefix("TODO ").partition(":")
    return gap, place.strip()
