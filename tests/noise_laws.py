"""What the judges of noise share: whether estimates are near the truth, and whether noise is standard normal."""

import math

import torch
from torch import Tensor
from torch.distributions import Normal

from tests.judge import refuse, require

DRAWS = 10_000
HALVED = "** 1/2 halves, since ** binds stronger than /: write sqrt, or ** 0.5"
SIX_SIGMA = 6.0  # an estimate with normal errors lies outside with probability 2e-9; each test has at most 30 of them


def is_near(found: Tensor, expected: Tensor, standard_error: Tensor | float) -> bool:
    """Whether all estimates lie within six standard errors."""
    return bool(((found - expected).abs() < SIX_SIGMA * standard_error).all())


def expect_standard_normal(eps: Tensor, what: str) -> None:
    """Fail unless `eps`, shape (DRAWS, features), is independent standard normal noise."""
    eps = eps.double()
    require(bool(eps.isfinite().all()), f"{what} holds NaN or infinite values")
    require(float(eps.std(0).min()) > 1e-3, f"{what}: all points share one noise vector")
    deviation, n = eps.std(0), len(eps)
    if not is_near(deviation, torch.ones(()), 1 / math.sqrt(2 * n)):
        if is_near(deviation, torch.tensor(12 ** -0.5), 1 / math.sqrt(2 * n)):
            refuse(f"{what} is uniform (rand), not Gaussian (randn)")
        refuse(f"{what} should have the standard deviation 1, but has {float(deviation[0]):.3g}")
    require(is_near(eps.mean(0), torch.zeros(()), 1 / math.sqrt(n)),
            f"{what} should have the mean 0, but has {float(eps.mean(0).abs().max()):.3g}")
    # Dvoretzky, Kiefer, Wolfowitz: the empirical distribution of n draws is off by more than d with probability below
    # 2 exp(-2 n d^2), here 1e-9. That none of 10,000 exceeds 3.1 has probability (1 - 0.00194)^10,000, here 4e-9.
    for feature in eps.T:
        away = (Normal(0.0, 1.0).cdf(feature.sort().values) - (torch.arange(n) + 0.5) / n).abs().max() + 0.5 / n
        require(float(away) < math.sqrt(math.log(2e9) / (2 * n)), f"{what} is not Gaussian (randn, not rand)")
    require(float(eps.abs().amax(0).min()) > 3.1, f"{what} is cut off: a Gaussian has tails")
    halves, width = eps[:n // 2 * 2].view(2, -1, eps.shape[1]), SIX_SIGMA / math.sqrt(n // 2)
    require(abs(_correlation(eps[:, 0], eps[:, -1])) < width, f"{what}: the features of a point share their noise")
    require(abs(_correlation(halves[0, :, 0], halves[1, :, 0])) < width, f"{what}: points of the batch share it")


def dependence(eps: Tensor) -> int | None:
    """At which distance the numbers of standard normal noise, in the order of memory, depend on each other, if any do.

    Compared are all pairs at each distance, the sequence being closed to a ring, and the sequence with itself read
    backwards from each place, where the distance is given as 0. Two numbers may be alike in their values or only in
    how far they are from 0. Independent noise is reported with a probability below 1e-6 up to 100,000 numbers: the
    sum over the pairs is normal, there are 1.5 sums for a number in each of the two comparisons, and it exceeds 7
    standard errors with probability 2.6e-12.
    """
    n, gaussian = eps.numel(), Normal(0.0, 1.0)
    for uniform in (gaussian.cdf(eps.double().flatten()), 2 * gaussian.cdf(eps.double().flatten().abs()) - 1):
        spectrum = torch.fft.fft((2 * uniform - 1) * math.sqrt(3))
        ahead = torch.fft.ifft(spectrum.abs().square()).real[1:n // 2 + 1] / math.sqrt(n)
        if n % 2 == 0:
            ahead[-1] /= math.sqrt(2)  # halfway around the ring each pair is met twice
        backwards = torch.fft.ifft(spectrum.square()).real / math.sqrt(2 * n)
        if float(ahead.abs().max()) > 7:
            return int(ahead.abs().argmax()) + 1
        if float(backwards.abs().max()) > 7:
            return 0
    return None


def _correlation(first: Tensor, second: Tensor) -> float:
    return float(torch.corrcoef(torch.stack([first, second]))[0, 1])
