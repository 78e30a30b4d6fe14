"""`python -m course grade SUBMISSIONS --out GRADES`: points for every gap of every team.

Nothing of a submission is executed in this process: it is text, of which the bodies of gaps are laid into the solved
files, and what runs these is a worker in a box, which has no tests and no expected values (see exercise/README.md).
"""

import os
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from course import forks
from course.forks import Forks
from course.grade import reports
from course.grade.agenda import Agenda
from course.grade.gap_texts import Found, GapText
from course.grade.handed_in import HandedIn, take_in
from course.grade.handing_back import HandingBack
from course.grade.intake import Entry, teams
from course.grade.judging import Judging
from course.grade.plan import Plan
from course.grade.pristine import Pristine
from course.grade.results import Folder, Run, TeamResult
from course.grade.sentences import Judges
from course.grade.version import fingerprints, same, version
from exercise.asking import box, confinement
from exercise.asking.box import Box
from exercise.problem import Problem

__all__ = ["Settings", "grade"]

SEEDS = 3
ANSWER_LIMIT = 10.0  # seconds
TRIAL_LIMIT = 120.0  # seconds for each seed
BUDGET = 300.0  # seconds


@dataclass(frozen=True)
class Settings:
    """How to grade.

    Args:
        sheets: "2" or "1-3"; all of them without.
        jobs: how many gaps are tried at a time, where boxes are apart; as many as there are cores without.
        resume: go on with the run whose results are there.
        seeds: on how many seeds a gap has to be solved; SEEDS, or as many as the resumed run has, without.
        seed: draws them; fresh ones without.
        budget: seconds for all trials of one submission; BUDGET, or that of the resumed run, without.
        trusting: grade even where nothing keeps the code of submissions from the machine.
        points: the sheet with points that a person has given.
        worksheet, columns: Moodle's, and which of its columns are which.
        gradebook: Canvas's, and its column.
        like: an earlier run, whose seeds and budget are taken again.
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
    run = _run(pristine, folder, str(Path(submissions).resolve()), settings)
    left = [entry for entry in entries if entry.name not in graded]
    try:
        if left:
            forks.with_tests(root, TRIAL_LIMIT, lambda ready: _grade(ready, pristine, run, left, folder, len(entries)),
                             box=Box(run.isolation), answer_limit=run.limit, jobs=settings.jobs)
    except BaseException:
        if results := folder.results():
            back.write_part(folder, run, results)
        raise
    lines = back.write(folder, run, results) if (results := folder.results()) else []
    gone = sorted(graded - {entry.name for entry in entries})
    lines += [f"graded before, and no longer among the submissions: {', '.join(gone)}"] * bool(gone)
    print(f"{len(results)} graded: see {folder.place / reports.TABLE} and {folder.place / reports.FOR_YOU}", *lines,
          sep="\n")
    return 0


def _check_apart(submissions: Path, out: Path) -> None:
    if out.is_relative_to(submissions):
        raise Problem(f"{out} lies in the folder of submissions, and would be one of them: choose a folder beside it")


def _run(pristine: Pristine, folder: Folder, submissions: str, settings: Settings) -> Run:
    """What all results will share, written down; that of the run that is resumed, if it is the same.

    Raises: Problem if it is another one.
    """
    level, barriers = _isolation(settings.trusting)
    earlier = folder.resumed() if settings.resume else None
    model = earlier or settings.like
    seeds = model.seeds if model and settings.seeds is None and settings.seed is None else _draw(settings)
    budget = settings.budget or (model.budget if model else BUDGET)
    run = Run(version(pristine.root), seeds, (pristine.chosen.first, pristine.chosen.last), level, barriers,
              ANSWER_LIMIT, budget, submissions)
    if earlier is None:
        folder.begin(run, fingerprints(pristine.root))
        return run
    if same(earlier.version, run.version):
        run = replace(run, version=earlier.version)
    if earlier != run:
        raise Problem(f"{folder.place} cannot be resumed: {_difference(earlier, run)}; grade into a new folder")
    return run


def _draw(settings: Settings) -> tuple[int, ...]:
    source = random.SystemRandom() if settings.seed is None else random.Random(settings.seed)
    return tuple(source.sample(range(10**6), settings.seeds or SEEDS))


def _difference(earlier: Run, run: Run) -> str:
    names = {"version": "the version of the course", "seeds": "its seeds", "sheets": "its sheets",
             "isolation": "its level of isolation", "barriers": "what keeps submissions from this machine",
             "limit": "the limit of an answer", "budget": "the budget of a submission"}
    name = next(name for name in names if getattr(earlier, name) != getattr(run, name))
    return f"{names[name]} was {_words(getattr(earlier, name))}, and is {_words(getattr(run, name))} now"


def _words(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _isolation(trusting: bool) -> tuple[str, tuple[str, ...]]:
    """The level of isolation in one word, and the barriers that hold.

    Raises: Problem if nothing keeps the code of submissions from this machine, and nobody says that it may run here.
    """
    level = box.best_level()
    if level == "none" and not trusting:
        why = "; ".join(f"{name}: {box.refusal(name)}" for name in ("bubblewrap", "landlock"))
        raise Problem(f"nothing keeps the code of submissions from this machine ({why}): see python -m course doctor; "
                      "--i-trust-these-submissions grades all the same")
    return level, tuple(sorted(confinement.barriers() | (box.BARRIERS if level == "bubblewrap" else set())))


def _grade(ready: Forks, pristine: Pristine, run: Run, entries: Sequence[Entry], folder: Folder, total: int) -> None:
    """Grade these entries, in the warm process."""
    tqdm.monitor_interval = 0  # it would start a thread, and a process with threads should not be forked
    plan = Plan(pristine, Judges(pristine.root), ready.tests, run.seeds)
    ready.warm_up([])  # only judges are forked here, which have all they need; what lib needs would make forks slower
    plan.take_survey(ready)
    agenda = Agenda(plan)
    _try(ready, agenda, [_solution(plan)], _check_solution)
    with tqdm(total=total, initial=total - len(entries), unit=" teams", disable=None) as bar:
        class_ = _Class(plan, run, folder, bar)
        _try(ready, agenda, class_.judgings(entries), class_.done)


def _try(ready: Forks, agenda: Agenda, judgings: Iterable[Judging], done: Callable[[Judging], None]) -> None:
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

    def __init__(self, plan: Plan, run: Run, folder: Folder, bar: tqdm):
        self._plan, self._run, self._folder, self._bar = plan, run, folder, bar
        self._handed_in: dict[Judging, HandedIn] = {}

    def judgings(self, entries: Iterable[Entry]) -> Iterator[Judging]:
        for entry in entries:
            handed_in = take_in(entry, self._plan.pristine, self._plan.judges.stems)
            judging = Judging(self._plan, handed_in.found, self._run.budget)
            self._handed_in[judging] = handed_in
            yield judging

    def done(self, judging: Judging) -> None:
        """Write the result of a submission."""
        handed_in = self._handed_in.pop(judging)
        self._folder.add(TeamResult(
            handed_in.entry.name, handed_in.digest, (*handed_in.problems, *judging.problems), judging.results(),
            handed_in.changes, handed_in.new, handed_in.found.flags, round(judging.spent, 1),
            handed_in.entry.platform, handed_in.entry.identifier, handed_in.entry.is_late, handed_in.members))
        self._bar.update()
