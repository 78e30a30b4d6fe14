"""A warm process in which pytest has collected the tests, and its forks, each of which tries one variant of the code.

The warm process never imports `lib` and never computes with torch, so that a fork starts as a fresh run would, only
some hundred times sooner. A fork lays the sources of its trial, runs the tests it is asked for and tells of each one.
"""

import contextlib
import gc
import importlib
import itertools
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TypeVar

import pytest

from course import children, entered
from exercise.asking.box import Box
from exercise.asking.starting import Nursery
from exercise.problem import Problem
from exercise.verdict import verdicts
from exercise.verdict.verdicts import Verdict

__all__ = ["CannotCollect", "Forks", "Result", "Trial", "with_tests"]

_GRACE = 2.0
_SCOUT_LIMIT = 60.0
_START_LIMIT = 20.0  # seconds more for a trial in isolation, whose nursery may have to import torch
_ANSWER_LIMIT = 2.0  # seconds that one answer may take of a trial in isolation
_Finding = TypeVar("_Finding")


class CannotCollect(Problem):
    """The tests cannot be collected; the message is one line."""


@dataclass(frozen=True)
class Trial:
    """What one fork does.

    Args:
        part, gap, name: what it is a trial of: ("wrong answer", "vae_loss", "kl_averaged").
        sources: texts to lay in place of files below lib/, by path.
        tests: node ids of the tests to run, in this order.
        seeds: for the random inputs; the tests run once for each of them.
        enough: a failure with these words ends the tests of a seed; "" stands for any failure, None for none.
        once: such a failure ends the whole trial, not only the tests of its seed.
        isolated: whether the code under test runs in a process of its own.
    """
    part: str
    gap: str
    name: str
    sources: Mapping[str, str]
    tests: Sequence[str]
    seeds: Sequence[int]
    enough: str | None = None
    isolated: bool = False
    once: bool = False

    def is_enough(self, verdict: Verdict) -> bool:
        """Whether after this verdict no more is to be learned from a seed."""
        return verdict.state != verdicts.SOLVED and self.enough is not None and self.enough in verdict.sentence


@dataclass
class Result:
    """What came of a trial.

    Args:
        verdicts: by seed and node id, of the tests that came to an end.
        entered: by node id, the gaps that a test has entered, where the sources take notes of it.
        ended: why some test has no verdict that should have one; "" if none is missing.
        late: the time was up.
        seconds: that it took.
    """
    trial: Trial
    verdicts: dict[int, dict[str, Verdict]]
    entered: dict[str, frozenset[str]] = field(default_factory=dict)
    ended: str = ""
    late: bool = False
    seconds: float = 0.0

    def failures(self, seed: int) -> dict[str, Verdict]:
        """The tests that are not solved with one seed."""
        return {test: verdict for test, verdict in self.verdicts[seed].items() if verdict.state != verdicts.SOLVED}

    def enough_said(self) -> list[str]:
        """The tests after which no more was to be learned, one for each seed that has one."""
        return [test for found in self.verdicts.values() for test, verdict in found.items()
                if self.trial.is_enough(verdict)]

    def is_complete(self) -> bool:
        """Whether each seed has a verdict of every test, or of enough of them."""
        if self.trial.once and self.enough_said():
            return True
        return all(len(found) == len(self.trial.tests) or any(map(self.trial.is_enough, found.values()))
                   for found in self.verdicts.values())


