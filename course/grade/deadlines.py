"""Moments and spans of time, as people write them."""

from datetime import datetime

from exercise.problem import Problem

__all__ = ["duration", "moment", "written"]


def moment(text: str) -> datetime:
    """The moment that "2026-12-01T23:59" names, in the local time zone unless it ends in an offset.

    Raises: Problem if it names none.
    """
    try:
        found = datetime.fromisoformat(text)
        if ":" not in text:
            raise ValueError
        return found.astimezone()
    except (ValueError, OverflowError):
        raise Problem(f"the deadline {ascii(text)} is no date with a time, such as 2026-12-01T23:59 or "
                      "2026-12-01T23:59+01:00") from None


def written(when: datetime) -> str:
    """A moment for a reader, in the local time zone: "2026-12-01 23:59:00+01:00"."""
    return when.astimezone().isoformat(" ", "seconds")


def duration(seconds: float) -> str:
    """A span in its two largest units: "2 h 13 min", "3 d 0 h", "40 s"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{rest} s"
