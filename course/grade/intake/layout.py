"""Where in a submission the repository lies: at the top, below other folders, or in a zip that it holds."""

import stat
from collections.abc import Collection

from course.grade.intake.archives import Archive
from course.grade.intake.folders import Folder
from course.grade.intake.tree import Refused, Tree, shown

__all__ = ["clone_around", "find", "find_clone", "holds"]

_PACKED = (".7z", ".rar", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst")
_MOST_ZIPS = 5  # that are looked into
_ZIPS = "it holds two zips, {} and {}: only the first one counts"
_TWICE = "the exercise lies in {} and in {}: only the first one counts"


def find(tree: Tree, wanted: Collection[str], nested: int) -> tuple[Tree, str, list[str]]:
    """The tree that holds the repository, its folder there ("" or one that ends in a slash), and problems.

    It is the shallowest folder that holds one of the wanted paths; without one, that of the shallowest zip with such a
    folder.

    Args:
        nested: how many zips in one another are opened.
    Raises: Refused if there is none, or a zip that may hold it cannot be read.
    """
    if folders := _holding(tree, wanted):
        folder, problems = _shallowest(folders, _TWICE)
        return tree, folder, tree.faults + problems
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
            told = [_ZIPS.format(shown(path), shown(other)) for other in rivals[:1]]
            return inner, folder, told + problems
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
        folder, problems = _shallowest(folders, _TWICE)
        path = clone_around(tree, folder)
    elif tree.clones:
        path, problems = _shallowest(tree.clones, "two clones are in it, {} and {}: only the first one counts")
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


def _holding(tree: Tree, wanted: Collection[str]) -> list[str]:
    """The folders in which one of these paths lies, as whatever it is."""
    found = {path.removesuffix(ending) for ending in wanted for path in [*tree.files, *tree.others]
             if f"/{path}".endswith(f"/{ending}")}
    return sorted(found)


def _shallowest(paths: Collection[str], complaint: str) -> tuple[str, list[str]]:
    """The path with the fewest slashes, and the complaint if it is not the only one."""
    first, *others = sorted(paths, key=_depth)
    rivals = [path for path in others if _depth(path)[0] == _depth(first)[0]]
    return first, [complaint.format(shown(first), shown(other)) for other in rivals[:1]]


def _depth(path: str) -> tuple[int, str]:
    """How deep a path lies; of two that lie alike, the first one in the alphabet is said to be less deep."""
    return path.count("/"), path
