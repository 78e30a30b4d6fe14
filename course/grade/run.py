"""What all results of a run share."""

from dataclasses import dataclass, field

from course.grade.deadlines import moment, written

__all__ = ["Run"]

_SETTINGS = {
    "version": "the version of the course", "seeds": "the seeds", "sheets": "the sheets",
    "isolation": "the level of isolation", "barriers": "what keeps submissions from this machine",
    "limit": "the limit of an answer", "budget": "the budget of a submission", "deadline": "the deadline",
    "pushes": "the folder with the host's data"}


@dataclass(frozen=True)
class Run:
    """How a class was graded; whoever has the same can repeat a mark.

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

    @property
    def sheets_named(self) -> str:
        """Which sheets are graded: "sheet 2", or "sheets 1 to 3"."""
        first, last = self.sheets
        return f"sheet {first}" if first == last else f"sheets {first} to {last}"

    def differences(self, earlier: "Run") -> dict[str, str]:
        """What was not the same in an earlier run, in words, such as "the seeds: 5 6 before, 7 8 now"."""
        values = {name: (getattr(earlier, name), getattr(self, name)) for name in _SETTINGS}
        return {name: f"{_SETTINGS[name]}: {_words(name, old)} before, {_words(name, new)} now"
                for name, (old, new) in values.items() if old != new}

    @classmethod
    def from_plain(cls, content: dict) -> "Run":
        """Raises: KeyError or TypeError if these plain data describe none."""
        return cls(**content | {name: tuple(content[name]) for name in ("seeds", "sheets", "barriers")})


def _words(name: str, value: object) -> str:
    """The value of a setting as people write it."""
    if name == "sheets":
        return "-".join(map(str, dict.fromkeys(value)))
    if name == "deadline" and value:
        return written(moment(value))
    return (" ".join(map(str, value)) if isinstance(value, tuple) else str(value)) or "none"
