"""Which course has graded: a commit or a version, and a hash of every file that a mark depends on."""

import hashlib
import re
from pathlib import Path

from course.handout.chosen import HandoutError
from course.handout.contents import git_says, tracked

__all__ = ["fingerprints", "same", "version"]

_DECIDES = ("tests/", "lib/", "exercise/", "course/", "course.toml", "setup.cfg")


def fingerprints(root: Path) -> dict[str, str]:
    """SHA-256 of every file that a mark depends on, by path: of the files as they are, so that changes show that are
    not committed."""
    return {path: hashlib.sha256((root / path).read_bytes()).hexdigest() for path in tracked(root)
            if path.startswith(_DECIDES) and not path.startswith("tests/repository/") and (root / path).is_file()}


def version(root: Path) -> str:
    """The commit that the repository is at, or the version that CITATION.cff names, and a hash of these files."""
    digest = hashlib.sha256()
    for path, fingerprint in fingerprints(root).items():
        digest.update(f"{path}\0".encode() + bytes.fromhex(fingerprint))
    return f"{_commit(root) or _cited(root)} {digest.hexdigest()[:12]}".strip()


def same(one: str, other: str) -> bool:
    """Whether two versions give the same marks: they may be of different commits."""
    return one.rpartition(" ")[2] == other.rpartition(" ")[2]


def _commit(root: Path) -> str:
    try:
        return git_says(root, "rev-parse", "--short=12", "HEAD")[0].strip() if (root / ".git").exists() else ""
    except (HandoutError, IndexError):  # no commit yet
        return ""


def _cited(root: Path) -> str:
    file = root / "CITATION.cff"
    match = re.search(r"^version: *(\S+)", file.read_text(encoding="utf-8"), re.M) if file.is_file() else None
    return match[1] if match else ""
