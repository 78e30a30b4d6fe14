"""The toy course, small but whole, on boxes, in toy_course/: tests copy it and vary the copy. It needs no torch."""

import shutil
from pathlib import Path

FOLDER = Path(__file__).parent / "toy_course"
COURSE = (FOLDER / "course.toml").read_text(encoding="utf-8")
BOX = (FOLDER / "lib" / "box.py").read_text(encoding="utf-8")
LABEL = (FOLDER / "lib" / "label.py").read_text(encoding="utf-8")


def copy(root: Path, *parts: str) -> Path:
    """Copy these parts of it below `root`, without `parts` the table and the modules; returns `root`."""
    for part in parts or ("course.toml", "lib"):
        source, target = FOLDER / part, root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return root
