"""`python -m course regrade GRADES --diff`: a class graded again, into a folder beside, and what changes by it."""

from dataclasses import replace
from pathlib import Path

from course.grade.command import grade
from course.grade.folder import Folder
from course.grade.regrading import lines
from course.grade.regrading.causes import Causes
from course.grade.regrading.differences import compare
from course.grade.run import Run
from course.grade.settings import Settings
from course.grade.version import same, version
from exercise.problem import Problem

__all__ = ["regrade"]


def regrade(root: str | Path, grades: str | Path, submissions: str | Path | None = None, out: str | Path | None = None,
            diff: bool = False, settings: Settings | None = None) -> int:
    """Grade a class as it was graded before, with the course as it is now, and say who changes by how much.

    Args:
        grades: of the earlier run, in which nothing is written.
        submissions: by default those of the earlier run, where they were.
        out: by default a folder beside, GRADES-new; a run that is there already is resumed.
        diff: also say which gaps change, and why.
        settings: jobs, trusting, scheduler and slurm; all others are those of the earlier run.
    Returns: an exit code, 0; 1 if a verdict has changed for no reason that is known.
    Raises: Problem as `grade`; also if there is no earlier run, or it does not say where its submissions are.
    """
    root, earlier = Path(root).resolve(), Folder(Path(grades))
    run = earlier.run()
    later = Folder(Path(out) if out else _beside(earlier.place))
    place = _submissions(run, submissions, earlier)
    resume = _is_begun(root, later, earlier, run)
    first, last = run.sheets
    again = replace(settings or Settings(), sheets=f"{first}-{last}", resume=resume, like=run)
    grade(root, place, later.place, again)
    found = compare(earlier, later), Causes(root, earlier, later)
    print(*lines.summary(*found), *(lines.details(*found) if diff else ()), sep="\n")
    unexplained = [*lines.unexplained(*found)]
    if unexplained:
        print("", "Unexplained:", *unexplained, sep="\n")
    return 1 if unexplained else 0


def _beside(place: Path) -> Path:
    place = place.resolve()
    return place.with_name(f"{place.name}-new")


def _submissions(run: Run, named: str | Path | None, earlier: Folder) -> Path:
    """Raises: Problem if nobody says where they are."""
    if not (named or run.submissions):
        raise Problem(f"{earlier.place} does not say where its submissions are: name their folder after it")
    if not (named or Path(run.submissions).exists()):
        raise Problem(f"the submissions are no longer in {run.submissions}: name their folder after {earlier.place}")
    return Path(named or run.submissions)


def _is_begun(root: Path, later: Folder, earlier: Folder, run: Run) -> bool:
    """Whether the later run has results already.

    Raises: Problem if these are of another run or course, or the earlier run has none.
    """
    if later.place.resolve() == earlier.place.resolve():
        raise Problem(f"{later.place} holds the earlier grades: choose another folder for the new ones")
    if not earlier.teams():
        raise Problem(f"{earlier.place} holds no results that could change")
    begun = bool(later.teams())
    if begun and (later.run().seeds, later.run().sheets) != (run.seeds, run.sheets):
        raise Problem(f"{later.place} holds a run with other seeds or sheets: choose another folder with --out")
    if begun and not same(later.run().version, version(root)):
        raise Problem(f"{later.place} was graded before the course has changed once more: delete it, or choose another "
                      "folder with --out")
    return begun
