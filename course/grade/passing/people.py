"""Who is who on the sheets of a term: the members that submissions name, and who has handed in on a platform.

Two of them are one person if they have the same number or address, or else the same name, unless their numbers differ.
A submission that names nobody is that of the members whom others of the same name have on other sheets, if there are
some. Moodle gives a person another number on each sheet, so that there the name counts.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from course.grade.members import folded, name_in
from course.grade.passing.names import is_called, key, marks
from course.grade.results import TeamResult

__all__ = ["Person", "Submission", "people"]

_OF_ONE_PERSON = ("number", "Canvas")


@dataclass(frozen=True, eq=False)
class Submission:
    """What a team has handed in; several folders of grades have one from the same team.

    Args: folder, the number of its folder of grades.
    """
    folder: int
    result: TeamResult


@dataclass(eq=False)
class Person:
    """A row of the term.

    Args:
        names: as they are written, the first one to be shown.
        marks: what they are known by, "number", "address" or "Canvas", and its value.
        named: the submissions in which the person is named, or which the person has handed in.
        implied: submissions that name nobody, of teams that name the person on other sheets.
        is_unclear: whether somebody with the same name and another number is on other sheets alone.
    """
    names: list[str]
    marks: set[tuple[str, str]] = field(default_factory=set)
    named: list[Submission] = field(default_factory=list)
    implied: list[Submission] = field(default_factory=list)
    is_unclear: bool = False

    def of(self, folder: int) -> list[Submission]:
        """The submissions of the person in a folder of grades."""
        named = [submission for submission in self.named if submission.folder == folder]
        found = named or [submission for submission in self.implied if submission.folder == folder]
        return [*{submission.result.team: submission for submission in found}.values()]

    def counted_as_implied(self) -> list[Submission]:
        """Those that name nobody, and count for the person."""
        return [submission for submission in self.implied if submission in self.of(submission.folder)]

    def other_names(self) -> list[str]:
        """Names that are not the first one in other words."""
        first, *others = self.names
        return [name for name in others if not (is_called(first, name) or is_called(name, first))]

    def meets(self, other: "Person") -> bool:
        """Whether both are named in one folder of grades, and so are two people."""
        return bool({submission.folder for submission in self.named} &
                    {submission.folder for submission in other.named})

    def take_in(self, other: "Person") -> None:
        """Make another one the same person."""
        self.names += [name for name in other.names if name not in self.names]
        self.marks |= other.marks
        self.named += other.named
        self.implied += other.implied
        self.is_unclear |= other.is_unclear


def people(submissions: Sequence[Submission]) -> list[Person]:
    """All persons of these submissions, in the order of their names."""
    named = {submission: _named_in(submission) for submission in submissions}
    found = [*(person for persons in named.values() for person in persons), *_of_nameless(named)]
    found = _joined(found, lambda person: person.marks, lambda group: True)
    found = _joined(found, lambda person: filter(None, map(key, person.names)), _may_be_one)
    return sorted(found, key=lambda person: (folded(person.names[0]), sorted(person.marks)))


def _of_nameless(named: Mapping[Submission, Sequence[Person]]) -> Iterator[Person]:
    """Gives submissions that name nobody to the members whom others of the same team name.

    Yields: a person for each plain folder without such others, who has its name.
    """
    of_entry = defaultdict(list)
    for submission, persons in named.items():
        if submission.result.members:
            of_entry[_entry(submission.result)] += persons
    for submission in named:
        if not submission.result.members:
            for person in (team := of_entry[_entry(submission.result)]):
                person.implied.append(submission)
            if not submission.result.platform and not team:
                yield Person([submission.result.team], named=[submission])


def _named_in(submission: Submission) -> list[Person]:
    """Its members, and who has handed it in on a platform."""
    result = submission.result
    persons = [Person([name_in(words) or words], marks(words), [submission]) for words in result.members]
    for mark in {mark for person in persons for mark in person.marks}:
        having = [person for person in persons if mark in person.marks]
        if len(having) > 1:  # that of the team, or of the term, then
            for person in having:
                person.marks.discard(mark)
    if result.platform:
        own = Person([result.team.removesuffix(f"_{result.identifier}")], _platform_marks(result), [submission])
        same = next((person for person in persons if is_called(person.names[0], own.names[0])), None)
        if same is None:
            return [*persons, own]
        same.take_in(own)
    return persons


def _entry(result: TeamResult) -> tuple[str, str]:
    """What a submission is handed in as, which is the same on each sheet."""
    own = result.team.removesuffix(f"_{result.identifier}") if result.platform == "Moodle" else result.team
    return result.platform, result.identifier if result.platform == "Canvas" else key(own)


def _platform_marks(result: TeamResult) -> set[tuple[str, str]]:
    return {("Canvas", result.identifier)} if result.platform == "Canvas" else set()


def _joined(persons: Sequence[Person], keys_of: Callable[[Person], Iterable[Hashable]],
            may_be_one: Callable[[Sequence[Person]], bool]) -> list[Person]:
    """The persons, with those made one who share a key and may be one."""
    groups: dict[Hashable, list[Person]] = defaultdict(list)
    for person in persons:
        for shared in keys_of(person):
            groups[shared].append(person)
    became: dict[Person, Person] = {}
    for group in groups.values():
        group = [*dict.fromkeys(_now(person, became) for person in group)]
        if may_be_one(group):
            for other in group[1:]:
                group[0].take_in(other)
                became[other] = group[0]
        else:
            for person in group:
                person.is_unclear |= any(not person.meets(other) for other in group if other is not person)
    return [person for person in persons if person not in became]


def _now(person: Person, became: Mapping[Person, Person]) -> Person:
    while person in became:
        person = became[person]
    return person


def _may_be_one(group: Sequence[Person]) -> bool:
    """Whether nobody of these has another number than somebody else."""
    known = set().union(*(person.marks for person in group))
    return all(len({value for kind, value in known if kind == one}) <= 1 for one in _OF_ONE_PERSON)
