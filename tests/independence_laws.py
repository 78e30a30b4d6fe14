"""What the judges of noise and time steps share: whether what is drawn is independent of all else."""

import math

import torch
from torch import Tensor

from tests.judge import refuse

CALLS = 2_000  # of a few points each; with so few, it shows if a batch is normalised by its own mean or deviation


def expect_independent(drawn: Tensor, *, within: str, between: str, given: Tensor | None = None, by: str = "") -> None:
    """Fail unless the numbers in `drawn`, (n, features), each with mean 0 and variance 1, are independent.

    Rows are compared at all distances from each other, in their order and against it, by themselves and by size.

    Args:
        within: the sentence for numbers of one row that depend on each other.
        between: the sentence for rows that do.
        given: numbers of the same kind that `drawn` must not depend on, (n, any).
        by: the sentence for that.
    """
    drawn = drawn.double()
    others = torch.empty(len(drawn), 0) if given is None else given.double()
    for columns in (torch.cat([drawn, others], 1), torch.cat([drawn.abs(), others.abs()], 1)):
        _compare(_standardised(columns), drawn.shape[1], within, between, by)


def _compare(columns: Tensor, drawn: int, within: str, between: str, by: str) -> None:
    """Fail if a correlation is too large.

    A mean of n products of independent numbers, whose variance is 1, or 2 where each product is in it twice, exceeds
    11 / sqrt(n) with a probability below 1e-14; a test has at most 10^6 of them.
    """
    n, width = len(columns), 11 / math.sqrt(len(columns))
    spectrum = torch.fft.rfft(columns, dim=0)
    found = {within: 0.0, between: 0.0, by: 0.0}
    for i in range(drawn):
        forwards = torch.fft.irfft(spectrum[:, i:i + 1].conj() * spectrum, n, dim=0).abs() / n
        backwards = torch.fft.irfft(spectrum[:, i:i + 1] * spectrum, n, dim=0).abs() / n
        forwards[0, i] = 0  # each row with itself
        apart = torch.cat([forwards[1:], backwards])
        for sentence, correlations in ((within, forwards[0, :drawn]), (between, apart[:, :drawn]),
                                       (by, torch.cat([forwards, backwards])[:, drawn:])):
            found[sentence] = max([found[sentence], *correlations.flatten().topk(min(1, correlations.numel())).values])
    sentence = max(found, key=found.get)
    if found[sentence] > width:
        refuse(sentence)


def _standardised(columns: Tensor) -> Tensor:
    return (columns - columns.mean(0)) / columns.std(0).clamp_min(1e-12)
