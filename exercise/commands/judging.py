"""Running the judges from a program: pytest, isolated and silent, with a progress bar."""

import contextlib
import io
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pytest
from tqdm import tqdm

from exercise.problem import Problem
from exercise.verdict.standing import Standing

__all__ = ["Judgement", "judge"]


@dataclass(frozen=True)
class Judgement:
    """What a run found: where the gaps stand, and what there is to read about the wrong ones."""
    standing: Standing
    failures: list[str]


def judge(root: Path, gaps: Collection[str]) -> Judgement:
    """Run the tests of some gaps as the workflow does, with the code under test in a process of its own.

    Raises: Problem if the tests cannot be run; KeyboardInterrupt.
    """
    watcher, printed = _Watcher(), io.StringIO()
    files = sorted(str(file) for file in (root / "tests").glob("test_*.py"))
    with contextlib.redirect_stdout(printed):
        code = pytest.main(["--isolated", "--rootdir", str(root), "--capture=sys", "-p", "no:cacheprovider",
                            *(f"--gap={gap}" for gap in gaps), *files], plugins=[watcher])
    watcher.bar.close()
    if watcher.interrupted:
        raise KeyboardInterrupt
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise Problem(f"the tests cannot be run:\n{printed.getvalue().strip()}")
    return Judgement(watcher.recorder.standing(), watcher.recorder.failures)


class _Watcher:
    """A pytest plugin: moves the bar, and keeps the recorder that knows the standing."""

    def __init__(self):
        self.bar = tqdm(unit="test", leave=False, disable=None)  # only where somebody watches
        self.recorder, self.interrupted = None, False

    def pytest_collection_finish(self, session):
        self.bar.reset(total=len(session.items))
        self.recorder = session.config.pluginmanager.get_plugin("exercise")

    def pytest_runtest_logfinish(self):
        self.bar.update()

    def pytest_keyboard_interrupt(self, excinfo):
        self.interrupted = excinfo.type is KeyboardInterrupt
