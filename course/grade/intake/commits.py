"""Which commit of a clone counts, and the files of one."""

import io
import stat
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from course.grade.intake.repository import Commit, Repository
from course.grade.intake.tree import Refused, Tree, is_passed_over, shown

__all__ = ["Clone", "CommitTree", "choose"]

_MAIN = ("refs/remotes/origin/main", "refs/heads/main", "refs/remotes/origin/master", "refs/heads/master")
_GITLINK = 0o160000
_KINDS = {stat.S_IFLNK: "a link, which is not followed: hand in what it leads to",
          stat.S_IFDIR: "a folder that lies too deep",
          _GITLINK: "a submodule, which is not looked at: hand in its files"}


@dataclass(frozen=True)
class Clone:
    """What a clone says of the commit that counts.

    Args:
        commit: its name.
        time, last: when it and the last commit on main were made, in seconds since 1970, as their authors' computers
            have written it.
        later: commits that main has now, and the one that counts has not; `earlier` of them are dated before the
            deadline.
        branches: their names.
        remarks: what is odd about it, a line each.
    """
    commit: str
    time: int
    last: int
    later: int = 0
    earlier: int = 0
    branches: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class CommitTree(Tree):
    """The files of a commit. How long they are is known when they are read."""

    def __init__(self, repository: Repository, commit: Commit):
        super().__init__(repository.git.limits, repository.git.budget)
        self._repository, self._objects = repository, dict[str, str]()
        waiting, seen = deque([("", commit.tree)]), 0
        while waiting and not self.faults:
            folder, tree = waiting.popleft()
            entries = [entry for entry in repository.tree(tree) if not is_passed_over(entry[0])]
            if self.is_crowded(folder.removesuffix("/"), len(entries)):
                continue
            seen += len(entries)
            if seen > self.limits.files:
                self.faults.append(f"more than {self.limits.files:,} files: not all of them are looked at")
            else:
                waiting += self._take(folder, entries)

    def opened(self, path: str) -> BinaryIO:
        return io.BytesIO(self._repository.blob(self._objects[path]))

    def _take(self, folder: str, entries: list[tuple[str, int, str]]) -> Iterator[tuple[str, str]]:
        """Take in what lies in a folder; gives the folders among it."""
        times = Counter(name for name, _, _ in entries)
        for name, mode, found in entries:
            path, kind = f"{folder}{name}", stat.S_IFMT(mode)
            if times[name] > 1:
                self.others[path] = "in the commit more than once: it is not clear which one counts"
            elif name in ("", ".", "..") or "/" in name:
                self.others[path] = "a name that no file can have"
            elif len(path) > self.limits.name:
                self.others[path] = "a path that is too long"
            elif kind == stat.S_IFREG:
                self.files[path], self._objects[path] = 0, found
            elif kind == stat.S_IFDIR and path.count("/") + 1 < self.limits.depth:
                yield f"{path}/", found
            else:
                self.others[path] = _KINDS.get(kind, "no file")


def choose(repository: Repository, deadline: float | None, named: str) -> tuple[Commit, Clone]:
    """The commit that counts, and what the clone says of it.

    Along the first parents of main, as a merge into it leaves them, it is the last one that was made until the
    deadline; the last one of all, if none was.

    Args:
        deadline: in seconds since 1970, or None.
        named: what main was at the deadline by the host's data; "" if that is not known.
    Raises: Refused if there is no such branch, or one of its commits cannot be read.
    """
    branch, remarks = _main(repository)
    tip = repository.commit(repository.refs[branch])
    commit = _named(repository, named, remarks) or _last(repository, tip, deadline)
    if commit is None:
        commit = tip
        remarks.append("no commit on main was made before the deadline: the last one counts")
    later = _later(repository, commit, tip)
    return commit, Clone(commit.name, commit.time, tip.time, len(later),
                         sum(deadline is not None and one.time <= deadline for one in later),
                         _branches(repository), tuple(remarks))


def _main(repository: Repository) -> tuple[str, list[str]]:
    """The branch that counts, and what is odd about the clone. Raises: Refused if there is none."""
    refs = repository.refs
    if any(path.startswith("reftable/") for path in repository.git.files):
        raise Refused("its branches are kept as a reftable, which is not read here: clone it with --ref-format=files")
    branch = next((name for name in _MAIN if name in refs), "")
    if not branch:
        there = shown(", ".join(_branches(repository)) or "none")
        raise Refused(f"the clone has no branch main with commits named by SHA-1 (its branches: {there})")
    remarks = list(repository.git.faults)
    if branch.endswith("/master"):
        remarks.append("the branch is called master: it should be main")
    if branch == _MAIN[0] and refs.get(_MAIN[1], refs[branch]) != refs[branch]:
        remarks.append("main of the clone and origin/main, that of the host, differ: the host's counts")
    if repository.shallow:
        remarks.append("the clone is shallow, and its history not whole: make it without --depth")
    return branch, remarks


def _named(repository: Repository, named: str, remarks: list[str]) -> Commit | None:
    """The commit that the host names, if the clone has it."""
    try:
        return repository.commit(named) if named else None
    except Refused:
        remarks.append(f"the commit {named[:10]}, which main was at the deadline, is not in the clone, as after a "
                       "forced push: the dates of commits decide")
        return None


def _last(repository: Repository, tip: Commit, deadline: float | None) -> Commit | None:
    """The last commit along first parents that was made until the deadline."""
    commit, left = tip, repository.git.limits.commits
    while deadline is not None and commit.time > deadline:
        left -= 1
        if not (commit.parents and left):
            return None
        commit = repository.commit(commit.parents[0])
    return commit


def _later(repository: Repository, commit: Commit, tip: Commit) -> list[Commit]:
    """The commits of main that lie not behind the one that counts."""
    if commit == tip:
        return []
    known = {one.name for one in _behind(repository, commit, set())}
    return _behind(repository, tip, known)


def _behind(repository: Repository, commit: Commit, known: set[str]) -> list[Commit]:
    """A commit and all that it rests on, as far as they can be read, but for those that are known."""
    found, waiting = {}, [commit.name] if commit.name not in known else []
    while waiting and len(found) < repository.git.limits.commits:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = repository.commit(name)
        except Refused:
            continue
        waiting += [parent for parent in found[name].parents if parent not in found and parent not in known]
    return list(found.values())


def _branches(repository: Repository) -> tuple[str, ...]:
    names = {ref.removeprefix("refs/heads/").removeprefix("refs/remotes/origin/") for ref in repository.refs}
    return tuple(sorted(map(shown, names - {"HEAD"})))[:repository.git.limits.branches]
