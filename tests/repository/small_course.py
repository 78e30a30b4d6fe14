"""A small course on boxes, for tests of the tools: three gaps in two files, no torch."""

from pathlib import Path

from exercise.source import gaps, handed_out, table

COURSE = """\
[[sheet]]
number = 1
title = "Boxes"
points = 4.5

[[sheet.task]]
title = "Sizes"
points = 2.5
kind = "auto"

[[sheet.task.gap]]
id = "box_volume"
points = 1.75
hints = ["How many sides are there?", "Multiply."]

[[sheet.task.gap]]
id = "box_area"
points = 0.75
hints = ["How many faces are there?", "Faces come in pairs.", "Two of each pair."]

[[sheet.task]]
title = "Labels"
points = 0
kind = "auto"

[[sheet.task.gap]]
id = "label_text"
points = 0
hints = ["What does the docstring say?", "Look up str.join."]

[[sheet.task]]
title = "Drawing"
points = 2
kind = "manual"

[[every_sheet]]
title = "Code style"
points = 1
kind = "bonus"
"""

BOX = '''\
def volume(a, b, c):
    # START TODO box_volume ########################
    # The product.

    product = a * b * c
    # END TODO ########################
    return product


def area(a, b, c):
    # START TODO box_area ########################
    # The sum over six faces.

    total = 2 * (a * b + b * c + c * a)
    # END TODO ########################
    return total
'''

LABEL = '''\
def text(*words):
    # START TODO label_text ########################
    # All words in one text.

    joined = " ".join(words)
    # END TODO ########################
    return joined
'''


def write(root: Path) -> Path:
    """Write the course below `root`, and return it."""
    (root / "lib").mkdir(parents=True)
    (root / "course.toml").write_text(COURSE, encoding="utf-8")
    (root / "lib" / "box.py").write_text(BOX, encoding="utf-8", newline="")
    (root / "lib" / "label.py").write_text(LABEL, encoding="utf-8", newline="")
    return root


def hand_out(root: Path) -> Path:
    """Write the course below `root` as students are given it, with the record of that, and return it."""
    write(root)
    course = table.load(root)
    for path, file in gaps.files(root).items():
        text = file.read_text(encoding="utf-8")
        stubs = {gap.id: gaps.stub(gap, course.where(gap.id)) for gap in gaps.parse(text, path)}
        file.write_text(gaps.compose(text, stubs, path), encoding="utf-8", newline="")
    (root / "exercise").mkdir()
    files = [*gaps.files(root), "course.toml"]
    record = handed_out.record({path: (root / path).read_bytes() for path in files})
    (root / handed_out.RECORD).write_bytes(record)
    return root
