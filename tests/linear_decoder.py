"""What the judges of inference share: a linear decoder with Gaussian pixels, of which everything is known exactly."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from tests.judge import Draw

__all__ = ["LinearDecoder", "halves"]


@dataclass(frozen=True)
class LinearDecoder:
    """x = z weight + bias + noise, z ~ N(0, I), the noise of each pixel from N(0, variance).

    Args: weight, shape (latent_size, pixels).
    """
    weight: Tensor
    bias: Tensor
    variance: float
    image_shape: tuple[int, int, int]

    @classmethod
    def drawn(cls, draw: Draw, image_shape: tuple[int, int, int] = (1, 2, 3), latent_size: int = 2,
              variance: float = 1.0) -> "LinearDecoder":
        pixels = math.prod(image_shape)
        return cls(draw.normal(latent_size, pixels) / math.sqrt(pixels / 2), draw.normal(pixels),
                   variance, image_shape)

    @property
    def asked(self) -> list:
        """As a probe takes it."""
        return [self.weight, self.bias, self.variance, list(self.image_shape)]

    def images(self, draw: Draw, count: int) -> Tensor:
        """Images that differ, also in how much of a surprise they are."""
        z = draw.normal(count, len(self.weight))
        return (z @ self.weight + self.bias + draw.normal(count, len(self.bias))).view(count, *self.image_shape)

    def log_likelihood(self, x: Tensor, z: Tensor, visible: Tensor | None = None) -> Tensor:
        """ln p of what is visible of each image, shape (batch,), in float64."""
        theta = (z.double() @ self.weight.double() + self.bias.double()).view(len(z), *self.image_shape)
        per_pixel = Normal(theta, math.sqrt(self.variance)).log_prob(x.double())
        return (per_pixel if visible is None else per_pixel[..., visible]).flatten(1).sum(1)

    def elbo(self, x: Tensor, mean: Tensor, logvar: Tensor, noise: Tensor, visible: Tensor | None = None) -> Tensor:
        """With one sample of z, shape (batch,), in float64."""
        mean, sigma = mean.double(), (0.5 * logvar.double()).exp()
        kl = kl_divergence(Normal(mean, sigma), Normal(0.0, 1.0)).sum(1)
        return self.log_likelihood(x, mean + sigma * noise.double(), visible) - kl

    def posterior(self, x: Tensor, visible: Tensor | None = None, prior: float = 1.0) -> tuple[Tensor, Tensor]:
        """Mean and logvar of the Gaussian with diagonal covariance that is nearest to p(z|x), in float64.

        Its ELBO is the largest of all: its mean is that of the posterior, and its variances are 1 over the diagonal of
        the posterior's precision matrix.

        Args: prior, the precision of the prior; 0 is for those who forget it.
        """
        shown = slice(None) if visible is None else visible.expand(self.image_shape).flatten()
        weight = self.weight.double()[:, shown]
        rest = (x.flatten(1).double() - self.bias.double())[:, shown]
        precision = prior * torch.eye(len(weight), dtype=torch.float64) + weight @ weight.T / self.variance
        mean = torch.linalg.solve(precision, weight @ rest.T / self.variance).T
        return mean, -precision.diag().log().expand_as(mean)


def halves(image_shape: tuple[int, int, int]) -> Tensor:
    """The mask of which the left part is visible, shape (height, width), and one pixel more below."""
    _, height, width = image_shape
    visible = torch.arange(width).expand(height, width) < (width + 1) // 2
    visible = visible.clone()
    visible[-1, -1] = True
    return visible
