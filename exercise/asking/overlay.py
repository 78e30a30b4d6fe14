"""Serving `lib` from texts: one import finder, through which all code under test is loaded.

It hands out the files of a root folder, or texts given in their place, each one repaired: a gap that does not compile
fails alone, when it is reached. `__file__` and tracebacks name the real file, and show the
lines as the student wrote them.
"""

import io
import linecache
import sys
from collections.abc import Iterator, Mapping
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType, TracebackType
from typing import Self

from exercise.asking import repairing
from exercise.asking.repairing import Broken
from exercise.source import gaps
from exercise.source.gaps import Gap, GapError

__all__ = ["Overlay", "install"]


class Overlay(MetaPathFinder):
    """Finder of `lib` and its submodules. Of several, the last one installed serves, and is removed first.

    Attributes:
        root: the absolute folder that holds `lib`.
        gaps: the gaps of all files loaded so far, by id.
        broken: what is wrong with those of them that do not compile, by id.
        lost: the ids of empty gaps that have lost a marker, and are not among the `gaps`.
    """

    def __init__(self, root: str | Path, sources: Mapping[str, str] | None = None):
        self.root = Path(root).resolve()
        self.gaps: dict[str, Gap] = {}
        self.broken: dict[str, Broken] = {}
        self.lost: set[str] = set()
        self._sources = dict(sources or {})
        self._shown: list[str] = []
        self._replaced: dict[str, ModuleType] = {}

    def install(self) -> None:
        """Begin to serve. Modules of `lib` that are imported already are set aside."""
        self._replaced = _take_modules()
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        """Stop serving: the served modules are forgotten, and those from before are back."""
        if self not in sys.meta_path:
            return
        sys.meta_path.remove(self)
        for filename in self._shown:
            linecache.cache.pop(filename, None)
        _take_modules()
        sys.modules.update(self._replaced)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def path_of(self, filename: str) -> str | None:
        """A file's path relative to the root, with forward slashes, if it lies in lib: "lib/model_vae.py"."""
        try:
            path = Path(filename).relative_to(self.root).as_posix()
        except ValueError:
            return None
        return path if path.startswith("lib/") else None

    def places(self, traceback: TracebackType | None) -> Iterator[tuple[CodeType, str, int]]:
        """(code, path, line) of each frame of a traceback that is in lib, the innermost last."""
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if path := self.path_of(code.co_filename):
                yield code, path, traceback.tb_lineno
            traceback = traceback.tb_next

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """The spec of `lib` or a module in it; None for all other names.

        Raises: ModuleNotFoundError for a module that `lib` does not have, lest another `lib` be searched for it.
        """
        if fullname.partition(".")[0] != "lib":
            return None
        if path := self._path(fullname):
            loader = _Loader(fullname, str(self.root / path), self)
            return spec_from_file_location(fullname, loader.path, loader=loader)
        folder = fullname.replace(".", "/")
        if not (self.root / folder).is_dir() and not any(path.startswith(f"{folder}/") for path in self._sources):
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        spec = ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = [str(self.root / folder)]
        return spec

    def text(self, path: str) -> str:
        """The text of a file as it was given, before any repair.

        Raises: GapError if it cannot be read.
        """
        return self._sources[path] if path in self._sources else gaps.read_text(self.root / path, path)

    def compiled(self, path: str) -> CodeType:
        """The code of a file, repaired; its gaps are known from now on.

        Raises: GapError if it cannot be read, or is broken outside of its gaps.
        """
        text, filename = self.text(path), str(self.root / path)
        self._show(filename, text)
        repaired, broken = repairing.repair(text, path)
        found = {gap.id: gap for gap in gaps.scan(text, path)[0]}
        self.gaps.update(found)
        self.lost.update(gaps.stubbed(text) - found.keys())
        self.broken.update(broken)
        return repairing.compiled(repaired, filename)

    def _show(self, filename: str, text: str) -> None:
        """Let tracebacks and inspect read the text as given; without a time stamp linecache never looks at the disk."""
        linecache.cache[filename] = (len(text), None, io.StringIO(text, newline=None).readlines(), filename)
        self._shown.append(filename)

    def _path(self, fullname: str) -> str | None:
        place = fullname.replace(".", "/")
        candidates = (f"{place}/__init__.py", f"{place}.py")
        return next((path for path in candidates if path in self._sources or (self.root / path).exists()), None)


class _Loader(SourceFileLoader):
    """Loader of one module: like Python's own, but with the overlay's text, and without bytecode on the disk."""

    def __init__(self, fullname: str, filename: str, served: Overlay):
        super().__init__(fullname, filename)
        self._served, self._place = served, served.path_of(filename)

    def get_source(self, fullname: str) -> str:
        return self._served.text(self._place)

    def get_code(self, fullname: str) -> CodeType:
        """The compiled module.

        Raises: SyntaxError in one line with file and line number, if the file is broken outside of its gaps.
        """
        try:
            return self._served.compiled(self._place)
        except GapError as error:
            raise SyntaxError(str(error)) from error


def install(root: str | Path, sources: Mapping[str, str] | None = None) -> Overlay:
    """Serve `lib` from a root folder until the overlay's `remove` is called, or the `with` block is left.

    Args:
        root: the folder that holds `lib`.
        sources: texts to serve in place of files, by path: {"lib/model_vae.py": "…"}.
    """
    overlay = Overlay(root, sources)
    overlay.install()
    return overlay


def _take_modules() -> dict[str, ModuleType]:
    """Take all modules of `lib` out of the table of imported ones."""
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "lib"}
