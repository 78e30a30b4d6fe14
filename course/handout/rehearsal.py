"""The first run of a handout's own tests: every gap has to read *not started*, or *blocked by* another.

Those of earlier sheets, whose solutions are published with it, have to read *solved*.
"""

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from exercise.source import gaps

__all__ = ["Result", "complaints", "run"]

_LISTENER = Path(__file__).with_name("listener.py")
_LIMIT = 600.0
_NOT_PASSED_ON = ("PYTEST", "PYTHON", "GITHUB")  # this run is nobody's submission
_UNSOLVED = ("not started", "blocked")


@dataclass(frozen=True)
class Result:
    """What one test said.

    Args:
        name: "tests/test_vae.py::test_each_layer_is_linear", without parameters; that of a file which does not load.
        gap, state: the gap it judges and the verdict, or "" where it judges none.
        passed: whether it passed.
        sentence: what it said if it did not.
    """
    name: str
    gap: str
    state: str
    passed: bool
    sentence: str = ""


def run(folder: Path) -> list[Result]:
    """The results of all tests of the repository in `folder`, with the code under test in a process of its own.

    Raises: RuntimeError if pytest does not come to its proper end.
    """
    with tempfile.TemporaryDirectory(prefix="handout_") as place:
        shutil.copy(_LISTENER, place)  # to be found there without the instructor's other modules
        results = Path(place) / "results"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_PASSED_ON)}
        environment |= {"PYTHONPATH": place, "HANDOUT_RESULTS": str(results)}
        command = [sys.executable, "-B", "-m", "pytest", "--isolated", "--continue-on-collection-errors",
                   "-p", "no:cacheprovider", "-p", _LISTENER.stem]
        _finish(command, folder, environment)
        lines = results.read_text(encoding="utf-8").splitlines() if results.exists() else []
    return [Result(**json.loads(line)) for line in lines]


def complaints(folder: Path, results: list[Result], published: Collection[str] = ()) -> list[str]:
    """What is wrong with the first run of the handout in `folder`, a line each.

    Args: published, the gaps whose solutions are in it.
    """
    ran, judged = {result.name for result in results}, {result.gap for result in results}
    lines = [f"{name}: this test was not run" for name in _tests(folder) if name not in ran]
    lines += [f"the gap {gap} has no test" for gap in gaps.read(folder) if gap not in judged]
    lines += [f"{result.name}: {complaint}" for result in results if (complaint := _complaint(result, published))]
    return list(dict.fromkeys(lines))


def _finish(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    try:
        done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, timeout=_LIMIT,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"the tests of the handout did not end within {_LIMIT:g} s") from None
    if done.returncode not in (0, 1, 5):  # all passed, some failed, none found
        lines = done.stdout.strip().splitlines() or ["it said nothing"]
        reason = [line.strip() for line in lines if "error" in line.lower() or line is lines[0]][-1]
        raise RuntimeError(f"the tests of the handout broke off (exit code {done.returncode}): {reason}")


def _complaint(result: Result, published: Collection[str]) -> str | None:
    said = result.sentence.strip().partition("\n")[0]
    if result.gap in published:
        return None if result.passed else f"the published solution of the gap {result.gap} fails: {said}"
    if result.gap and result.state not in _UNSOLVED:
        return f"the empty gap {result.gap} reads {result.state or 'nothing'!r} here{f': {said}' if said else ''}"
    return None if result.gap or result.passed else f"fails in the handout: {said}"


def _tests(folder: Path) -> Iterator[str]:
    """The tests that the files of the handout define, found by reading them."""
    for file in sorted((folder / "tests").rglob("test_*.py")):
        for node in ast.parse(file.read_bytes()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield f"{file.relative_to(folder).as_posix()}::{node.name}"
