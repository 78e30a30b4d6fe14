"""What a run of the grader has found: the one model that every report is made from.

`dataclasses.asdict` makes plain data of it, as they are in files, and `from_plain` makes it of plain data.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from course.grade.deadlines import duration
from course.grade.rules.rule import UNKNOWN, RuleResult
from exercise.source.table import Sheet, Task, points_text
from exercise.verdict.verdicts import NOT_STARTED, SOLVED

__all__ = ["NO_VERDICT", "Change", "Flag", "GapResult", "History", "Outcome", "TeamResult"]

NO_VERDICT = "no verdict"  # its tests came to no end, through no fault of the code as far as one can tell


@dataclass(frozen=True)
class Outcome:
    """What the tests of a gap came to, in one way to run them.

    Args:
        state: SOLVED, NOT_STARTED, BLOCKED, WRONG or NO_VERDICT.
        kind: of a failure: one of exercise.asking.failure.KINDS; "" where a judge has compared and says what is wrong.
        sentence: for the team; "" where it is solved.
        test, seed: the test that failed first, and the seed that repeats it.
        about: what this test demands, as its docstring says it.
    """
    state: str
    kind: str = ""
    sentence: str = ""
    test: str = ""
    seed: int | None = None
    about: str = ""

    @property
    def is_solved(self) -> bool:
        return self.state == SOLVED


@dataclass(frozen=True)
class GapResult:
    """One gap of one team.

    Args:
        task: the numbers of its sheet and task, "2.1".
        worth: its points, as text: "3/4".
        isolated: with all other gaps solved.
        submitted: with the team's other gaps.
        own_file: with the team's own file in place of the pristine one, where the file is changed outside of its gaps
            and the gap fails without these changes; it earns nothing by itself.
        path, line: where the gap begins in the team's file.
        text: what the team wrote; None where the gap could not be found.
    """
    gap: str
    task: str
    worth: str
    isolated: Outcome
    submitted: Outcome
    own_file: Outcome | None = None
    path: str = ""
    line: int = 1
    text: str | None = None

    @property
    def is_solved(self) -> bool:
        """The better of the two counts."""
        return self.isolated.is_solved or self.submitted.is_solved

    @property
    def is_open(self) -> bool:
        """Whether it could still turn out to be solved: there is no verdict in one of the two."""
        return not self.is_solved and NO_VERDICT in (self.isolated.state, self.submitted.state)

    @property
    def points(self) -> Fraction:
        return self.possible if self.is_solved else Fraction()

    @property
    def possible(self) -> Fraction:
        """The points that it is worth."""
        return Fraction(self.worth)

    @classmethod
    def from_plain(cls, content: dict) -> "GapResult":
        """Raises: KeyError, TypeError or ValueError if these plain data describe none."""
        Fraction(content["worth"])  # raises ValueError, if it is none
        return cls(**content | {
            "isolated": Outcome(**content["isolated"]), "submitted": Outcome(**content["submitted"]),
            "own_file": Outcome(**content["own_file"]) if content["own_file"] else None})


@dataclass(frozen=True)
class Change:
    """A file that is not as it was handed out, outside of its gaps.

    Args: diff, its lines, where the grader has looked at the text.
    """
    path: str
    what: str
    diff: tuple[str, ...] = ()

    @classmethod
    def from_plain(cls, content: dict) -> "Change":
        """Raises: KeyError or TypeError if these plain data describe none."""
        return cls(**content | {"diff": tuple(content["diff"])})


@dataclass(frozen=True)
class Flag:
    """A place in a gap that a person should look at; it costs nothing.

    Args:
        line: in the team's file.
        code: that line.
        why: what it could be used for.
    """
    gap: str
    path: str
    line: int
    code: str
    why: str


@dataclass(frozen=True)
class History:
    """What a clone, and the data of its host, say of the commit that was graded.

    Args:
        commit: its name.
        time: when it was made, by the clock of whoever made it; or when it was pushed, if the host says so.
        late_by: seconds after the deadline; None if it is not late.
        pushes: to main until the deadline, without the one that made the branch; None without the host's data.
        branches: of the clone, by their names.
        remarks: what is odd about it, or does not count, a line each.
    """
    commit: str
    time: str
    is_pushed: bool = False
    late_by: float | None = None
    pushes: int | None = None
    branches: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """All of it that a team should read."""
        how = "pushed" if self.is_pushed else "made"
        said = [f"what counts is commit {self.commit[:10]} of main, {how} {self.time}"]
        if self.pushes is not None:
            said.append(f"pushes to main: {self.pushes}")
        return [*said, *self.remarks]

    @classmethod
    def from_plain(cls, content: dict) -> "History":
        """Raises: KeyError or TypeError if these plain data describe none."""
        return cls(**content | {name: tuple(content[name]) for name in ("branches", "remarks")})


@dataclass(frozen=True)
class TeamResult:
    """All that was found on one team.

    Args:
        submission: SHA-256 of the names and contents of the files handed in.
        problems: what kept the submission, or a part of it, from being read or judged.
        new: paths of files that were not handed out.
        seconds: that its trials took; those that another team has paid for are not in it.
        platform, identifier, is_late: the learning platform that it was handed in on, its number of who has handed it
            in, and whether it has marked it as late; "" and False of a plain folder or zip.
        members: names and numbers, as the team has written them.
        rules: what the rules of the course have found.
        manual: the points that a person has given, as text, by task; they count in place of a rule's.
        history: of a clone.
    """
    team: str
    submission: str
    problems: tuple[str, ...]
    gaps: tuple[GapResult, ...]
    changes: tuple[Change, ...] = ()
    new: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    seconds: float = 0.0
    platform: str = ""
    identifier: str = ""
    is_late: bool = False
    members: tuple[str, ...] = ()
    rules: tuple[RuleResult, ...] = ()
    manual: dict[str, str] = field(default_factory=dict)
    history: History | None = None

    def points(self) -> Fraction:
        """Those of all tasks, less what broken rules take."""
        return sum((points for _, points in self._given()), Fraction()) + self.taken

    @property
    def taken(self) -> Fraction:
        """What broken rules take: 0, or less. No sheet comes below 0 by it."""
        return sum(map(self._taken_from, {rule.sheet for rule in self.rules}), Fraction())

    def on_sheet(self, number: int) -> Fraction:
        """The points of a sheet, less what broken rules take."""
        return self._given_on(number) + self._taken_from(number)

    def on_task(self, numbers: str) -> Fraction:
        """The points of a task, such as "2.1"."""
        return sum((points for task, points in self._given() if task == numbers), Fraction())

    def shown(self, task: Task) -> str:
        """The points of a task as people write them; "" where a person has still to give them."""
        is_known = task.gaps or task.rule or task.numbers in self.manual
        return points_text(self.on_task(task.numbers)) if is_known else ""

    def open_on(self, sheet: Sheet) -> Fraction:
        """The points of a sheet that a person has still to give, or that could not be judged."""
        return sum(map(self._open_of, sheet.tasks), Fraction())

    @property
    def lateness(self) -> str:
        """By how much it is late, or that the platform says so; "" if it is not."""
        late_by = self.history and self.history.late_by
        return f"late by {duration(late_by)}" if late_by else "late" * self.is_late

    @property
    def timing(self) -> list[str]:
        """When it was handed in, and what of it counts, a line each; none of a plain folder or zip that is not late."""
        late = [f"handed in {self.lateness}"] if self.lateness else []
        return [*late, *(self.history.lines if self.history else ())]

    @property
    def only_with_changes(self) -> list[GapResult]:
        """The gaps that earn nothing, and are solved in the team's own file."""
        return [gap for gap in self.gaps if not gap.is_solved and gap.own_file and gap.own_file.is_solved]

    @property
    def is_untouched(self) -> bool:
        """Whether no gap has been started."""
        return all(gap.isolated.state == NOT_STARTED for gap in self.gaps)

    @property
    def is_unread(self) -> bool:
        """Whether no gap could be found in what was handed in."""
        return all(gap.text is None for gap in self.gaps)

    @classmethod
    def from_plain(cls, content: dict) -> "TeamResult":
        """Raises: KeyError, TypeError or ValueError if these plain data describe none."""
        history = content.get("history")
        return cls(**content | {
            **{name: tuple(content[name]) for name in ("problems", "new", "members")},
            "gaps": tuple(map(GapResult.from_plain, content["gaps"])),
            "changes": tuple(map(Change.from_plain, content["changes"])),
            "flags": tuple(Flag(**flag) for flag in content["flags"]),
            "rules": tuple(map(RuleResult.from_plain, content.get("rules", ()))),
            "history": History.from_plain(history) if history else None})

    def _open_of(self, task: Task) -> Fraction:
        if task.rule and task.numbers not in self.manual:
            return task.points * any(rule.task == task.numbers and rule.state == UNKNOWN for rule in self.rules)
        if task.gaps:
            return sum((gap.possible for gap in self.gaps if gap.task == task.numbers and gap.is_open), Fraction())
        return Fraction() if self.shown(task) else task.points

    def _taken_from(self, sheet: int) -> Fraction:
        lost = sum((Fraction(rule.points) for rule in self.rules if rule.sheet == sheet and not rule.task), Fraction())
        return max(lost, -self._given_on(sheet))

    def _given_on(self, sheet: int) -> Fraction:
        return sum((points for task, points in self._given() if task.startswith(f"{sheet}.")), Fraction())

    def _given(self) -> Iterator[tuple[str, Fraction]]:
        """Points that tests, rules and a person give, each with the numbers of its task."""
        yield from ((gap.task, gap.points) for gap in self.gaps)
        yield from ((rule.task, Fraction(rule.points)) for rule in self.rules
                    if rule.task and rule.task not in self.manual)
        yield from ((numbers, Fraction(points)) for numbers, points in self.manual.items())
