"""Pages in Markdown: one for each team, and one for you, of what a person should look at.

All that comes from a submission is escaped. What raises suspicion stands on your page alone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from course.grade.deadlines import moment, written
from course.grade.escaping import code, fenced, markdown
from course.grade.history import notices
from course.grade.manual import worth
from course.grade.results import GapResult, Outcome, Run, TeamResult
from course.grade.rules import pages as rules
from course.grade.rules.rule import LOOK
from exercise.source.table import Task, points_text
from exercise.verdict.verdicts import NOT_STARTED

__all__ = ["for_you", "handed_in", "of_team", "whose_points"]

_MOST_NAMED, _LONGEST = 20, 600
_NOTHING_STARTED = "No gap has been started."


def of_team(run: Run, tasks: Sequence[Task], result: TeamResult) -> str:
    """The page that a team is given."""
    lines = [f"# {markdown(result.team)}: {points_text(result.points())} of {points_text(worth(tasks))} points", "",
             whose_points(run, tasks, result), "", *(f"- {markdown(line, _LONGEST)}" for line in handed_in(result))]
    lines += [f"- {markdown(problem)}" for problem in result.problems]
    lines += [""] if lines[-1] else []
    lines += [_NOTHING_STARTED, ""] if result.is_untouched else []
    lines += _table(["task", "points"], [
        [f"{task.numbers} {task.title}", f"{result.shown(task) or 'open'} / {points_text(task.points)}"]
        for task in tasks] + [["broken rules", points_text(result.taken)]] * bool(result.taken))
    lines += ["", "## Gaps", "", "Each gap is tried with all other gaps solved, and as you handed them in: the better "
              "counts.", ""]
    lines += _table(["gap", "task", "points", "others solved", "as handed in"], [
        [f"`{gap.gap}`", gap.task, _share(gap.points, Fraction(gap.worth)), _state(gap.isolated),
         _state(gap.submitted)] for gap in result.gaps])
    lines += _section("What is not solved", [line for gap in result.gaps for line in _failure(gap)]
                      if result.is_read else ["No gap could be read."])
    lines += _section("Rules", rules.of_team(run, result))
    lines += _section("Changed outside of the gaps", _changes(result))
    return "\n".join([*lines, "", "## How this was graded", "", *_basis(run), ""])


def whose_points(run: Run, tasks: Sequence[Task], result: TeamResult) -> str:
    """Who gives the points of a team, in a sentence."""
    return f"These are the points {_kind(tasks, result)}{_sheets(run)}."


def handed_in(result: TeamResult) -> list[str]:
    """By whom, where and when, a line each."""
    return [*[f"handed in on {result.platform} by number {result.identifier}"] * bool(result.platform),
            *result.timing,
            *[f"members: {'; '.join(result.members)}"] * bool(result.members)]


def for_you(run: Run, results: Sequence[TeamResult], notes: Mapping[str, Sequence[str]]) -> str:
    """The page of what a person should look at; nothing on it costs a point by itself.

    Args: notes, lines by the heading that they stand below.
    """
    noted = [result for result in results if result.problems or result.flags or result.only_with_changes
             or result.changes or result.lateness or result.history and result.history.remarks
             or rules.to_look_at(run, result)]
    lines = ["# For you to look at", "", "A problem has kept gaps from being read or judged, so that they have no "
             "points. Flags, changed files and rules for a person have cost none, and what is solved only with changes "
             "has earned none: that is yours to judge.", ""]
    lines += _table(["team", "problems", "late", "flags", "solved only with changes outside of the gaps",
                     "files changed", "rules"], [
        [markdown(result.team), str(len(result.problems)), result.lateness, str(len(result.flags)),
         ", ".join(f"`{gap.gap}`" for gap in result.only_with_changes), str(len(result.changes)),
         ", ".join(f"`{rule.rule}`" for rule in result.rules if rule.state == LOOK)]
        for result in noted]) if noted else ["There is nothing to look at."]
    for title, noticed in {"The deadline": notices(run, results), **notes}.items():
        lines += _section(title, [f"- {markdown(line, 2_000)}" for line in noticed])
    lines += _section("Files that several teams have changed", _often_changed(results))
    if counts := rules.of_class(results):
        lines += _section("Rules", _table(["rule", "kept", "broken", "to look at", "not checked"], counts))
        lines += [line for words in rules.hours(results) for line in ("", words)]
    for result in noted:
        lines += ["", f"## {markdown(result.team)}", *_evidence(run, result)]
    return "\n".join([*lines, "", "## How this was graded", "", *_basis(run), ""])


def _evidence(run: Run, result: TeamResult) -> Iterator[str]:
    if result.problems:
        yield from ["", *(f"- {markdown(problem)}" for problem in result.problems)]
    if result.timing:
        yield from ["", *(f"- {markdown(line)}" for line in result.timing)]
    for gap in result.only_with_changes:
        yield from ["", f"**`{gap.gap}` ({points_text(Fraction(gap.worth))} points) is solved in the team's own file, "
                    f"and not when its gap alone is taken:** {_sentence(gap.isolated)}. What differs outside of "
                    f"the gaps of {code(gap.path)} is shown below."]
    solved = {gap.gap for gap in result.gaps if gap.is_solved}
    if result.flags:
        yield from ["", "What the gaps use beyond their task:", ""]
        yield from (f"- `{flag.gap}` ({'solved' if flag.gap in solved else 'not solved'}) {markdown(flag.why)}: "
                    f"{code(flag.path)}, line {flag.line}: {code(flag.code)}"
                    for flag in sorted(result.flags, key=lambda flag: flag.gap not in solved))
    if found := rules.to_look_at(run, result):
        yield from ["", "Rules for a person to look at:", "", *found]
    for change in result.changes:
        yield from ["", f"{code(change.path)}: {markdown(change.what)}"]
        yield from ["", *fenced(list(change.diff), "diff")] if change.diff else []
    if result.new:
        yield from ["", f"New files: {_some(result.new)}"]


def _often_changed(results: Sequence[TeamResult]) -> list[str]:
    """If most teams have changed a file, it was handed out otherwise."""
    counts = Counter(change.path for result in results for change in result.changes)
    return [f"- {code(path)}: {count} of {len(results)} teams" + " (was it handed out otherwise?)" *
            (2 * count > len(results)) for path, count in counts.most_common() if count > 1]


def _failure(gap: GapResult) -> Iterator[str]:
    """What a team reads of a gap that is not solved."""
    if gap.is_solved or gap.isolated.state == NOT_STARTED:
        return
    yield f"**`{gap.gap}`** ({code(gap.path)}, line {gap.line})"
    yield ""
    yield f"- with the others solved: {_sentence(gap.isolated)}{_once_again(gap, gap.isolated)}"
    if gap.submitted != gap.isolated:
        yield f"- as handed in: {_sentence(gap.submitted)}{_once_again(gap, gap.submitted)}"
    if gap.own_file:
        said = "it is solved" if gap.own_file.is_solved else f"it fails too: {_sentence(gap.own_file)}"
        yield f"- in your own file, which is changed outside of its gaps, {said}" + (
            "; a person looks at that." if gap.own_file.is_solved else "")
    yield ""


def _once_again(gap: GapResult, outcome: Outcome) -> str:
    if outcome.seed is None:
        return ""
    test = outcome.test.rpartition("::")[2]
    about = f": {markdown(outcome.about)}" if outcome.about else ""
    return f" ({code(test)}{about} `python -m pytest -s --gap {gap.gap} --seed {outcome.seed}`)"


def _changes(result: TeamResult) -> list[str]:
    lines = [f"- {code(change.path)}" for change in result.changes[:_MOST_NAMED]]
    more = len(result.changes) - _MOST_NAMED
    lines += [f"- and {more} more"] if more > 0 else []
    return ["These files are not as they were handed out. That has no effect on the points: only what stands in the "
            "gaps is graded.", "", *lines] if lines else []


def _sentence(outcome: Outcome) -> str:
    return markdown(outcome.sentence or outcome.state, _LONGEST)


def _state(outcome: Outcome) -> str:
    return f"**{outcome.state}**" if outcome.is_solved else outcome.state


def _share(points: Fraction, worth: Fraction) -> str:
    return f"{points_text(points)} / {points_text(worth)}"


def _kind(tasks: Sequence[Task], result: TeamResult) -> str:
    if all(task.gaps or task.rule for task in tasks):
        givers = "tests and rules" if any(task.rule for task in tasks) else "tests"
        return f"that {givers} give; a person gives those of all other tasks "
    return "" if all(map(result.shown, tasks)) else "that are there; a person has still to give some "


def _sheets(run: Run) -> str:
    first, last = run.sheets
    return f"of sheet {first}" if first == last else f"of the sheets {first} to {last}"


def _basis(run: Run) -> list[str]:
    return [f"- course: {code(run.version)}", f"- random inputs: the seeds {', '.join(map(str, run.seeds))}; a gap is "
            "solved if it is on all of them",
            f"- isolation: {run.isolation}" + (f" ({', '.join(run.barriers)})" if run.barriers else ""),
            f"- limits: {run.limit:g} s for an answer, {run.budget:g} s for a submission",
            *([f"- deadline: {written(moment(run.deadline))}"] if run.deadline else [])]


def _some(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    return ", ".join(map(code, paths[:_MOST_NAMED])) + more


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"## {title}", "", *lines] if lines else []


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
