"""`python -m course handout DIR [--sheets 1-3] [--check]`: the student's repository, written from the solved one.

It is written whole or not at all: first into a hidden folder beside DIR, where it is searched for solutions, then, when
its own tests have read every gap as not started or blocked, under its name. Where DIR is a git repository that holds
an earlier handout, it is laid over that.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

from course.handout import contents, laying_over, leaks, rehearsal
from course.handout.chosen import Chosen, HandoutError, choose
from course.handout.contents import File
from course.handout.papers import beside, printed
from exercise.source import gaps, table
from exercise.source.gaps import Gap
from exercise.source.handed_out import RECORD, fingerprint

__all__ = ["drift", "handout", "write"]

_MOST_NAMED = 10


def handout(root: str | Path, target: str | Path, check: bool = False, rehearse: bool = True,
            sheets: str | None = None) -> int:
    """Write the handout of the repository at `root` to `target`, or check the one that is there, and say so.

    Args:
        rehearse: run the handout's own tests before it gets its name.
        sheets: whose gaps are to be filled, such as "2" or "1-3"; by default all.
    Returns: an exit code. 0: all is well. 1: the handout would give something away, its tests read a gap otherwise
        than empty, or (check) what is there differs from what would be written now.
    Raises: Problem if the repository cannot be handed out, or `target` cannot take or has no handout.
    """
    root, target = Path(root).resolve(), Path(target)
    chosen = choose(table.load(root), sheets)
    files = contents.build(root, chosen)
    if check:
        return _report_drift(files, target)
    _check_free(root, target, files)
    files |= printed(root, files)
    try:
        trouble = _write_checked(root, files, target.resolve(), rehearse, chosen)
    except OSError as error:
        raise HandoutError(f"{target} cannot be written: {error.strerror or error}") from error
    if trouble:
        _say(*trouble, f"nothing is written to {target}: {_count(len(trouble), 'problem')}, see above")
        return 1
    _summarise(root, files, target, chosen)
    return 0


def write(files: Mapping[str, File], folder: Path) -> None:
    """Write files into a new folder."""
    folder.mkdir()
    for path, file in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(file.data)
        (folder / path).chmod(0o755 if file.executable else 0o644)


def drift(files: Mapping[str, File], folder: Path) -> list[str]:
    """How an existing handout differs from `files`, a line per file; what a student writes into a gap, or into a form,
    is no difference, nor is a PDF of a sheet.

    Files that the folder's .gitignore names, such as results, are no difference either.
    """
    there = set(contents.present(folder)) - beside(files)
    lines = {path: "missing" for path in files if path not in there}
    lines |= {path: "unexpected: a handout has no such file" for path in there if path not in files}
    lines |= {path: change for path in there & files.keys() if (change := _change(path, files[path], folder / path))}
    return [f"{path}: {what}" for path, what in sorted(lines.items())]


def _write_checked(root: Path, files: Mapping[str, File], target: Path, rehearse: bool, chosen: Chosen) -> list[str]:
    """Write the handout, unless there is trouble with it: a line for each."""
    published = [gap for gap in chosen.course.gaps if chosen.is_published(gap)]
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as parent:
        folder = Path(parent) / "handout"
        write(files, folder)
        trouble = leaks.find(folder, root, published) or (_rehearse(files, published) if rehearse else [])
        if not trouble and laying_over.is_published(target):
            laying_over.replace(target, folder, files)
        elif not trouble:
            if target.exists():
                target.rmdir()  # it is empty; Windows renames to no folder that exists
            folder.rename(target)
    return trouble


def _change(path: str, file: File, there: Path) -> str | None:
    if there.is_symlink() or not there.is_file():
        return "this is no ordinary file"
    if contents.is_form(path):
        return None
    try:
        found = there.read_bytes()
        if fingerprint(path, found) != fingerprint(path, file.data):
            return "changed outside of its gaps" if gaps.may_have_gaps(path) else "changed"
    except gaps.GapError as error:
        return str(error).replace(f"{path}:", "line ", 1)
    if gaps.may_have_gaps(path):
        return _changed_instruction(gaps.parse(file.data.decode(), path), gaps.parse(found.decode(), path))
    return None


def _changed_instruction(before: list[Gap], after: list[Gap]) -> str | None:
    """A comment that a student writes straight below an instruction reads as part of it, and is no change."""
    for gap, found in zip(before, after, strict=True):
        expected = gap.instruction.splitlines()
        if found.instruction.splitlines()[:len(expected)] != expected:
            return f"the instruction of the gap {gap.id} has changed"
    return None


def _report_drift(files: Mapping[str, File], target: Path) -> int:
    if not (target / RECORD).is_file():
        raise HandoutError(f"{target} holds no handout: there is no {RECORD} in it")
    lines = drift(files, target)
    print("\n".join(lines) or f"{target} is what would be written now: {_count(len(files), 'file')}")
    return 1 if lines else 0


def _check_free(root: Path, target: Path, files: Collection[str]) -> None:
    """Never overwrite anybody's work."""
    place = target.resolve()
    if place.is_relative_to(root):
        raise HandoutError(f"{target} lies inside the repository itself: choose a folder beside it")
    if not place.parent.is_dir():
        raise HandoutError(f"{target} cannot be made: there is no folder {place.parent}")
    if target.is_symlink() or (place.exists() and not place.is_dir()):
        raise HandoutError(f"{target} is no folder: choose one that is empty, or does not exist yet")
    if laying_over.is_published(place):
        laying_over.check_committed(place, files)
    elif place.is_dir() and any(place.iterdir()):
        raise HandoutError(f"{target} is not empty: choose an empty folder or a new one, a git repository with an "
                           "earlier handout, or compare with --check")


