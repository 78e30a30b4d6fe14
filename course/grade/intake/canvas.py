"""Canvas's download: `lastnamefirstname[_LATE]_userid_submissionid_name.zip`.

A file that was handed in again under its name is called `name-1.zip`, then `name-2.zip`.
"""

import re

from course.grade.intake.named import Named

__all__ = ["parse"]

_NAME = re.compile(r"(?P<person>.+?)_(?:(?P<late>late)_)?(?P<user>\d+)_(?P<submission>\d+)_(?P<file>.+)",
                   re.ASCII | re.DOTALL | re.IGNORECASE)
_FILE = re.compile(r"(?P<stem>.+?)(?:-(?P<version>\d{1,9}))?(?P<suffix>\.[^.]*)?", re.ASCII | re.DOTALL)


def parse(name: str) -> Named | None:
    """What a name says, or None if it is none of Canvas's."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    file = _FILE.fullmatch(match["file"])
    age = int(file["version"] or 0), int(match["submission"][:18])
    return Named(match["person"], match["user"], file["stem"] + (file["suffix"] or ""), age, bool(match["late"]))
