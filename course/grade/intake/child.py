"""The process that reads one submission: a request on its standard input, a reply on its output, both JSON.

It limits itself before it opens anything, and needs no package beyond the standard library, but for a clone.
"""

import dataclasses
import json
import os
import sys

from course.grade.intake import clones, layout
from course.grade.intake.archives import Archive
from course.grade.intake.clones import Committed
from course.grade.intake.folders import Folder, Loose, open_file
from course.grade.intake.limits import Limits
from course.grade.intake.taking import Found, take_all, told
from course.grade.intake.tree import Budget, Refused, Tree, shown

__all__ = ["main"]


def main() -> None:
    """Read the submission that the request names, and reply with what has been found."""
    request, found = json.load(sys.stdin.buffer), Found()
    limits = Limits(**request["limits"])
    limits.impose()
    try:
        _look(found, request, limits)
    except Refused as error:
        found.problems.append(str(error))
    except MemoryError:
        found.problems.append(f"it cannot be read within {limits.memory >> 20:,} MB of memory")
    except Exception as error:
        found.problems.append(f"it cannot be read ({type(error).__name__}: {error})")
    found.problems = _few([shown(line, 400) for line in found.problems], limits.problems)
    sys.stdout.buffer.write(json.dumps(dataclasses.asdict(found), ensure_ascii=False).encode())


def _look(found: Found, request: dict, limits: Limits) -> None:
    handed_in = _opened(request, limits)
    counted, nested = Committed(handed_in), limits.nested
    if isinstance(handed_in, Folder):
        counted, nested = clones.committed(handed_in, request), limits.nested + 1
    found.clone = counted.clone and dataclasses.asdict(counted.clone)
    found.problems += counted.problems
    folder = ""
    try:
        tree, folder, problems = layout.find(counted.tree, request["wanted"], nested)
    except Refused as error:
        found.problems += [str(error), *counted.tree.faults, *told(counted.tree)]
    else:
        found.problems += problems
        if request["deadline"] is not None and not counted.problems and layout.clone_around(tree, folder) is not None:
            found.problems.append("a clone is in it: its files count as they are, whenever they were committed")
        beside = Loose(request["root"], request["beside"], limits, tree.budget)
        take_all(found, [(tree, folder), (counted.tree, ""), (beside, "")], request)
    if counted.clone:
        texts = {path: found.texts.get(path) for path in request["wanted"]}
        found.clone["remarks"] += tuple(clones.remarks(handed_in, counted.place + folder, texts, counted.clone))


def _opened(request: dict, limits: Limits) -> Tree:
    """The zip or folder that was handed in."""
    budget, root, place = Budget(limits.total), request["root"], request["place"]
    if place.casefold().endswith(".zip") and not os.path.isdir(os.path.join(root, place)):
        return Archive(open_file(root, place), limits, budget)
    return Folder(root, place, limits, budget)


def _few(lines: list[str], most: int) -> list[str]:
    return lines if len(lines) <= most else [*lines[:most], f"and {len(lines) - most:,} problems more"]
