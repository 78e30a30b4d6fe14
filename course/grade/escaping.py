"""Text that others wrote, as it may stand in a report: nothing in it steers a terminal, a page or a spreadsheet."""

import html
import re

__all__ = ["code", "csv_cell", "fenced", "markdown", "markup", "plain", "printable"]

_LONGEST = 300
_MARKDOWN = re.compile(r"([\\`*\[\]|~$]|(?<![^\W_])_|_(?![^\W_])|^[#+=-])")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?= |$)", re.ASCII)  # begins a list
_LINKS = {"://": "&#58;//", "www.": "www&#46;", "@": "&#64;"}  # pages make links of these by themselves
_FORMULA = re.compile(r"(?:^|(?<=;))(?= ?[=+@\uff1d\uff0b\uff0d\uff20-])")  # in some countries a semicolon ends a cell


def plain(text: str, longest: int = _LONGEST) -> str:
    """One line of printable signs, cut where it is too long; what steers or hides (control, bidirectional, unassigned
    signs) becomes a question mark."""
    line = "".join(" " if sign.isspace() else sign if sign.isprintable() else "?" for sign in text[:4 * longest])
    line = " ".join(line.split())
    return line if len(line) <= longest else f"{line[:longest - 1]}…"


def markdown(text: str, longest: int = _LONGEST) -> str:
    """One line for a page in Markdown, in which it is nothing but text."""
    line = html.escape(_NUMBERED.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", plain(text, longest))), quote=False)
    for sign, instead in _LINKS.items():
        line = line.replace(sign, instead)
    return line


def markup(text: str, longest: int = _LONGEST) -> str:
    """One line for a page in HTML, in which it is nothing but text; no filter finds a formula in it."""
    line = html.escape(plain(text, longest)).replace("\\", "&#92;").replace("$", "&#36;")
    for sign, instead in _LINKS.items():
        line = line.replace(sign, instead)
    return line


def code(text: str) -> str:
    """One line of code for a page in Markdown."""
    line = plain(text)
    ticks = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    pad = " " if "`" in line else ""
    return f"{ticks}{pad}{line}{pad}{ticks}" if line else ""


def printable(line: str) -> str:
    """A line with its spaces and tabs; what steers or hides becomes a question mark."""
    return "".join(sign if sign.isprintable() or sign == "\t" else "?" for sign in line)


def fenced(lines: list[str], language: str = "") -> list[str]:
    """Lines of code as a block of a page in Markdown, whatever fences are in them."""
    shown = [printable(line.rstrip("\r\n"))[:_LONGEST] for line in lines]
    longest = max((len(run) for line in shown for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *shown, fence]


def csv_cell(text: str, longest: int = _LONGEST) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return _FORMULA.sub("'", plain(text, longest))
