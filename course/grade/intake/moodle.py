"""Moodle's bulk download: `Full name_12345_assignsubmission_file`, a folder, or a file with its own name behind that.

The number is that of the participant in this assignment, which the grading worksheet has too. A group's name may stand
before the full name; nothing tells them apart. What was typed into the web page (`onlinetext`) is no submission.
"""

import re

from course.grade.intake.named import Named

__all__ = ["parse"]

_NAME = re.compile(r"(?P<person>[^_]+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<file>.*))?",
                   re.ASCII | re.DOTALL)


def parse(name: str) -> Named | None:
    """What a name says, or None if it is none of Moodle's."""
    match = _NAME.fullmatch(name)
    return match and Named(match["person"].strip(), match["number"], match["file"] or "")
