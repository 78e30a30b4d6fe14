"""The parts of the verification: which trials a gap goes through, and what each of them should come to."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from course import entered
from course.forks import Result, Trial
from course.verify import answers, cheats, mutants, operators
from course.verify.mutants import Equivalent, Mutant
from course.verify.operators import BY_CHANCE
from exercise.asking import confinement, repairing
from exercise.problem import Problem
from exercise.source import gaps, table
from exercise.source.gaps import Gap
from exercise.verdict.verdicts import BLOCKED, NOT_STARTED, SOLVED

__all__ = ["ALTERNATIVE", "CHEAT", "EMPTY", "EQUIVALENT", "MUTANT", "REFERENCE", "TRANSFORMATION", "WRONG", "Plan",
           "Record"]

SURVEY, NO_END = "survey", "no end"
EMPTY, REFERENCE, WRONG, ALTERNATIVE = "empty gap", "solution", "wrong answer", "alternative"
MUTANT, TRANSFORMATION, EQUIVALENT, CHEAT = "mutant", "transformation", "equivalent", "cheat"
_SEEDS_PER_ANSWER = 3
_SEEDS_PER_FORK = 5


@dataclass
class Record:
    """What the trials of one gap have shown.

    Args:
        tests: node ids of the tests that judge it.
        tried: by part, the names of what was tried.
        failed: by part, the names of what came out otherwise than it should.
        misses: what is not as it should be: from a sentence to an example and the seeds that show it.
        matrix: the state of every test of the repository while this gap is empty.
    """
    gap: str
    tests: list[str]
    tried: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    failed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    misses: dict[str, tuple[str, list[int]]] = field(default_factory=dict)
    matrix: dict[str, str] = field(default_factory=dict)

    def miss(self, sentence: str, example: str = "", *seeds: int) -> None:
        """Note something that is not as it should be; of several examples the first is kept."""
        self.misses.setdefault(sentence, (example, []))[1].extend(seeds)


class Plan:
    """What to try for the chosen gaps.

    Args:
        root: the repository.
        chosen: words that mean gaps, as `Course.named` reads them; none for all.
        seeds: on how many seeds the solution is tried; each known answer on a fifth as many, three at most.
        seed: draws the seeds of all trials; fresh ones without it.
    Attributes:
        chosen: the ids, in course order.
        equivalents: the changes of the chosen gaps that are listed as equivalent.
        untried: the cheats on the chosen gaps that only a barrier stops which this system does not have.
    Raises: Problem if the table of the course, a file of lib/ or a variant cannot be used, or there is
        no gap of a chosen id.
    """

    def __init__(self, root: Path, chosen: list[str], seeds: int, seed: int | None = None):
        course, self._gaps = table.load(root), gaps.read(root)
        wanted = {name for word in chosen for name in course.named(word)}
        self.chosen = [name for name in course.gaps if name in wanted or not chosen]
        self._stubs = {name: gaps.stub(self._gaps[name], course.where(name)) for name in self.chosen}
        self._texts = {gap.path: gaps.read_text(root / gap.path, gap.path) for gap in self._gaps.values()}
        for path, text in self._texts.items():
            for name, fault in repairing.repair(text, path)[1].items():
                raise Problem(f"the solution of the gap {name} does not compile: {path}, {fault}")
        self._answers = answers.read(root, self._gaps)
        barriers, found = {"", *confinement.barriers()}, cheats.read(root, self._gaps)
        self._cheats = [cheat for cheat in found if cheat.barrier in barriers]
        self.untried = [cheat for cheat in found if cheat.barrier not in barriers and cheat.gap in self.chosen]
        self._mutants = {name: mutants.mutants(self._gaps[name]) for name in self.chosen}
        self._transformed = {name: operators.transformations(self._gaps[name], self._texts) for name in self.chosen}
        self.equivalents = [entry for name in self.chosen for entry in self._answers[name].equivalent]
        self._random = random.SystemRandom() if seed is None else random.Random(seed)
        self._seeds = self._fresh(seeds)
        self._seeds_per_answer = min(_SEEDS_PER_ANSWER, -(-seeds // _SEEDS_PER_FORK))

    def survey(self, all_tests: list[str], parts: int = 2) -> list[Trial]:
        """Runs of all tests of the repository, a part in each, which tell the gaps that each test enters."""
        sources = entered.noting(self._gaps.values(), self._texts)
        return [Trial(SURVEY, "", "", sources, all_tests[part::parts], self._seeds[:1]) for part in range(parts)]

    def trials(self, record: Record, entering: Mapping[str, frozenset[str]]) -> list[Trial]:
        """Every trial of one gap, its parts one after the other.

        Args:
            entering: from the tests of the whole repository to the gaps that they enter, with the seed of the survey;
                those that enter this one, whosever they are, run while it is empty.
        """
        gap, few = self._gaps[record.gap], self._fresh(_SEEDS_PER_ANSWER)[:self._seeds_per_answer]
        touched = [test for test, names in entering.items() if test in record.tests or gap.id in names]
        record.matrix = dict.fromkeys(entering, SOLVED) | dict.fromkeys(touched, NO_END)
        found = [self._trial(gap, EMPTY, "", self._stubs[gap.id], touched, self._seeds[:1])]
        if not record.tests:
            return found
        found += [self._trial(gap, REFERENCE, "", gap.body, record.tests, self._seeds[i:i + _SEEDS_PER_FORK])
                  for i in range(0, len(self._seeds), _SEEDS_PER_FORK)]
        found += [self._trial(gap, WRONG, answer.name, answer.body, record.tests, few, answer.says)
                  for answer in self._answers[gap.id].wrong]
        found += [self._trial(gap, ALTERNATIVE, answer.name, answer.body, record.tests, few)
                  for answer in self._answers[gap.id].right]
        for part, changes in ((MUTANT, self._mutants), (TRANSFORMATION, self._transformed)):
            found += [self._trial(gap, EQUIVALENT if self._is_listed(gap, change) else part,
                                  f"({change.operator}) {_change(change)}", change.body, record.tests,
                                  few if change.operator in BY_CHANCE else few[:1], "") for change in changes[gap.id]]
        found += [self._trial(gap, CHEAT, cheat.name, cheat.body, record.tests, few[:1], "", isolated=True)
                  for cheat in self._cheats if cheat.gap == gap.id]
        return found

    def _fresh(self, count: int) -> list[int]:
        return self._random.sample(range(10**6), count)

    def judge(self, record: Record, result: Result) -> None:
        """Compare what came of a trial with what should have."""
        part, name = result.trial.part, result.trial.name
        for seed, found in result.verdicts.items():
            if part == EMPTY:
                record.matrix |= {test: verdict.state for test, verdict in found.items()}
            record.tried[part].add(name or str(seed))
            for sentence, example in _COMPLAINTS[part](record, result, seed):
                record.failed[part].add(name or str(seed))
                record.miss(f"{part} {name}".strip() + f": {sentence}", example, seed)

    def conclude(self, record: Record) -> None:
        """Note what shows only after all trials."""
        if not record.tests:
            record.miss("no test judges it")
        known = self._answers[record.gap]
        for kind, entries in (("wrong", known.wrong), ("right", known.right)):
            if not entries:
                record.miss(f"there is no [[{kind}]] in {answers.FOLDER}/{record.gap}.toml")
        for entry in known.equivalent:
            if not any(map(entry.is_of, self._mutants[record.gap] + self._transformed[record.gap])):
                record.miss(f"listed as equivalent, and no longer made at all: {_change(entry)}")

    def _trial(self, gap: Gap, part: str, name: str, body: str, tests: list[str], seeds: list[int],
               enough: str | None = None, isolated: bool = False) -> Trial:
        sources = {gap.path: gaps.compose(self._texts[gap.path], {gap.id: body}, gap.path)}
        return Trial(part, gap.id, name, sources, tests, seeds, enough, isolated)

    def _is_listed(self, gap: Gap, mutant: Mutant) -> bool:
        return any(entry.is_of(mutant) for entry in self._answers[gap.id].equivalent)


def _while_empty(record: Record, result: Result, seed: int) -> Iterator[tuple[str, str]]:
    for test, verdict in result.verdicts[seed].items():
        if test in record.tests and verdict.state == SOLVED:
            yield f"{test} never fails: it passes although the gap is empty", ""
        elif test in record.tests and verdict.state != NOT_STARTED:
            yield f"{test} should read {NOT_STARTED!r}, but reads {verdict.state!r}", verdict.sentence
        elif test not in record.tests and verdict.state != SOLVED \
                and (verdict.state, verdict.blocked_by) != (BLOCKED, record.gap):
            yield f"{test}, of another gap, should pass or be blocked, but reads {verdict.state!r}", verdict.sentence
    yield from _unfinished(result)


def _if_correct(record: Record, result: Result, seed: int) -> Iterator[tuple[str, str]]:
    yield from ((f"refused by {test}", verdict.sentence) for test, verdict in result.failures(seed).items())
    yield from _unfinished(result)


def _if_wrong(record: Record, result: Result, seed: int) -> Iterator[tuple[str, str]]:
    words = result.trial.enough or ""
    sentences = [verdict.sentence for verdict in result.failures(seed).values()] + [result.ended] * bool(result.ended)
    if not sentences:
        yield "passes every test", ""
    elif not any(words in sentence for sentence in sentences):
        yield f"no failing test says {words!r}, but", sentences[0]


def _if_cheat(record: Record, result: Result, seed: int) -> Iterator[tuple[str, str]]:
    if not result.failures(seed):
        yield result.ended or "earns the points of the gap", ""


def _unfinished(result: Result) -> list[tuple[str, str]]:
    return [(result.ended, "")] if result.ended else []


_COMPLAINTS = {EMPTY: _while_empty, REFERENCE: _if_correct, ALTERNATIVE: _if_correct, EQUIVALENT: _if_correct,
               WRONG: _if_wrong, MUTANT: _if_wrong, TRANSFORMATION: _if_wrong, CHEAT: _if_cheat}


def _change(mutant: Mutant | Equivalent) -> str:
    return f"{mutant.before} -> {mutant.after}"
