"""What does not fit into the computer's memory is refused before any of it is allocated."""

import os

from lib.support.errors import UserError

__all__ = ["check_memory"]


def check_memory(num_bytes: int, smaller: str) -> None:
    """Compare what is needed with all the memory there is; where the system does not say how much, all is accepted.

    Args: smaller, the flags whose smaller values need less, in words.
    Raises: UserError if it is too much.
    """
    available = _memory_of_this_computer()
    if available is not None and num_bytes > available:
        raise UserError(f"this takes {num_bytes / 2**30:,.0f} GiB of memory, and the computer has "
                        f"{available / 2**30:,.0f}: a smaller {smaller} needs less")


def _memory_of_this_computer() -> int | None:
    """In bytes; Windows has no `sysconf`."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
