"""The standing for those who look at a GitHub workflow: a summary of the job, and a mark on the line of each gap."""

import html
import os
from collections.abc import Mapping
from pathlib import Path

from exercise.source.table import points_text
from exercise.verdict.standing import Row, Standing
from exercise.verdict.verdicts import BLOCKED, NOT_STARTED, SOLVED, WRONG

__all__ = ["annotations", "report", "summary"]

_URGENT_FIRST = (WRONG, NOT_STARTED, BLOCKED)  # GitHub shows no more than ten marks of one step


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
    return "\n".join(lines + ([html.escape(elsewhere, quote=False), ""] if (elsewhere := standing.elsewhere()) else []))


def annotations(standing: Standing) -> list[str]:
    """A workflow command for each gap that is not solved: its sentence, at its line."""
    failed = [row for row in standing if row.state != SOLVED]
    failed.sort(key=lambda row: _URGENT_FIRST.index(row.state) if row.state in _URGENT_FIRST else len(_URGENT_FIRST))
    return [f"::error file={_property(row.path)},line={row.line},title={_property(f'{row.gap.id}: {row}')}"
            f"::{_data(row.sentence)}" for row in failed]


def _cell(row: Row) -> str:
    return " ".join(html.escape(row.sentence, quote=False).replace("|", "\\|").split()) if row.state == WRONG else ""


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
