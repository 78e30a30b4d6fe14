"""`python -m course grade SUBMISSIONS --out GRADES`: points for every gap of every team.

Nothing of a submission is executed in this process: it is text, of which the bodies of gaps are laid into the solved
files, and what runs these is a worker in a box, which has no tests and no expected values (see exercise/README.md).
"""

import functools
import os
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

from tqdm import tqdm

from course import forks
from course.forks import Forks
from course.grade import isolation, reports
from course.grade.agenda import Agenda
from course.grade.cluster.cluster import Cluster
from course.grade.cluster.demands import demands
from course.grade.deadlines import moment, written
from course.grade.gap_texts import Found, GapText
from course.grade.handed_in import HandedIn, take_in
from course.grade.handing_back import HandingBack
from course.grade.history import Cutoff, notices
from course.grade.intake import Entry, teams
from course.grade.judging import Judging
from course.grade.plan import Plan
from course.grade.pristine import Pristine
from course.grade.results import Folder, Run, TeamResult
from course.grade.rules import checking
from course.grade.sentences import Judges
from course.grade.version import fingerprints, same, version
from exercise.asking.box import Box
from exercise.problem import Problem

__all__ = ["Settings", "grade"]

SEEDS = 3
ANSWER_LIMIT = 10.0  # seconds
TRIAL_LIMIT = 120.0  # seconds for each seed
BUDGET = 300.0  # seconds
_MOST_NAMED = 10


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


def grade(root: str | Path, submissions: str | Path, out: str | Path, settings: Settings = Settings()) -> int:
    """Grade a class, with one result for each team and reports for all.

    Returns: an exit code, 0.
    Raises: Problem if something that is needed for this cannot be used. After Ctrl-C, KeyboardInterrupt: the reports
        are those of the teams that were graded until then.
    """
    if not hasattr(os, "fork"):
        raise Problem("grade forks its process, which this system cannot do: run it on Linux or macOS")
    root, folder = Path(root).resolve(), Folder(Path(out))
    pristine, entries = Pristine(root, settings.sheets), teams(Path(submissions))
    _check_apart(Path(submissions).resolve(), folder.place.resolve())
    graded = set(folder.teams())
    back = HandingBack(pristine.chosen, {entry.name for entry in entries} | graded, settings.points,
                       settings.worksheet, settings.columns, settings.gradebook)
    run, cutoff = _run(pristine, folder, str(Path(submissions).resolve()), settings)
    left = [entry for entry in entries if entry.name not in graded]
    with _elsewhere(root, run, settings) if left else nullcontext() as cluster:
        if not settings.resume:
            folder.begin(run, fingerprints(root))
        try:
            if left:
                print("trying the tests on the solution …", file=sys.stderr, flush=True)
                work = functools.partial(_grade, cluster, pristine, run, cutoff, left, folder, len(entries))
                forks.with_tests(root, TRIAL_LIMIT, work, box=Box(run.isolation), answer_limit=run.limit,
                                 jobs=settings.jobs)
        except BaseException:
            if results := folder.results():
                back.write_part(folder, run, results)
            raise
    lines = back.write(folder, run, results) if (results := folder.results()) else []
    lines += [*_troubled(results), *notices(run, results)]
    gone = sorted(graded - {entry.name for entry in entries})
    lines += [f"graded before, and no longer among the submissions: {', '.join(gone)}"] * bool(gone)
    print(f"{len(results)} graded: see {folder.place / reports.TABLE} and {folder.place / reports.FOR_YOU}", *lines,
          sep="\n")
    return 0


def _troubled(results: Sequence[TeamResult]) -> list[str]:
    """Whose submission could not be read or judged as it should, in one line; none if there is nobody."""
    teams = [result.team for result in results if result.problems]
    more = f" and {len(teams) - _MOST_NAMED} more" if len(teams) > _MOST_NAMED else ""
    return [f"with problems, which {reports.FOR_YOU} explains: {', '.join(teams[:_MOST_NAMED])}{more}"] if teams else []


def _check_apart(submissions: Path, out: Path) -> None:
    if out.is_relative_to(submissions):
        raise Problem(f"{out} lies in the folder of submissions, and would be one of them: choose a folder beside it")


def _run(pristine: Pristine, folder: Folder, submissions: str, settings: Settings) -> tuple[Run, Cutoff]:
    """What all results will share; that of the run that is resumed, if it is the same.

    Raises: Problem if it is another one, or its deadline or the host's data cannot be used.
    """
    level = isolation.level(settings.trusting)
    earlier = folder.resumed() if settings.resume else None
    model = earlier or settings.like
    seeds = model.seeds if model and settings.seeds is None and settings.seed is None else _draw(settings)
    budget = settings.budget or (model.budget if model else BUDGET)
    run = Run(version(pristine.root), seeds, (pristine.chosen.first, pristine.chosen.last), level,
              isolation.barriers(level), ANSWER_LIMIT, budget, submissions, *_cutoff(settings, model))
    cutoff = Cutoff.of(run)
    if earlier is None:
        return run, cutoff
    if same(earlier.version, run.version):
        run = replace(run, version=earlier.version)
    if earlier != run:
        raise Problem(f"{folder.place} cannot be resumed: {_difference(earlier, run)}; grade into a new folder")
    return run, cutoff


