"""Where in a submission the repository lies: at the top, below other folders, or in a zip that it holds."""

import stat
from collections.abc import Collection, Mapping

from course.grade.intake.archives import Archive
from course.grade.intake.folders import Folder
from course.grade.intake.tree import Refused, Tree, shown

__all__ = ["clone_around", "find", "find_clone", "holds"]

_PACKED = (".7z", ".rar", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst")
_MOST_ZIPS = 5  # that are looked into
_CLONES = "two clones are in it, {} and {}: only the first one counts"
_ZIPS = "it holds two zips, {} and {}: only the first one counts"
_TWICE = "the exercise lies in {} and in {}: only the first one counts"


def find(tree: Tree, wanted: Collection[str], nested: int) -> tuple[Tree, str, list[str]]:
    """The tree that holds the repository, its folder there ("" or one that ends in a slash), and problems.

    It is the shallowest folder that holds one of the wanted paths, of equally deep ones that with the most of them;
    without one, that of the shallowest zip with such a folder.

    Args:
        nested: how many zips in one another are opened.
    Raises: Refused if there is none, or a zip that may hold it cannot be read.
    """
    if folders := _holding(tree, wanted):
        folder, rivals = _fullest(folders)
        return tree, folder, tree.faults + _two(_TWICE, folder, rivals)
    zips = [path for path in tree.files if path.casefold().endswith(".zip")]
    if not zips:
        raise Refused(_nothing(tree, wanted))
    refusals = []
    for path in sorted(zips, key=_depth)[:_MOST_ZIPS]:
        try:
            inner, folder, problems = _in_zip(tree, path, wanted, nested)
        except Refused as error:
            refusals.append(error)
        else:
            rivals = [other for other in zips if other != path and _depth(other)[0] == _depth(path)[0]]
            return inner, folder, _two(_ZIPS, path, rivals) + problems
    raise refusals[0]


def _in_zip(tree: Tree, path: str, wanted: Collection[str], nested: int) -> tuple[Tree, str, list[str]]:
    """The same of a zip in a tree."""
    if not nested:
        raise Refused(f"{shown(path)}: this zip lies in too many others: hand in the one with your files")
    try:
        return find(Archive(tree.whole(path), tree.limits, tree.budget), wanted, nested - 1)
    except Refused as error:
        raise Refused(f"{shown(path)}: {error}") from None


def find_clone(tree: Folder, wanted: Collection[str]) -> tuple[str | None, list[str]]:
    """The path of the `.git` that counts, "" if the whole is one, None if there is none; and problems.

    It is that of the folder which `find` takes. Where no file of the exercise is to be seen, as in a clone without a
    working tree, the shallowest one counts.

    Raises: Refused if it is no folder.
    """
    if folders := _holding(tree, wanted):
        folder, rivals = _fullest(folders)
        path = clone_around(tree, folder)
        problems = _two(_TWICE, folder, [other for other in rivals if clone_around(tree, other) != path])
    elif tree.clones:
        path, *others = sorted(tree.clones, key=_depth)
        problems = _two(_CLONES, path, [other for other in others if _depth(other)[0] == _depth(path)[0]])
    else:
        is_bare = "HEAD" in tree.files and any(path.startswith("objects/") for path in tree.files)
        return "" if is_bare else None, []
    if path and tree.clones[path] != stat.S_IFDIR:
        raise Refused(f"{shown(path)} is no folder but leads to one elsewhere: hand in what `git clone` makes")
    return path, problems if path else []


def clone_around(tree: Tree, folder: str) -> str | None:
    """The path of the `.git` to which a folder, such as "" or "team/", belongs: the nearest one, if there is one."""
    around = [path for path in tree.clones if folder.startswith(path.removesuffix(".git"))]
    return max(around, key=len, default=None)


def holds(tree: Tree, wanted: Collection[str]) -> bool:
    """Whether one of the wanted files is to be seen in a tree, as whatever it is."""
    return bool(_holding(tree, wanted))


def _nothing(tree: Tree, wanted: Collection[str]) -> str:
    if packed := [path for path in tree.files if path.casefold().endswith(_PACKED)]:
        return f"{shown(packed[0])} is not opened, and no file of the exercise is beside it: hand in a zip or a folder"
    tops = ", ".join(sorted({path.partition("/")[0] for path in wanted}))
    return f"no file of the exercise is in it: the folder {tops} should lie at its top"


def _holding(tree: Tree, wanted: Collection[str]) -> dict[str, set[str]]:
    """The folders in which some of these paths lie, as whatever they are, with these."""
    found: dict[str, set[str]] = {}
    for ending in wanted:
        for path in [*tree.files, *tree.others]:
            if f"/{path}".endswith(f"/{ending}"):
                found.setdefault(path.removesuffix(ending), set()).add(ending)
    return found


def _fullest(folders: Mapping[str, set[str]]) -> tuple[str, list[str]]:
    """The folder that counts, and those that are as deep, or hold what this one has not."""
    first, *others = sorted(folders, key=lambda folder: (folder.count("/"), -len(folders[folder]), folder))
    return first, [other for other in others
                   if other.count("/") == first.count("/") or folders[other] - folders[first]]


def _two(complaint: str, first: str, others: list[str]) -> list[str]:
    return [complaint.format(shown(first) or "its main folder", shown(other)) for other in others[:1]]


def _depth(path: str) -> tuple[int, str]:
    """How deep a path lies; of two that lie alike, the first one in the alphabet is said to be less deep."""
    return path.count("/"), path
