"""Tries hostile texts as the grader tries gaps, and prints what came out, a line of JSON for each trial.

`test_hostile.py` starts it: such trials are forks of a process that has neither threads nor `lib` in it.

    python -m tests.repository.hostile_process LEVEL [NAME…]

in a box of that level.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

from course import forks
from course.forks import Forks, Result, Trial
from course.grade.plan import NO_WORKER
from course.verify import cheats
from course.verify.variants import Variant
from exercise.asking.box import Box
from exercise.source import gaps

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("course/cheats", "course/hostile/gaps")
OWN, NEIGHBOUR, NEXT = "own", "neighbour", "next"  # what is tried: the gap, another gap of its team, another team
_SEED = 5
_LIMIT, _ANSWER_LIMIT = 60.0, 4.0
_EVERY = 4  # hostile texts, after which another team has its turn
_LATER = 1.0  # seconds after which nothing of a trial should run any more


def texts() -> dict[str, Variant]:
    """The corpus, by name."""
    known = gaps.read(ROOT)
    return {cheat.name: cheat for folder in FOLDERS for cheat in cheats.read(ROOT, known, folder)}


def neighbour(cheat: Variant) -> str:
    """A gap whose tests do not enter that of a cheat."""
    return "vae_forward" if cheat.gap == "discretise_pixels" else "discretise_pixels"


def try_all(ready: Forks, names: list[str]) -> None:
    """Try texts, and print what came out."""
    chosen = [cheat for cheat in texts().values() if cheat.name in names]
    tests = ready.tests
    ready.warm_up([test for cheat in chosen for gap in (cheat.gap, neighbour(cheat)) for test in tests[gap]])
    for result in _results(ready, _trials(chosen, tests)):
        found = {test: astuple(verdict) for test, verdict in result.verdicts[_SEED].items()}
        print(json.dumps([result.trial.part, result.trial.name, found, result.ended]), flush=True)
    time.sleep(_LATER)
    print(json.dumps(standing()), flush=True)


def _results(ready: Forks, trials: list[Trial]) -> Iterator[Result]:
    """The results of trials; as in the grader, one without a verdict, as no worker could be started, is made again."""
    again = []
    for result in ready.run(trials):
        if any(NO_WORKER in verdict.sentence for verdict in result.verdicts[_SEED].values()):
            again.append(result.trial)
        else:
            yield result
    yield from ready.run(again)


def standing() -> dict[str, object]:
    """What a process stands on in the eyes of the system, and another one could change."""
    return {"priority": os.getpriority(os.PRIO_PROCESS, 0), "files": [*resource.getrlimit(resource.RLIMIT_NOFILE)],
            "processors": sorted(os.sched_getaffinity(0))}


def _trials(chosen: list[Variant], tests: dict[str, list[str]]) -> list[Trial]:
    known, found = gaps.read(ROOT), []
    for number, cheat in enumerate(chosen):
        path, own, others = known[cheat.gap].path, tests[cheat.gap], tests[neighbour(cheat)][-2:]
        sources = {path: gaps.compose(gaps.read_text(ROOT / path, path), {cheat.gap: cheat.body}, path)}
        found += [Trial(OWN, cheat.gap, cheat.name, sources, own, [_SEED], enough="", isolated=True),
                  Trial(NEIGHBOUR, cheat.gap, cheat.name, sources, [own[0], *others], [_SEED], isolated=True)]
        if number % _EVERY == 0:
            found.append(Trial(NEXT, cheat.gap, cheat.name, {}, others, [_SEED], isolated=True))
    return found


if __name__ == "__main__":
    os.environ["MPLBACKEND"] = "Agg"
    level, *names = sys.argv[1:]
    forks.with_tests(ROOT, _LIMIT, lambda ready: try_all(ready, names), box=Box(level), answer_limit=_ANSWER_LIMIT)
