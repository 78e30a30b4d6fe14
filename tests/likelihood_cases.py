"""For each likelihood a random case, and what is right for each of its pixels, by torch.distributions.

A case is images of some size and parameters theta for them. It is far from all ends; those have tests of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, distributions

from tests.judge import Draw

__all__ = ["BINS", "CASES", "EPSILON", "Case", "bernoulli", "beta", "categorical", "gradient", "normal",
           "numbers_inside"]

BINS = 4  # as many as images, rows, or pixels, in some of the sizes
EPSILON = 0.5 / 256  # how far a Beta distribution keeps pixels from 0 and 1


@dataclass(frozen=True)
class Case:
    """How one likelihood is asked.

    Args:
        asked: the class in lib/likelihoods.py, and the arguments of its constructor.
        draw: from `Draw` and the size of the images to images and theta.
        right: from images and theta to the log-density or log-probability of each pixel.
        parameters: what theta[:, 0], theta[:, 1], ... are, in words.
    """
    asked: tuple[str, list]
    draw: Callable[[Draw, tuple[int, ...]], tuple[Tensor, Tensor]]
    right: Callable[[Tensor, Tensor], Tensor]
    parameters: list[str]


def gradient(right: Callable[[Tensor, Tensor], Tensor], x: Tensor, theta: Tensor) -> Tensor:
    """Of each image's log_prob with respect to its theta; the sum of all has the same."""
    theta = theta.double().requires_grad_()
    return torch.autograd.grad(right(x, theta).sum(), theta)[0]


def normal(x: Tensor, theta: Tensor) -> Tensor:
    """The log-density of each pixel; theta holds mean and log-variance."""
    mean, logvar = theta.double().unbind(1)
    return distributions.Normal(mean, (logvar / 2).exp()).log_prob(x.double())


def bernoulli(x: Tensor, theta: Tensor) -> Tensor:
    """x ln p + (1 - x) ln(1 - p) of each pixel, for grey ones too; theta holds logits."""
    return distributions.Bernoulli(logits=theta[:, 0].double(), validate_args=False).log_prob(x.double())


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


def _gaussian_case(draw: Draw, size: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Every term counts, and each pixel's log-density is below -0.919."""
    x = draw.uniform(*size)
    mean = x + draw.uniform(*size, low=0.7, high=2) * draw.normal(*size).sign()
    return x, torch.stack([mean, draw.uniform(*size, low=0.3) * draw.normal(*size).sign()], 1)


def _bernoulli_case(draw: Draw, size: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Grey images and logits that do not look alike, so that their exchange shows."""
    x, logits = draw.uniform(*size, low=0.1, high=0.9), draw.uniform(*size, low=0.5, high=3) * draw.normal(*size).sign()
    return x, logits[:, None]


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


CASES = {
    "likelihood_gaussian": Case(("Gaussian", ["fixed", 0.3]), _gaussian_case, normal, ["mean", "log-variance"]),
    "likelihood_bernoulli": Case(("Bernoulli", []), _bernoulli_case, bernoulli, ["logits"]),
    "likelihood_beta": Case(("Beta", []), _beta_case, beta, ["concentrations alpha", "concentrations beta"]),
    "likelihood_categorical": Case(("Categorical", [BINS]), _categorical_case, categorical,
                                   [f"logits of bin {number}" for number in range(BINS)])}
