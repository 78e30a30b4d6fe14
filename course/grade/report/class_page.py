"""The page of the class, which names no team, so that it can be shown to all of them."""

import html
from collections.abc import Iterator
from fractions import Fraction
from statistics import median

from course.grade.report import misconceptions
from course.grade.report.graded import Graded
from course.grade.report.page import bar, basis, gap_name, page, section, sentence, table
from exercise.source.table import points_text
from exercise.verdict.verdicts import NOT_STARTED

__all__ = ["of_class"]

_BINS, _MOST_SHOWN = 10, 20


def of_class(graded: Graded) -> str:
    """Charts of the points, of the commonest misconceptions, and of what is solved."""
    return page(
        "The class", "<h1>The class</h1>", f'<p class="sum">{_summary(graded)}</p>',
        section("Points", table(["points", "", "teams"], _histogram(graded), "chart")),
        section("Commonest misconceptions", *_misconceptions(graded)),
        section("Tasks", table(["task", "", "mean"], _tasks(graded), "chart")),
        section("Gaps", table(["gap", "", "solved", "not started"], _gaps(graded), "chart")),
        basis(graded.run))


def _summary(graded: Graded) -> str:
    points = [result.points() for result in graded.results]
    mean = sum(points, Fraction()) / len(points)
    teams = f"{len(points)} team{'s' * (len(points) != 1)}"
    late = sum(bool(result.lateness) for result in graded.results)
    unread = sum(result.is_unread for result in graded.results)
    return (f"{teams}, {graded.run.sheets_named}, {points_text(graded.worth)} points{_kind(graded)} "
            f"The mean is {_rounded(mean)}, the median {_rounded(median(points))}."
            + f" {late} handed in late." * bool(late)
            + f" {unread} handed in what cannot be read." * bool(unread))


def _kind(graded: Graded) -> str:
    """Which points these are, where they are not all; it ends a sentence."""
    if all(task.gaps or task.rule for task in graded.tasks):
        return " for gaps and rules." if any(task.rule for task in graded.tasks) else " for gaps."
    is_whole = all(result.shown(task) for result in graded.results for task in graded.tasks)
    return "." if is_whole else ". A person has still to give some."


def _histogram(graded: Graded) -> Iterator[str]:
    """Teams by points, in bins of whole points, or of quarters if these are few; each but the last without its end."""
    step = Fraction(1) if graded.worth >= _BINS / 2 else Fraction(1, 4)
    width = max(-(-graded.worth // (_BINS * step)), 1) * step
    most = max(graded.worth, *(result.points() for result in graded.results))  # a bonus is beyond the worth
    many = max(-(-most // width), 1)
    counts = [0] * many
    for result in graded.results:
        counts[min(int(result.points() // width), many - 1)] += 1
    for number, count in enumerate(counts):
        lower, upper = number * width, min((number + 1) * width, most)
        below = "to" if number == many - 1 else "to below"
        yield _bar_row(f"{_rounded(lower)} {below} {_rounded(upper)}", count / max(counts), str(count))


def _tasks(graded: Graded) -> Iterator[str]:
    for task in graded.tasks:
        given = [result.on_task(task.numbers) for result in graded.results if result.shown(task)]
        if task.points:
            mean, still_open = sum(given, Fraction()) / max(len(given), 1), len(graded.results) - len(given)
            yield _bar_row(f"{task.numbers} {html.escape(task.title)}", float(mean / task.points),
                           f"{_rounded(mean) if given else '–'} / {points_text(task.points)}"
                           + f" ({still_open} open)" * bool(still_open))


def _gaps(graded: Graded) -> Iterator[str]:
    total = len(graded.results)
    for found in zip(*(result.gaps for result in graded.results), strict=True):
        solved = sum(gap.is_solved for gap in found)
        empty = sum(gap.isolated.state == NOT_STARTED and not gap.is_solved for gap in found)
        yield _bar_row(gap_name(found[0].gap), solved / total, f"{solved} of {total}", str(empty))


def _misconceptions(graded: Graded) -> Iterator[str]:
    """A row for each, without numbers of one team and without names."""
    found = misconceptions.counted(graded.results, graded.judges)
    if not found:
        yield "<p>No gap is wrong.</p>"
        return
    total = len(graded.results)
    yield table(["what is wrong", "", "teams"], (
        _bar_row(f"{sentence(words)}<br>{gap_name(gap)}", count / total, f"{count} of {total}")
        for gap, words, count in found[:_MOST_SHOWN]), "chart")
    if (more := len(found) - _MOST_SHOWN) > 0:
        yield f'<p class="soft">And {more} more, which no more than {found[_MOST_SHOWN][2]} have.</p>'


def _bar_row(name: str, share: float, *numbers: str) -> str:
    cells = "".join(f'<td class="number">{number}</td>' for number in numbers)
    return f'<tr><th scope="row">{name}</th><td class="bar">{bar(share)}</td>{cells}</tr>'


def _rounded(points: Fraction) -> str:
    return f"{round(float(points), 2):g}"
