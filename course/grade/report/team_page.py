"""The page of one team: its points, both verdicts on each gap, and of what fails the misconception and a hint."""

import html
from collections.abc import Iterator, Sequence
from fractions import Fraction

from course.grade import pages
from course.grade.report.graded import Graded
from course.grade.report.page import (
    basis,
    code,
    gap_name,
    items,
    markdown_code,
    page,
    section,
    sentence,
    share,
    table,
    text,
)
from course.grade.results import NO_VERDICT, GapResult, Outcome, TeamResult
from exercise.source.table import Task, points_text
from exercise.verdict.verdicts import NOT_STARTED

__all__ = ["of_team"]

_MOST_NAMED, _LONGEST_NAME = 20, 100


def of_team(graded: Graded, result: TeamResult) -> str:
    """The page that a team is given. What raises suspicion, and is for a person to judge, is not on it."""
    points = f"{points_text(result.points())} of {points_text(graded.worth)} points"
    return page(f"{result.team}: {points}", "\n".join(filter(None, [
        f"<h1>{text(result.team, _LONGEST_NAME)}</h1>", f'<p class="sum"><strong>{points}</strong></p>',
        f'<p class="soft">{pages.whose_points(graded.run, graded.tasks, result)}</p>',
        items(map(text, [*pages.handed_in(result), *result.problems])),
        "<p>No gap has been started.</p>" if result.is_untouched else "",
        section("Points", "<p>Each gap is tried with all other gaps solved, and as you handed them in: the better "
                "counts.</p>", table(["task, gap", "points", "others solved", "as handed in"], _rows(graded, result))),
        section("What is not solved", *_failures(graded, result)), _rules(graded, result), _changes(result),
        basis(graded.run)])))


def _rows(graded: Graded, result: TeamResult) -> Iterator[str]:
    for task in graded.tasks:
        yield _task_row(task, result)
        for gap in result.gaps:
            if gap.task == task.numbers:
                yield (f'<tr><th scope="row">{gap_name(gap.gap)}</th><td class="share">'
                       f"{share(gap.points, Fraction(gap.worth))}</td>{_state(gap.isolated)}{_state(gap.submitted)}"
                       "</tr>")
    if result.taken:
        yield ('<tr class="task"><th scope="row">Broken rules</th>'
               f'<td class="share">{points_text(result.taken)}</td><td colspan="2"></td></tr>')


def _task_row(task: Task, result: TeamResult) -> str:
    return (f'<tr class="task"><th scope="row">{task.numbers} {html.escape(task.title)}</th>'
            f'<td class="share">{_points(task, result)}</td><td colspan="2"></td></tr>')


def _points(task: Task, result: TeamResult) -> str:
    """Those of a task; "open" where a person has still to give them."""
    return share(result.points(task.numbers), task.points) if result.shown(task) else (
        f"open / {points_text(task.points)}")


def _failures(graded: Graded, result: TeamResult) -> Iterator[str]:
    if not result.is_read:
        yield "<p>No gap could be read.</p>"
        return
    for gap in result.gaps:
        if not gap.is_solved and gap.isolated.state != NOT_STARTED:
            yield _failure(graded, gap)
    empty = [code(gap.gap) for gap in result.gaps if not gap.is_solved and gap.isolated.state == NOT_STARTED]
    if empty and not result.is_untouched:
        yield f"<p>Not started: {', '.join(empty)}.</p>"


def _failure(graded: Graded, gap: GapResult) -> str:
    lines = [("others solved", _said(gap.isolated)),
             ("as handed in", _said(gap.submitted) if gap.submitted != gap.isolated else ""),
             ("own file", _in_own_file(gap)),
             ("what is tested", _tested(graded, gap)),
             ("first hint", markdown_code(graded.hint(gap.gap)) if gap.isolated.state != NO_VERDICT else ""),
             ("try it again", code(_command(gap)))]
    place = f"{code(gap.path)}, line {gap.line}" if gap.path else ""
    told = "".join(f"<dt>{name}</dt><dd>{line}</dd>\n" for name, line in lines if line)
    return f'<div class="gap">\n<h3>{code(gap.gap)} <small>{place}</small></h3>\n<dl>\n{told}</dl>\n</div>'


def _in_own_file(gap: GapResult) -> str:
    if gap.own_file is None:
        return ""
    if gap.own_file.is_solved:
        return "it is solved there; the file is changed outside of its gaps, so a person looks at that"
    return f"it fails there too: {_said(gap.own_file)}"


def _tested(graded: Graded, gap: GapResult) -> str:
    """What the test that failed demands, unless the sentence has said so."""
    about = graded.judges.about_test(gap.isolated.test or gap.submitted.test)
    return sentence(about) if about and about not in gap.isolated.sentence else ""


def _command(gap: GapResult) -> str:
    outcome = gap.isolated if gap.isolated.seed is not None else gap.submitted
    return "" if outcome.seed is None else f"python -m pytest -s --gap {gap.gap} --seed {outcome.seed}"


def _rules(graded: Graded, result: TeamResult) -> str:
    """A row for each rule, with what it rests on."""
    first, last = graded.run.sheets
    many = first != last
    rows = (f'<tr><th scope="row">{code(rule.rule)}{f" sheet {rule.sheet}" * many}</th><td>{rule.said}</td>'
            f"<td>{rule.gain}</td><td>{text(rule.sentence)}{items(_shown(rule.evidence))}</td></tr>"
            for rule in result.rules)
    return section("Rules", table(["rule", "", "points", "what was found"], rows)) if result.rules else ""


def _shown(lines: Sequence[str]) -> list[str]:
    """As many lines of code as are worth reading."""
    more = len(lines) - _MOST_NAMED
    return [*map(code, lines[:_MOST_NAMED]), *([f"and {more} more"] if more > 0 else [])]


def _changes(result: TeamResult) -> str:
    lines = _shown([change.path for change in result.changes])
    return section("Changed outside of the gaps", "<p>These files are not as they were handed out. That has no effect "
                   "on the points: only what stands in the gaps is graded.</p>", items(lines)) if lines else ""


def _said(outcome: Outcome) -> str:
    return sentence(outcome.sentence or outcome.state)


def _state(outcome: Outcome) -> str:
    return f'<td class="solved">{text(outcome.state)}</td>' if outcome.is_solved else f"<td>{text(outcome.state)}</td>"
