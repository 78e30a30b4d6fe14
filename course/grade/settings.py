"""How to grade a class, as the command line says it."""

from collections.abc import Sequence
from dataclasses import dataclass

from course.grade.run import Run

__all__ = ["BUDGET", "SEEDS", "Settings"]

SEEDS = 3
BUDGET = 300.0  # seconds


@dataclass(frozen=True)
class Settings:
    """How to grade.

    Args:
        sheets: "2" or "1-3"; all of them without.
        jobs: how many gaps are tried at a time on a machine, where boxes are apart; as many as it has cores without.
        resume: go on with the run whose results are there.
        seeds: on how many seeds a gap has to be solved; SEEDS, or as many as the resumed run has, without.
        seed: draws them; fresh ones without.
        budget: seconds for all trials of one submission; BUDGET, or that of the resumed run, without.
        trusting: grade even where nothing keeps the code of submissions from the machine.
        points: the sheet with points that a person has given.
        worksheet, columns: Moodle's, and which of its columns are which.
        gradebook: Canvas's, and its column.
        like: an earlier run, whose seeds, budget, deadline and data of the host are taken again.
        scheduler: the address of a scheduler of dask, on whose workers gaps are tried.
        slurm: in how many jobs of Slurm they are tried.
        deadline: until when commits of clones count, such as "2026-12-01T23:59"; that of the resumed run, or none,
            without.
        pushes: the folder with the host's data on pushes; that of the resumed run, or none, without.
    """
    sheets: str | None = None
    jobs: int | None = None
    resume: bool = False
    seeds: int | None = None
    seed: int | None = None
    budget: float | None = None
    trusting: bool = False
    points: str | None = None
    worksheet: str | None = None
    columns: str | None = None
    gradebook: Sequence[str] | None = None
    like: Run | None = None
    scheduler: str | None = None
    slurm: int | None = None
    deadline: str | None = None
    pushes: str | None = None
