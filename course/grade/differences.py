"""What differs between two runs on the same submissions: whose points, by how much, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from course.grade.causes import Causes
from course.grade.escaping import plain
from course.grade.folder import Folder
from course.grade.results import GapResult, Outcome, TeamResult
from course.grade.rules.rule import RuleResult
from course.grade.version import same
from exercise.source.table import points_text

__all__ = ["Differences", "compare"]

_LONGEST, _MOST_FILES = 300, 6
UNEXPLAINED = "UNEXPLAINED: neither its tests nor lib have changed"
_UNEXPLAINED_RULE = "UNEXPLAINED: no file that decides on rules has changed"
_ANOTHER = "another submission: its files are not those of the earlier run"
_ANOTHER_HISTORY = "another history: the commits, branches or pushes are not those of the earlier run"
_UNKNOWN = "not known: the earlier run has not noted the files of the course"


@dataclass(frozen=True)
class Differences:
    """Two runs side by side.

    Args:
        changed: the results before and after, of each team that a gap or a rule has changed for.
        lost, added: the teams that only the earlier or only the later run has a result of.
        teams: how many both have.
        reworded: how many gaps have another sentence, and nothing else.
    """
    changed: tuple[tuple[TeamResult, TeamResult], ...]
    lost: tuple[str, ...]
    added: tuple[str, ...]
    teams: int
    reworded: int
    causes: Causes

    def summary(self) -> Iterator[str]:
        """Lines: how many teams change, and what differs between the runs."""
        gains = [after.points() - before.points() for before, after in self.changed]
        up, down = [gain for gain in gains if gain > 0], [-gain for gain in gains if gain < 0]
        alike = len(gains) - len(up) - len(down)
        yield (f"Teams in both runs: {self.teams}. {len(up)} gain {_sum(up)} points, {len(down)} lose {_sum(down)}; "
               f"{alike} have other verdicts, and the same points.")
        if self.reworded:
            yield f"Gaps where only a sentence reads otherwise: {self.reworded}"
        yield from (f"Only in the earlier run: {plain(team)}" for team in self.lost)
        yield from (f"Only in the later run: {plain(team)}" for team in self.added)
        before, after = (folder.run() for folder in (self.causes.earlier, self.causes.later))
        stayed = same(before.version, after.version)
        yield f"The course: {after.version}, the same" if stayed else f"The course: {before.version} -> {after.version}"
        yield from (f"Not the same: {words}" for words in self.causes.of_settings())
        if self.causes.changed is None:
            yield "Which files of the course differ is not known: an earlier version of the grader has graded."
        elif self.causes.changed:
            yield f"Files that differ: {_some(sorted(self.causes.changed))}"

    def details(self) -> Iterator[str]:
        """Lines for each team: each gap and rule that has changed, what was said of it, what is said now, and why."""
        for before, after in self.changed:
            gain = after.points() - before.points()
            yield ""
            yield (f"{plain(after.team)}: {points_text(before.points())} -> {points_text(after.points())} "
                   f"({'+' if gain >= 0 else '-'}{points_text(abs(gain))})")
            for pair in _pairs(before, after):
                if _has_changed(*pair):
                    yield from self._gap(before, after, *pair)
            for pair in _changed_rules(before, after):
                yield from self._rule(before, after, *pair)

    def unexplained(self) -> list[str]:
        """Team and gap of each verdict that has changed without a cause that is known."""
        gaps = [f"{plain(after.team)}: {pair[1].gap}" for before, after in self.changed
                for pair in _pairs(before, after) if None not in pair and _has_changed(*pair)
                and UNEXPLAINED in self._why(before, after, *pair)]
        return gaps + [f"{plain(after.team)}: the rule {plain(new.rule)}" for before, after in self.changed
                       for old, new in _changed_rules(before, after)
                       if old and new and self._why_rule(before, after) == _UNEXPLAINED_RULE]

    def _gap(self, team_before: TeamResult, team_after: TeamResult, before: GapResult | None,
             after: GapResult | None) -> Iterator[str]:
        if before is None or after is None:
            gap = before or after
            yield f"  {gap.gap} ({points_text(gap.points)} points): {'is not graded any more' if before else 'is new'}"
            return
        yield f"  {after.gap}: {points_text(before.points)} -> {points_text(after.points)} points"
        yield from _ways(before, after)
        yield from (f"    why: {reason}" for reason in self._why(team_before, team_after, before, after))

    def _why(self, team_before: TeamResult, team_after: TeamResult, before: GapResult, after: GapResult) -> list[str]:
        found = []
        if before.worth != after.worth:
            found.append(f"it was worth {points_text(Fraction(before.worth))}, and is worth "
                         f"{points_text(Fraction(after.worth))} now")
        if _verdicts(before) == _verdicts(after):
            return found
        if before.text != after.text or team_before.submission != team_after.submission:
            return [*found, _ANOTHER]
        if files := self.causes.of_gap(before, after):
            return [*found, f"changed: {_some(files)}"]
        if self.causes.changed is None:
            return [*found, _UNKNOWN]
        return [*found, UNEXPLAINED, *(f"it could be {words}" for words in self._otherwise())]

    def _rule(self, team_before: TeamResult, team_after: TeamResult, before: RuleResult | None,
              after: RuleResult | None) -> Iterator[str]:
        rule = after or before
        name = f"  the rule {plain(rule.rule)}, sheet {rule.sheet}"
        if before is None or after is None:
            what = "is new" if after else "is not checked any more"
            yield f"{name} ({plain(rule.state)}, {rule.gain or '0'} points): {what}"
            return
        for when, said in (("before", before), ("now", after)):
            yield f"{name}, {when}: {plain(said.state)}, {said.gain or '0'} points: {plain(said.sentence)}"
        yield f"    why: {self._why_rule(team_before, team_after)}"

    def _why_rule(self, before: TeamResult, after: TeamResult) -> str:
        if before.submission != after.submission:
            return _ANOTHER
        if before.history != after.history:
            return _ANOTHER_HISTORY
        if self.causes.changed is None:
            return _UNKNOWN
        files = self.causes.of_rules()
        return f"changed: {_some(files)}" if files else _UNEXPLAINED_RULE

    def _otherwise(self) -> list[str]:
        files = self.causes.elsewhere()
        return self.causes.of_settings() + ([f"the engine: {_some(files)}"] if files else [])


def compare(earlier: Folder, later: Folder, causes: Causes) -> Differences:
    """Put two runs side by side.

    Raises: Problem if a result is damaged.
    """
    before, after = ({result.team: result for result in folder.results()} for folder in (earlier, later))
    lost, added = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    both = [(before[team], after[team]) for team in before if team in after]
    pairs = [pair for two in both for pair in _pairs(*two)]
    return Differences(tuple(two for two in both if _changed_rules(*two) or any(
                           _has_changed(*pair) for pair in _pairs(*two))),
                       tuple(lost), tuple(added), len(both),
                       sum(not _has_changed(*pair) and _sentences(pair[0]) != _sentences(pair[1]) for pair in pairs),
                       causes)


def _pairs(before: TeamResult, after: TeamResult) -> list[tuple[GapResult | None, GapResult | None]]:
    """Each gap before and after, None where it is not graded."""
    old, new = ({gap.gap: gap for gap in result.gaps} for result in (before, after))
    return [(old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]


def _changed_rules(before: TeamResult, after: TeamResult) -> list[tuple[RuleResult | None, RuleResult | None]]:
    """Each rule whose state or points have changed, before and after; None where it is not checked."""
    old, new = ({(rule.sheet, rule.rule): rule for rule in result.rules} for result in (before, after))
    pairs = [(old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]
    return [(one, other) for one, other in pairs
            if not (one and other) or (one.state, one.points) != (other.state, other.points)]


def _has_changed(before: GapResult | None, after: GapResult | None) -> bool:
    return before is None or after is None or (before.points, _verdicts(before)) != (after.points, _verdicts(after))


def _verdicts(gap: GapResult) -> tuple[str, str]:
    return gap.isolated.state, gap.submitted.state


def _sentences(gap: GapResult) -> tuple[str, str]:
    return gap.isolated.sentence, gap.submitted.sentence


def _ways(before: GapResult, after: GapResult) -> Iterator[str]:
    for way, old, new in (("others solved", before.isolated, after.isolated),
                          ("as handed in", before.submitted, after.submitted)):
        if (old.state, old.sentence) != (new.state, new.sentence):
            yield f"    {way}, before: {_said(old)}"
            yield f"    {way}, now: {_said(new)}"


def _said(outcome: Outcome) -> str:
    said = outcome.sentence if outcome.sentence not in ("", outcome.state) else ""
    return outcome.state + (f": {plain(said, _LONGEST)}" if said else "")


def _sum(points: list[Fraction]) -> str:
    return points_text(sum(points, Fraction()))


def _some(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _MOST_FILES} more" if len(paths) > _MOST_FILES else ""
    return ", ".join(map(plain, paths[:_MOST_FILES])) + more
