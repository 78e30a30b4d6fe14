"""The pytest plugin that turns tests into verdicts on gaps, and a run of tests into a standing.

Each test with the mark `gap(id)` judges that gap. Its deciding report carries, as user properties, "gap" and, of the
verdict, "state", "sentence", "blocked_by", "kind", "path" and "line". After the run `Recorder.standing` tells where
each gap stands, and the terminal shows it.
"""

from collections import defaultdict
from functools import cached_property
from pathlib import Path

import pytest

from exercise.asking.failure import ProbeFailed
from exercise.source import places
from exercise.source.table import Course
from exercise.verdict import github, standing, verdicts
from exercise.verdict.standing import Standing
from exercise.verdict.verdicts import BLOCKED, LEVEL, NOT_STARTED, SOLVED, SOURCES, WRONG, Verdict

__all__ = ["Recorder"]

_SHORT = {NOT_STARTED: "n", BLOCKED: "b"}
_LAST_LINES = 10
_NOT_RUN = "not run: an earlier test of {} ran into the time limit"
_SELECTING = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise")


class Recorder:
    """Judges the gaps of one pytest run.

    Args:
        root: the folder that holds `lib`.
        chosen: ids of the gaps whose tests to run; all tests where it is empty.
    """

    def __init__(self, config: pytest.Config, root: Path, course: Course, chosen: list[str]):
        self.config, self.root, self.course, self.chosen = config, root, course, chosen
        self._tests: dict[str, str] = {}  # node id -> gap, of all tests collected
        self._left_out: set[str] = set()
        self._results: dict[str, Verdict] = {}
        self._said: set[str | tuple[str, ...]] = set()
        self._late: set[str] = set()  # gaps of which a test ran into the time limit
        self.failures: list[str] = []  # what there is to read about wrong gaps, each failure once

    @cached_property
    def places(self) -> places.Places:
        """Where the gaps lie; asked for when the first test runs, since variants may be laid until then."""
        return places.find(self.root, self.config.stash.get(SOURCES, {}))

    def standing(self) -> Standing:
        """Where each gap stands that this run had tests of."""
        found, judged = defaultdict(list, {name: [] for name in self.chosen}), self._judged()
        for node, gap in self._tests.items():
            if gap in judged:
                found[gap].append(self._results.get(node))
        if any("::" in argument for argument in self.config.args):  # single tests: they do not show all of a gap
            for of_gap in found.values():
                of_gap.append(None)
        whole = self._is_whole()
        return standing.of_run(self.course, self.places, found, whole, self.places.changed() if whole else (),
                               self.config.stash.get(LEVEL, ""))

    # Which tests there are ----------------------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, config, items):
        self._tests = {item.nodeid: gap for item in items if (gap := _gap_of(item))}
        for node, gap in self._tests.items():
            if gap not in self.course.gaps:
                raise pytest.UsageError(f"{node} judges the gap {gap!r}, which course.toml does not list")
        if self.chosen:
            config.hook.pytest_deselected(items=[item for item in items if _gap_of(item) not in self.chosen])
            items[:] = [item for item in items if _gap_of(item) in self.chosen]
        return (yield)

    def pytest_deselected(self, items):
        self._left_out.update(item.nodeid for item in items)

    # One test -----------------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        gap = _gap_of(item)
        if gap and (trouble := self.places.trouble(gap)):
            pytest.fail(str(trouble), pytrace=False)
        if gap in self._late:  # a loop costs the limit once, not with each test
            pytest.fail(_NOT_RUN.format(gap), pytrace=False)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        gap = _gap_of(item)
        if gap is None or call.excinfo and call.excinfo.errisinstance((KeyboardInterrupt, pytest.exit.Exception)):
            return report
        report.user_properties.append(("gap", gap))
        if call.excinfo:
            error, known = call.excinfo.value, {*self.course.gaps} | self.places.named
            if isinstance(error, ProbeFailed) and error.failure.kind == "timeout":
                self._late.add(gap)
            self._fail(report, item, verdicts.of_failure(gap, error, known))
        elif report.when == "call":
            _attach(report, Verdict(SOLVED))
        return report

    def pytest_runtest_logreport(self, report):
        properties = dict(report.user_properties)
        if "state" in properties and self._results.get(report.nodeid, Verdict(SOLVED)).state == SOLVED:
            self._results[report.nodeid] = Verdict(properties["state"], properties["sentence"],
                                                   properties["blocked_by"] or None)

    def pytest_report_teststatus(self, report):
        state = dict(getattr(report, "user_properties", ())).get("state")
        if state in _SHORT:
            return state, _SHORT[state], (state.upper(), {"yellow": True})
        if state == WRONG:
            return ("failed alike", "f", "FAILED ALIKE") if hasattr(report, "alike") else ("failed", "F", "FAILED")

    # The run ------------------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session):
        """A run that did not hear of each test that it was to hear of is no success."""
        silent = [node for node in self._tests if node not in self._left_out and node not in self._results]
        if (silent or self._unjudged()) and session.exitstatus == pytest.ExitCode.OK \
                and not self.config.option.collectonly:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter):
        result = yield  # the failures come before
        if self._results:
            found = self.standing()
            terminalreporter.write_sep("=", "where you stand", bold=True)
            for line in found.lines(colour=terminalreporter.hasmarkup) + github.report(found):
                terminalreporter.write_line(line)
        return result

    def _fail(self, report, item, verdict: Verdict) -> None:
        report.outcome = "failed"  # whatever it was: a gap's test that is skipped, or expected to fail, shows nothing
        vars(report).pop("wasxfail", None)
        _attach(report, verdict)
        report.longrepr = verdict.sentence if verdict.state in _SHORT else self._explained(item, verdict)
        if verdict.state == WRONG:
            self._note(report, item, verdict)

    def _note(self, report, item, verdict: Verdict) -> None:
        """Mark a failure that is like an earlier one: what a student has read once need not be read again."""
        essence = verdict.details or verdict.sentence
        if essence in self._said or essence == _NOT_RUN.format(_gap_of(item)):
            report.alike = True
        else:
            self.failures.append(f"{report.longrepr}{_printed(report)}")
        self._said.add(essence)

    def _explained(self, item, verdict: Verdict) -> str:
        gap = _gap_of(item)
        return "\n".join([
            verdict.sentence, *(f"    {line}" for line in verdict.details), "",
            f"the test:    {' '.join((item.obj.__doc__ or item.name).split())}",
            f"the gap:     {gap}, {self.course.where(gap)}; python -m exercise hint {gap}",
            f"once again:  python -m pytest -s --gap {gap} --seed {self.config.getoption('seed')}"])

    def _is_whole(self) -> bool:
        """Whether this run was to judge the whole course."""
        if self.chosen:
            return set(self.chosen) == set(self.course.gaps)
        given = self.config.args_source is pytest.Config.ArgsSource.ARGS
        return not given and not any(self.config.getoption(name, None) for name in _SELECTING)

    def _judged(self) -> set[str]:
        return {gap for node, gap in self._tests.items() if node not in self._left_out}

    def _unjudged(self) -> list[str]:
        """The gaps that this run was to judge and has no test of."""
        expected, judged = self.course.gaps if self._is_whole() else self.chosen, self._judged()
        return [gap for gap in expected if gap not in judged]


def _gap_of(item) -> str | None:
    mark = item.get_closest_marker("gap")
    return mark.args[0] if mark else None


def _printed(report) -> str:
    """The last lines that the code under test printed; pytest itself shows them below a failure, all of them."""
    lines = report.capstdout.splitlines()[-_LAST_LINES:]
    head = "the last lines that your code printed (-s, as above, shows all, and stops at breakpoints):"
    return "\n".join(["", "", head, *lines]) if lines else ""


def _attach(report, verdict: Verdict) -> None:
    report.user_properties += [("state", verdict.state), ("sentence", verdict.sentence),
                               ("blocked_by", verdict.blocked_by or ""), ("kind", verdict.kind),
                               ("path", verdict.path or ""), ("line", verdict.line or 0)]
