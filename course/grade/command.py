"""`python -m course grade SUBMISSIONS --out GRADES`: points for every gap of every team.

Nothing of a submission is executed in this process: it is text, of which the bodies of gaps are laid into the solved
files, and what runs these is a worker in a box, which has no tests and no expected values (see exercise/README.md).
"""

import functools
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path

from tqdm import tqdm

from course import forks
from course.forks import Forks
from course.grade import outputs
from course.grade.agenda import Agenda
from course.grade.cluster.cluster import Cluster
from course.grade.cluster.demands import demands
from course.grade.folder import Folder
from course.grade.gap_texts import Found, GapText
from course.grade.handed_in import HandedIn, take_in
from course.grade.handing_back import HandingBack
from course.grade.history import Cutoff, notices
from course.grade.intake import Entry, teams
from course.grade.judging import Judging
from course.grade.plan import Plan
from course.grade.pristine import Pristine
from course.grade.results import TeamResult
from course.grade.rules import checking
from course.grade.run import Run
from course.grade.sentences import Judges
from course.grade.settings import Settings
from course.grade.settling import settle
from course.grade.version import fingerprints
from exercise.asking.box import Box
from exercise.problem import Problem

__all__ = ["grade"]

TRIAL_LIMIT = 120.0  # seconds for each seed
_MOST_NAMED = 10


def grade(root: str | Path, submissions: str | Path, out: str | Path, settings: Settings | None = None) -> int:
    """Grade a class, with one result for each team and reports for all.

    Returns: an exit code, 0.
    Raises: Problem if something that is needed for this cannot be used. After Ctrl-C, KeyboardInterrupt: the reports
        are those of the teams that were graded until then.
    """
    if not hasattr(os, "fork"):
        raise Problem("grade forks its process, which this system cannot do: run it on Linux or macOS")
    root, folder, settings = Path(root).resolve(), Folder(Path(out)), settings or Settings()
    pristine, entries = Pristine(root, settings.sheets), teams(Path(submissions))
    _check_apart(Path(submissions).resolve(), folder.place.resolve())
    graded = set(folder.teams())
    back = HandingBack(pristine.chosen, {entry.name for entry in entries} | graded, settings.points,
                       settings.worksheet, settings.columns, settings.gradebook)
    run, cutoff = settle(pristine, folder, str(Path(submissions).resolve()), settings)
    left = [entry for entry in entries if entry.name not in graded]
    with _elsewhere(root, run, settings) if left else nullcontext() as cluster:
        if not settings.resume:
            folder.begin(run, fingerprints(root))
        if left:
            print("trying the tests on the solution …", file=sys.stderr, flush=True)
            work = functools.partial(_grade, cluster, pristine, run, cutoff, left, folder, len(entries))
            with _reported_if_cut_off(back, folder, run, {entry.name for entry in left}):
                forks.with_tests(root, TRIAL_LIMIT, work, box=Box(run.isolation), answer_limit=run.limit,
                                 jobs=settings.jobs)
    _hand_back(back, folder, run, sorted(graded - {entry.name for entry in entries}))
    return 0


@contextmanager
def _reported_if_cut_off(back: HandingBack, folder: Folder, run: Run, left: set[str]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        if results := folder.results():
            back.write_part(folder, run, results, len(left - set(folder.teams())))
        raise


def _hand_back(back: HandingBack, folder: Folder, run: Run, gone: Sequence[str]) -> None:
    """Write all reports, and print what a person should know."""
    results = folder.results()
    lines = [*(back.write(folder, run, results) if results else ()), *_troubled(results), *notices(run, results)]
    if gone:
        lines.append(f"graded before, and no longer among the submissions: {', '.join(gone)}")
    print(f"{len(results)} graded: see {folder.place / outputs.TABLE} and {folder.place / outputs.FOR_YOU}", *lines,
          sep="\n")


def _troubled(results: Sequence[TeamResult]) -> list[str]:
    """Whose submission could not be read or judged as it should, in one line; none if there is nobody."""
    names = [result.team for result in results if result.problems]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return [f"with problems, which {outputs.FOR_YOU} explains: {', '.join(names[:_MOST_NAMED])}{more}"] if names else []


def _check_apart(submissions: Path, out: Path) -> None:
    if out.is_relative_to(submissions):
        raise Problem(f"{out} lies in the folder of submissions, and would be one of them: choose a folder beside it")


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
