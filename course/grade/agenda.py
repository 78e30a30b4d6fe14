"""Which trial comes next, of all submissions of a run.

A text that is tried once is not tried again, whoever handed it in: the same text in the same surroundings has the same
mark. What ends through no fault that shows (a process that was killed, an answer that came late) is tried again, so
that a busy or disturbed machine takes no points.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator

from course.forks import Result, Trial
from course.grade.judging import Judging
from course.grade.plan import Plan, Tried
from course.grade.results import NO_VERDICT
from exercise.verdict.verdicts import UNUSABLE

__all__ = ["Agenda"]

_ATTEMPTS = {"timeout": 2, UNUSABLE: 2, "crashed": 3, "malformed": 3, NO_VERDICT: 5}


class Agenda:
    """An iterator of trials, for Forks. Now and then it has none, and has more after a result: see `Forks.run`."""

    def __init__(self, plan: Plan):
        self._plan = plan
        self._open: list[Judging] = []
        self._known: dict[str, Tried] = {}  # by the names of trials, which are those of their texts
        self._waiting: dict[str, list[tuple[Judging, Trial]]] = {}  # for a trial that runs; the first one pays for it
        self._attempts: Counter[str] = Counter()
        self._again: deque[Trial] = deque()

    def begin(self, judgings: Iterable[Judging], done: Callable[[Judging], None]) -> None:
        """Have these submissions judged; what is known from earlier ones stays known.

        Args:
            judgings: each is taken when there is nothing else to do.
            done: called with each submission that is judged.
        """
        self._judgings, self._done = iter(judgings), done

    def __iter__(self) -> Iterator[Trial]:
        return self

    def __next__(self) -> Trial:
        return self._again.popleft() if self._again else self._next()

    def take(self, result: Result) -> None:
        """Take in what came of a trial."""
        name, tried = result.trial.name, self._plan.tried(result)
        self._waiting[name][0][0].spent += result.seconds
        self._attempts[name] += 1
        if self._attempts[name] < _ATTEMPTS.get(tried.verdict.kind or tried.verdict.state, 1):
            self._again.append(result.trial)
            return
        self._known[name] = tried
        for judging, trial in self._waiting.pop(name):
            judging.take(trial, tried)
        self._close()

    def _next(self) -> Trial:
        """Raises: StopIteration if for now nothing can be done."""
        while True:
            for judging in self._open:
                if trial := self._of(judging):
                    return trial
            self._close()
            self._open.append(next(self._judgings))

    def _of(self, judging: Judging) -> Trial | None:
        """The next trial of a submission that nobody has made or is making."""
        while judging.ready:
            trial = judging.ready.popleft()
            if trial.name in self._known:
                judging.take(trial, self._known[trial.name])
            elif trial.name in self._waiting:
                self._waiting[trial.name].append((judging, trial))
            elif judging.is_spent:
                judging.refuse(trial)
            else:
                self._waiting[trial.name] = [(judging, trial)]
                return trial
        return None

    def _close(self) -> None:
        for judging in [judging for judging in self._open if judging.is_done]:
            self._open.remove(judging)
            self._done(judging)
