"""What differs between two runs on the same submissions: whose points, by how much, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from course.grade.causes import Causes
from course.grade.escaping import plain
from course.grade.results import Folder, GapResult, Outcome, TeamResult
from course.grade.version import same
from exercise.source.table import points_text

__all__ = ["Differences", "compare"]

_LONGEST, _MOST_FILES = 300, 6
UNEXPLAINED = "UNEXPLAINED: neither its tests nor lib have changed"


@dataclass(frozen=True)
class Differences:
    """Two runs side by side.

    Args:
        changed: the results before and after, of each team that a gap has changed for.
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
        gains = [_points(after) - _points(before) for before, after in self.changed]
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
        """Lines for each team: each gap that has changed, what was said of it, what is said now, and why."""
        for before, after in self.changed:
            gain = _points(after) - _points(before)
            yield ""
            yield (f"{plain(after.team)}: {points_text(_points(before))} -> {points_text(_points(after))} "
                   f"({'+' if gain >= 0 else '-'}{points_text(abs(gain))})")
            for pair in _pairs(before, after):
                if _has_changed(*pair):
                    yield from self._gap(before, after, *pair)

    def unexplained(self) -> list[str]:
        """Team and gap of each verdict that has changed without a cause that is known."""
        return [f"{plain(after.team)}: {pair[1].gap}" for before, after in self.changed
                for pair in _pairs(before, after) if None not in pair and _has_changed(*pair)
                and UNEXPLAINED in self._why(before, after, *pair)]

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
            return [*found, "another submission: its files are not those of the earlier run"]
        if files := self.causes.of_gap(before, after):
            return [*found, f"changed: {_some(files)}"]
        if self.causes.changed is None:
            return [*found, "not known: the earlier run has not noted the files of the course"]
        return [*found, UNEXPLAINED, *(f"it could be {words}" for words in self._otherwise())]

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
    return Differences(tuple(two for two in both if any(_has_changed(*pair) for pair in _pairs(*two))),
                       tuple(lost), tuple(added), len(both),
                       sum(not _has_changed(*pair) and _sentences(pair[0]) != _sentences(pair[1]) for pair in pairs),
                       causes)


def _pairs(before: TeamResult, after: TeamResult) -> list[tuple[GapResult | None, GapResult | None]]:
    """Each gap before and after, None where it is not graded."""
    old, new = ({gap.gap: gap for gap in result.gaps} for result in (before, after))
    return [(old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]


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


def _points(result: TeamResult) -> Fraction:
    """Those of gaps, which alone are graded again."""
    return sum((gap.points for gap in result.gaps), Fraction())


def _sum(points: list[Fraction]) -> str:
    return points_text(sum(points, Fraction()))


def _some(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _MOST_FILES} more" if len(paths) > _MOST_FILES else ""
    return ", ".join(map(plain, paths[:_MOST_FILES])) + more
