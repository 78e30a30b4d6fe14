"""Where in a submission the repository lies: at the top, below other folders, or in a zip that it holds."""

import stat
from collections.abc import Collection

from course.grade.intake.archives import Archive
from course.grade.intake.folders import Folder
from course.grade.intake.tree import Refused, Tree, shown

__all__ = ["find", "find_clone"]


def find(tree: Tree, wanted: Collection[str], nested: int) -> tuple[Tree, str, list[str]]:
    """The tree that holds the repository, its folder there ("" or one that ends in a slash), and problems.

    It is the shallowest folder that holds one of the wanted paths; without one, that of the shallowest zip.

    Args:
        nested: how many zips in one another are opened.
    Raises: Refused if there is none, or a zip that may hold it cannot be read.
    """
    if folders := _holding(tree, wanted):
        folder, problems = _shallowest(folders, "the exercise lies in {} and in {}: only the first one counts")
        return tree, folder, tree.faults + problems
    zips = [path for path in tree.files if path.casefold().endswith(".zip")]
    if not zips:
        tops = ", ".join(sorted({path.partition("/")[0] for path in wanted}))
        raise Refused(f"no file of the exercise is in it: the folder {tops} should lie at its top")
    path, problems = _shallowest(zips, "it holds two zips, {} and {}: only the first one counts")
    if not nested:
        raise Refused(f"{shown(path)}: this zip lies in too many others: hand in the one with your files")
    try:
        inner = Archive(tree.whole(path), tree.limits, tree.budget)
        tree, folder, more = find(inner, wanted, nested - 1)
    except Refused as error:
        raise Refused(f"{shown(path)}: {error}") from None
    return tree, folder, problems + more


def find_clone(tree: Folder, wanted: Collection[str]) -> str | None:
    """The path of the `.git` that the wanted files belong to, "" if the whole is one; None if there is none.

    Raises: Refused if it is no folder.
    """
    if "HEAD" in tree.files and any(path.startswith("objects/") for path in tree.files):
        return ""
    path = next(iter(tree.clones), None)
    folders = _holding(tree, wanted)
    if path is None or folders and not any(folder.startswith(path.removesuffix(".git")) for folder in folders):
        return None
    if tree.clones[path] != stat.S_IFDIR:
        raise Refused(f"{shown(path)} is no folder but leads to one elsewhere: hand in what `git clone` makes")
    return path


def _holding(tree: Tree, wanted: Collection[str]) -> list[str]:
    """The folders in which one of these paths lies, as whatever it is."""
    found = {path.removesuffix(ending) for ending in wanted for path in [*tree.files, *tree.others]
             if f"/{path}".endswith(f"/{ending}")}
    return sorted(found)


def _shallowest(paths: Collection[str], complaint: str) -> tuple[str, list[str]]:
    """The path with the fewest slashes, and the complaint if it is not the only one."""
    first, *others = sorted(paths, key=lambda path: (path.count("/"), path))
    rivals = [path for path in others if path.count("/") == first.count("/")]
    return first, [complaint.format(shown(first), shown(other)) for other in rivals[:1]]
