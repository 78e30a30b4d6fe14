"""The page of pairs that stand out, side by side: for whoever grades, and for nobody else."""

import html
import textwrap
from collections.abc import Collection, Mapping, Sequence

from course.grade.alike.fingerprints import RUN, WORDS, Part
from course.grade.alike.pairs import FACTOR, FLOOR, Pair, Pairs
from course.grade.alike.yardstick import Yardstick
from course.grade.escaping import printable
from course.grade.report.page import gap_name, items, page, section, text
from course.grade.results import TeamResult

__all__ = ["of_class"]

_MOST_GAPS, _LONGEST, _LONGEST_NAME = 12, 6_000, 100


def of_class(pairs: Pairs, yardsticks: Mapping[str, Yardstick]) -> str:
    """The page of a class."""
    return page(
        "Unusually alike",
        "<h1>Unusually alike</h1>",
        "<p><strong>For you, not for students.</strong> A pair is listed here if it shares more in its gaps than "
        "others do. That can have many reasons: the same tutorial, a talk in the break, a team that was split. Look at "
        "it, and ask; no points depend on it.</p>",
        f"<p>{_rule(pairs)}</p>",
        "<p>Names that a gap has chosen for itself, spaces and the order of comments make no difference. What was "
        "handed out, or stands in an answer that the course knows, weighs nothing. What both have is marked.</p>",
        "" if pairs.found else "<p>No pair stands out.</p>",
        *(_pair(pair, yardsticks) for pair in pairs.found),
        f"<p>And {pairs.count - len(pairs.found)} pairs more.</p>" if pairs.count > len(pairs.found) else "",
        section("The same files", "<p>The entries in a line have the same files, and are compared as one: a team "
                "whose members have all handed in, or a copy.</p>",
                items(", ".join(text(team, _LONGEST_NAME) for team in same) for same in pairs.same))
        if pairs.same else "")


def _rule(pairs: Pairs) -> str:
    """What a pair is listed for."""
    return (f"A run of {RUN} tokens, or of {WORDS} words of a comment, weighs 1 if two submissions have it, less if "
            f"more have it, and 0 if all have it. A pair is listed if what it shares weighs more than "
            f"{pairs.limit:.0f}. This limit is {FLOOR:g}, or {FACTOR:g} times what is usual, if that is more. Usual is "
            f"{pairs.usual:.1f}: the median, over the {pairs.teams} submissions, of what one shares with the one that "
            "is most like it.")


def _pair(pair: Pair, yardsticks: Mapping[str, Yardstick]) -> str:
    one, other = (text(result.team, _LONGEST_NAME) for result in (pair.one, pair.other))
    gaps = list(pair.shared)
    parts = "\n".join(_gap(pair, gap, yardsticks[gap]) for gap in gaps[:_MOST_GAPS])
    more = f"<p>And {len(gaps) - _MOST_GAPS} more.</p>" if len(gaps) > _MOST_GAPS else ""
    return (f"<section>\n<h2>{one} and {other}</h2>\n<p>What they share weighs {pair.weight:.0f}, in {len(gaps)} "
            f"gap{'s' * (len(gaps) != 1)}.</p>\n{parts}{more}\n</section>")


def _gap(pair: Pair, gap: str, yardstick: Yardstick) -> str:
    """A gap of both, beside each other."""
    sides = "".join(_side(result, gap, yardstick, pair.shared[gap]) for result in (pair.one, pair.other))
    weight = sum(pair.shared[gap].values())
    return f'<h3>{gap_name(gap)} <small>weighs {weight:.0f}</small></h3>\n<div class="pair">\n{sides}</div>'


def _side(result: TeamResult, gap: str, yardstick: Yardstick, shared: Collection[str]) -> str:
    body = textwrap.dedent(next(found.text for found in result.gaps if found.gap == gap) or "").strip("\n")
    pieces, end = [], 0
    for start, stop in _spans([part for part in yardstick.of(body) if part.mark in shared], body):
        pieces += [_code(body[end:start]), f"<mark>{_code(body[start:stop])}</mark>"]
        end = stop
    rest = body[end:max(end, _LONGEST)]
    cut = "\n…" if len(body) > max(end, _LONGEST) else ""
    return (f"<figure><figcaption>{text(result.team, _LONGEST_NAME)}</figcaption>"
            f"<pre>{''.join(pieces)}{_code(rest)}{cut}</pre></figure>\n")


def _spans(parts: Sequence[Part], body: str) -> list[tuple[int, int]]:
    """Where these parts are; those with nothing but space between them are one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted((part.start, part.end) for part in parts):
        if spans and not body[spans[-1][1]:start].strip():
            first, last = spans.pop()
            start, end = first, max(last, end)
        spans.append((start, end))
    return spans


def _code(piece: str) -> str:
    return html.escape("\n".join(map(printable, piece.split("\n"))))
