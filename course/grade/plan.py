"""The ways in which a gap is tried, and what is made of what its tests say.

In isolation all other gaps are solved. As submitted, the other gaps are what the team has written. In the team's own
file, that file takes the place of the pristine one, and all other gaps are solved.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from course import entered
from course.forks import Forks, Result, Trial
from course.grade import sentences
from course.grade.pristine import Pristine
from course.grade.results import NO_VERDICT, Outcome
from course.grade.sentences import Judges
from exercise.problem import Problem
from exercise.source import gaps
from exercise.verdict.verdicts import SOLVED, UNUSABLE, WRONG, Verdict

__all__ = ["ISOLATED", "NO_WORKER", "OWN_FILE", "SUBMITTED", "Plan", "Tried"]

ISOLATED, SUBMITTED, OWN_FILE = "in isolation", "as submitted", "in the team's own file"
_SURVEYS = 3  # attempts: a busy or disturbed machine may end a process
NO_WORKER = "the worker process could not be started"
_FROM_THE_JUDGE = f"the test could not use what the code returned: RuntimeError: {NO_WORKER}"  # no answer does that


@dataclass(frozen=True)
class Tried:
    """What came of a trial: the verdict of the first test that failed, with its seed, or SOLVED."""
    verdict: Verdict
    test: str = ""
    seed: int | None = None


@dataclass
class Plan:
    """What all submissions of a run have in common.

    Args:
        tests: from gap to the node ids of its tests.
        seeds: a gap is solved if it is on all of them.
    Attributes:
        entered: from gap to the other gaps that its tests enter.
    Raises: Problem if a gap has no test.
    """
    pristine: Pristine
    judges: Judges
    tests: Mapping[str, list[str]]
    seeds: tuple[int, ...]
    entered: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self):
        for name in self.pristine.gaps:
            if not self.tests.get(name):
                raise Problem(f"the gap {name} has no test that could grade it")

    def take_survey(self, ready: Forks) -> None:
        """Run all tests on the solution, to learn which gaps each of them enters; parts that are lost, once more.

        Raises: Problem if a test fails: what refuses the solution grades nobody.
        """
        by_test: dict[str, frozenset[str]] = {}
        trials = self._survey(ready.jobs)
        for _ in range(_SURVEYS):
            found = [(result, self.tried(result)) for result in ready.run(trials)]
            for result, tried in found:
                if tried.verdict.state not in (SOLVED, NO_VERDICT):
                    raise Problem(f"{tried.test} refuses the solution (--seed {tried.seed}): {tried.verdict.sentence}")
                by_test |= result.entered
            trials = [result.trial for result, tried in found if tried.verdict.state == NO_VERDICT]
        if trials:
            raise Problem("the tests cannot be run on the solution: their process ends before them")
        self.entered = {name: set().union(*(by_test[test] for test in self.tests[name])) - {name}
                        for name in self.pristine.gaps}

    def _survey(self, parts: int) -> list[Trial]:
        tests = [test for name in self.pristine.gaps for test in self.tests[name]]
        sources = entered.noting(self.pristine.gaps.values(), self.pristine.texts)
        return [Trial("survey", "", "", sources, tests[part::parts], self.seeds[:1], "", once=True)
                for part in range(min(parts, len(tests)))]

    def isolated(self, gap: str, body: str) -> Trial:
        return self._trial(ISOLATED, gap, self.pristine.solved_but({gap: body}))

    def submitted(self, gap: str, bodies: Mapping[str, str]) -> Trial:
        """Args: bodies, those of all gaps that the team has written."""
        return self._trial(SUBMITTED, gap, self.pristine.empty_but(bodies))

    def own_file(self, gap: str, text: str) -> Trial:
        return self._trial(OWN_FILE, gap, {self.pristine.gaps[gap].path: text})

    def tried(self, result: Result) -> Tried:
        """What came of a trial; a verdict without a test is missing, or came too late."""
        for seed in result.trial.seeds:
            for test, verdict in result.verdicts[seed].items():
                if verdict.state != SOLVED:
                    lost = verdict.kind == UNUSABLE and verdict.sentence.startswith(_FROM_THE_JUDGE)
                    return Tried(Verdict(NO_VERDICT, verdict.sentence) if lost else verdict, test, seed)
        if result.late:
            return Tried(Verdict(WRONG, result.ended, kind="timeout"))
        return Tried(Verdict(NO_VERDICT, result.ended) if result.ended else Verdict(SOLVED))

    def outcome(self, trial: Trial, tried: Tried) -> Outcome:
        """What a team may know of it: all of it as submitted, otherwise what no solution can be in."""
        verdict, sentence = tried.verdict, tried.verdict.sentence
        if verdict.state == NO_VERDICT and tried.test:
            sentence = f"{NO_WORKER}: see python -m course doctor"
        elif verdict.state not in (SOLVED, NO_VERDICT) and trial.part != SUBMITTED:
            path = self.pristine.gaps[trial.gap].path
            gap = next(gap for gap in gaps.parse(trial.sources[path], path) if gap.id == trial.gap)
            sentence = sentences.passed_on(verdict, gap, tried.test, self.judges)
        about = self.judges.about_test(tried.test)
        return Outcome(verdict.state, verdict.kind, sentence, tried.test, tried.seed, about)

    def _trial(self, way: str, gap: str, sources: dict[str, str]) -> Trial:
        """A trial whose name is that of every other one with the same texts."""
        digest = hashlib.sha256("\0".join(f"{path}\0{text}" for path, text in sorted(sources.items())).encode())
        return Trial(way, gap, f"{gap} {digest.hexdigest()}", sources, self.tests[gap], self.seeds, "", isolated=True,
                     once=True)
