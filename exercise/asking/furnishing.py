"""What a worker process is given: copies of the files that it needs, and a few variables of the environment."""

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
from exercise.source import gaps

__all__ = ["environment", "library", "own_files", "packed", "unpack", "user_packages"]

_SHARED = ("__init__.py", "problem.py", "source/__init__.py", "source/gaps.py")  # of exercise, beside the two rooms
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
    found = {path: file.stat().st_size for path, file in gaps.files(root, "*").items()
             if file.is_file() and not file.is_symlink()}  # a link could lead anywhere, a pipe would never end
    files = {path: text.encode() for path, text in sources.items()}
    left = _MOST - sum(map(len, files.values()))
    for path in sorted(found.keys() - files.keys(), key=lambda path: (found[path], path)):
        left -= found[path]
        if left < 0:
            break
        files[path] = (root / path).read_bytes()
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
