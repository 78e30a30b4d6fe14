"""What the judges of drawn codes share: whether they follow a distribution, and problems whose truth is known."""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from tests.judge import Draw

__all__ = ["CLUMPS", "Truth", "energy_distance", "follow", "made_up", "nearest_distance"]

CLUMPS = 3
_CORNERS = torch.tensor([[1.0, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2  # orthonormal rows

Truth = Callable[[int], Tensor]  # draws codes, shape (n, latent_size), in an order: clump after clump, round the ring


def follow(columns: Tensor, distribution: Distribution) -> bool:
    """Whether each column of independent numbers follows its distribution.

    Dvoretzky, Kiefer, Wolfowitz: the empirical distribution of n draws is off by more than d with probability below
    2 exp(-2 n d^2), here 1e-9 for each column.
    """
    n = len(columns)
    limit = math.sqrt(math.log(2e9) / (2 * n))
    expected = distribution.cdf(columns.double().sort(0).values)
    found = (torch.arange(n).unsqueeze(1) + 0.5) / n
    return float((expected - found).abs().max()) + 0.5 / n < limit


def energy_distance(first: Tensor, second: Tensor) -> float:
    """An unbiased estimate of 2 E|X - Y| - E|X - X'| - E|Y - Y'|; it is 0 only between equal distributions."""
    within = [torch.cdist(x, x).sum() / (len(x) * (len(x) - 1)) for x in (first, second)]
    return float(2 * torch.cdist(first, second).mean() - sum(within))


def nearest_distance(codes: Tensor, others: Tensor | None = None) -> Tensor:
    """From each code the distance to the nearest of `others`; without these, of the other codes."""
    if others is not None:
        return torch.cdist(codes, others, compute_mode="donot_use_mm_for_euclid_dist").amin(1)
    return torch.cdist(codes, codes).fill_diagonal_(torch.inf).amin(1)


def made_up(draw: Draw) -> dict[str, Truth]:
    """Four distributions, placed and turned anew, of which a box and all independent dimensions are a bad description.

    For each of them, that is so because the dimensions depend on each other: all lie along the diagonals of the box.
    """
    return {"a line in 6 dimensions": _line(draw, 6), "two clumps in 3 dimensions": _two_clumps(draw),
            "three clumps in 4 dimensions": _three_clumps(draw), "a ring in 4 dimensions": _ring(draw)}


def _line(draw: Draw, latent_size: int) -> Truth:
    centre, diagonal = 3 * draw.normal(latent_size), _diagonal(draw, latent_size)
    return lambda n: centre + 3 * draw.normal(n, 1).sort(0).values * diagonal + 0.15 * draw.normal(n, latent_size)


def _two_clumps(draw: Draw) -> Truth:
    centre, diagonal = 3 * draw.normal(3), _diagonal(draw, 3)
    return lambda n: centre + 3 * (_parts(n, 2) * 2 - 1).unsqueeze(1) * diagonal + 0.4 * draw.normal(n, 3)


def _three_clumps(draw: Draw) -> Truth:
    centres = 3 * draw.normal(4) + 4 * _axes(draw)[:CLUMPS]
    return lambda n: centres[_parts(n, CLUMPS)] + 0.5 * draw.normal(n, 4)


def _ring(draw: Draw) -> Truth:
    centre, axes = 3 * draw.normal(4), 3 * _axes(draw)[:2]

    def truth(n: int) -> Tensor:
        angle = 2 * math.pi * draw.uniform(n, 1).sort(0).values
        return centre + torch.cat([angle.cos(), angle.sin()], 1) @ axes + 0.2 * draw.normal(n, 4)
    return truth


def _diagonal(draw: Draw, latent_size: int) -> Tensor:
    return draw.normal(latent_size).sign() / math.sqrt(latent_size)


def _axes(draw: Draw) -> Tensor:
    """Four orthogonal directions, each a diagonal of the box."""
    return (_CORNERS * draw.normal(4).sign())[torch.randperm(4, generator=draw.generator)]


def _parts(n: int, count: int) -> Tensor:
    """For each of n codes the number of its clump, of `count` equally large ones."""
    return torch.arange(n) * count // n
