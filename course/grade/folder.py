"""The folder of grades, in which a run keeps what it has found.

    grades/run.json               what all results of a run share: version, seeds, sheets, isolation, limits
    grades/course.json            a hash of each file of the course that decides on marks, by path
    grades/results/<team>.json    all that was found on one team, written once, when its last gap is judged
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from course.grade.files import write_file
from course.grade.results import TeamResult
from course.grade.run import Run
from exercise.problem import Problem

__all__ = ["Folder"]

_RUN, _FILES, _RESULTS = "run.json", "course.json", "results"


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
        if self.teams():
            raise Problem(f"{self.place} holds results already: add --resume to go on with them, or choose another")
        self.write(_FILES, files)
        self.write(_RUN, asdict(run))

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
        try:
            return Run.from_plain(self.read(_RUN, missing))
        except (KeyError, TypeError):
            raise Problem(f"{self.place / _RUN} is damaged: grade into a new folder") from None

    def files(self) -> dict[str, str] | None:
        """The hashes of the files that decided on the marks, by path; None where an older version has graded."""
        return self.read(_FILES, "it is gone") if (self.place / _FILES).exists() else None

    def teams(self) -> list[str]:
        """The names of the teams that have a result, in order."""
        return sorted(file.stem for file in self.place.glob(f"{_RESULTS}/*.json"))

    def results(self) -> list[TeamResult]:
        """Every result that is there, in the order of the teams' names.

        Raises: Problem if one is damaged.
        """
        return [self._result(team) for team in self.teams()]

    def add(self, result: TeamResult) -> None:
        """Write the result of a team.

        Raises: Problem if that cannot be done.
        """
        self.write(_of_team(result.team), asdict(result))

    def graded_at(self, team: str) -> datetime:
        """When the result of a team was written."""
        return datetime.fromtimestamp((self.place / _of_team(team)).stat().st_mtime, UTC)

    def write(self, name: str, content: object) -> None:
        """Write plain data as JSON.

        Raises: Problem if that cannot be done.
        """
        write_file(self.place / name, json.dumps(content, indent=1, ensure_ascii=False) + "\n")

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

    def _result(self, team: str) -> TeamResult:
        path = _of_team(team)
        try:
            return TeamResult.from_plain(self.read(path, "it is gone"))
        except (KeyError, TypeError, ValueError):
            raise Problem(f"{self.place / path} is damaged: delete it, and --resume grades this team anew") from None


def _of_team(team: str) -> str:
    return f"{_RESULTS}/{team}.json"
