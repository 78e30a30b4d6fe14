"""Who is in a team: what `declaration.md` names below `### Members` of each sheet (see the comment in that form)."""

import re

from course.grade.escaping import plain

__all__ = ["FILE", "members"]

FILE = "declaration.md"
_SHEET = re.compile(r"## Sheet (\d{1,4})\b", re.ASCII)
_NAME = "- Name:"
_MOST, _LONGEST = 20, 200


def members(text: str, first: int, last: int) -> tuple[str, ...]:
    """What stands behind each "Name:" of these sheets, names and numbers as the team has written them, each once."""
    found: dict[str, None] = {}
    is_of_sheets = is_of_members = False
    for line in text.splitlines():
        if match := _SHEET.match(line):
            is_of_sheets, is_of_members = first <= int(match[1]) <= last, False
        elif line.startswith("#"):
            is_of_members = line.strip() == "### Members"
        elif is_of_sheets and is_of_members and line.startswith(_NAME):
            found[plain(line.removeprefix(_NAME), _LONGEST)] = None
    return tuple(name for name in found if name)[:_MOST]
