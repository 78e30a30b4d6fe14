"""What a git host says of pushes to main: GitHub's activity of a repository, or GitLab's events of a project.

Formats: https://docs.github.com/en/rest/repos/repos (list repository activities), https://docs.gitlab.com/api/events
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from exercise.problem import Problem

__all__ = ["Push", "read"]

_MAIN = ("main", "master")  # the first of them that a repository has
_GITHUB = {"push", "force_push", "pr_merge", "merge_queue_merge", "branch_creation"}
_GITLAB = {"pushed to", "pushed new"}
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Push:
    """One push to main.

    Args:
        commit: what main was after it.
        is_first: whether it has made the branch, so that it brought what was handed out.
        branch: what main is called there.
    """
    time: datetime
    commit: str
    is_first: bool = False
    is_forced: bool = False
    branch: str = "main"


def read(folder: Path) -> dict[str, tuple[Push, ...]]:
    """The pushes of each team, in order, from a folder with a file `<team>.json` for each.

    Raises: Problem if there is none, or one of them is something else.
    """
    files = sorted(Path(folder).glob("*.json"))
    if not files:
        raise Problem(f"{folder}: there should be a folder with the host's data, a file TEAM.json for each team")
    return {file.stem: _of_main([*_pushes(file)]) for file in files}


def _of_main(pushes: list[Push]) -> tuple[Push, ...]:
    """Those to main, in order, or to master where there is no main; of one moment, hosts tell the last one first."""
    branch = next((name for name in _MAIN if any(push.branch == name for push in pushes)), "")
    return tuple(sorted((push for push in reversed(pushes) if push.branch == branch), key=lambda push: push.time))


def _pushes(file: Path) -> Iterator[Push]:
    try:
        for event in _events(json.JSONDecoder(), file.read_text(encoding="utf-8").strip()):
            if push := _of_github(event) if "activity_type" in event else _of_gitlab(event):
                yield push
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Problem(f"{file}: this is neither GitHub's activity of a repository nor GitLab's events of a project, as "
                      f"JSON ({type(error).__name__}: {error})") from None


def _events(decoder: json.JSONDecoder, text: str) -> Iterator[Mapping]:
    """All objects of one list, or of several: a page each, one after the other or in a list."""
    if not text:
        raise ValueError("the file is empty")
    while text:
        page, end = decoder.raw_decode(text)
        if not isinstance(page, list):
            raise ValueError("no list")
        for event in page:
            yield from event if isinstance(event, list) else [event]
        text = text[end:].strip()


def _of_github(event: Mapping) -> Push | None:
    kind, branch = event["activity_type"], event["ref"].removeprefix("refs/heads/")
    if kind not in _GITHUB or branch not in _MAIN:
        return None
    return _push(event["timestamp"], event["after"], branch, kind == "branch_creation", kind == "force_push")


def _of_gitlab(event: Mapping) -> Push | None:
    if event["action_name"] not in _GITLAB:
        return None
    pushed = event["push_data"]
    if pushed["ref"] not in _MAIN or pushed.get("ref_type", "branch") != "branch":
        return None
    return _push(event["created_at"], pushed["commit_to"], pushed["ref"], event["action_name"] == "pushed new")


def _push(time: str, commit: str, branch: str, is_first: bool, is_forced: bool = False) -> Push:
    """Raises: ValueError if the time or the commit is none."""
    if not _COMMIT.fullmatch(commit):
        raise ValueError("a push without a commit")
    when = datetime.fromisoformat(time)
    return Push(when if when.tzinfo else when.replace(tzinfo=UTC), commit, is_first, is_forced, branch)
