"""The distribution of an image, p(x|theta): what the output of a decoder means.

A decoder does not paint an image. It gives the parameters theta of a distribution over images, in which the pixels are
independent of each other:

    ln p(x|theta) = sum_d ln p(x_d|theta_d)

Training maximises this number for the images of the data; the loss is its negative. So each of the usual losses is a
distribution in disguise. Each class here is one distribution, and all have the same five parts:

| part | what it says |
|---|---|
| `outputs_per_pixel` | how many numbers the network gives for each pixel and channel |
| `theta(outputs)` | how these real numbers become parameters |
| `log_prob(x, theta)` | the logarithm of the density (or probability) of each image, in nats, with all constants |
| `mean(theta)`, `sample(theta)` | the expected image, and an image drawn at random |
| `check(x)` | on which images it is defined |

Sources: Bishop, Pattern Recognition and Machine Learning, 2006, sections 1.2.5 and 5.2, for losses as likelihoods;
Rybkin et al., Simple and Effective VAE Training with Calibrated Decoders, 2021, https://arxiv.org/abs/2006.13202, for
variances that are learned.
"""

import math
from abc import ABC, abstractmethod

import torch
import torch.nn.functional as F  # noqa: F401  (offered to the gaps)
from torch import Tensor, nn

__all__ = ["LIKELIHOODS", "VARIANCES", "Bernoulli", "Gaussian", "Likelihood", "likelihood_named"]

VARIANCES = ("fixed", "learned", "per_pixel")
MIN_VARIANCE = 1e-4  # a deviation of 0.01 is 2.6 of 255 grey levels
USUAL_VARIANCE = 0.01  # about the squared error of a good reconstruction


