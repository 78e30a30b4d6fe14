"""The page of one team: its points, both verdicts on each gap, and what is wrong with those that are not solved."""

from collections.abc import Iterator, Sequence

from course.grade import wording
from course.grade.escaping import code, markdown
from course.grade.pages.parts import LONGEST, MOST_NAMED, Block, basis, items, page, section, sentence, table
from course.grade.results import GapResult, Outcome, TeamResult
from course.grade.rules import pages as rules
from course.grade.run import Run
from course.grade.tasks import worth
from exercise.source.table import Task, points_text
from exercise.verdict.verdicts import NOT_STARTED

__all__ = ["of_team"]


def of_team(run: Run, tasks: Sequence[Task], result: TeamResult) -> str:
    """The page that a team is given."""
    return page([
        [f"# {markdown(result.team)}: {points_text(result.points())} of {points_text(worth(tasks))} points"],
        [wording.whose_points(run, tasks, result)],
        items(markdown(line, LONGEST) for line in (*wording.handed_in(result), *result.problems)),
        [wording.NOTHING_STARTED] * result.is_untouched,
        _tasks(tasks, result),
        *section("Gaps", [wording.BETTER_COUNTS], _gaps(result)),
        *section("What is not solved", *([[wording.UNREAD]] if result.is_unread else _failures(result))),
        *section("Rules", rules.of_team(run, result)),
        *_changes(result),
        *basis(run)])


def _tasks(tasks: Sequence[Task], result: TeamResult) -> Block:
    rows = [[f"{task.numbers} {markdown(task.title)}", f"{result.shown(task) or 'open'} / {points_text(task.points)}"]
            for task in tasks]
    return table(["task", "points"], rows + [["broken rules", points_text(result.taken)]] * bool(result.taken))


def _gaps(result: TeamResult) -> Block:
    return table(["gap", "task", "points", "others solved", "as handed in"], [
        [f"`{gap.gap}`", gap.task, f"{points_text(gap.points)} / {points_text(gap.possible)}",
         _state(gap.isolated), _state(gap.submitted)] for gap in result.gaps])


def _state(outcome: Outcome) -> str:
    return f"**{outcome.state}**" if outcome.is_solved else outcome.state


def _failures(result: TeamResult) -> Iterator[Block]:
    for gap in result.gaps:
        if not gap.is_solved and gap.isolated.state != NOT_STARTED:
            yield [f"**`{gap.gap}`** ({code(gap.path)}, line {gap.line})"]
            yield items(_said(gap))


def _said(gap: GapResult) -> Iterator[str]:
    """What a team reads of a gap that is not solved."""
    yield f"with the others solved: {sentence(gap.isolated)}{_once_again(gap, gap.isolated)}"
    if gap.submitted != gap.isolated:
        yield f"as handed in: {sentence(gap.submitted)}{_once_again(gap, gap.submitted)}"
    if gap.own_file:
        yield "in your own file, which is changed outside of its gaps, " + (
            "it is solved; a person looks at that." if gap.own_file.is_solved else
            f"it fails too: {sentence(gap.own_file)}")


def _once_again(gap: GapResult, outcome: Outcome) -> str:
    """The test that failed, and the command that repeats it."""
    if outcome.seed is None:
        return ""
    test = outcome.test.rpartition("::")[2]
    about = f": {markdown(outcome.about)}" if outcome.about else ""
    return f" ({code(test)}{about} `python -m pytest -s --gap {gap.gap} --seed {outcome.seed}`)"


def _changes(result: TeamResult) -> list[Block]:
    if not result.changes:
        return []
    paths = [code(change.path) for change in result.changes]
    more = [f"and {len(paths) - MOST_NAMED} more"] if len(paths) > MOST_NAMED else []
    return section("Changed outside of the gaps", [wording.NO_EFFECT], items([*paths[:MOST_NAMED], *more]))
