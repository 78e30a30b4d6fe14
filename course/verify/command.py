"""`python -m course verify [GAP…]`: the tests are put to the test.

Every gap is emptied, solved, answered wrongly, answered otherwise, changed by a slip or a bad habit and cheated on;
each time its tests have to say what is so. Source of the idea of mutants: DeMillo, Lipton and Sayward, Hints on Test
Data Selection, 1978, https://doi.org/10.1109/C-M.1978.218136
"""

import os
from pathlib import Path

from tqdm import tqdm

from course import forks
from course.forks import Forks
from course.verify import findings
from course.verify.trials import Plan, Record
from exercise.problem import Problem

__all__ = ["REPORT", "verify"]

REPORT = "results_verify/report.md"  # .gitignore names /results*/
_STEERING = ("conftest.py", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "sitecustomize.py", "*.pth")


def verify(root: str | Path, chosen: list[str], seeds: int = 20, limit: float = 60.0, report: str | Path = "",
           seed: int | None = None) -> int:
    """Put the tests of the chosen gaps to the test, print a line per gap and what is to be mended, write a report.

    Args:
        root: the repository.
        chosen: words that mean gaps, as `Course.named` reads them; none for all.
        seeds: on how many seeds the solution is tried.
        limit: seconds that a trial may take for each of its seeds.
        report: the file for the report; by default REPORT in the repository.
        seed: draws the seeds of all trials; fresh ones without it.
    Returns: an exit code, 0 if everything is as it should be, else 1.
    Raises: Problem if something that is needed for this cannot be used.
    """
    if not hasattr(os, "fork"):
        raise Problem("verify forks its process, which this system cannot do: run it on Linux or macOS")
    root = Path(root).resolve()
    plan, steering, place = Plan(root, chosen, seeds, seed), _steering(root), _place(report or root / REPORT)
    records = forks.with_tests(root, limit, lambda ready: _try(plan, ready))
    trouble = findings.misses(records)
    trouble += [f"a trial has left {path} behind" for path in sorted(_steering(root) - steering)]
    place.write_text(findings.report(records, trouble, plan.equivalents), encoding="utf-8")
    print(*findings.summary(records), *findings.untried(plan.untried), *trouble, sep="\n")
    print(f"{len(trouble)} to mend." if trouble else "All is as it should be.", f"The report: {place}")
    return 1 if trouble else 0


def _try(plan: Plan, ready: Forks) -> list[Record]:
    """Make all trials, in the warm process."""
    records = {name: Record(name, ready.tests.get(name, [])) for name in plan.chosen}
    all_tests = [test for tests in ready.tests.values() for test in tests]
    ready.warm_up([test for record in records.values() for test in record.tests])
    tqdm.monitor_interval = 0  # it would start a thread, and a process with threads should not be forked
    entering = dict.fromkeys(all_tests, frozenset(plan.chosen))
    for result in ready.run(plan.survey(all_tests)):
        entering |= result.entered
    trials = [trial for record in records.values() for trial in plan.trials(record, entering)]
    with tqdm(ready.run(trials), total=len(trials), unit=" trials", disable=None) as results:
        for result in results:
            results.set_description(result.trial.gap, refresh=False)
            plan.judge(records[result.trial.gap], result)
    for record in records.values():
        plan.conclude(record)
    return list(records.values())


def _place(report: str | Path) -> Path:
    """The file for the report, which is made now: what cannot be written should be known before the work is done."""
    place = Path(report)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    except OSError as error:
        raise Problem(f"the report cannot be written to {place}: {error.strerror}") from None
    return place


def _steering(root: Path) -> set[str]:
    """The files by which a run of the tests could be steered."""
    found = [file for name in _STEERING for folder in ("", "tests/", "exercise/", "lib/")
             for file in root.glob(folder + name)]
    return {file.relative_to(root).as_posix() for file in found}
