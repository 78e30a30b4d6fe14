"""Trials, and what came of them, as texts."""

import json
from dataclasses import asdict

from course.forks import Result, Trial
from exercise.verdict.verdicts import Verdict

__all__ = ["of_result", "of_trial", "to_result", "to_trial"]


def of_trial(trial: Trial) -> str:
    """All of a trial."""
    return json.dumps(asdict(trial))


def to_trial(text: str) -> Trial:
    """The trial that this text was made of."""
    return Trial(**json.loads(text))


def of_result(result: Result) -> str:
    """All of a result but its trial."""
    verdicts = {seed: {test: asdict(verdict) for test, verdict in found.items()}
                for seed, found in result.verdicts.items()}
    entered = {test: sorted(gaps) for test, gaps in result.entered.items()}
    return json.dumps({"verdicts": verdicts, "entered": entered, "ended": result.ended, "late": result.late,
                       "seconds": result.seconds})


def to_result(trial: Trial, text: str) -> Result:
    """The result that this text was made of."""
    plain = json.loads(text)
    verdicts = {int(seed): {test: _verdict(said) for test, said in found.items()}
                for seed, found in plain["verdicts"].items()}
    entered = {test: frozenset(gaps) for test, gaps in plain["entered"].items()}
    return Result(trial, verdicts, entered, plain["ended"], plain["late"], plain["seconds"])


def _verdict(plain: dict) -> Verdict:
    return Verdict(**plain | {"details": tuple(plain["details"])})