def _rehearse(files: Mapping[str, File], published: Collection[str]) -> list[str]:
    """The first run of the tests, in a copy, so that it leaves nothing behind in the handout."""
    _say("running the handout's own tests …")
    with tempfile.TemporaryDirectory(prefix="handout_") as parent:
        folder = Path(parent).resolve() / "handout"
        write(files, folder)
        try:
            results = rehearsal.run(folder)
        except RuntimeError as error:
            return [str(error)]
        states = Counter(result.state for result in results)
        solved = f", {states['solved']} solved" if published else ""
        _say(f"{_count(len(results), 'test')}: {states['not started']} not started, {states['blocked']} blocked"
             f"{solved}")
        return rehearsal.complaints(folder, results, published)


def _summarise(root: Path, files: Mapping[str, File], target: Path, chosen: Chosen) -> None:
    found = gaps.read(target)
    emptied = [gap for gap in found.values() if not chosen.is_published(gap.id)]
    left_out = sorted({place for path in contents.tracked(root) if (place := contents.left_out(path))})
    print(f"{target}: {_count(len(files), 'file')}, {_count(len(emptied), 'gap')} emptied in "
          f"{_count(len({gap.path for gap in emptied}), 'module')}; nothing in it gives a gap away")
    if len(found) > len(emptied):
        print(f"with the solutions of {_count(len(found) - len(emptied), 'gap')} of earlier sheets")
    if chosen.later():
        print(f"for later: {', '.join(chosen.later())}")
    if laying_over.is_published(target):
        print(f"to publish it: git -C {target} add --all, commit, push")
    if left_out:
        print(f"left out: {', '.join(left_out)}")
    if forgotten := contents.untracked(root, "--directory"):
        more = f" and {len(forgotten) - _MOST_NAMED} more" if len(forgotten) > _MOST_NAMED else ""
        print(f"not in it, because git does not track them: {', '.join(forgotten[:_MOST_NAMED])}{more}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _say(*lines: str) -> None:
    print(*lines, sep="\n", file=sys.stderr, flush=True)
