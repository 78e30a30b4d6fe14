"""What a rule of the course has found in one submission."""

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["BROKEN", "KEPT", "LOOK", "UNKNOWN", "RuleResult"]

KEPT, BROKEN = "kept", "broken"
LOOK = "look"  # a person should
UNKNOWN = "unknown"  # it cannot be checked of this submission, and costs nothing
_SAID = {LOOK: "for a person to look at", UNKNOWN: "not checked"}


@dataclass(frozen=True)
class RuleResult:
    """One rule, checked for one sheet.

    Args:
        rule: its name, one of exercise.source.table.RULES.
        state: KEPT, BROKEN, LOOK or UNKNOWN.
        sentence: what was found.
        evidence: what it rests on, a line each: a place with its code, a path, an answer.
        points: what the sheet gains or loses by it, as text: "1", "-1/2".
        sheet: the number of the sheet.
        task: the numbers of the task whose points it earns, "2.5"; "" where it earns none.
        numbers: what was counted, such as the hours of each member.
    """
    rule: str
    state: str
    sentence: str
    evidence: tuple[str, ...] = ()
    points: str = "0"
    sheet: int = 0
    task: str = ""
    numbers: tuple[float, ...] = ()

    @property
    def is_for_a_person(self) -> bool:
        """Whether somebody should look at it, which a task that it could earn needs too if it cannot be checked."""
        return self.state == LOOK or self.state == UNKNOWN and self.task != ""

    @property
    def said(self) -> str:
        """The state in words."""
        return _SAID.get(self.state, self.state)

    @property
    def gain(self) -> str:
        """The points as people write them: "+1", "-0.5"; "" where there are none."""
        points = Fraction(self.points)
        return f"{float(points):+g}" if points else ""

    @classmethod
    def from_plain(cls, content: dict) -> "RuleResult":
        """The result that `dataclasses.asdict` made these plain data of.

        Raises: KeyError, TypeError or ValueError if they describe none.
        """
        Fraction(content["points"])  # raises ValueError, if it is none
        return cls(**content | {"evidence": tuple(content["evidence"]), "numbers": tuple(content["numbers"])})
