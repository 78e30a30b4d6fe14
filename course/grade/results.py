"""What a run of the grader has found, in plain data: the one model that every report is made from.

    grades/run.json               what all results of a run share: version, seeds, sheets, isolation, limits
    grades/course.json            a hash of each file of the course that decides on marks, by path
    grades/results/<team>.json    all that was found on one team, written once, when its last gap is judged
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path

from course.grade.deadlines import duration
from course.grade.rules.rule import RuleResult
from exercise.problem import Problem
from exercise.source.table import Task, points_text
from exercise.verdict.verdicts import NOT_STARTED, SOLVED

__all__ = ["NO_VERDICT", "Change", "Flag", "Folder", "GapResult", "History", "Outcome", "Run", "TeamResult", "write"]

NO_VERDICT = "no verdict"  # its tests came to no end, through no fault of the code as far as one can tell
RUN, FILES, RESULTS = "run.json", "course.json", "results"


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
    def points(self) -> Fraction:
        return Fraction(self.worth) if self.is_solved else Fraction()


@dataclass(frozen=True)
class Change:
    """A file that is not as it was handed out, outside of its gaps.

    Args: diff, its lines, where the grader has looked at the text.
    """
    path: str
    what: str
    diff: tuple[str, ...] = ()


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

    def points(self, task: str | None = None) -> Fraction:
        """Those of all tasks, without what broken rules take, or those of one task ("2.1")."""
        if task is None:
            return self._of_tasks() + self.taken
        return sum((points for numbers, points in self._by_task() if numbers == task), Fraction())

    @property
    def taken(self) -> Fraction:
        """What broken rules take: 0, or less. No sheet comes below 0 by it."""
        return sum(map(self._taken, {rule.sheet for rule in self.rules}), Fraction())

    def on_sheet(self, number: int) -> Fraction:
        """The points of a sheet, without what broken rules take."""
        return self._of_tasks(str(number)) + self._taken(number)

    def shown(self, task: Task) -> str:
        """The points of a task as people write them; "" where a person has still to give them."""
        is_known = task.gaps or task.rule or task.numbers in self.manual
        return points_text(self.points(task.numbers)) if is_known else ""

    def _taken(self, sheet: int) -> Fraction:
        lost = sum((Fraction(rule.points) for rule in self.rules if rule.sheet == sheet and not rule.task), Fraction())
        return max(lost, -self._of_tasks(str(sheet)))

    def _of_tasks(self, sheet: str | None = None) -> Fraction:
        return sum((points for numbers, points in self._by_task() if sheet in (None, numbers.partition(".")[0])),
                   Fraction())

    def _by_task(self) -> Iterator[tuple[str, Fraction]]:
        """Points that tests, rules and a person give, each with the numbers of its task."""
        yield from ((gap.task, gap.points) for gap in self.gaps)
        yield from ((rule.task, Fraction(rule.points)) for rule in self.rules
                    if rule.task and rule.task not in self.manual)
        yield from ((numbers, Fraction(points)) for numbers, points in self.manual.items())

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
    def is_read(self) -> bool:
        """Whether a gap of it could be found."""
        return any(gap.text is not None for gap in self.gaps)

    @property
    def is_untouched(self) -> bool:
        """Whether no gap has been started."""
        return all(gap.isolated.state == NOT_STARTED for gap in self.gaps)

    @classmethod
    def from_plain(cls, content: dict) -> "TeamResult":
        """The result that `dataclasses.asdict` made these plain data of.

        Raises: KeyError or TypeError if they describe none.
        """
        return cls(**content | {
            "problems": tuple(content["problems"]), "new": tuple(content["new"]),
            "members": tuple(content["members"]), "rules": tuple(map(RuleResult.from_plain, content.get("rules", ()))),
            "history": _history(content.get("history")),
            "gaps": tuple(map(_gap, content["gaps"])), "flags": tuple(Flag(**flag) for flag in content["flags"]),
            "changes": tuple(Change(**change | {"diff": tuple(change["diff"])}) for change in content["changes"])})


@dataclass(frozen=True)
class Run:
    """What all results of a run share; whoever has the same can repeat a mark.

    Args:
        version: of the course: commit or version, and a hash of all that decides on marks.
        sheets: the first and the last one that are graded.
        isolation: the level in one word; `barriers` are what holds on this machine.
        limit, budget: seconds for one answer, and for all trials of one submission.
        submissions: the folder that they lie in, which may be moved without making it another run.
        deadline: until when commits of clones count, with its offset; "" without one.
        pushes: the folder with the host's data; "" without it.
    """
    version: str
    seeds: tuple[int, ...]
    sheets: tuple[int, int]
    isolation: str
    barriers: tuple[str, ...]
    limit: float
    budget: float
    submissions: str = field(default="", compare=False)
    deadline: str = ""
    pushes: str = ""


class Folder:
    """The folder that a run writes to."""

    def __init__(self, place: Path):
        self.place = place

    def begin(self, run: Run, files: Mapping[str, str]) -> None:
        """Make the folder.

        Args: files, the hashes of those that decide on marks, by path.
        Raises: Problem if it cannot be made, or holds results already.
        """
        if self.place.exists() and not self.place.is_dir():
            raise Problem(f"{self.place} is no folder: choose one that is new or empty")
        if any(self.teams()):
            raise Problem(f"{self.place} holds results already: add --resume to go on with them, or choose another")
        self.write(FILES, files)
        self.write(RUN, asdict(run))

    def resumed(self) -> Run:
        """The run that is to be resumed.

        Raises: Problem if there is none, or what is there of it is damaged.
        """
        return self.run("there is no run to resume: leave out --resume")

    def run(self, missing: str = "this is no folder that `python -m course grade` has written") -> Run:
        """The run whose results are here.

        Args: missing, what to say where there is none.
        Raises: Problem if there is none, or what is there of it is damaged.
        """
        content = self.read(RUN, missing)
        try:
            return Run(**content | {name: tuple(content[name]) for name in ("seeds", "sheets", "barriers")})
        except (KeyError, TypeError):
            raise Problem(f"{self.place / RUN} is damaged: grade into a new folder") from None

    def files(self) -> dict[str, str] | None:
        """The hashes of the files that decided on the marks, by path; None where an older version has graded."""
        return self.read(FILES, "it is gone") if (self.place / FILES).exists() else None

    def teams(self) -> Iterator[str]:
        """The names of the teams that have a result."""
        return (file.stem for file in sorted(self.place.glob(f"{RESULTS}/*.json")))

    def results(self) -> list[TeamResult]:
        """Every result that is there, in the order of the teams' names.

        Raises: Problem if one is damaged.
        """
        return [self._result(team) for team in self.teams()]

    def add(self, result: TeamResult) -> None:
        """Write the result of a team; it is there as a whole, or not at all."""
        self.write(f"{RESULTS}/{result.team}.json", asdict(result))

    def write(self, name: str, content: object) -> None:
        """Write plain data as JSON.

        Raises: Problem if that cannot be done.
        """
        write(self.place / name, json.dumps(content, indent=1, ensure_ascii=False) + "\n")

    def _result(self, team: str) -> TeamResult:
        path = f"{RESULTS}/{team}.json"
        try:
            return TeamResult.from_plain(self.read(path, "it is gone"))
        except (KeyError, TypeError, ValueError):
            raise Problem(f"{self.place / path} is damaged: delete it, and --resume grades this team anew") from None

    def read(self, name: str, missing: str) -> dict:
        """The plain data of a file in JSON.

        Args: missing, what to say where there is none.
        Raises: Problem if it cannot be read.
        """
        try:
            return json.loads((self.place / name).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise Problem(f"{self.place}: {missing}") from None
        except (OSError, ValueError) as error:
            raise Problem(f"{self.place / name} cannot be read ({error}): delete it, or grade elsewhere") from None


def write(place: Path, text: str) -> None:
    """Write a file so that it is there as a whole or not at all, whatever happens meanwhile.

    Raises: Problem if it cannot be written.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, place)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise Problem(f"{place} cannot be written: {error.strerror or error}") from None


def _history(content: dict | None) -> History | None:
    return content and History(**content | {name: tuple(content[name]) for name in ("branches", "remarks")})


def _gap(content: dict) -> GapResult:
    outcomes = {name: Outcome(**content[name]) for name in ("isolated", "submitted")}
    Fraction(content["worth"])  # raises ValueError, if it is none
    own_file = content["own_file"] and Outcome(**content["own_file"])
    return GapResult(**content | outcomes | {"own_file": own_file})
