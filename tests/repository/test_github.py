"""What a GitHub workflow shows of a standing."""

import html
from dataclasses import replace

import pytest

from exercise.source import places, table
from exercise.verdict import github, standing
from exercise.verdict.verdicts import BLOCKED, NOT_STARTED, SOLVED, WRONG, Verdict
from tests.repository import toys


@pytest.fixture
def found(tmp_path):
    toys.copy(tmp_path)
    return standing.of_run(table.load(tmp_path), places.find(tmp_path), {
        "box_volume": [Verdict(BLOCKED, "blocked by the gap label_text: it is empty", "label_text")],
        "box_area": [Verdict(SOLVED)],
        "label_text": [Verdict(WRONG, "50% of <b> | ::error::, and\nmore")]}, whole=True)


def test_the_summary_is_a_table_that_nothing_can_break(found):
    assert github.summary(found).splitlines() == [
        "| gap | sheet.task | points | state | |", "|---|---|---|---|---|",
        "| `box_volume` | 1.1 | 0/1.75 | blocked by label_text |  |",
        "| `box_area` | 1.1 | 0.75/0.75 | solved |  |",
        "| `label_text` | 1.2 | 0/0 | wrong | "
        "50% of &#60;b&#62; &#124; &#58;&#58;error&#58;&#58;, and more |",
        "", "**points so far: 0.75 of 2.5, and 2 more are given by hand**"]


@pytest.mark.parametrize("text", [
    "a | b", "`code`", "![](http://example.org/a.png)", "[here](http://example.org)", "<b>", "\\| more", "*a* _b_ ~c~",
    "www.example.org", "https://example.org", "a@example.org", "$x$", "# title", "<!-- a -->", "&lt;"])
def test_no_sentence_means_anything_in_markdown(found, text):
    row = replace(next(iter(found)), state=WRONG, sentence=text)
    line = github.summary(replace(found, rows=(row,), level=text)).splitlines()[2]
    cell = line.split(" | ")[-1].removesuffix(" |")
    assert html.unescape(cell).replace("\u200b", "") == text and not set(cell) & set("|`[]()<>\\*_~$:/.@!\"'")
    assert cell in github.summary(replace(found, rows=(), level=text))


@pytest.mark.parametrize("text", ["@teacher", "see #1"])
def test_nobody_is_mentioned(found, text):
    summary = github.summary(replace(found, rows=(replace(next(iter(found)), state=WRONG, sentence=text),)))
    assert text not in html.unescape(summary) and text in html.unescape(summary).replace("\u200b", "")


def test_each_gap_that_is_not_solved_is_marked_at_its_line_the_wrong_ones_first(found):
    assert github.annotations(found) == [
        "::error file=lib/label.py,line=2,title=label_text%3A wrong::50%25 of <b> | ::error::, and%0Amore",
        "::error file=lib/box.py,line=2,title=box_volume%3A blocked by label_text"
        "::blocked by the gap label_text: it is empty"]


def test_an_empty_gap_is_a_failure_like_the_others(found):
    row = next(iter(found))
    empty = standing.Row(row.gap, row.task, NOT_STARTED, "not started", None, row.path, row.line)
    assert github.annotations(standing.Standing(found.course, (empty,), False))[0].startswith("::error file=lib/box.py")


def test_outside_of_a_workflow_nothing_is_written(found, tmp_path):
    assert github.report(found, {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}) == []
    assert not (tmp_path / "summary.md").exists()


def test_in_a_workflow_the_summary_grows(found, tmp_path):
    file = tmp_path / "summary.md"
    file.write_text("before\n")
    lines = github.report(found, {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(file)})
    assert lines == github.annotations(found)
    assert file.read_text(encoding="utf-8") == "before\n" + github.summary(found)
