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
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from scipy.special import betainc
from torch import Tensor, nn

__all__ = ["LEVELS", "LIKELIHOODS", "VARIANCES", "Bernoulli", "Beta", "Categorical", "ContinuousBernoulli", "Gaussian",
           "Likelihood", "Logistic", "bernoulli_cross_entropy", "bin_midpoints", "discretise_pixels",
           "from_noise", "learned_theta", "likelihood_named"]

VARIANCES = ("fixed", "learned", "per_pixel")
MIN_VARIANCE = 1e-4  # a deviation of 0.01 is 2.6 of 255 grey levels
USUAL_VARIANCE = 0.01  # about the squared error of a good reconstruction
LEVELS = 256  # of the pixels of an image, at 0, 1/255, ..., 1
EPSILON = 0.5 / LEVELS  # how far a Beta distribution keeps pixels from 0 and 1
MIN_CONCENTRATION, MAX_CONCENTRATION = 1e-3, 1e4
MIN_SCALE = 1 / LEVELS / 4  # of a logistic distribution
MAX_RATE = 5_000  # of a continuous Bernoulli: all but 1 in 20,000 of a pixel's probability is then in the last level


class Likelihood(nn.Module, ABC):
    """p(x|theta) of images x, shape (batch, channels, height, width), with independent pixels.

    Attributes:
        outputs_per_pixel: how many numbers the network gives for each pixel and channel.
        defined_on: between which values pixels have to lie.
    """

    outputs_per_pixel = 1
    defined_on = (0.0, 1.0)

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
        (low, high), (least, most) = self.defined_on, x.aminmax()
        if not (least >= low and most <= high):
            raise ValueError(f"a {type(self).__name__} likelihood is for pixels in [{low:g}, {high:g}], and these run "
                             f"from {least:.3g} to {most:.3g}")

    @abstractmethod
    def log_prob_of_levels(self, x: Tensor, theta: Tensor) -> Tensor:
        """ln P of each image with 256 levels, in nats, shape (batch,), by which all likelihoods can be compared.

        A level is what an 8-bit image has: 0, 1/255, ..., 1. A density is integrated over the interval that is nearest
        to the level; there is nothing below 0 and above 1, or it belongs to the lowest and the highest level.

        Raises: ValueError if the likelihood says nothing of grey images.
        """

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

    defined_on = (-math.inf, math.inf)

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
        raw = self.raw + outputs[:, 1] if self.variance == "per_pixel" else self.raw.expand_as(outputs[:, 0])
        if self.variance == "fixed":
            return torch.stack([outputs[:, 0].sigmoid(), raw], 1)
        return learned_theta(outputs, raw)

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

    def log_prob_of_levels(self, x: Tensor, theta: Tensor) -> Tensor:
        """The density integrated over the interval of each level, in float64."""
        mean, logvar = theta.double().unbind(1)
        share = _log_share(x.double(), mean, (0.5 * logvar).exp(), torch.special.log_ndtr)
        return share.flatten(1).sum(1).to(theta.dtype)

    def mean(self, theta: Tensor) -> Tensor:
        """The means, shape (batch, channels, height, width)."""
        return theta[:, 0]

    def sample(self, theta: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Each pixel drawn from its normal distribution; may leave [0, 1]."""
        mean, logvar = theta.unbind(1)
        noise = torch.randn(mean.shape, generator=generator, device=mean.device, dtype=mean.dtype)
        return from_noise(mean, logvar, noise)

    def remark(self, theta: Tensor) -> str:
        """Says when a learned variance has come down to its bound."""
        at_bound = (theta[:, 1] < _LEAST + 0.1).double().mean().item()
        if self.variance == "fixed" or at_bound == 0:
            return ""
        return (f"the variance of {100 * at_bound:.3g}% of the pixels has come down to its lower bound, "
                f"{MIN_VARIANCE:g}: without a bound, the density would grow for ever")


def from_noise(mean: Tensor, logvar: Tensor, noise: Tensor) -> Tensor:
    """Samples of N(mean, exp(logvar)), made of standard normal noise; all have the same shape, or shapes that fit."""
    return torch.addcmul(mean, (logvar / 2).exp(), noise)


def learned_theta(outputs: Tensor, raw: Tensor) -> Tensor:
    """Mean and log-variance of a Gaussian whose variance is learned, shape (batch, 2, channels, height, width).

        mean = sigmoid(first output),   variance = MIN_VARIANCE + e^raw

    Args:
        outputs: of a network, shape (batch, outputs per pixel, channels, height, width).
        raw: a real number for each pixel, which comes from a weight or from the network, shape (batch, channels,
            height, width).
    """
    # START TODO likelihood_gaussian_learned ########################
    # Compute `mean` from the first output of each pixel, and `logvar`, the natural logarithm of the variance; both have
    # the shape of raw. For outputs and raw numbers from -100 to 100 nothing overflows and nothing is cut off, neither
    # in the values nor in their gradients. float32 gives float32, float64 gives float64.

    mean = outputs[:, 0].sigmoid()
    logvar = torch.logaddexp(raw, torch.full_like(raw, math.log(MIN_VARIANCE)))
    # END TODO ########################
    return torch.stack([mean, logvar], 1)


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

    def log_prob_of_levels(self, x: Tensor, theta: Tensor) -> Tensor:
        """Raises: ValueError, always."""
        raise ValueError("it is a distribution of black and white images, and gives grey ones no probability")

    def mean(self, theta: Tensor) -> Tensor:
        """The probabilities of being white, shape (batch, channels, height, width)."""
        return theta[:, 0].sigmoid()

    def sample(self, theta: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Pixels that are 0 or 1."""
        return torch.bernoulli(self.mean(theta), generator=generator)


class Beta(Likelihood):
    """Pixels between 0 and 1 with Beta distributions; theta holds the concentrations alpha and beta of each pixel.

        p(x) = x^(alpha - 1) (1 - x)^(beta - 1) / B(alpha, beta),   B(a, b) = Gamma(a) Gamma(b) / Gamma(a + b)

    At 0 and 1 the density may be 0 or infinite, so pixels are kept EPSILON away from both: half of one of 256 levels.
    Concentrations are positive, and at most MAX_CONCENTRATION, since the density of a pixel that is met exactly grows
    without bound with them.
    """

    outputs_per_pixel = 2

    def theta(self, outputs: Tensor) -> Tensor:
        """alpha and beta, shape (batch, 2, channels, height, width): about exp(output), up to MAX_CONCENTRATION."""
        return MIN_CONCENTRATION + MAX_CONCENTRATION * (outputs - math.log(MAX_CONCENTRATION)).sigmoid()

    def log_prob(self, x: Tensor, theta: Tensor) -> Tensor:
        """The logarithm of the density of each image, in nats, shape (batch,).

        Args:
            x: images with pixels in [0, 1], shape (batch, channels, height, width).
            theta: alpha and beta, shape (batch, 2, channels, height, width).

        With alpha = beta = 1 all pixels between 0 and 1 have the density 1:

        >>> Beta().log_prob(torch.rand(1, 1, 5, 5), torch.ones(1, 2, 1, 5, 5)).abs().item()
        0.0
        """
        alpha, beta = theta.unbind(1)
        # START TODO likelihood_beta ########################
        # `alpha` and `beta` have the shape of x. A pixel that is nearer than EPSILON to 0 or 1 is moved to that
        # distance. Compute the logarithm of each pixel's density and sum it over the channels and pixels of each image:
        # `log_prob`, shape (batch,). Concentrations reach 10,000: ln Gamma of that is 82,100, and of the seven digits
        # of float32 too few are left for a log-density of 5. The dtype of log_prob is still that of theta.

        x, alpha, beta = x.double(), alpha.double(), beta.double()
        x = x.clamp(EPSILON, 1 - EPSILON)
        log_normaliser = torch.lgamma(alpha) + torch.lgamma(beta) - torch.lgamma(alpha + beta)
        per_pixel = (alpha - 1) * x.log() + (beta - 1) * torch.log1p(-x) - log_normaliser
        log_prob = per_pixel.flatten(start_dim=1).sum(1).to(theta.dtype)
        # END TODO ########################
        return log_prob

    def log_prob_of_levels(self, x: Tensor, theta: Tensor) -> Tensor:
        """The density integrated over the interval of each level; without a gradient.

        Where float64 has too few digits for that, the density in the middle of the interval, times its width.
        """
        (low, high), (alpha, beta) = _interval(x.double().cpu()), theta.detach().double().cpu().unbind(1)
        low, high = low.clamp(min=0), high.clamp(max=1)
        up_to_low, up_to_high = (betainc(*(value.numpy() for value in (alpha, beta, end))) for end in (low, high))
        share = torch.from_numpy(up_to_high - up_to_low)
        density = torch.distributions.Beta(alpha, beta).log_prob((low + high) / 2) + (high - low).log()
        return torch.where(share > 1e-12, share.log(), density).flatten(1).sum(1).to(theta)

    def mean(self, theta: Tensor) -> Tensor:
        """alpha / (alpha + beta)."""
        return theta[:, 0] / theta.sum(1)

    def sample(self, theta: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Each pixel drawn from its Beta distribution."""
        alpha, beta = theta.detach().double().cpu().unbind(1)
        drawn = np.random.default_rng(_seed(generator, theta.device)).beta(alpha.numpy(), beta.numpy())
        return torch.from_numpy(drawn).to(theta)


class Categorical(Likelihood):
    """Pixels in bins of equal width; theta holds the logit of each bin for each pixel.

    The likelihood is a probability, not a density: that of the bin in which the pixel lies.

    Args: bins, from 2 to 256.
    Raises: ValueError if it is another number.
    """

    def __init__(self, bins: int = 16):
        super().__init__()
        if not 2 <= bins <= LEVELS:
            raise ValueError(f"a categorical likelihood has 2 to {LEVELS} bins, not {bins}")
        self.bins = self.outputs_per_pixel = bins

    def log_prob(self, x: Tensor, theta: Tensor) -> Tensor:
        """The logarithm of the probability of the bins of each image, in nats, shape (batch,).

        Args:
            x: images with pixels in [0, 1], shape (batch, channels, height, width).
            theta: logits, shape (batch, bins, channels, height, width).

        Where all bins are alike, a pixel costs ln 4 = 1.386 nats with four of them:

        >>> Categorical(4).log_prob(torch.rand(1, 1, 1, 1), torch.zeros(1, 4, 1, 1, 1))
        tensor([-1.3863])
        """
        numbers = discretise_pixels(x, self.bins)
        # START TODO likelihood_categorical ########################
        # `numbers` has the shape of x: the bin in which each pixel lies, int64. Compute the logarithm of that bin's
        # probability and sum it over the channels and pixels of each image: `log_prob`, shape (batch,), exact also for
        # logits of 200 and -200. The dtype of log_prob is that of theta.

        per_pixel = -F.cross_entropy(theta, numbers, reduction="none")
        log_prob = per_pixel.flatten(start_dim=1).sum(1)
        # END TODO ########################
        return log_prob

    def log_prob_of_levels(self, x: Tensor, theta: Tensor) -> Tensor:
        """The probability of a bin, shared equally by the levels in it."""
        levels = torch.bincount(discretise_pixels(torch.arange(LEVELS) / (LEVELS - 1), self.bins), minlength=self.bins)
        shared = levels.to(theta).log()[discretise_pixels(x, self.bins)]
        return self.log_prob(x, theta) - shared.flatten(1).sum(1)

    def mean(self, theta: Tensor) -> Tensor:
        """The midpoints of the bins, weighted with their probabilities."""
        midpoints = bin_midpoints(torch.arange(self.bins, device=theta.device), self.bins)
        return torch.einsum("nkchw,k->nchw", theta.softmax(1), midpoints.to(theta))

    def sample(self, theta: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """For each pixel the midpoint of a bin that is drawn."""
        probabilities = theta.softmax(1).movedim(1, -1)
        drawn = torch.multinomial(probabilities.flatten(0, -2), 1, generator=generator)
        return bin_midpoints(drawn.view(probabilities.shape[:-1]), self.bins).to(theta)


def discretise_pixels(x: Tensor, bins: int) -> Tensor:
    """The number of the bin that each pixel lies in; the bins are [0, 1/k), [1/k, 2/k), ..., [(k - 1)/k, 1].

    Args:
        x: pixels in [0, 1], of any shape.
        bins: how many, k.
    Returns: int64, of the same shape, from 0 to k - 1.
    """
    # START TODO discretise_pixels ########################
    # Compute `numbers`. The ends of the bins belong to them as in the docstring: with two bins 0.5 is in bin 1, and so
    # is 1.0.

    numbers = (x * bins).long().clamp(max=bins - 1)
    # END TODO ########################
    return numbers


def bin_midpoints(numbers: Tensor, bins: int) -> Tensor:
    """The pixel in the middle of each bin, in [0, 1].

    >>> bin_midpoints(torch.tensor([0, 15]), 16)
    tensor([0.0312, 0.9688])
    """
    return (numbers + 0.5) / bins


class ContinuousBernoulli(Likelihood):
    """Pixels in [0, 1] whose density is an exponential function; theta holds its rate eta, which is a logit.

        p(x) = e^(eta x) eta / (e^eta - 1)

    It is the Bernoulli formula lambda^x (1 - lambda)^(1 - x), lambda = sigmoid(eta), divided by its integral, which
    makes a density of it. lambda is not the mean. Rates keep below MAX_RATE, since the density of a pixel that is
    exactly 0 or 1 grows without bound with them.

    Source: Loaiza-Ganem and Cunningham, The continuous Bernoulli, 2019, https://arxiv.org/abs/1907.06845
    """

    def theta(self, outputs: Tensor) -> Tensor:
        """The rates: about the outputs where these are small, and a gradient is left wherever they are."""
        return MAX_RATE * F.softsign(outputs / MAX_RATE)

    def log_prob(self, x: Tensor, theta: Tensor) -> Tensor:
        """The logarithm of the density of each image, in nats, shape (batch,)."""
        eta = theta[:, 0]
        return (eta * x - _log_mean_exp(eta)).flatten(1).sum(1)

    def log_prob_of_levels(self, x: Tensor, theta: Tensor) -> Tensor:
        """The density integrated over the interval of each level."""
        (low, high), eta = _interval(x.double()), theta[:, 0].double()
        low, high = low.clamp(min=0), high.clamp(max=1)
        share = eta * low + _log_mean_exp(eta * (high - low)) + (high - low).log() - _log_mean_exp(eta)
        return share.flatten(1).sum(1).to(theta.dtype)

    def mean(self, theta: Tensor) -> Tensor:
        """1 / (1 - e^-eta) - 1 / eta, which is 1/2 at eta = 0."""
        eta = theta[:, 0].double()
        near = eta.abs() < 1e-2
        safe = torch.where(near, 1, eta)
        mean = torch.where(near, 0.5 + eta / 12, -1 / torch.expm1(-safe) - 1 / safe)
        return mean.to(theta.dtype)

    def sample(self, theta: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """By the inverse of the distribution function, ln(1 + u (e^eta - 1)) / eta."""
        eta = theta[:, 0].double()
        u = torch.rand(eta.shape, generator=generator, device=eta.device, dtype=eta.dtype)
        size = eta.abs().clamp(min=1e-6)  # for a negative eta, one minus the sample for the positive one
        x = 1 + torch.log(u + (1 - u) * torch.exp(-size)) / size
        return torch.where(eta < 0, 1 - x, x).clamp(0, 1).to(theta.dtype)


class Logistic(Likelihood):
    """Pixels with 256 levels, each with the share of a logistic distribution that is nearest to it.

        P(level) = sigmoid((x + h - m) / s) - sigmoid((x - h - m) / s),   h = 1/510, half of the step between levels

    theta holds m and ln s. The lowest level has all that is below it too, and the highest all that is above.

    Source: Salimans et al., PixelCNN++, 2017, https://arxiv.org/abs/1701.05517, section 2.1
    """

    outputs_per_pixel = 2

    def theta(self, outputs: Tensor) -> Tensor:
        """m in [0, 1], and ln s, with s between MIN_SCALE and 1, about a tenth where the output is 0."""
        scale = MIN_SCALE + (1 - MIN_SCALE) * (outputs[:, 1] + math.log(1 / 9)).sigmoid()
        return torch.stack([outputs[:, 0].sigmoid(), scale.log()], 1)

    def log_prob(self, x: Tensor, theta: Tensor) -> Tensor:
        """The logarithm of the probability of the levels of each image, in nats, shape (batch,)."""
        return self.log_prob_of_levels(x, theta)

    def log_prob_of_levels(self, x: Tensor, theta: Tensor) -> Tensor:
        """The same: it is a distribution of levels."""
        mean, log_scale = theta.unbind(1)
        return _log_share(x, mean, log_scale.exp(), F.logsigmoid).flatten(1).sum(1)

    def mean(self, theta: Tensor) -> Tensor:
        """The expected pixel, the integral of P(x > t) over t from 0 to 1; right up to a twentieth of a level."""
        mean, log_scale = theta.unbind(1)
        scale = log_scale.exp()
        return scale * (F.softplus(mean / scale) - F.softplus((mean - 1) / scale))

    def sample(self, theta: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """A logistic number, rounded to its level."""
        mean, log_scale = theta.unbind(1)
        u = torch.rand(mean.shape, generator=generator, device=mean.device, dtype=mean.dtype)
        x = mean + log_scale.exp() * torch.logit(u, eps=1e-6)
        return (x.clamp(0, 1) * (LEVELS - 1)).round() / (LEVELS - 1)


def bernoulli_cross_entropy(p: Tensor, q: Tensor) -> Tensor:
    """The cross-entropy H(p, q) between two images of independent black and white pixels, in nats, shape (batch,).

    A grey image p describes a Bernoulli image B: pixel d of B is white with probability p_d. So does q. H(p, q) is what
    an image B drawn from p costs on average, if q is taken for its distribution: -E_{B ~ p}[ln P(B|q)].

    Args: p, q: probabilities of white, in [0, 1], shape (batch, channels, height, width).
    Returns: at least the entropy H(p, p), and that only for q = p; infinite where q excludes what p allows.
    """
    # START TODO bernoulli_cross_entropy ########################
    # Write the expectation as a sum over channels and pixels, and compute it for each pair of images: `cross_entropy`,
    # shape (batch,). Probabilities may be exactly 0 or 1. What p excludes costs nothing, whatever q says of it; what p
    # allows and q excludes costs infinitely much. float32 gives float32, float64 gives float64.

    per_pixel = -torch.xlogy(p, q) - torch.xlogy(1 - p, 1 - q)
    cross_entropy = per_pixel.flatten(start_dim=1).sum(1)
    # END TODO ########################
    return cross_entropy


LIKELIHOODS = {"gaussian": Gaussian, "bernoulli": Bernoulli, "beta": Beta, "categorical": Categorical,
               "continuous_bernoulli": ContinuousBernoulli, "logistic": Logistic}
_LEAST = math.log(MIN_VARIANCE)


def likelihood_named(name: str, variance: str = "fixed", bins: int = 16) -> Likelihood:
    """The likelihood of that name.

    Args:
        name: one of `LIKELIHOODS`.
        variance: of a Gaussian, one of `VARIANCES`.
        bins: of a categorical likelihood.
    Raises: ValueError if there is none of that name, or the variance or the bins are none.
    """
    if name not in LIKELIHOODS:
        raise ValueError(f"there is no likelihood {name!r}; choose {', '.join(LIKELIHOODS)}")
    arguments = {"gaussian": [variance], "categorical": [bins]}.get(name, [])
    return LIKELIHOODS[name](*arguments)


def _interval(x: Tensor) -> tuple[Tensor, Tensor]:
    """The ends of the interval of each pixel's level, which reach beyond 0 and 1 for the lowest and the highest."""
    level = (x * (LEVELS - 1)).round()
    return (level - 0.5) / (LEVELS - 1), (level + 0.5) / (LEVELS - 1)


def _log_share(x: Tensor, mean: Tensor, scale: Tensor, log_cdf: Callable[[Tensor], Tensor]) -> Tensor:
    """ln P of the level of each pixel, for a symmetric distribution with open ends below 0 and above 1.

    F(high) - F(low) is taken on the side of the mean where both are small, so that they have digits to differ in.
    """
    low, high = ((end - mean) / scale for end in _interval(x))
    upper = low + high > 0
    log_low, log_high = log_cdf(torch.where(upper, -high, low)), log_cdf(torch.where(upper, -low, high))
    between = log_high + torch.log(-torch.expm1((log_low - log_high).clamp(max=-1e-7)))
    lowest, highest = x < 0.5 / (LEVELS - 1), x > 1 - 0.5 / (LEVELS - 1)
    return torch.where(lowest, log_cdf(high), torch.where(highest, log_cdf(-low), between))


def _log_mean_exp(eta: Tensor) -> Tensor:
    """ln((e^eta - 1) / eta), the logarithm of the mean of e^(eta x) over [0, 1]; 0 at eta = 0."""
    half = eta.abs() / 2
    near = half < 0.1
    safe = torch.where(near, 1, half)
    far = safe - torch.log(2 * safe) + torch.log(-torch.expm1(-2 * safe))
    return eta / 2 + torch.where(near, half**2 / 6 - half**4 / 180 + half**6 / 2835, far)


def _seed(generator: torch.Generator | None, device: torch.device) -> int:
    """A seed for NumPy, from a generator of that device."""
    return int(torch.randint(2**62, (), generator=generator, device=device))
