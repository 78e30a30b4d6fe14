"""What students write into the forms `declaration.md` and `feedback.md`; a comment in each describes it to programs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from course.grade.escaping import plain

__all__ = ["DECLARATION", "FEEDBACK", "HOURS", "MEMBERS", "NAME", "PART", "SOURCE", "Answer", "answers", "members",
           "parts"]

DECLARATION, FEEDBACK = "declaration.md", "feedback.md"
MEMBERS, NAME, PART, SOURCE = "### Members", "Name", "Part in the work", "Source or tool"
HOURS = "Hours per member"
_HEADINGS = ("## ", "### ")  # of the form; deeper ones, and what begins with a number sign, are parts of an answer
_NOBODY = {"none", "n/a", "na"}  # behind "Name" of a member who is none
_SHEET = re.compile(r"## Sheet (\d{1,4})\b", re.ASCII)
_BULLETS = ("-", "*", "+")
_FIELDS = (SOURCE, "Where it was used", "For what", "Why", NAME, PART, HOURS, "Problems", "Helpful", "Other")
_MOST, _LONGEST = 20, 200


@dataclass(frozen=True)
class Answer:
    """What stands behind a field.

    Args:
        heading: the line of the heading above it, such as MEMBERS.
        field: its name.
        text: the answer, of one line or more; "" where nobody has answered.
    """
    heading: str
    field: str
    text: str


def answers(text: str, sheet: int) -> list[Answer]:
    """The fields below the heading of a sheet, in the order in which they stand there.

    An answer should stay on its line; if it does not, what follows belongs to it, to the next field or heading.
    """
    found: list[tuple[str, str, list[str]]] = []
    heading, is_of_sheet = "", False
    for line in text.splitlines():
        if line.startswith(_HEADINGS):
            if match := _SHEET.match(line):
                is_of_sheet = int(match[1]) == sheet
            heading = line.strip()
            found.append((heading, "", []))  # what follows belongs to no field
        elif is_of_sheet:
            if field := _field(line):
                found.append((heading, field, []))
            found[-1][2].append(line.partition(":")[2] if field else line)
    return [Answer(heading, field, "\n".join(lines).strip(" *_\t\n")) for heading, field, lines in found if field]


def members(text: str, first: int, last: int) -> tuple[str, ...]:
    """What stands behind each "Name:" of these sheets, names and numbers as the team has written them, each once."""
    names = (plain(name.partition("\n")[0], _LONGEST) for sheet in range(first, last + 1)
             for name, _ in parts(answers(text, sheet)))
    return tuple(dict.fromkeys(names))[:_MOST]


def parts(found: list[Answer]) -> Iterator[tuple[str, str]]:
    """Each member in the answers for a sheet, with the part in the work that stands below the name; "" without one."""
    name = ""
    for answer in [*found, Answer(MEMBERS, NAME, "")]:
        if name and answer.field in (NAME, PART):
            yield name, answer.text if answer.field == PART else ""
            name = ""
        if (answer.heading, answer.field) == (MEMBERS, NAME) and _is_somebody(answer.text):
            name = answer.text


def _is_somebody(name: str) -> bool:
    return any(map(str.isalnum, name)) and name.strip().casefold() not in _NOBODY


def _field(line: str) -> str:
    """The name of the field that a line begins; "" if it begins none."""
    if not line.lstrip().startswith(_BULLETS):
        return ""
    name = line.partition(":")[0].strip(" -*+_\t").casefold()
    return next((field for field in _FIELDS if field.casefold() == name and ":" in line), "")
