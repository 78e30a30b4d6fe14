"""A small course on boxes, for tests of the tools: three gaps in two files, no torch."""

from pathlib import Path

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
    (root / "lib").mkdir()
    (root / "course.toml").write_text(COURSE, encoding="utf-8")
    (root / "lib" / "box.py").write_text(BOX, encoding="utf-8", newline="")
    (root / "lib" / "label.py").write_text(LABEL, encoding="utf-8", newline="")
    return root
