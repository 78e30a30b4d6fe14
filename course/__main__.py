"""The instructor's commands, `python -m course COMMAND`: grade, regrade, report, passed, doctor, handout, sheets,
verify."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from exercise.problem import Problem

_ROOT = Path(__file__).resolve().parent.parent
_GOES_ON = {"grade": ": the same command with --resume goes on", "regrade": ": the same command goes on"}


def main(argv: list[str] | None = None) -> int:
    """Run a command. Returns its exit code; 2 for bad input, which one line on stderr explains, 130 after Ctrl-C."""
    arguments = _parser().parse_args(argv)
    try:
        return _COMMANDS[arguments.command](arguments)
    except (Problem, OSError) as error:
        print(f"python -m course {arguments.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"interrupted{_GOES_ON.get(arguments.command, '')}", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m course", description="The instructor's tools.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    verify = commands.add_parser("verify", help="put the tests to the test", description=(
        "Try every gap empty, solved, answered wrongly, answered otherwise, changed by a slip or a bad habit and "
        "cheated on."))
    verify.add_argument("gaps", nargs="*", metavar="GAP", help=(
        "only these gaps; 2.1 for those of a task, vae for all that begin with vae_"))
    verify.add_argument("--seeds", type=_between(1, 10_000, int), default=20, metavar="N",
                        help="on how many fresh seeds the solution is tried (20); each known answer on a fifth as "
                             "many, and three at most")
    verify.add_argument("--seed", type=int, default=None, metavar="N",
                        help="draw the same seeds for all trials each time (fresh ones without it)")
    verify.add_argument("--limit", type=_between(0.1, 3600, float), default=60.0, metavar="S",
                        help="seconds that one trial may take per seed (60); an empty gap is tried on all tests")
    verify.add_argument("--report", default="", metavar="FILE", help="where the report goes (results_verify/report.md)")
    handout = commands.add_parser("handout", help="write the student's repository", description=(
        "Write the student's repository: gaps emptied, the instructor's part left out."))
    handout.add_argument("folder", metavar="DIR", help=(
        "where to write it; it must not exist yet, be empty, or be a git repository that holds an earlier handout"))
    handout.add_argument("--sheets", metavar="N[-M]", default=None, help=(
        "the sheets of a week, such as 2 or 1-3: their gaps are empty, those of earlier ones hold the solution, what "
        "only later ones need is not there; DIR may be a git repository that holds the week before (all sheets)"))
    handout.add_argument("--check", action="store_true", help="only say how an existing handout differs from a new one")
    commands.add_parser("doctor", help="try how well this machine isolates submissions", description=(
        "Try to break out of the boxes in which this machine can run code of students, and print what was stopped."))
    sheets = commands.add_parser("sheets", help="make pages and PDFs of the sheets", description=(
        "Make a page and a PDF of each sheet and derivation, for students and for instructors, who get the solutions."))
    sheets.add_argument("folder", metavar="OUT", help="where to write them; it must be empty, or not exist yet")
    grade = commands.add_parser("grade", help="grade a class", description=(
        "Points for every gap of every team. A submission is text, of which the gaps alone are taken; what runs them "
        "has neither tests nor expected values, and cannot get at this machine."))
    grade.add_argument("submissions", metavar="SUBMISSIONS", help=(
        "a folder with one folder, zip or git clone per team; or the download of all submissions that Moodle or Canvas "
        "gives, unpacked"))
    grade.add_argument("--out", required=True, metavar="GRADES", help=(
        "where the results go: grades.csv, grades.json, for_you.md and a page for each team"))
    grade.add_argument("--sheets", metavar="N[-M]", default=None, help="the sheets to grade, such as 2 or 1-3 (all)")
    grade.add_argument("--resume", action="store_true", help="go on with an interrupted run in GRADES")
    grade.add_argument("--seeds", type=_between(1, 100, int), default=None, metavar="N",
                       help="on how many fresh seeds a gap has to be solved (3)")
    grade.add_argument("--seed", type=int, default=None, metavar="N", help="draw the same seeds each time")
    grade.add_argument("--budget", type=_between(1, 86400, float), default=None, metavar="S",
                       help="seconds for all trials of one submission (300)")
    grade.add_argument("--deadline", metavar="TIME", default=None, help=(
        "until when commits count, such as 2026-12-01T23:59 (local time, or with an offset): of a clone, the last "
        "commit on main until then is graded; without it, the last one"))
    grade.add_argument("--pushes", metavar="FOLDER", default=None, help=(
        "TEAM.json for each team, with what GitHub or GitLab says of pushes: their times count in place of the dates "
        "of commits, which students can set"))
    grade.add_argument("--manual", metavar="CSV", default=None, help=(
        "GRADES/manual.csv, or a copy, with the points that a person has given: this run adds them; with --resume "
        "nothing is graded again"))
    grade.add_argument("--moodle", metavar="CSV", default=None, help=(
        "the grading worksheet that Moodle has exported: points and comments go into a copy, GRADES/moodle.csv"))
    grade.add_argument("--moodle-columns", metavar="WORD=NAME,...", default=None, help=(
        "which column is identifier, grade, maximum or comments, where that is not found by what is in them"))
    grade.add_argument("--canvas", metavar=("CSV", "COLUMN"), nargs=2, default=None, help=(
        "the gradebook that Canvas has exported, and its column, such as \"Sheet 2 (12345)\": points go into a copy, "
        "GRADES/canvas.csv"))
    regrade = commands.add_parser("regrade", help="grade a class again, and say what changes", description=(
        "Grade a class as it was graded before, on the same seeds, with the course as it is now, into a folder beside, "
        "and print who changes by how much. Ends with 1 if a verdict changes for no reason that is known."))
    regrade.add_argument("grades", metavar="GRADES", help="the folder that grade has written, in which nothing changes")
    regrade.add_argument("submissions", nargs="?", metavar="SUBMISSIONS", help=(
        "the folder of submissions, if it is not where it was"))
    regrade.add_argument("--diff", action="store_true", help=(
        "also print each gap that changes: what was said of it, what is said now, and which files explain it"))
    regrade.add_argument("--out", metavar="NEW", help=(
        "where the new results go (GRADES-new); an interrupted run there is resumed"))
    for command in (grade, regrade):
        command.add_argument("--jobs", type=_between(1, 1024, int), default=None, metavar="N",
                             help="how many gaps are tried at a time on each machine (as many as it has cores; never "
                                  "more than one where boxes are not apart from each other: see doctor)")
        cluster = command.add_mutually_exclusive_group()
        cluster.add_argument("--scheduler", metavar="ADDRESS", default=None, help=(
            "try gaps on the workers of a dask scheduler, such as tcp://192.168.0.10:8786; see docs/grading.md"))
        cluster.add_argument("--slurm", type=_between(1, 1000, int), nargs="?", const=4, default=None, metavar="N",
                             help="try gaps in N jobs of Slurm (4), with what ~/.config/dask/jobqueue.yaml says")
        command.add_argument("--i-trust-these-submissions", dest="trusting", action="store_true",
                             help="grade even where nothing keeps their code from this machine")
    report = commands.add_parser("report", help="reports on a class that is graded", description=(
        "Pages in HTML, and files for other programs, from results that are there: nothing is graded for them."))
    report.add_argument("grades", metavar="GRADES", help="the folder that grade has written")
    report.add_argument("--html", action="store_true", help=(
        "html/class.html with charts for the class, which names no team, and a page for each team in html/teams; what "
        "is written without any of these flags"))
    report.add_argument("--junit", action="store_true", help="junit/TEAM.xml, which CI services read")
    report.add_argument("--gradescope", action="store_true", help="gradescope/TEAM/results.json")
    report.add_argument("--classroom", metavar="NAME", help=(
        "classroom50/TEAM/result.json, for the classroom of this name in Classroom 50"))
    report.add_argument("--alike", action="store_true", help=(
        "alike.html, for you alone: pairs whose gaps are unusually alike, side by side, for you to look at"))
    passed = commands.add_parser("passed", help="who has passed, from the grades of all sheets", description=(
        "A row for each person: points by sheet, their sum and share, what is not handed in or still open, and whether "
        "that is passed, as [passing] in course.toml says."))
    passed.add_argument("grades", nargs="+", metavar="GRADES", help=(
        "the folders that grade has written, of one or more sheets each"))
    passed.add_argument("--out", required=True, metavar="CSV", help="where the table goes, such as passed.csv")
    passed.add_argument("--sheets", metavar="N[-M]", default=None, help="the sheets of the term, such as 1-4 (all)")
    return parser


def _between(lowest: float, highest: float, kind: type) -> Callable[[str], float]:
    """An argparse type: a number of this kind, NaN excluded."""
    def number(text: str) -> float:
        if not lowest <= kind(text) <= highest:
            raise argparse.ArgumentTypeError(f"{text} is not between {lowest:g} and {highest:g}")
        return kind(text)
    return number


def _verify(arguments: argparse.Namespace) -> int:
    os.environ.update(OMP_NUM_THREADS="1", MPLBACKEND="Agg")  # before torch: a process with threads cannot be forked
    from course.verify.command import verify
    return verify(_ROOT, arguments.gaps, arguments.seeds, arguments.limit, arguments.report, arguments.seed)


def _handout(arguments: argparse.Namespace) -> int:
    from course.handout.command import handout
    return handout(_ROOT, arguments.folder, arguments.check, sheets=arguments.sheets)


def _sheets(arguments: argparse.Namespace) -> int:
    from course.sheets.command import sheets
    return sheets(_ROOT, arguments.folder)


def _grade(arguments: argparse.Namespace) -> int:
    os.environ.update(OMP_NUM_THREADS="1", MPLBACKEND="Agg")  # before torch, as for verify
    from course.grade.command import grade
    from course.grade.settings import Settings
    return grade(_ROOT, arguments.submissions, arguments.out, Settings(
        sheets=arguments.sheets, jobs=arguments.jobs, resume=arguments.resume, seeds=arguments.seeds,
        seed=arguments.seed, budget=arguments.budget, trusting=arguments.trusting, points=arguments.manual,
        worksheet=arguments.moodle, columns=arguments.moodle_columns, gradebook=arguments.canvas,
        scheduler=arguments.scheduler, slurm=arguments.slurm, deadline=arguments.deadline, pushes=arguments.pushes))


def _regrade(arguments: argparse.Namespace) -> int:
    os.environ.update(OMP_NUM_THREADS="1", MPLBACKEND="Agg")  # before torch, as for verify
    from course.grade.regrading.command import regrade
    from course.grade.settings import Settings
    return regrade(_ROOT, arguments.grades, arguments.submissions, arguments.out, arguments.diff, Settings(
        jobs=arguments.jobs, trusting=arguments.trusting, scheduler=arguments.scheduler, slurm=arguments.slurm))


def _report(arguments: argparse.Namespace) -> int:
    from course.grade.report.command import report
    return report(_ROOT, arguments.grades, arguments.html, arguments.junit, arguments.gradescope, arguments.classroom,
                  arguments.alike)


def _passed(arguments: argparse.Namespace) -> int:
    from course.grade.passing.command import passed
    return passed(_ROOT, arguments.grades, arguments.out, arguments.sheets)


def _doctor(_: argparse.Namespace) -> int:
    os.environ.update(OMP_NUM_THREADS="1", MPLBACKEND="Agg")
    from course.doctor.command import doctor
    return doctor(_ROOT)


_COMMANDS = {"doctor": _doctor, "verify": _verify, "grade": _grade, "regrade": _regrade,
             "report": _report, "passed": _passed, "handout": _handout, "sheets": _sheets}

if __name__ == "__main__":
    sys.exit(main())
