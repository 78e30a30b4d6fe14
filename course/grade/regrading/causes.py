"""Why a mark may have changed between two runs: which files of the course differ, and which gaps these decide on."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from course.grade.folder import Folder
from course.grade.results import GapResult

__all__ = ["Causes"]

_ALWAYS = "tests/conftest.py"
_OF_TESTS = ("tests/", "exercise/probes/")


@dataclass
class Causes:
    """What is not the same in two runs.

    Args: root, the course that has made the later one.
    """
    root: Path
    earlier: Folder
    later: Folder

    @cached_property
    def changed(self) -> frozenset[str] | None:
        """The paths of the files that differ; None where a run has not noted its files."""
        before, after = self.earlier.files(), self.later.files()
        if before is None or after is None:
            return None
        return frozenset(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))

    def of_settings(self) -> list[str]:
        """What else differs, in words."""
        found = self.later.run().differences(self.earlier.run())
        return [words for name, words in found.items() if name != "version"]

    def of_gap(self, before: GapResult, after: GapResult) -> list[str]:
        """The files that differ and decide on a gap: lib, and the files of its tests with what they import."""
        outcomes = (before.isolated, before.submitted, after.isolated, after.submitted)
        tests = {outcome.test.partition("::")[0] for outcome in outcomes} | {*self._tests.get(after.gap, ()), _ALWAYS}
        return sorted(path for path in self.changed or () if path.startswith("lib/") or path in tests)

    def of_rules(self) -> list[str]:
        """The files that differ and may decide on a rule: all but those of tests and probes."""
        return sorted(path for path in self.changed or () if not path.startswith(_OF_TESTS))

    def elsewhere(self) -> list[str]:
        """The files that differ and belong to the engine or the grader."""
        return sorted(path for path in self.changed or () if not path.startswith(("lib/", *_OF_TESTS)))

    @cached_property
    def _tests(self) -> dict[str, set[str]]:
        """From each text in files of tests, so also from each gap that they name, to these files and their imports."""
        found: dict[str, set[str]] = {}
        for file in sorted(self.root.glob("tests/test_*.py")):
            files = self._with_imports(file.relative_to(self.root).as_posix(), set())
            for text in {text for path in files if path.startswith("tests/") for text in self._texts(path)}:
                found.setdefault(text, set()).update(files)
        return found

    def _with_imports(self, path: str, known: set[str]) -> set[str]:
        known.add(path)
        for module in _imported(self._tree(path)):
            file = f"{module.replace('.', '/')}.py"
            if file not in known and file.startswith(_OF_TESTS) and (self.root / file).is_file():
                self._with_imports(file, known)
        return known

    def _texts(self, path: str) -> set[str]:
        return {node.value for node in ast.walk(self._tree(path))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)}

    def _tree(self, path: str) -> ast.Module:
        return ast.parse((self.root / path).read_bytes())


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