class Forks:
    """Trials of variants, as many at a time as there are cores.

    Args:
        session: pytest's, after the collection.
        limit: seconds that a trial may take for each of its seeds.
        box: what the code under test of trials in isolation runs in, each slot's in one of its own, with the limits of
            grading; by default as in a student's own run.
        answer_limit: seconds that one answer may take in a trial in isolation.
        jobs: how many trials at a time, where it is not as many as there are cores; it is one where boxes are not
            apart from each other.
    Attributes:
        tests: from gap to the node ids of its tests, in pytest's order.
        jobs: how many trials at a time.
    """

    def __init__(self, session: pytest.Session, limit: float, box: Box | None = None,
                 answer_limit: float = _ANSWER_LIMIT, jobs: int | None = None):
        self._session, self._limit, self._answer_limit = session, limit, answer_limit
        self._nurseries, self.jobs = _Nurseries(box), jobs or _cores()
        if box and not box.is_apart:
            self.jobs = 1
        self._items = {item.nodeid: item for item in session.items}
        self._context = multiprocessing.get_context("fork")
        self._enough_said: Counter[str] = Counter()  # how many trials each test has ended
        self.tests: dict[str, list[str]] = {}
        for item in session.items:
            if mark := item.get_closest_marker("gap"):
                self.tests.setdefault(mark.args[0], []).append(item.nodeid)

    def warm_up(self, tests: Sequence[str]) -> None:
        """Import here, once for all forks, what a first run of tests imports: what lib needs, what torch needs late."""
        receiver, sender = self._context.Pipe(duplex=False)
        items = [self._items[test] for test in tests]
        process = self._context.Process(target=_scout, args=(self._session, items, sender))
        children.begin(process)
        sender.close()
        with contextlib.suppress(EOFError):
            for name in receiver.recv() if receiver.poll(_SCOUT_LIMIT) else []:
                with contextlib.suppress(Exception):
                    importlib.import_module(name)
        process.kill()
        process.join()
        _check()
        gc.freeze()  # a collection in a fork would write to every object, and so copy them all

    def run(self, trials: Iterable[Trial], asking: Sequence[Connection] = ()) -> Iterator[Result]:
        """The results of trials, in the order in which they end; a trial is taken only when its turn has come.

        After each result the iterator is asked again, even if it had no more: what comes next may depend on results.

        Args: asking, connections: the iterator is asked again, too, when something can be read from one of them.
        """
        waiting, running = iter(trials), []
        try:
            while True:
                running += map(self._start, itertools.islice(waiting, self.jobs - len(running)))
                if not running:
                    return
                for fork in _listen(running, asking):
                    running.remove(fork)
                    self._nurseries.give_back(fork)
                    self._enough_said.update(fork.result.enough_said())
                    yield fork.result
        finally:
            for fork in running:
                fork.end()
                self._nurseries.give_back(fork)

    def close(self) -> None:
        """End what the trials in isolation have left ready for the next ones, and forks that Ctrl-C met at birth."""
        for process in multiprocessing.active_children():
            process.kill()
        self._nurseries.close()

    def _start(self, trial: Trial) -> "_Fork":
        receiver, sender = self._context.Pipe(duplex=False)
        # What has ended the most trials comes first, so that this one ends soon too; in an order of its own otherwise.
        soon = trial.enough is not None and not trial.once  # the first failure of a whole trial is one that people read
        order = trial.tests if not soon else sorted(trial.tests, key=lambda test: -self._enough_said[test])
        items = [self._items[test] for test in order]
        nursery = self._nurseries.take() if trial.isolated else None
        process = self._context.Process(target=_perform, args=(
            self._session, items, trial, self._answer_limit, sender, nursery), daemon=True)  # Ctrl-C waits for none
        children.begin(process)
        sender.close()
        result = Result(trial, {seed: {} for seed in trial.seeds})
        limit = self._limit * len(trial.seeds) + _START_LIMIT * trial.isolated
        return _Fork(result, process, receiver, limit, nursery)


class _Nurseries:
    """Nurseries for trials in isolation: as many as such trials run at a time, each in a slot of its own."""

    def __init__(self, box: Box | None):
        self._box, self._all, self._free = box, [], []

    def take(self) -> Nursery | None:
        """One that no trial uses; None on systems where workers are no forks."""
        if sys.platform != "linux":
            return None
        if not self._free:
            box = self._box and replace(self._box, slot=len(self._all))
            self._all.append(Nursery(box, box.limits()) if box else Nursery())
            self._free.append(self._all[-1])
        return self._free.pop()

    def give_back(self, fork: "_Fork") -> None:
        """Let the next trial have what this one used, and started anew if the trial did not end well."""
        if fork.nursery:
            if not fork.has_ended_well() or not fork.nursery.is_alive():
                fork.nursery.restart()
            self._free.append(fork.nursery)

    def close(self) -> None:
        for nursery in self._all:
            nursery.close()


class _Fork:
    """A running trial, as its parent sees it, and the nursery that it uses, if any."""

    def __init__(self, result: Result, process: multiprocessing.Process, receiver: Connection, limit: float,
                 nursery: Nursery | None):
        self.result, self.receiver, self.nursery = result, receiver, nursery
        self._process, self._limit, self._began = process, limit, time.monotonic()
        self.deadline = self._began + limit

    def listen(self) -> bool:
        """Take in one verdict; whether the fork has ended instead."""
        try:
            seed, test, verdict, entered_gaps = self.receiver.recv()
        except EOFError:
            self.end(_GRACE)
            if not self.result.is_complete():
                self.result.ended = f"its process ended before its tests, with exit code {self._process.exitcode}"
            return True
        self.result.verdicts[seed][test], self.result.entered[test] = verdict, entered_gaps
        return False

    def is_late(self) -> bool:
        """Whether the time is up; if so the fork is ended."""
        if time.monotonic() < self.deadline:
            return False
        self.end()
        self.result.ended, self.result.late = f"no end within {self._limit:g} s", True
        return True

    def has_ended_well(self) -> bool:
        """Whether its process has come to its end, in its own time."""
        return self._process.exitcode == 0

    def end(self, patience: float = 0.0) -> None:
        """Give the process some seconds to end by itself; then tell it to, then force it."""
        self._process.join(patience)
        for insist in (self._process.terminate, self._process.kill):
            if self._process.exitcode is None:
                insist()
                self._process.join(_GRACE)
        self.receiver.close()
        self.result.seconds = time.monotonic() - self._began


