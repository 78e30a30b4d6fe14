"""Messages through a pipe: the length first (8 bytes), then the bytes. Nobody's claim of a length is trusted."""

from typing import BinaryIO

__all__ = ["LARGEST", "read", "write"]

LARGEST = 16 * 2 ** 20  # four times what the largest of the questions and answers takes
_LENGTH = 8


def write(file: BinaryIO, data: bytes) -> None:
    """Write one message to a pipe.

    Raises: ValueError if it is longer than LARGEST.
    """
    if len(data) > LARGEST:
        raise ValueError(f"a message of {len(data):,} bytes is too long: at most {LARGEST:,}")
    file.write(len(data).to_bytes(_LENGTH, "big"))
    file.write(data)
    file.flush()


def read(file: BinaryIO) -> bytes:
    """Read one message from a pipe.

    Raises: EOFError if the pipe ends before or within it, ValueError if it claims more than LARGEST.
    """
    size = int.from_bytes(_read(file, _LENGTH), "big")
    if size > LARGEST:
        raise ValueError(f"a message claims {size:,} bytes: at most {LARGEST:,}")
    return _read(file, size)


def _read(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise EOFError("the pipe is closed")
    return data
