"""What a worker process is given: copies of the files that it needs, and a few variables of the environment."""

import contextlib
import importlib
import io
import os
import site
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import exercise
from exercise.asking import pipe
from exercise.asking.messages import PROBES
from exercise.problem import Problem
from exercise.source import gaps, opening

__all__ = ["environment", "library", "own_files", "packed", "unpack", "user_packages"]

_SHARED = (  # of exercise, beside the two rooms
    "__init__.py", "problem.py", "source/__init__.py", "source/gaps.py", "source/opening.py")
_KEPT_ENVIRONMENT = (
    "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "KMP_DUPLICATE_LIB_OK",
    "SYSTEMROOT", "WINDIR", "COMSPEC",
    "HOME", "USERPROFILE",  # where matplotlib keeps its list of fonts, which takes seconds to make anew
)
_MOST = pipe.LARGEST - 2 ** 20  # bytes of all files together; a mebibyte is left for their names


def own_files() -> dict[str, bytes]:
    """By path, what a worker has of this package: this room, the probes, and what both need of others."""
    return {path: file.read_bytes() for path, file in _own_files()}


def library(root: Path, sources: Mapping[str, str]) -> dict[str, bytes]:
    """By path, the files of `lib`; as many as can be sent, the smallest first, should somebody keep data there.

    Args:
        root: the folder that holds `lib`.
        sources: texts to put in place of files, by path.
    """
    files = {path: text.encode() for path, text in sources.items()}
    found = {}
    for path in gaps.files(root, "*"):
        with contextlib.suppress(Problem):  # what is no file that can be read is told of elsewhere
            found[path] = opening.read_bytes(root, path)
    left = _MOST - sum(map(len, files.values()))
    for path in sorted(found.keys() - files.keys(), key=lambda path: (len(found[path]), path)):
        left -= len(found[path])
        if left < 0:
            break
        files[path] = found[path]
    return files


def packed(files: Mapping[str, bytes]) -> bytes:
    """Files as an archive, in bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path), data)
    return stream.getvalue()


def unpack(data: bytes, folder: str) -> None:
    """Write the files of an archive into a folder."""
    zipfile.ZipFile(io.BytesIO(data)).extractall(folder)


def environment() -> dict[str, str]:
    """The variables of a worker's environment."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return kept | {"OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"}


def user_packages() -> list[str]:
    """Where `pip install --user` puts packages; python -I would not look there."""
    return [site.getusersitepackages()] if site.ENABLE_USER_SITE else []


def _own_files() -> Iterator[tuple[str, Path]]:
    """(path in the worker's folder, file) of all that a worker has of this package."""
    package, here = Path(exercise.__file__).parent, Path(__file__).parent
    yield from ((f"exercise/{path}", package / path) for path in _SHARED)
    probes = [("probes", Path(place)) for place in importlib.import_module(PROBES).__path__]
    for room, folder in [("asking", here), *probes]:
        yield from ((f"exercise/{room}/{file.name}", file) for file in folder.glob("*.py"))
