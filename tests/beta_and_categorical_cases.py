"""Beta and categorical pixels: for each likelihood a random case, and what is right, by torch.distributions."""

import torch
from torch import Tensor, distributions

from tests.judge import Draw
from tests.likelihood_cases import Case

__all__ = ["BETA", "BINS", "CATEGORICAL", "EPSILON", "beta", "categorical", "numbers_inside"]

BINS = 4  # as many as images, rows, or pixels, in some of the sizes
EPSILON = 0.5 / 256  # how far a Beta distribution keeps pixels from 0 and 1


def beta(x: Tensor, theta: Tensor) -> Tensor:
    """The log-density of each pixel, kept off 0 and 1; theta holds alpha and beta."""
    near, far = theta.double().unbind(1)
    return distributions.Beta(near, far).log_prob(x.double().clip(EPSILON, 1 - EPSILON))


def categorical(x: Tensor, theta: Tensor) -> Tensor:
    """The log-probability of each pixel's bin, for pixels inside of bins; theta holds the logits of all bins."""
    numbers = numbers_inside(x, theta.shape[1])
    return distributions.Categorical(logits=theta.double().movedim(1, -1)).log_prob(numbers)


def numbers_inside(x: Tensor, bins: int) -> Tensor:
    """The bins of pixels that lie inside of them: the nearest midpoints."""
    return (bins * x.double() - 0.5).round().long()


def _beta_case(draw: Draw, size: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Pixels on the side that is less likely, so that each log-density is below 0."""
    x, theta = draw.uniform(*size, low=0.1, high=0.45), torch.stack(
        [draw.uniform(*size, low=2, high=5), draw.uniform(*size, low=0.3, high=0.8)], 1)
    mirrored = draw.normal(*size) > 0
    return torch.where(mirrored, 1 - x, x), torch.where(mirrored[:, None], theta.flip(1), theta)


def _categorical_case(draw: Draw, size: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """All bins with pixels, none of them at an end of its bin."""
    numbers = torch.randint(BINS, size, generator=draw.generator)
    x = (numbers + draw.uniform(*size, low=0.1, high=0.9)) / BINS
    return x, 2 * draw.normal(len(x), BINS, *size[1:])


BETA = Case(("Beta", []), _beta_case, beta, ["concentrations alpha", "concentrations beta"])
CATEGORICAL = Case(("Categorical", [BINS]), _categorical_case, categorical,
                   [f"logits of bin {number}" for number in range(BINS)])
