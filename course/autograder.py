"""The autograder for a classroom of Classroom 50: grades the checkout that it runs in, and writes its result.json.

Copy this file into the classroom's configuration; it needs Python alone. The environment says where the rest is:

    COURSE      the folder of the solved course, with all that its requirements.txt names installed
    CLASSROOM   the classroom's name
    SHEETS      the sheets to grade, such as 2 or 1-3

It ends with 0 if it has graded, whatever the points are, with 2 otherwise.
"""

import json
import os
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

RESULT, TEAM = "result.json", "checkout"
LARGEST = 64 * 2 ** 20  # bytes: a file that is larger is no source


def main() -> int:
    """Grade the working folder. Returns: an exit code."""
    missing = [name for name in ("COURSE", "CLASSROOM", "SHEETS") if not os.environ.get(name)]
    if missing or not Path(os.environ["COURSE"]).is_dir():
        says = f"set {', '.join(missing)} in" if missing else "COURSE is no folder: mend that in"
        print(f"autograder: {says} the environment, see the top of this file", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        submissions, grades = Path(folder, "submissions"), Path(folder, "grades")
        pack(Path.cwd(), submissions / f"{TEAM}.zip")
        for words in (["grade", submissions, "--out", grades, "--sheets", os.environ["SHEETS"]],
                      ["report", grades, "--classroom", os.environ["CLASSROOM"]]):
            if subprocess.run([sys.executable, "-m", "course", *words], cwd=os.environ["COURSE"]).returncode:
                return 2
        result = json.loads((grades / "classroom50" / TEAM / RESULT).read_text(encoding="utf-8"))
    replace(Path(RESULT), json.dumps(result | who(), indent=1) + "\n")
    print(f"{result['score']} of {result['max-score']}: see {RESULT}")
    return 0


def pack(checkout: Path, archive: Path) -> None:
    """Write the regular files of a folder, but for git's, into a zip: no link is followed."""
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for file in regular_files(checkout):
            zipped.writestr(f"{TEAM}/{file.relative_to(checkout).as_posix()}", file.read_bytes())


def regular_files(checkout: Path) -> Iterator[Path]:
    """The files of a folder that could be sources."""
    for folder, folders, names in os.walk(checkout):
        folders[:] = sorted({*folders} - {".git"})
        for file in (Path(folder, name) for name in sorted(names)):
            about = file.lstat()
            named = not any("\ud800" <= sign <= "\udfff" for sign in str(file))  # else no zip can name it
            if named and stat.S_ISREG(about.st_mode) and about.st_size <= LARGEST:
                yield file


def who() -> dict[str, str]:
    """Whose checkout it is, and of which commit, as GitHub Actions says."""
    repository = os.environ.get("GITHUB_REPOSITORY", Path.cwd().name)
    return {"owner": repository.rpartition("/")[2], "commit": os.environ.get("GITHUB_SHA", "")}


def replace(place: Path, text: str) -> None:
    """Write a file in place of what the checkout has there, be it a link."""
    place.unlink(missing_ok=True)
    place.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
