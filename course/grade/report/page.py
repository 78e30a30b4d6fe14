"""A page in HTML that needs nothing but itself: no script, no link, no picture, and a policy that allows none."""

import base64
import hashlib
import html
import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from course.grade.deadlines import moment, written
from course.grade.escaping import plain
from course.grade.run import Run
from exercise.source.table import points_text

__all__ = ["bar", "basis", "code", "gap_name", "items", "markdown_code", "page", "section", "sentence",
           "share", "table", "text"]

_STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
_LONGEST = 600


def text(said: str, longest: int = _LONGEST) -> str:
    """One line of what others wrote, which is nothing but text, and turns the direction of nothing around it."""
    return f"<bdi>{html.escape(plain(said, longest))}</bdi>"


def code(said: str) -> str:
    """One line of code."""
    return f"<code>{text(said)}</code>" if said else ""


def gap_name(gap: str) -> str:
    """The id of a gap, which may go on in the next line after an underscore."""
    return code(gap).replace("_", "_<wbr>")


def share(points: Fraction, worth: Fraction) -> str:
    """Points of those that there are; a dash where there are none."""
    return f"{points_text(points)} / {points_text(worth)}" if worth else "–"


def markdown_code(said: str) -> str:
    """Text in which backticks stand around code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(said))


def sentence(said: str) -> str:
    """What a judge says of code that others wrote: `text` in which backticks stand around code."""
    return f"<bdi>{markdown_code(plain(said, _LONGEST))}</bdi>"


def page(title: str, *parts: str) -> str:
    """The whole of a page.

    Args: title, as text. parts, in HTML; empty ones are left out.
    """
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{html.escape(plain(title))}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
{_lines(parts)}
</main>
</body>
</html>
"""


def section(title: str, *parts: str) -> str:
    """A part of a page with its heading, which is text of ours; "" if there is nothing in it."""
    inside = _lines(parts)
    return f"<section>\n<h2>{html.escape(title)}</h2>\n{inside}\n</section>" if inside else ""


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(filter(None, parts))


def items(lines: Iterable[str]) -> str:
    """A list of lines in HTML; "" if there are none."""
    inside = "".join(f"<li>{line}</li>\n" for line in lines)
    return f"<ul>\n{inside}</ul>" if inside else ""


def table(head: Iterable[str], rows: Iterable[str], kind: str = "") -> str:
    """A table of these columns, in text, and these rows, in HTML.

    Args: kind, a class of the style sheet.
    """
    columns = "".join(f'<th scope="col">{html.escape(column)}</th>' for column in head)
    opening = f'<table class="{kind}">' if kind else "<table>"
    return f"{opening}\n<thead><tr>{columns}</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody>\n</table>"


def bar(share: float) -> str:
    """A bar for a share from 0 to 1; for eyes alone, so that the number has to stand beside it."""
    return ('<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="rail" width="100" '
            f'height="8"/><rect width="{100 * share:.1f}" height="8"/></svg>')


def basis(run: Run) -> str:
    """What the marks rest on."""
    held = f" ({', '.join(run.barriers)})" if run.barriers else ""
    return section("How this was graded", items([
        f"course: {code(run.version)}",
        f"random inputs: the seeds {text(', '.join(map(str, run.seeds)))}; a gap is solved if it is on all of them",
        f"isolation: {text(run.isolation + held)}",
        f"limits: {run.limit:g} s for an answer, {run.budget:g} s for a submission",
        *([f"deadline: {text(written(moment(run.deadline)))}"] if run.deadline else [])]))
