"""Which state of a clone counts, and how it came about: from its commits, the deadline, and what its host says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from course.grade import host
from course.grade.deadlines import duration, moment, written
from course.grade.host import Push
from course.grade.intake import Clone
from course.grade.results import History, TeamResult
from course.grade.run import Run

__all__ = ["Cutoff", "notices"]


@dataclass(frozen=True)
class Cutoff:
    """What decides on which commit counts.

    Args: pushes, those of each team, in order; None where there is no data of the host.
    """
    deadline: datetime | None = None
    pushes: Mapping[str, Sequence[Push]] | None = None

    @classmethod
    def of(cls, run: Run) -> "Cutoff":
        """That of a run. Raises: Problem if its deadline is none, or the host's data cannot be used."""
        return cls(moment(run.deadline) if run.deadline else None, host.read(Path(run.pushes)) if run.pushes else None)

    def asked(self, team: str) -> tuple[float | None, str]:
        """The deadline, in seconds since 1970, until when commits count by their dates, and the commit that counts by
        the host's data; None and "" where these are not to decide."""
        if self.deadline is None:
            return None, ""
        pushes = self._of(team)
        if self._is_all_late(pushes):
            return None, ""  # whatever the dates of commits say
        counted = [push.commit for push in pushes if push.time <= self.deadline]
        return self.deadline.timestamp(), counted[-1] if counted else ""

    def history(self, team: str, clone: Clone | None) -> History | None:
        """What is to be said of a clone; None of what is none."""
        if clone is None:
            return None
        pushes = self._of(team)
        pushed = next((push.time for push in pushes if push.commit == clone.commit), None)
        if pushed is None and self._is_all_late(pushes):
            pushed = pushes[-1].time
        time = pushed or datetime.fromtimestamp(clone.time, UTC)
        over = (time - self.deadline).total_seconds() if self.deadline else 0
        counted = [push for push in pushes if not push.is_first and (not self.deadline or push.time <= self.deadline)]
        return History(clone.commit, written(time), pushed is not None, over if over > 0 else None,
                       len(counted) if pushes else None, clone.branches,
                       (*clone.remarks, *self._later(clone, pushes), *self._of_host(team, pushes, counted)))

    def _of(self, team: str) -> Sequence[Push]:
        return (self.pushes or {}).get(team, ())

    def _is_all_late(self, pushes: Sequence[Push]) -> bool:
        return bool(pushes and self.deadline and pushes[0].time > self.deadline)

    def _later(self, clone: Clone, pushes: Sequence[Push]) -> Iterator[str]:
        if not (self.deadline and clone.later):
            return
        last = pushes[-1].time if pushes else datetime.fromtimestamp(clone.last, UTC)
        said = (f"{clone.later} commits that came to main after the deadline do not count" if clone.later > 1 else
                "1 commit that came to main after the deadline does not count")
        if last > self.deadline:
            said += f", the last one {duration((last - self.deadline).total_seconds())} after it"
        yield said
        if clone.earlier:
            yield f"of these, {clone.earlier} dated before it: a later merge or push has brought them to main"

    def _of_host(self, team: str, pushes: Sequence[Push], counted: Sequence[Push]) -> Iterator[str]:
        if self.pushes is not None and not pushes:
            yield f"the host's data has no push to main of {team}: the dates of commits decide"
        if self._is_all_late(pushes):
            yield "nothing was pushed to main before the deadline: the last commit counts"
        if forced := sum(push.is_forced for push in counted):
            yield f"main was force-pushed {'once' if forced == 1 else f'{forced} times'}: earlier commits may be gone"


def notices(run: Run, results: Sequence[TeamResult]) -> list[str]:
    """What to know of the deadline of a run."""
    clones = [result.history for result in results if result.history]
    if not (results and (run.deadline or run.pushes)):
        return []
    if not clones:
        return ["no submission is a clone, so that the deadline and the host's data have no effect"]
    lines = [f"of clones, the last commit on main until {written(moment(run.deadline))} counts"] if run.deadline else []
    if any(history.pushes is None for history in clones):
        lines.append("the dates of commits are those of the students' computers, which can be set to anything: with "
                     "--pushes the host's times of pushes count")
    if others := [result.team for result in results if not result.history]:
        lines.append(f"without effect on what is no clone, or cannot be read as one: {', '.join(others)}")
    pushed = {file.stem for file in Path(run.pushes).glob("*.json")} if run.pushes else set()
    if lost := sorted(pushed - {result.team for result in results}):
        lines.append(f"in the host's data, and without a result: {', '.join(lost)}")
    return lines
