"""What a worker process is given: copies of the files that it needs, and a few variables of the environment."""

import contextlib
import importlib
import os
import shutil
import site
from collections.abc import Iterator, Mapping
from pathlib import Path

import exercise
from exercise.asking.messages import PROBES
from exercise.problem import Problem
from exercise.source import gaps, opening

__all__ = ["environment", "furnish", "user_packages"]

_SHARED = (  # of exercise, beside the two rooms
    "__init__.py", "problem.py", "source/__init__.py", "source/gaps.py", "source/opening.py")
_KEPT_ENVIRONMENT = (
    "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "KMP_DUPLICATE_LIB_OK",
    "SYSTEMROOT", "WINDIR", "COMSPEC",
    "HOME", "USERPROFILE",  # where matplotlib keeps its list of fonts, which takes seconds to make anew
)


def furnish(folder: Path, root: Path, sources: Mapping[str, str]) -> None:
    """Copy into a worker's folder what it may see: this room, the probes, what both need of others, and `lib`.

    Args:
        root: the folder that holds `lib`.
        sources: texts to put in place of files, by path.
    """
    for path, file in _own_files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / path)
    for path in gaps.files(root, "*"):
        with contextlib.suppress(Problem):  # what is no file that can be read is told of elsewhere
            data = opening.read_bytes(root, path)
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
    for path, text in sources.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")


def environment(folder: Path) -> dict[str, str]:
    """The variables of a worker's environment."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    return kept | places | {"OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"}


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
