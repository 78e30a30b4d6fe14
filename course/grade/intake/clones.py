"""The clone that a folder may hold: the files of its commit count, and not those that are to be seen beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from course.grade.intake import layout
from course.grade.intake.commits import Clone, CommitTree, choose
from course.grade.intake.decoding import decoded
from course.grade.intake.folders import Folder
from course.grade.intake.repository import Repository
from course.grade.intake.tree import Refused, Tree, shown

__all__ = ["Committed", "committed", "remarks"]

_NOTHING = "nothing is committed in its clone"
_MOST = 5  # files that are named


@dataclass(frozen=True)
class Committed:
    """What counts of a folder.

    Args:
        tree: the files of a commit, or else the folder itself.
        clone: what git says of that commit.
        place: the path of the working tree around it, "" or one that ends in a slash.
        problems: what is odd about it, a line each.
    """
    tree: Tree
    clone: Clone | None = None
    place: str = ""
    problems: tuple[str, ...] = ()


def committed(folder: Folder, request: dict) -> Committed:
    """The commit that counts of the clone in a folder; without a clone, the folder as it is.

    What a learning platform has delivered counts as it is, like a zip: the platform knows when that was handed in.

    Raises: Refused if it is a clone that cannot be read.
    """
    wanted = request["wanted"]
    if request["is_delivered"] and layout.holds(folder, wanted):
        return Committed(folder)
    path, problems = layout.find_clone(folder, wanted)
    git = None if path is None else folder.below(path)
    if git is None or "HEAD" not in git.files:
        return Committed(folder)
    repository = Repository(git, request["packages"])
    if repository.is_empty:
        return _uncommitted(folder, wanted)
    commit, clone = choose(repository, request["deadline"], request["commit"])
    return Committed(CommitTree(repository, commit), clone, path.removesuffix(".git"), tuple(problems))


def remarks(folder: Folder, where: str, texts: Mapping[str, str | None], clone: Clone) -> Iterator[str]:
    """What to say of a working tree that is not as its commit; after later commits, nobody expects it to be.

    Args:
        where: the folder that the texts would lie in.
        texts: the wanted ones of the commit, by path; None where they are not in it.
    """
    others = [] if clone.later else [path for path, text in texts.items() if _is_other(folder, where + path, text)]
    if others:
        named = ", ".join(map(shown, others[:_MOST])) + (" and others" if len(others) > _MOST else "")
        yield f"what is not in that commit does not count: the working tree has something else in {named}"


def _uncommitted(folder: Folder, wanted: list[str]) -> Committed:
    if not layout.holds(folder, wanted):
        raise Refused(_NOTHING)
    return Committed(folder, problems=(f"{_NOTHING}: its files count as they are",))


def _is_other(folder: Folder, path: str, text: str | None) -> bool:
    """Whether a file can be read, and its text is another one but for the ends of its lines, which git may change."""
    if path not in folder.files:
        return False
    try:
        seen = decoded(folder.read(path, folder.limits.text))
    except Refused:
        return False
    return text is None or seen.replace("\r\n", "\n") != text.replace("\r\n", "\n")
