"""What differs between two runs on the same submissions: which gaps and rules of whom, and by how many points."""

from dataclasses import dataclass
from fractions import Fraction

from course.grade.folder import Folder
from course.grade.results import GapResult, TeamResult
from course.grade.rules.rule import RuleResult

__all__ = ["Differences", "GapPair", "RulePair", "TeamPair", "compare", "verdicts"]

GapPair = tuple[GapResult | None, GapResult | None]  # before and after; None where it is not graded
RulePair = tuple[RuleResult | None, RuleResult | None]  # before and after; None where it is not checked


@dataclass(frozen=True)
class TeamPair:
    """A team in both runs."""
    before: TeamResult
    after: TeamResult

    @property
    def gain(self) -> Fraction:
        return self.after.points() - self.before.points()

    @property
    def is_changed(self) -> bool:
        return bool(self.gaps or self.rules)

    @property
    def gaps(self) -> list[GapPair]:
        """The gaps whose points or verdicts have changed."""
        return [pair for pair in self._all_gaps() if _has_changed(*pair)]

    @property
    def rules(self) -> list[RulePair]:
        """The rules whose state or points have changed."""
        old, new = ({(rule.sheet, rule.rule): rule for rule in result.rules} for result in (self.before, self.after))
        pairs = [(old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]
        return [(before, after) for before, after in pairs
                if not (before and after) or (before.state, before.points) != (after.state, after.points)]

    @property
    def reworded(self) -> int:
        """How many gaps have another sentence, and nothing else."""
        return sum(not _has_changed(before, after) and _sentences(before) != _sentences(after)
                   for before, after in self._all_gaps())

    def _all_gaps(self) -> list[GapPair]:
        old, new = ({gap.gap: gap for gap in result.gaps} for result in (self.before, self.after))
        return [(old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]


@dataclass(frozen=True)
class Differences:
    """Two runs side by side.

    Args:
        teams: those that both have.
        lost, added: the names of the teams that only the earlier or only the later run has a result of.
    """
    teams: tuple[TeamPair, ...]
    lost: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def changed(self) -> list[TeamPair]:
        """The teams that a gap or a rule has changed for."""
        return [team for team in self.teams if team.is_changed]


def compare(earlier: Folder, later: Folder) -> Differences:
    """Put two runs side by side.

    Raises: Problem if a result is damaged.
    """
    before, after = ({result.team: result for result in folder.results()} for folder in (earlier, later))
    return Differences(tuple(TeamPair(before[team], after[team]) for team in before if team in after),
                       tuple(sorted(before.keys() - after.keys())), tuple(sorted(after.keys() - before.keys())))


def verdicts(gap: GapResult) -> tuple[str, str]:
    """Both verdicts on a gap."""
    return gap.isolated.state, gap.submitted.state


def _has_changed(before: GapResult | None, after: GapResult | None) -> bool:
    return before is None or after is None or (before.points, verdicts(before)) != (after.points, verdicts(after))


def _sentences(gap: GapResult) -> tuple[str, str]:
    return gap.isolated.sentence, gap.submitted.sentence