def _cutoff(settings: Settings, model: Run | None) -> tuple[str, str]:
    """The deadline and the folder with the host's data, as a run keeps them."""
    deadline = moment(settings.deadline).astimezone(UTC).isoformat() if settings.deadline else ""
    pushes = str(Path(settings.pushes).resolve()) if settings.pushes else ""
    return deadline or (model.deadline if model else ""), pushes or (model.pushes if model else "")


def _draw(settings: Settings) -> tuple[int, ...]:
    source = random.SystemRandom() if settings.seed is None else random.Random(settings.seed)
    return tuple(source.sample(range(10**6), settings.seeds or SEEDS))


def _difference(earlier: Run, run: Run) -> str:
    names = {"version": "the version of the course", "seeds": "its list of seeds", "sheets": "its choice of sheets",
             "isolation": "its level of isolation", "barriers": "what keeps submissions from this machine",
             "limit": "the limit of an answer", "budget": "the budget of a submission", "deadline": "its deadline",
             "pushes": "the folder with the host's data"}
    name = next(name for name in names if getattr(earlier, name) != getattr(run, name))
    was, now = (_words(name, getattr(one, name)) for one in (earlier, run))
    return f"{names[name]} was {was}, and is {now} now"


def _words(name: str, value: object) -> str:
    if name == "sheets":
        return "-".join(map(str, dict.fromkeys(value)))
    if name == "deadline" and value:
        return written(moment(value))
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value) or "none"


def _elsewhere(root: Path, run: Run, settings: Settings) -> AbstractContextManager[Cluster | None]:
    """The cluster on which gaps are tried; None where it is this machine."""
    if not (settings.scheduler or settings.slurm):
        return nullcontext()
    wanted = demands(run, TRIAL_LIMIT)
    return closing(Cluster(root, wanted, settings.scheduler, settings.slurm, settings.jobs))


def _grade(cluster: Cluster | None, pristine: Pristine, run: Run, cutoff: Cutoff, entries: Sequence[Entry],
           folder: Folder, total: int, ready: Forks) -> None:
    """Grade these entries, in the warm process, or on a cluster; the solution is tried here."""
    tqdm.monitor_interval = 0  # it would start a thread, and a process with threads should not be forked
    plan = Plan(pristine, Judges(pristine.root), ready.tests, run.seeds)
    ready.warm_up([])  # only judges are forked here, which have all they need; what lib needs would make forks slower
    plan.take_survey(ready)
    agenda = Agenda(plan)
    _try(ready, agenda, [_solution(plan)], _check_solution)
    with tqdm(total=total, initial=total - len(entries), unit=" teams", disable=None) as bar:
        class_ = _Class(plan, run, cutoff, folder, bar)
        _try(cluster or ready, agenda, class_.judgings(entries), class_.done)


def _try(ready: Forks | Cluster, agenda: Agenda, judgings: Iterable[Judging], done: Callable[[Judging], None]) -> None:
    agenda.begin(judgings, done)
    with closing(ready.run(agenda)) as results:
        for result in results:
            agenda.take(result)


def _solution(plan: Plan) -> Judging:
    """The solution, as if somebody had handed it in: what refuses it grades nobody."""
    solved = {name: GapText(gap.body) for name, gap in plan.pristine.gaps.items()}
    return Judging(plan, Found(solved), float("inf"))


def _check_solution(judging: Judging) -> None:
    for problem in judging.problems:
        raise Problem(f"the solution of the gap {problem}")
    for gap in judging.results():
        if not gap.isolated.is_solved:
            raise Problem(f"{gap.isolated.test} refuses the solution of the gap {gap.gap} in a process of its own "
                          f"(--seed {gap.isolated.seed}): {gap.isolated.sentence}")


class _Class:
    """The submissions of a class, read when their turn has come, and what is written of each."""

    def __init__(self, plan: Plan, run: Run, cutoff: Cutoff, folder: Folder, bar: tqdm):
        self._plan, self._run, self._cutoff, self._folder, self._bar = plan, run, cutoff, folder, bar
        self._handed_in: dict[Judging, HandedIn] = {}

    def judgings(self, entries: Iterable[Entry]) -> Iterator[Judging]:
        for entry in entries:
            handed_in = take_in(entry, self._plan.pristine, self._plan.judges.stems, self._cutoff)
            judging = Judging(self._plan, handed_in.found, self._run.budget)
            self._handed_in[judging] = handed_in
            yield judging

    def done(self, judging: Judging) -> None:
        """Write the result of a submission."""
        handed_in = self._handed_in.pop(judging)
        self._folder.add(TeamResult(
            handed_in.entry.name, handed_in.digest, (*handed_in.problems, *judging.problems), judging.results(),
            handed_in.changes, handed_in.new, handed_in.found.flags, round(judging.spent, 1),
            handed_in.entry.platform, handed_in.entry.identifier, handed_in.entry.is_late, handed_in.members,
            checking.check(handed_in, self._plan.pristine), history=handed_in.history))
        self._bar.update()
