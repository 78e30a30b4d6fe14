"""The toy course, small but whole, on boxes, in toy_course/: tests copy it and vary the copy. It needs no torch."""

import shutil
from pathlib import Path

from exercise.source import gaps, handed_out, table

ROOT = Path(__file__).resolve().parents[2]
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


def copy_tools(root: Path) -> Path:
    """Copy what asks, judges, verifies and grades below `root`, without gaps, probes of gaps, and tests."""
    tools = [*ROOT.glob("course/*.py"), *ROOT.glob("course/grade/**/*.css"), ROOT / "setup.cfg",
             *(file for room in ("grade", "handout", "verify") for file in ROOT.glob(f"course/{room}/**/*.py")),
             *(file for file in ROOT.glob("exercise/**/*.py") if file.parent.name != "probes"),
             ROOT / "exercise" / "probes" / "accelerator.py",
             *(ROOT / "tests" / name for name in ("__init__.py", "conftest.py", "judge.py", "leftovers.py"))]
    for tool in tools:
        target = root / tool.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tool, target)
    return root


def hand_out(root: Path) -> Path:
    """Write the table and the modules below `root` as students are given them, with the record of that."""
    course = table.load(copy(root))
    for path, file in gaps.files(root).items():
        text = file.read_text(encoding="utf-8")
        stubs = {gap.id: gaps.stub(gap, course.where(gap.id)) for gap in gaps.parse(text, path)}
        file.write_text(gaps.compose(text, stubs, path), encoding="utf-8", newline="")
    (root / "exercise").mkdir(exist_ok=True)
    files = [*gaps.files(root), "course.toml"]
    record = handed_out.record({path: (root / path).read_bytes() for path in files})
    (root / handed_out.RECORD).write_bytes(record)
    return root