def with_tests(root: Path, limit: float, work: Callable[[Forks], _Finding], **settings: object) -> _Finding:
    """What `work` returns, called in a process that has collected the tests of the repository at `root`.

    Args:
        limit: seconds that a trial may take for each of its seeds.
        settings: what else Forks is given.
    Raises: CannotCollect if a file of tests is broken or imports lib; whatever `work` raises.
    """
    os.environ.pop("PYTEST_ADDOPTS", None)
    plugin = _Warm(lambda session: Forks(session, limit, **settings), work)
    pytest.main([str(root / "tests"), f"--rootdir={root}", f"--ignore={root / 'tests' / 'repository'}", "--capture=no",
                 "-o", "addopts=--strict-markers", *_without("terminal", "cacheprovider", "logging")], [plugin])
    if plugin.error is not None:
        raise plugin.error
    if not plugin.findings:
        raise CannotCollect("the tests cannot be collected, for the reason above")
    return plugin.findings[0]


class _Warm:
    """In place of running the tests, pytest calls `work`."""

    def __init__(self, forks: Callable[[pytest.Session], Forks], work: Callable[[Forks], object]):
        self._forks, self._work = forks, work
        self.findings: list = []
        self.error: BaseException | None = None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and self.error is None:
            words = [line for line in report.longreprtext.splitlines() if line.strip()]
            self.error = CannotCollect(f"{report.nodeid} cannot be collected: {words[-1].removeprefix('E').strip()}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        try:
            if self.error is None:
                _check()
                with contextlib.closing(self._forks(session)) as ready:
                    self.findings.append(self._work(ready))
        except BaseException as error:
            self.error = error
        return True


def _without(*plugins: str) -> list[str]:
    """The options that leave out plugins of pytest, which take time in each test and are of no use here."""
    return [word for plugin in plugins for word in ("-p", f"no:{plugin}")]


def _check() -> None:
    if any(map(_is_of_lib, sys.modules)):
        raise CannotCollect("a file of tests imports lib: only probes do, in the bodies of their functions")
    if threading.active_count() > 1:
        raise CannotCollect("importing the tests starts a thread, and a process with threads cannot be forked")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _listen(running: list[_Fork], asking: Sequence[Connection]) -> list[_Fork]:
    """Wait until something happens in one of the forks, or can be read elsewhere; the forks that have ended."""
    patience = min(fork.deadline for fork in running) - time.monotonic()
    ready = wait([*(fork.receiver for fork in running), *asking], max(patience, 0.0))
    return [fork for fork in running if fork.receiver in ready and fork.listen() or fork.is_late()]


def _perform(session: pytest.Session, items: list[pytest.Item], trial: Trial, answer_limit: float, sender: Connection,
             nursery: Nursery | None) -> None:
    """Run one trial; this is all that the fork does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that fixtures are torn down, and their processes end
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _silence()
    session.config.stash[verdicts.SOURCES] = dict(trial.sources)
    session.config.stash[verdicts.LIMIT] = answer_limit
    session.config.option.isolated = trial.isolated
    if nursery:
        session.config.stash[verdicts.NURSERY] = nursery
    try:
        for seed in trial.seeds:
            session.config.option.seed = seed
            if _run(session, items, trial, _Messenger(sender, seed)) and trial.once:
                break
    finally:
        session._setupstate.teardown_exact(None)


def _run(session: pytest.Session, items: list[pytest.Item], trial: Trial, messenger: "_Messenger") -> bool:
    """Run the tests with one seed, and tell whether one of them was enough; the fixtures of the session, and with them
    the code under test, live on.

    What comes next is open until a test has ended, so pytest is told of no next test, only that the session goes on.
    """
    session.config.pluginmanager.register(messenger)
    for item in items:
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=session)
        if trial.is_enough(messenger.last):
            break
    session.config.pluginmanager.unregister(messenger)
    return trial.is_enough(messenger.last)


def _scout(session: pytest.Session, items: list[pytest.Item], sender: Connection) -> None:
    """Run tests on the code as it is, and tell which modules that has imported."""
    _silence()
    known = set(sys.modules)
    for item in items:
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=session)
    sender.send([name for name in sys.modules if name not in known and not _is_of_lib(name)])


def _is_of_lib(module: str) -> bool:
    return module.partition(".")[0] == "lib"


def _silence() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


class _Messenger:
    """Tells the parent of each test, when it has come to its end."""

    def __init__(self, sender: Connection, seed: int):
        self._sender, self._seed, self._reports = sender, seed, []
        self.last = Verdict(verdicts.WRONG)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._reports.append(report)
        if report.when == "teardown":
            self.last, self._reports = _verdict(self._reports), []
            self._sender.send((self._seed, report.nodeid, self.last, entered.take()))


def _verdict(reports: list[pytest.TestReport]) -> Verdict:
    """The verdict of a test by its reports on setup, call and teardown: solved only if all three passed."""
    for report in reports:
        if not report.passed:
            said = dict(report.user_properties)
            state = said.get("state", verdicts.WRONG)
            sentence = said.get("sentence") or report.longreprtext
            return Verdict(verdicts.WRONG if state == verdicts.SOLVED else state, sentence, said.get("blocked_by"),
                           kind=said.get("kind", verdicts.UNUSABLE), path=said.get("path") or None,
                           line=said.get("line") or None)
    return Verdict(verdicts.SOLVED)
