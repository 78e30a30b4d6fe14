"""The differences between two runs, in lines for a terminal. All that comes from a submission is escaped."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from course.grade.escaping import plain
from course.grade.regrading import reasons
from course.grade.regrading.causes import Causes
from course.grade.regrading.differences import Differences, GapPair, RulePair, TeamPair
from course.grade.results import GapResult, Outcome
from course.grade.version import same
from exercise.source.table import points_text

__all__ = ["details", "summary", "unexplained"]

_LONGEST = 300


def summary(differences: Differences, causes: Causes) -> Iterator[str]:
    """How many teams change, and what differs between the runs."""
    yield _counts(differences)
    if reworded := sum(team.reworded for team in differences.teams):
        yield f"Gaps where only a sentence reads otherwise: {reworded}"
    yield from (f"Only in the earlier run: {plain(team)}" for team in differences.lost)
    yield from (f"Only in the later run: {plain(team)}" for team in differences.added)
    yield from _of_course(causes)


def _counts(differences: Differences) -> str:
    gains = [team.gain for team in differences.changed]
    up, down = [gain for gain in gains if gain > 0], [gain for gain in gains if gain < 0]
    return (f"Teams in both runs: {len(differences.teams)}; more points: {_count(up)}; fewer points: {_count(down)}; "
            f"the same points, other verdicts: {len(gains) - len(up) - len(down)}")


def _count(gains: Sequence[Fraction]) -> str:
    """How many there are, and their sum: "3 (+4.5)"."""
    return f"{len(gains)} ({_signed(sum(gains))})" if gains else "0"


def _of_course(causes: Causes) -> Iterator[str]:
    before, after = (folder.run() for folder in (causes.earlier, causes.later))
    stayed = same(before.version, after.version)
    yield f"The course: {after.version}, the same" if stayed else f"The course: {before.version} -> {after.version}"
    yield from (f"Not the same: {words}" for words in causes.of_settings())
    if causes.changed is None:
        yield "Which files of the course differ is not known: an earlier version of the grader has graded."
    elif causes.changed:
        yield f"Files that differ: {reasons.some(sorted(causes.changed))}"


def details(differences: Differences, causes: Causes) -> Iterator[str]:
    """Lines for each team: each gap and rule that has changed, what was said of it, what is said now, and why."""
    for team in differences.changed:
        yield ""
        yield (f"{plain(team.after.team)}: {points_text(team.before.points())} -> {points_text(team.after.points())} "
               f"({_signed(team.gain)})")
        for pair in team.gaps:
            yield from _gap(team, pair, causes)
        for pair in team.rules:
            yield from _rule(team, pair, causes)


def unexplained(differences: Differences, causes: Causes) -> Iterator[str]:
    """Team and gap, or rule, of each verdict that has changed without a cause that is known."""
    for team in differences.changed:
        for pair in team.gaps:
            if None not in pair and reasons.is_unexplained(reasons.of_gap(team, pair, causes)):
                yield f"{plain(team.after.team)}: {pair[1].gap}"
        for pair in team.rules:
            if None not in pair and reasons.is_unexplained(reasons.of_rule(team, causes)):
                yield f"{plain(team.after.team)}: the rule {plain(pair[1].rule)}"


def _gap(team: TeamPair, pair: GapPair, causes: Causes) -> Iterator[str]:
    before, after = pair
    if before is None or after is None:
        gap = before or after
        yield f"  {gap.gap} ({points_text(gap.points)} points): {'is not graded any more' if before else 'is new'}"
        return
    yield f"  {after.gap}: {points_text(before.points)} -> {points_text(after.points)} points"
    yield from _ways(before, after)
    yield from (f"    why: {reason}" for reason in reasons.of_gap(team, pair, causes))


def _ways(before: GapResult, after: GapResult) -> Iterator[str]:
    for way, old, new in (("others solved", before.isolated, after.isolated),
                          ("as handed in", before.submitted, after.submitted)):
        if (old.state, old.sentence) != (new.state, new.sentence):
            yield f"    {way}, before: {_said(old)}"
            yield f"    {way}, now: {_said(new)}"


def _rule(team: TeamPair, pair: RulePair, causes: Causes) -> Iterator[str]:
    before, after = pair
    rule = after or before
    name = f"  the rule {plain(rule.rule)}, sheet {rule.sheet}"
    if before is None or after is None:
        what = "is new" if after else "is not checked any more"
        yield f"{name} ({plain(rule.state)}, {rule.gain or '0'} points): {what}"
        return
    for when, said in (("before", before), ("now", after)):
        yield f"{name}, {when}: {plain(said.state)}, {said.gain or '0'} points: {plain(said.sentence)}"
    yield from (f"    why: {reason}" for reason in reasons.of_rule(team, causes))


def _said(outcome: Outcome) -> str:
    said = outcome.sentence if outcome.sentence not in ("", outcome.state) else ""
    return outcome.state + (f": {plain(said, _LONGEST)}" if said else "")


def _signed(points: Fraction) -> str:
    return f"{'+' if points >= 0 else '-'}{points_text(abs(points))}"
