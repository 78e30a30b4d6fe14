"""Files that are either whole or not there: atomic writes, and checkpoints that survive a crash or a full disk.

A folder holds two checkpoints: `checkpoint.pt`, the newest, and `checkpoint_previous.pt`, the one before it. A new one
is written to a temporary file in the same folder and flushed to the disk; only then are the two renamed. So at each
moment, also that of a power cut, at least one whole checkpoint exists.

A checkpoint is a file of `torch.save` with its SHA-256 digest after it: a damaged one is known as such, whichever
bits have changed. (torch itself reads some damaged files without a word, and gives other numbers.) It holds tensors
and plain Python values only and is loaded with `weights_only=True`: opening a file of unknown origin runs none of its
code.
"""

import contextlib
import hashlib
import io
import pickle
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from lib.support.errors import UserError
from lib.support.runs.file_systems import flush_to_disk, remove, replace

__all__ = ["VERSION", "exists", "load", "save", "to_bytes", "write_atomically"]

VERSION = 1
NEWEST, PREVIOUS = "checkpoint.pt", "checkpoint_previous.pt"
_DIGEST_SIZE = hashlib.sha256().digest_size
_PLAIN = (str, int, float, bool, bytes, type(None))


def write_atomically(path: Path, data: bytes) -> None:
    """Replace `path` by `data` in one step: whoever opens it finds all of the old content, or all of the new.

    Raises: UserError if the file cannot be written; what was there before is then still there.
    """
    with _written_beside(path, data) as temporary:
        replace(temporary, path)


@contextlib.contextmanager
def _written_beside(path: Path, data: bytes, *, flush: bool = False) -> Iterator[Path]:
    """A temporary file in the folder of `path`, to be renamed; with `flush`, its data have reached the disk."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            if flush:
                flush_to_disk(file)
        yield temporary
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise UserError(f"cannot write {path}: {error.strerror or error}; what was there before is kept") from error


def to_bytes(content: object) -> bytes:
    """`content` (tensors and plain Python values) in torch's file format."""
    buffer = io.BytesIO()
    torch.save(content, buffer)
    return buffer.getvalue()


def save(folder: Path, content: dict, *, keep_previous: bool = True) -> None:
    """Make `content` the newest checkpoint of `folder`, and the newest of before the previous one.

    Without `keep_previous` the older ones are of another run: they go as soon as this one is there.

    Raises: UserError if it cannot be written; ValueError if `content` holds what `load` would refuse.
    """
    _check_plain(content, "checkpoint")
    data = to_bytes({"version": VERSION, **content})
    newest, previous = folder / NEWEST, folder / PREVIOUS
    with _written_beside(newest, data + hashlib.sha256(data).digest(), flush=True) as temporary:
        if keep_previous and newest.exists():
            replace(newest, previous)
        replace(temporary, newest)
        if not keep_previous:
            remove(previous)


def _check_plain(content: object, place: str) -> None:
    if type(content) in (dict, OrderedDict):
        for key, value in content.items():
            _check_plain(key, f"a key of {place}")
            _check_plain(value, f"{place}[{key!r}]")
    elif type(content) in (list, tuple):
        for index, value in enumerate(content):
            _check_plain(value, f"{place}[{index}]")
    elif not (isinstance(content, torch.Tensor) or type(content) in _PLAIN):
        raise ValueError(f"{place} is a {type(content).__name__}; a checkpoint holds tensors and plain Python values")


def exists(folder: Path) -> bool:
    """Whether there is a checkpoint in `folder`, whole or damaged."""
    return (folder / NEWEST).exists() or (folder / PREVIOUS).exists()


def load(folder: Path, *, say: Callable[[str], None] = print) -> dict | None:
    """The newest whole checkpoint of `folder`, or None where there is none.

    A damaged newest one is replaced by the previous one, and `say` is told.
    Raises: UserError if all there are are damaged, or one is refused: it was written by a newer version of this
        project, or holds more than tensors and plain values.
    """
    newest, previous = folder / NEWEST, folder / PREVIOUS
    damaged = []
    for path in filter(Path.exists, (newest, previous)):
        try:
            content = _read(path)
        except _Damaged as damage:
            damaged.append(str(damage))
            continue
        if damaged:
            say(f"{damaged[0]}: going on from the previous one")
        if path == previous:  # the next `save` keeps the newest, which therefore has to be a whole one
            replace(previous, newest)
        return content
    if damaged:
        raise UserError(f"{' and '.join(damaged)}, and there is no other: start anew, without --resume")
    return None


class _Damaged(Exception):
    """A checkpoint that is not what was written; the text says which."""


def _read(path: Path) -> dict:
    try:
        data = path.read_bytes()
    except PermissionError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
    except OSError as error:
        raise _Damaged(f"{path} cannot be read ({error.strerror or error})") from error
    data, digest = data[:-_DIGEST_SIZE], data[-_DIGEST_SIZE:]
    if hashlib.sha256(data).digest() != digest:
        raise _Damaged(f"{path} is damaged")
    try:
        content = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise UserError(f"{path} is refused: it holds more than tensors and plain values, "
                        "and loading it could run code") from error
    if content["version"] > VERSION:
        raise UserError(f"{path} was written by a newer version of this project (format {content['version']}, this "
                        f"one reads up to {VERSION}): update the project, or start anew, without --resume")
    return content
