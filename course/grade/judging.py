"""The trials of one submission: first each gap in isolation, then what these leave open.

As submitted, a gap can come out otherwise than in isolation only if its tests enter another gap that holds something
else than the solution; the survey of the solution tells which ones they enter. So it is tried as submitted

- if it fails in isolation, and could still earn its points together with the team's other gaps;
- if it is solved in isolation, and one of the gaps that its tests enter is not;
- if it ends in an error, whose words may be passed on only from there.

Otherwise the verdict in isolation is that as submitted too. In the team's own file a gap is tried if it fails without
what the team has changed outside of the gaps of that file.
"""

from collections import deque
from collections.abc import Iterator

from course.forks import Trial
from course.grade.gap_texts import Found, GapText
from course.grade.plan import ISOLATED, OWN_FILE, SUBMITTED, Plan, Tried
from course.grade.results import NO_VERDICT, GapResult, Outcome
from exercise.verdict.verdicts import NOT_STARTED, UNUSABLE, WRONG

__all__ = ["Judging"]

LOST = "lost"
SPENT = Outcome(WRONG, "timeout", "timeout: the budget of this submission is spent")
_SAYS_MORE = ("error", UNUSABLE)  # kinds of failures of which in isolation only a part is told


class Judging:
    """One submission under way.

    Args: found, its texts.
    Attributes:
        ready: trials to be made; when they all are, `take` has perhaps added others.
        spent: seconds that its trials have taken.
    """

    def __init__(self, plan: Plan, found: Found, budget: float):
        self._plan, self._found, self._budget = plan, found, budget
        self._outcomes: dict[tuple[str, str], Outcome] = {}
        self._bodies = {name: text.body for name, text in found.gaps.items() if text.body is not None}
        self._open, self._last = 0, False
        self.ready: deque[Trial] = deque()
        self.spent, self.problems = 0.0, []
        self._add(self._in_isolation())

    @property
    def is_done(self) -> bool:
        return not self._open

    @property
    def is_spent(self) -> bool:
        """Whether the budget allows no more trials."""
        return self.spent >= self._budget

    def refuse(self, trial: Trial) -> None:
        """Leave out a trial, for which the budget is spent."""
        self._take(trial, SPENT)

    def take(self, trial: Trial, tried: Tried) -> None:
        """Take in what came of one of the trials."""
        outcome = self._plan.outcome(trial, tried)
        if outcome.state == NO_VERDICT:
            self.problems.append(f"{trial.gap} could not be judged {trial.part}, and should be graded again: "
                                 f"{outcome.sentence}")
        self._take(trial, outcome)

    def results(self) -> tuple[GapResult, ...]:
        """All gaps, in course order, when all trials are made."""
        course = self._plan.pristine.chosen.course
        return tuple(self._result(name, course.task_of(name).numbers, str(course.gaps[name].points))
                     for name in self._plan.pristine.gaps)

    def _take(self, trial: Trial, outcome: Outcome) -> None:
        self._outcomes[trial.part, trial.gap] = outcome
        self._open -= 1
        if not self._open and not self._last:
            self._last = True
            self._add(self._what_is_left_open())

    def _add(self, trials: Iterator[Trial]) -> None:
        found = list(trials)
        self.ready += found
        self._open += len(found)
        if not self._open and not self._last:
            self._last = True
            self._add(self._what_is_left_open())

    def _in_isolation(self) -> Iterator[Trial]:
        for name in self._plan.pristine.gaps:
            text = self._found.gaps[name]
            if outcome := self._without_trial(name, text):
                self._outcomes[ISOLATED, name] = outcome
            else:
                yield self._plan.isolated(name, text.body)

    def _without_trial(self, name: str, text: GapText) -> Outcome | None:
        if text.trouble:
            return Outcome(WRONG, LOST if text.body is None else "syntax", text.trouble)
        if text.body.strip() == self._plan.pristine.stubs[name].strip():
            return Outcome(NOT_STARTED, NOT_STARTED, "not started")
        return None

    def _what_is_left_open(self) -> Iterator[Trial]:
        for name in self._plan.pristine.gaps:
            text, outcome = self._found.gaps[name], self._outcomes[ISOLATED, name]
            if not text.trouble and outcome.state != NOT_STARTED and self._can_differ(name, outcome):
                yield self._plan.submitted(name, self._bodies)
            if not outcome.is_solved and outcome.state != NOT_STARTED and text.own_file:
                yield self._plan.own_file(name, text.own_file)

    def _can_differ(self, name: str, outcome: Outcome) -> bool:
        """Whether as submitted the gap may come out otherwise, or say more."""
        others = [other for other in self._plan.entered[name]
                  if self._bodies.get(other) != self._plan.pristine.gaps[other].body]
        if outcome.is_solved:
            return not all(self._outcomes[ISOLATED, other].is_solved for other in others)
        return bool(others) or outcome.kind in _SAYS_MORE

    def _result(self, name: str, task: str, worth: str) -> GapResult:
        text, isolated = self._found.gaps[name], self._outcomes[ISOLATED, name]
        return GapResult(name, task, worth, isolated, self._outcomes.get((SUBMITTED, name), isolated),
                         self._outcomes.get((OWN_FILE, name)), self._plan.pristine.gaps[name].path, text.line,
                         text.body)