class Likelihood(nn.Module, ABC):
    """p(x|theta) of images x, shape (batch, channels, height, width), with independent pixels.

    Attributes:
        outputs_per_pixel: how many numbers the network gives for each pixel and channel.
    """

    outputs_per_pixel = 1

    def theta(self, outputs: Tensor) -> Tensor:
        """The parameters for given outputs of a network, which may be any real numbers.

        Args: outputs, shape (batch, outputs_per_pixel, channels, height, width).
        Returns: shape (batch, parameters per pixel, channels, height, width).
        """
        return outputs

    @abstractmethod
    def log_prob(self, x: Tensor, theta: Tensor) -> Tensor:
        """ln p(x|theta) of each image, in nats, shape (batch,)."""

    @abstractmethod
    def mean(self, theta: Tensor) -> Tensor:
        """The expected images, shape (batch, channels, height, width)."""

    @abstractmethod
    def sample(self, theta: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Images drawn from p(x|theta), shape (batch, channels, height, width).

        Args: generator, where the random numbers come from; by default torch's global one.
        """

    def check(self, x: Tensor) -> None:
        """Raises: ValueError if the distribution is not defined on these images."""

    def remark(self, theta: Tensor) -> str:
        """What a user should know of these parameters, a sentence, or ""."""
        return ""


class Gaussian(Likelihood):
    """Pixels with normal distributions; theta holds the mean and the natural logarithm of the variance of each pixel.

    Means of pixels in [0, 1] lie in [0, 1] too, so each is a sigmoid of what the network gives. The variance is one of
    three:

    | variance | |
    |---|---|
    | `fixed` | a number, the same for all pixels; the loss is the squared error up to a factor and a constant |
    | `learned` | one number for all pixels, learned as a weight: the mean squared error is what it comes to |
    | `per_pixel` | a second output of the network for each pixel |

    The density of a pixel that is met exactly grows without bound as its variance goes to 0. So a learned variance is
    MIN_VARIANCE plus a positive number: it never falls below, and a gradient is left to raise it again.

    Args:
        variance: one of `VARIANCES`.
        value: the fixed variance, or by how much a learned one begins above MIN_VARIANCE.
    Raises: ValueError if there is no such variance, or the value is not positive.
    """

    def __init__(self, variance: str = "fixed", value: float = USUAL_VARIANCE):
        super().__init__()
        if variance not in VARIANCES:
            raise ValueError(f"there is no variance {variance!r}; choose {', '.join(VARIANCES)}")
        if not 0 < value < math.inf:
            raise ValueError(f"a variance should be above 0, not {value:g}")
        self.variance = variance
        self.outputs_per_pixel = 2 if variance == "per_pixel" else 1
        start = torch.tensor(math.log(value))
        if variance == "learned":
            self.raw = nn.Parameter(start)
        else:
            self.register_buffer("raw", start, persistent=False)

    def theta(self, outputs: Tensor) -> Tensor:
        """Mean and log-variance, shape (batch, 2, channels, height, width); see the class for what is learned."""
        mean = outputs[:, 0].sigmoid()
        raw = self.raw + outputs[:, 1] if self.variance == "per_pixel" else self.raw.expand_as(mean)
        logvar = raw if self.variance == "fixed" else torch.logaddexp(raw, torch.full_like(raw, _LEAST))
        return torch.stack([mean, logvar], 1)

    def log_prob(self, x: Tensor, theta: Tensor) -> Tensor:
        """The logarithm of the density of each image, in nats, shape (batch,).

        Args:
            x: images, shape (batch, channels, height, width).
            theta: shape (batch, 2, channels, height, width), from `theta`.

        One pixel that is met exactly, with variance 1, has the density 1 / sqrt(2 pi), and ln 0.399 = -0.919:

        >>> Gaussian().log_prob(torch.zeros(1, 1, 1, 1), torch.zeros(1, 2, 1, 1, 1))
        tensor([-0.9189])
        """
        mean, logvar = theta.unbind(1)
        # START TODO likelihood_gaussian ########################
        # `mean` and `logvar` have the shape of x, and logvar is the natural logarithm of the variance. Compute the
        # logarithm of each pixel's density N(x; mean, variance), with all constants, and sum it over the channels and
        # pixels of each image: `log_prob`, shape (batch,). float32 gives float32, float64 gives float64.

        per_pixel = -0.5 * (math.log(2 * math.pi) + logvar + (x - mean).square() / logvar.exp())
        log_prob = per_pixel.flatten(start_dim=1).sum(1)
        # END TODO ########################
        return log_prob

    def mean(self, theta: Tensor) -> Tensor:
        """The means, shape (batch, channels, height, width)."""
        return theta[:, 0]

    def sample(self, theta: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Each pixel drawn from its normal distribution; may leave [0, 1]."""
        mean, logvar = theta.unbind(1)
        noise = torch.randn(mean.shape, generator=generator, device=mean.device, dtype=mean.dtype)
        return mean + (0.5 * logvar).exp() * noise

    def remark(self, theta: Tensor) -> str:
        """Says when a learned variance has come down to its bound."""
        at_bound = (theta[:, 1] < _LEAST + 0.1).double().mean().item()
        if self.variance == "fixed" or at_bound == 0:
            return ""
        return (f"the variance of {100 * at_bound:.3g}% of the pixels has come down to its lower bound, "
                f"{MIN_VARIANCE:g}: without a bound, the density would grow for ever")


class Bernoulli(Likelihood):
    """Pixels that are black or white; theta holds the logit of each pixel's probability of being white.

    p(x = 1) = p,   p(x = 0) = 1 - p,   p = sigmoid(logit),   ln p(x) = x ln p + (1 - x) ln(1 - p)

    For grey pixels, between 0 and 1, the formula is used as it stands: the loss is the binary cross-entropy. It is then
    no probability of x, but is still least where p = x.
    """

    def log_prob(self, x: Tensor, theta: Tensor) -> Tensor:
        """x ln p + (1 - x) ln(1 - p) of each image, in nats, summed over channels and pixels, shape (batch,).

        Args:
            x: images with pixels in [0, 1], shape (batch, channels, height, width).
            theta: logits, shape (batch, 1, channels, height, width).

        A pixel with p = 1/2 costs ln 2 = 0.693 nats, whatever it is:

        >>> Bernoulli().log_prob(torch.tensor([0.0, 1.0]).view(2, 1, 1, 1), torch.zeros(2, 1, 1, 1, 1))
        tensor([-0.6931, -0.6931])
        """
        logits = theta[:, 0]
        # START TODO likelihood_bernoulli ########################
        # `logits` has the shape of x. Compute x ln p + (1 - x) ln(1 - p) with p = sigmoid(logits), exact also where p
        # is nearly 0 or 1 (logits of 50 and -200), and sum it over the channels and pixels of each image: `log_prob`,
        # shape (batch,). float32 gives float32, float64 gives float64.

        per_pixel = -F.binary_cross_entropy_with_logits(logits, x, reduction="none")
        log_prob = per_pixel.flatten(start_dim=1).sum(1)
        # END TODO ########################
        return log_prob

    def mean(self, theta: Tensor) -> Tensor:
        """The probabilities of being white, shape (batch, channels, height, width)."""
        return theta[:, 0].sigmoid()

    def sample(self, theta: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Pixels that are 0 or 1."""
        return torch.bernoulli(self.mean(theta), generator=generator)

    def check(self, x: Tensor) -> None:
        """Raises: ValueError if a pixel is not in [0, 1]."""
        low, high = x.aminmax()
        if not (low >= 0 and high <= 1):
            raise ValueError(f"a Bernoulli likelihood is for pixels in [0, 1], and these run from {low:.3g} to "
                             f"{high:.3g}")


LIKELIHOODS = {"gaussian": Gaussian, "bernoulli": Bernoulli}
_LEAST = math.log(MIN_VARIANCE)


def likelihood_named(name: str, variance: str = "fixed") -> Likelihood:
    """The likelihood of that name.

    Args:
        name: one of `LIKELIHOODS`.
        variance: of a Gaussian, one of `VARIANCES`.
    Raises: ValueError if there is none of that name.
    """
    if name not in LIKELIHOODS:
        raise ValueError(f"there is no likelihood {name!r}; choose {', '.join(LIKELIHOODS)}")
    return Gaussian(variance) if name == "gaussian" else LIKELIHOODS[name]()
