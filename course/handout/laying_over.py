"""The next handout laid over the one before it, in the git repository that students have theirs from."""

from collections.abc import Collection
from pathlib import Path

from course.handout.chosen import HandoutError
from course.handout.contents import git_says
from course.handout.papers import beside
from exercise.source import handed_out
from exercise.source.handed_out import RECORD

__all__ = ["check_committed", "is_published", "replace"]


def is_published(folder: Path) -> bool:
    """Whether a folder is a git repository that holds a handout."""
    return (folder / ".git").exists() and (folder / RECORD).is_file()


def check_committed(folder: Path, files: Collection[str]) -> None:
    """Raises: HandoutError if git does not keep what these files, or those of the earlier handout, are now."""
    state = git_says(folder, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all")
    if changed := sorted({line[3:] for line in state} & {*files, *_earlier(folder)}):
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise HandoutError(f"{folder}: {changed[0]}{more} would be overwritten, and git does not keep what is there: "
                           "commit it first, or restore it")


def replace(folder: Path, new: Path, files: Collection[str]) -> None:
    """Put the files of the new handout in place of those of the earlier one; all else in the folder stays as it is."""
    for path in _earlier(folder):
        (folder / path).unlink(missing_ok=True)
        _remove_empty(folder, (folder / path).parent)
    for path in files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (new / path).replace(folder / path)


def _earlier(folder: Path) -> set[str]:
    paths = handed_out.read(folder).hashes
    return {*paths, *beside(paths), RECORD}


def _remove_empty(folder: Path, place: Path) -> None:
    while place != folder and place.is_dir() and not any(place.iterdir()):
        place.rmdir()
        place = place.parent
