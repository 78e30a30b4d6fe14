"""The standing for those who look at a GitHub workflow: a summary of the job, and a mark on the line of each gap."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from exercise.source.table import points_text
from exercise.verdict.standing import Row, Standing
from exercise.verdict.verdicts import BLOCKED, NOT_STARTED, SOLVED, WRONG

__all__ = ["annotations", "report", "summary"]

_URGENT_FIRST = (WRONG, NOT_STARTED, BLOCKED)  # GitHub shows no more than ten marks of one step
_PUNCTUATION = re.compile(r"[!-$&-+\--/:-@[-`{-~]")  # all of ASCII but the comma and the percent sign
_MENTIONS = re.compile("&#(64|35);")  # @user, #1


def report(standing: Standing, environment: Mapping[str, str] = os.environ) -> list[str]:
    """Write the summary, if a workflow runs this, and return the lines to print; elsewhere there are none."""
    if environment.get("GITHUB_ACTIONS") != "true":
        return []
    if file := environment.get("GITHUB_STEP_SUMMARY"):
        with Path(file).open("a", encoding="utf-8") as summary_file:
            summary_file.write(summary(standing))
    return annotations(standing)


def summary(standing: Standing) -> str:
    """The table in Markdown, with a sentence for each gap that is not solved."""
    lines = ["| gap | sheet.task | points | state | |", "|---|---|---|---|---|"]
    lines += [f"| `{row.gap.id}` | {row.task.numbers} | "
              f"{points_text(row.points)}/{points_text(row.gap.points)} | {row} | {_cell(row)} |" for row in standing]
    lines += ["", f"**{standing.points()}**" if standing.whole else "", ""]
    for remark in filter(None, (standing.level, standing.elsewhere(), standing.not_read())):
        lines += [_escaped(remark), ""]
    return "\n".join(lines)


def annotations(standing: Standing) -> list[str]:
    """A workflow command for each gap that is not solved: its sentence, at its line."""
    failed = [row for row in standing if row.state != SOLVED]
    failed.sort(key=lambda row: _URGENT_FIRST.index(row.state) if row.state in _URGENT_FIRST else len(_URGENT_FIRST))
    return [f"::error file={_property(row.path)},line={row.line},title={_property(f'{row.gap.id}: {row}')}"
            f"::{_data(row.sentence)}" for row in failed]


def _cell(row: Row) -> str:
    return _escaped(row.sentence) if row.state == WRONG else ""


def _escaped(text: str) -> str:
    """Text that means nothing in Markdown or HTML: no pipe ends a cell, no link or image loads, nobody is mentioned."""
    text = _PUNCTUATION.sub(lambda sign: f"&#{ord(sign[0])};", " ".join(text.split()))
    return _MENTIONS.sub(r"\g<0>&#8203;", text)  # GitHub looks for these in what it has rendered


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
