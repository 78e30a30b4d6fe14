"""Which pairs stand out: what two teams share counts the more the fewer teams have it, and what is known not at all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.preprocessing import MultiLabelBinarizer

from course.grade.alike.yardstick import Yardstick
from course.grade.results import TeamResult
from exercise.problem import Problem

__all__ = ["FACTOR", "FEWEST", "FLOOR", "Pair", "Pairs", "find"]

FEWEST = 5  # teams: with fewer, nobody knows what is usual
FACTOR, FLOOR = 4.0, 20.0
MOST = 30
_Part = tuple[str, str]  # a gap, and the mark of a part of its text


@dataclass(frozen=True)
class Pair:
    """Two teams.

    Args:
        weight: of all that they share; a part that nobody else has counts 1.
        shared: the weight of each part that they share, by gap and its mark; the heaviest gap first.
    """
    one: TeamResult
    other: TeamResult
    weight: float
    shared: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Pairs:
    """What was found in a class.

    Args:
        teams: how many submissions were compared.
        usual: the median of what a team shares with the one that is most like it, as a weight.
        limit: the weight above which a pair is listed.
        found: these pairs, the heaviest first.
        count: how many there are, of which the first MOST are in `found`.
        same: teams whose files are all the same: one submission, that each member has handed in, or a copy.
    """
    teams: int
    usual: float
    limit: float
    found: Sequence[Pair]
    count: int
    same: Sequence[Sequence[str]]


def find(results: Sequence[TeamResult], yardsticks: Mapping[str, Yardstick]) -> Pairs:
    """The pairs of a class that stand out. Who has written into no gap, or cannot be read, is not compared.

    Raises: Problem if there are too few teams.
    """
    by_files = _by_files(results)
    compared = [same[0] for same in by_files]
    if len(compared) < FEWEST:
        raise Problem(f"--alike needs {FEWEST} submissions, to know what is usual, and there are {len(compared)} with"
                      " something in their gaps")
    parts = [_parts(result, yardsticks) for result in compared]
    weight_of, shared = _weighed(parts)
    usual = float(np.median(shared.max(axis=1)))
    limit = max(FLOOR, FACTOR * usual)
    listed = sorted(np.argwhere(np.triu(shared) > limit).tolist(), key=lambda places: -shared[*places])
    found = [_pair(compared[one], compared[other], parts[one] & parts[other], weight_of)
             for one, other in listed[:MOST]]
    return Pairs(len(compared), usual, limit, found, len(listed),
                 [[result.team for result in same] for same in by_files if len(same) > 1])


def _by_files(results: Sequence[TeamResult]) -> list[list[TeamResult]]:
    """Those with something in their gaps; all who have handed in the same files are together."""
    found: dict[str, list[TeamResult]] = defaultdict(list)
    for result in results:
        if not result.is_untouched and any(gap.text for gap in result.gaps):
            found[result.submission].append(result)
    return [*found.values()]


def _parts(result: TeamResult, yardsticks: Mapping[str, Yardstick]) -> set[_Part]:
    """What a team has that is not known."""
    return {(gap.gap, part.mark) for gap in result.gaps if gap.text for part in yardsticks[gap.gap].of(gap.text)}


def _weighed(parts: Sequence[set[_Part]]) -> tuple[Mapping[_Part, float], np.ndarray]:
    """The weight of each part, and the sum of what each two teams share, shape (teams, teams), with a diagonal of 0.

    A part that m of n teams have weighs (log(n / m) / log(n / 2))^2: 1 if two have it, 0 if all have. The square keeps
    an answer that a few have found for themselves from being evidence.
    """
    kinds = MultiLabelBinarizer(sparse_output=True)
    matrix = kinds.fit_transform(parts).astype(float)
    having = np.asarray(matrix.sum(axis=0)).ravel()
    weights = (np.log(len(parts) / having) / np.log(len(parts) / 2)) ** 2
    shared = (matrix.multiply(weights) @ matrix.T).toarray()
    np.fill_diagonal(shared, 0.0)
    return dict(zip(kinds.classes_, weights.tolist(), strict=True)), shared


def _pair(one: TeamResult, other: TeamResult, parts: set[_Part], weight_of: Mapping[_Part, float]) -> Pair:
    """Two teams that share these parts."""
    shared: dict[str, dict[str, float]] = defaultdict(dict)
    for gap, mark in sorted(parts):
        shared[gap][mark] = weight_of[gap, mark]
    heaviest = dict(sorted(shared.items(), key=lambda entry: -sum(entry[1].values())))
    return Pair(one, other, sum(weight_of[part] for part in parts), heaviest)
