"""The text of a file whose bytes anybody could have written."""

import codecs

from course.grade.intake.tree import Refused

__all__ = ["decoded", "decoded_form"]

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # UTF-32 begins like the first


def decoded(data: bytes) -> str:
    """The text of a file, without the mark that some editors put before it. Raises: Refused if it is not UTF-8."""
    if data.startswith(_WIDE):
        raise Refused("it is saved as UTF-16: save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"it is not UTF-8 in line {_line(data, error.start)}: save it as UTF-8") from None
    if b"\0" in data:
        raise Refused(f"it holds a null byte in line {_line(data, data.index(0))}: save it as UTF-8")
    return text


def decoded_form(data: bytes) -> str:
    """The text of a form, which is no code: it may also be saved as UTF-16, or as Windows did before UTF-8.

    Raises: Refused if it holds a null byte.
    """
    try:
        text = data.decode("utf-16" if data.startswith(_WIDE) else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\0" in text:
        raise Refused(f"it holds a null byte in line {_line(data, data.index(0))}: save it as UTF-8")
    return text


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1
