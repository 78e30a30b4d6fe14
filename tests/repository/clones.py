"""Git repositories for tests, made with git, with commits at the moments that are named."""

import importlib.util
import os
import shutil
import subprocess
import zlib
from datetime import datetime
from hashlib import sha1
from pathlib import Path

import pytest

__all__ = ["Clone", "needs_git"]

needs_git = pytest.mark.skipif(not (shutil.which("git") and importlib.util.find_spec("dulwich")),
                               reason="git, or dulwich of requirements-course.txt, is not installed")


class Clone:
    """A repository that is made at a place, with a branch main and no commit."""

    def __init__(self, place: Path, *flags: str):
        self.place = place
        subprocess.run(["git", "init", "-q", "-b", "main", *flags, place], check=True, env=_environment())

    def git(self, *words: str, when: str = "2026-12-01T12:00") -> str:
        """What git prints."""
        moment = datetime.fromisoformat(when).astimezone().isoformat()
        return subprocess.run(["git", *words], check=True, cwd=self.place, text=True, capture_output=True,
                              env=_environment() | {"GIT_COMMITTER_DATE": moment, "GIT_AUTHOR_DATE": moment}).stdout

    def commit(self, when: str, **texts: str) -> str:
        """Commits files of `lib`, by their names without ending; the commit's name."""
        for name, text in texts.items():
            (self.place / "lib").mkdir(exist_ok=True)
            (self.place / "lib" / f"{name}.py").write_text(text, newline="\n")
        self.git("add", "--all", when=when)
        self.git("commit", "--quiet", "--allow-empty", "--message", "work", when=when)
        return self.git("rev-parse", "HEAD").strip()

    def object(self, kind: str, data: bytes, name: str = "") -> str:
        """Writes a loose object, as nobody has checked it; its name, or the one that it is given."""
        whole = f"{kind} {len(data)}\0".encode() + data
        name = name or sha1(whole).hexdigest()
        file = self.place / ".git" / "objects" / name[:2] / name[2:]
        file.parent.mkdir(exist_ok=True)
        file.unlink(missing_ok=True)
        file.write_bytes(zlib.compress(whole))
        return name

    def tree(self, *entries: tuple[str, str, str]) -> str:
        """Writes a tree of (mode, name, object)."""
        return self.object("tree", b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(found)
                                            for mode, name, found in entries))

    def point_main_at(self, tree: str, *parents: str) -> None:
        """Makes main a commit of this tree, of which nothing else is checked."""
        who = "A <a@b> 1796112000 +0000"
        text = "".join([f"tree {tree}\n", *(f"parent {parent}\n" for parent in parents),
                        f"author {who}\ncommitter {who}\n\nwork\n"])
        (self.place / ".git/refs/heads/main").write_text(self.object("commit", text.encode()) + "\n")


def _environment() -> dict[str, str]:
    """Without the settings of whoever runs the tests."""
    who = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return os.environ | who | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
