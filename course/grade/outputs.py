"""What a run writes of its results: tables, everything as data, a page for each team, and one for you.

`course/grade/report/` makes other reports of that, later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from course.grade.escaping import csv_cell
from course.grade.files import csv_text, write_file
from course.grade.folder import Folder
from course.grade.pages import for_you, team
from course.grade.results import TeamResult
from course.grade.run import Run
from course.grade.tasks import title, worth
from exercise.problem import Problem
from exercise.source.table import Task, points_text

__all__ = ["DATA", "FOR_YOU", "TABLE", "read", "write"]

TABLE, DATA, FOR_YOU = "grades.csv", "grades.json", "for_you.md"


def write(folder: Folder, run: Run, tasks: Sequence[Task], results: Sequence[TeamResult],
          notes: Mapping[str, Sequence[str]], left: int = 0) -> None:
    """Write all reports of these teams.

    Args:
        tasks: those that have points.
        notes: lines for you, by the heading that they stand below.
        left: how many submissions have no result yet.

    Raises: Problem if one cannot be written.
    """
    write_file(folder.place / TABLE, table(run, tasks, results))
    folder.write(DATA, {"run": asdict(run), "tasks": [_plain_task(task) for task in tasks],
                        "teams": [_plain_result(result, tasks) for result in results], "left": left})
    write_file(folder.place / FOR_YOU, for_you.of_class(run, results, notes))
    for result in results:
        write_file(folder.place / page_name(result.team), team.of_team(run, tasks, result))


def read(folder: Folder) -> tuple[list[str], list[TeamResult], int]:
    """What was written last: the numbers of the tasks that have points, the results with those of a person, and how
    many submissions had none.

    Raises: Problem if there is nothing, it is damaged, or teams have been graded since.
    """
    again = "go on with `python -m course grade --resume`"
    content = folder.read(DATA, f"it holds no results yet, or the run was cut off: {again}")
    try:
        tasks, results = [task["task"] for task in content["tasks"]], [*map(_result, content["teams"])]
    except (KeyError, TypeError, ValueError):
        raise Problem(f"{folder.place / DATA} is damaged: {again}") from None
    if not results or {result.team for result in results} != set(folder.teams()):
        raise Problem(f"{folder.place / DATA} has other teams than those that are graded: {again}")
    return tasks, results, content.get("left", 0)


def page_name(team: str) -> str:
    """The name of a team's page, which is that of no other file."""
    taken = f"{team.rstrip('_').casefold()}.md" == FOR_YOU
    return f"{team}_.md" if taken else f"{team}.md"


def table(run: Run, tasks: Sequence[Task], results: Sequence[TeamResult]) -> str:
    """A row for each team, a column for each task, what the row rests on, and what a person should look at."""
    head = ["team", *map(title, tasks), "broken rules", f"total ({points_text(worth(tasks))})",
            "identifier", "late", "isolation", "course", "seeds", "problems", "flags", "files changed",
            "solved only with changes"]
    return csv_text([map(csv_cell, head), *(_row(run, tasks, result) for result in results)])


def _row(run: Run, tasks: Sequence[Task], result: TeamResult) -> list[object]:
    return [csv_cell(result.team), *map(result.shown, tasks), points_text(result.taken), points_text(result.points()),
            csv_cell(result.identifier), result.lateness, run.isolation, run.version, " ".join(map(str, run.seeds)),
            len(result.problems), len(result.flags), len(result.changes), len(result.only_with_changes)]


def _plain_task(task: Task) -> dict:
    return {"task": task.numbers, "title": task.title, "kind": task.kind, "points": float(task.points),
            "rule": task.rule, "gaps": [{"gap": entry.id, "points": float(entry.points)} for entry in task.gaps]}


def _plain_result(result: TeamResult, tasks: Sequence[Task]) -> dict:
    return {"team": result.team, "points": float(result.points()),
            "tasks": {task.numbers: float(result.on_task(task.numbers))
                      for task in tasks if result.shown(task)}} | asdict(result)


def _result(content: dict) -> TeamResult:
    return TeamResult.from_plain({name: value for name, value in content.items() if name not in ("points", "tasks")})
