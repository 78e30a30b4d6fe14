"""How much of the data a generator covers: the modes that its samples fall into, and how diverse they are.

On blossoms the modes are known: M = 30 combinations of the number of petals and the colour, all equally likely. Each
sample's mode is read off the picture. Elsewhere the spread of the samples is compared with that of the data.
"""

import math

import torch
from torch import Tensor

from lib.support.data.blossoms import COLOURS, PETALS
from lib.support.errors import UserError
from lib.support.measures.blossom_reading import read_factors

__all__ = ["MODES", "diversity", "mode_coverage", "mode_of"]

MODES = len(PETALS) * len(COLOURS)


def mode_coverage(images: Tensor) -> dict[str, float]:
    """How many modes of the blossoms n samples fall into, and how evenly.

    A mode is covered if it holds at least a third of its fair share n/M of the samples, and at least one.

    | | | data | one colour | one mode |
    |---|---|---|---|---|
    | coverage | share of covered modes, over what n blossoms cover on average, at most 1 | 1 | 1/6 | 1/30 |
    | evenness | -sum_m p_m ln p_m / ln M over all modes, p_m the share of mode m of the readable | 0.99 | 0.47 | 0 |
    | readable | share of samples that show a flower with distinct petals | 1 | 1 | 1 |

    The numbers are means over ten times 500 blossoms of that kind. Without a readable sample all three are 0.

    Args: images, in [0, 1], shape (n, 3, height, width).
    Raises: ValueError if there is no image or it has another shape.
    Source: counting modes by classifying samples: Srivastava et al., VEEGAN, 2017, https://arxiv.org/abs/1705.07761;
        evenness: Pielou, The measurement of diversity in different types of biological collections, 1966,
        https://doi.org/10.1016/0022-5193(66)90013-0
    """
    _require_images(images, 1)
    modes = mode_of(images)
    counts = torch.bincount(modes[modes >= 0], minlength=MODES).double()
    least = max(1, math.ceil(len(images) / MODES / 3))
    covered = float((counts >= least).double().mean()) / _share_covered_by_data(len(images), least)
    return {"coverage": min(covered, 1.0), "evenness": _evenness(counts), "readable": float(counts.sum()) / len(images)}


def mode_of(images: Tensor) -> Tensor:
    """The mode of each picture, from 0 to M - 1, or -1 where no flower can be read; int64, shape (n,).

    Args: images, in [0, 1], shape (n, 3, height, width).
    """
    found = read_factors(images)
    away = (found.hue[:, None] - torch.tensor(list(COLOURS.values())) + 0.5) % 1 - 0.5
    modes = (found.petals - PETALS[0]) * len(COLOURS) + away.abs().argmin(1)
    return modes.where(found.readable, -1)


def diversity(images: Tensor, reference: Tensor) -> float:
    """How far samples are from each other, over how far the data are from each other.

    The root mean square of the Euclidean distances of all pairs; with d pixels it is sqrt(2 sum_d var_d), so no pair
    need be looked at. 1: as diverse as the data. 0: all alike.

    Low values prove collapse, high ones do not exclude it. 500 blossoms against 500 others: 1.00 (deviation 0.01) for
    more data or one number of petals, 0.84 for one mode and 0.79 for one colour, as sizes, places and backgrounds still
    differ; 0.7 for two pictures over and over, 0 for one.

    Args: images, reference: shapes (n, ...) and (m, ...), two or more of each, on any device.
    Raises: ValueError if there are fewer, or the shapes of an image differ; UserError, one of those, if the reference
        is all alike: nothing is more or less diverse than that.
    """
    _require_images(images, 2)
    _require_images(reference, 2)
    if images.shape[1:] != reference.shape[1:]:
        raise ValueError(f"samples of shape {tuple(images.shape[1:])} cannot be compared with data of shape "
                         f"{tuple(reference.shape[1:])}; both should be of one shape")
    spread, expected = (float(part.float().var(0).sum()) for part in (images, reference))
    if (reference == reference[0]).all():
        raise UserError(f"the {len(reference):,} images of the data that samples are compared with are all alike: take "
                        "images that differ")
    return math.sqrt(spread / expected)


def _share_covered_by_data(n: int, least: int) -> float:
    """P(count >= least) where the count is binomial, of n draws that each hit the mode with probability 1/M."""
    return 1 - sum(math.comb(n, count) * (MODES - 1) ** (n - count) / MODES**n for count in range(least))


def _evenness(counts: Tensor) -> float:
    shares = counts / counts.sum().clamp(min=1)
    return float(torch.special.entr(shares).sum()) / math.log(len(counts))


def _require_images(images: Tensor, least: int) -> None:
    if len(images) < least:
        raise ValueError(f"{least} or more images are needed to measure their variety, not {len(images)}")
