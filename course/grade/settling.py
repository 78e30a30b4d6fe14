"""What all results of a run share, settled before anything is graded: new, or as the run has it that is resumed."""

import random
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from course.grade import isolation
from course.grade.deadlines import moment
from course.grade.folder import Folder
from course.grade.history import Cutoff
from course.grade.pristine import Pristine
from course.grade.run import Run
from course.grade.settings import BUDGET, SEEDS, Settings
from course.grade.version import same, version
from exercise.problem import Problem

__all__ = ["settle"]

_ANSWER_LIMIT = 10.0  # seconds


def settle(pristine: Pristine, folder: Folder, submissions: str, settings: Settings) -> tuple[Run, Cutoff]:
    """What all results will share, and what of it decides on which commit of a clone counts.

    Raises: Problem if it is not that of the run which is resumed, or its deadline or the host's data cannot be used.
    """
    earlier = folder.resumed() if settings.resume else None
    run = _asked_for(pristine, submissions, settings, earlier or settings.like)
    cutoff = Cutoff.of(run)
    if earlier is None:
        return run, cutoff
    if same(earlier.version, run.version):
        run = replace(run, version=earlier.version)
    for words in run.differences(earlier).values():
        raise Problem(f"{folder.place} cannot be resumed: {words}; grade into a new folder")
    return run, cutoff


def _asked_for(pristine: Pristine, submissions: str, settings: Settings, model: Run | None) -> Run:
    """What the settings ask for; what they leave open is as in another run, if there is one."""
    level = isolation.level(settings.trusting)
    seeds = model.seeds if model and settings.seeds is None and settings.seed is None else _draw(settings)
    budget = settings.budget or (model.budget if model else BUDGET)
    deadline = moment(settings.deadline).astimezone(UTC).isoformat() if settings.deadline else ""
    pushes = str(Path(settings.pushes).resolve()) if settings.pushes else ""
    return Run(version(pristine.root), seeds, (pristine.chosen.first, pristine.chosen.last), level,
               isolation.barriers(level), _ANSWER_LIMIT, budget, submissions,
               deadline or (model.deadline if model else ""), pushes or (model.pushes if model else ""))


def _draw(settings: Settings) -> tuple[int, ...]:
    source = random.SystemRandom() if settings.seed is None else random.Random(settings.seed)
    return tuple(source.sample(range(10**6), settings.seeds or SEEDS))
