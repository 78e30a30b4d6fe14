"""Beta and categorical pixels: log-densities and log-probabilities, also where their digits could be lost.

What holds of every likelihood is asked in tests/test_likelihoods.py.
"""

import math
import sys

import pytest
import torch
import torch.nn.functional as F
from torch import distributions

from exercise.probes import likelihoods as probes
from tests import likelihood_laws as laws
from tests.judge import require
from tests.likelihood_cases import BINS, CASES, EPSILON, beta, categorical, gradient, numbers_inside
from tests.likelihood_laws import each_size

# likelihood_beta -----------------------------------------------------------------------------------------------------

BETA = CASES["likelihood_beta"]


@pytest.mark.gap("likelihood_beta")
@each_size
def test_beta_is_the_log_density(answer, draw, size):
    """log_prob is the logarithm of the density, with its normaliser, summed over channels and pixels of each image."""
    x, theta = BETA.draw(draw, size)
    found = answer(probes.log_prob, *BETA.asked, x, theta)["log_prob"]
    laws.expect_log_prob(found, beta(x, theta), _wrong_betas(x, theta))


@pytest.mark.gap("likelihood_beta")
@pytest.mark.parametrize("x", [0.0, 1.0, EPSILON / 2, 1 - EPSILON / 3])
def test_beta_at_black_and_white_pixels(answer, draw, x):
    """Pixels nearer than EPSILON to 0 or 1 have the density at that distance, which is finite, with its gradient."""
    theta = draw.uniform(3, 2, 1, 2, 1, low=0.3, high=4)
    pixels = torch.full((3, 1, 2, 1), x)
    found, right = answer(probes.log_prob, *BETA.asked, pixels, theta)["log_prob"], beta(pixels, theta)
    what, hint = f"log_prob of pixels {x:.4g}", "It is that of a pixel EPSILON away from 0 or 1."
    laws.expect_log_prob(found, right, _wrongly_kept(pixels.double(), theta.double()), what, hint)
    laws.expect_gradient(answer, draw, *BETA.asked, pixels, theta, gradient(beta, pixels, theta), BETA.parameters, hint)


@pytest.mark.gap("likelihood_beta")
def test_beta_leaves_other_pixels_as_they_are(answer, draw):
    """A pixel that is further than EPSILON from 0 and 1 stays as it is, also 1.2 EPSILON away."""
    theta = draw.uniform(2, 2, 1, 2, 2, low=2, high=5)
    pixels = torch.tensor([1.2 * EPSILON, 1 - 1.2 * EPSILON, 0.02, 0.9]).view(1, 1, 2, 2).repeat(2, 1, 1, 1)
    found = answer(probes.log_prob, *BETA.asked, pixels, theta)["log_prob"]
    laws.expect_log_prob(found, beta(pixels, theta), _wrongly_kept(pixels.double(), theta.double()))


@pytest.mark.gap("likelihood_beta")
@pytest.mark.parametrize("alpha, other, x", [(1e4, 1e4, 0.5), (1e4, 1e4, 0.49), (1e4, 2.0, 0.998), (1e-3, 1e-3, 0.5),
                                             (0.02, 8e3, 0.003), (1.0, 1.0, 0.3)])
def test_beta_at_extreme_concentrations(answer, draw, alpha, other, x):
    """Beta(10000, 10000) has the log-density 4.7259 at 1/2: nothing is lost in the sum of large numbers."""
    pixels, theta = torch.full((2, 1, 1, 1), x), torch.tensor([alpha, other]).view(1, 2, 1, 1, 1).repeat(2, 1, 1, 1, 1)
    what, hint = f"log_prob of a pixel {x:g} with the concentrations {alpha:g} and {other:g}", \
        "float32 has too few digits for lgamma of large numbers: compute with float64 from the beginning. " \
        "And is something limited, or an epsilon added?"
    found = answer(probes.log_prob, *BETA.asked, pixels, theta)["log_prob"]
    laws.expect_log_prob(found, beta(pixels, theta), what=what, hint=hint)
    laws.expect_gradient(answer, draw, *BETA.asked, pixels, theta, gradient(beta, pixels, theta), BETA.parameters, hint)


def _log_beta(x, alpha, other):
    """The log-density of Beta(alpha, other) of each pixel, which is kept away from nothing."""
    return distributions.Beta(alpha, other, validate_args=False).log_prob(x)


def _wrong_betas(x, theta):
    """What known mistakes give for each pixel."""
    x, (alpha, other), right = x.double(), theta.double().unbind(1), beta(x, theta)
    of_alpha, of_other, of_both = torch.lgamma(alpha), torch.lgamma(other), torch.lgamma(alpha + other)
    normaliser = of_alpha + of_other - of_both
    light, dark = x.log(), (1 - x).log()
    return {
        "alpha and beta are exchanged: alpha belongs to ln x": beta(x, theta.flip(1)),
        "the normaliser, -ln B(alpha, beta), is missing": right + normaliser,
        "the normaliser has the wrong sign: the density is divided by B": right + 2 * normaliser,
        "ln Gamma(alpha + beta) is missing in the normaliser": right - of_both,
        "ln Gamma(alpha + beta) has the wrong sign: B is divided by Gamma(alpha + beta)": right - 2 * of_both,
        "ln Gamma(alpha) is missing in the normaliser": right + of_alpha,
        "ln Gamma(beta) is missing in the normaliser": right + of_other,
        "the logarithms of Gamma(alpha) and Gamma(beta) are multiplied: that of a product is a sum":
            right + of_alpha + of_other - of_alpha * of_other,
        "B is subtracted where its logarithm belongs": right + normaliser - normaliser.exp(),
        "the exponents are alpha - 1 and beta - 1, not alpha and beta": right + light + dark,
        "the exponent of x is alpha - 1, not alpha": right + light,
        "the exponent of 1 - x is beta - 1, not beta": right + dark,
        "ln(1 - x) is missing: the factor beta - 1 belongs to it": right - (other - 1) * dark,
        "ln x is missing: the factor alpha - 1 belongs to it": right - (alpha - 1) * light,
        "ln x stands where ln(1 - x) belongs": right + (other - 1) * (light - dark),
        "its two logarithms are subtracted, not added": right - 2 * (other - 1) * dark,
        "x stands where its logarithm belongs": right + (alpha - 1) * (x - light) + (other - 1) * (1 - x - dark),
        "the exponents are taken for factors: the logarithm of x^(alpha - 1) is (alpha - 1) ln x":
            ((alpha - 1) * x).log() + ((other - 1) * (1 - x)).log() - normaliser,
        "concentrations are taken for their logarithms: theta holds alpha and beta":
            beta(x, theta.exp()),
        "it is the logarithm of a Bernoulli pixel: the density has exponents alpha - 1 and beta - 1":
            x * (alpha / (alpha + other)).log() + (1 - x) * (other / (alpha + other)).log(),
        "it is the logarithm of a normal density with the mean and the variance of the Beta distribution":
            _moments_matched(x, alpha, other)}


def _moments_matched(x, alpha, other):
    of_beta = distributions.Beta(alpha, other)
    return distributions.Normal(of_beta.mean, of_beta.stddev).log_prob(x)


def _wrongly_kept(x, theta):
    """What other ways to treat the ends give for each pixel; both arguments in float64."""
    alpha, other = theta.unbind(1)
    return {
        "pixels at 0 and 1 are not kept EPSILON away, and the density there may be 0 or infinite":
            _log_beta(x, alpha, other),
        "pixels are kept away from 0 and 1 by another distance than EPSILON: 1e-6":
            _log_beta(x.clamp(1e-6, 1 - 1e-6), alpha, other),
        "all pixels are squeezed: only those nearer than EPSILON to 0 or 1 are moved":
            _log_beta(EPSILON + (1 - 2 * EPSILON) * x, alpha, other),
        "EPSILON is added to all pixels: only those nearer than EPSILON to 0 or 1 are moved":
            _log_beta((x + EPSILON).clamp(max=1 - EPSILON), alpha, other),
        "an epsilon is added in the logarithms: move the pixels that are nearer than EPSILON to 0 or 1":
            _log_beta(torch.tensor(0.5).double(), alpha, other) + (alpha - 1) * (2 * (x + EPSILON)).log()
            + (other - 1) * (2 * (1 - x + EPSILON)).log()}


# likelihood_categorical ----------------------------------------------------------------------------------------------

CATEGORICAL = CASES["likelihood_categorical"]


@pytest.mark.gap("likelihood_categorical")
@each_size
def test_categorical_is_the_log_probability_of_the_bin(answer, draw, size):
    """log_prob is ln P of the bin that each pixel lies in, summed over channels and pixels of each image."""
    x, theta = CATEGORICAL.draw(draw, size)
    found = answer(probes.log_prob, *CATEGORICAL.asked, x, theta)["log_prob"]
    laws.expect_log_prob(found, categorical(x, theta), _wrong_categoricals(x, theta))


@pytest.mark.gap("likelihood_categorical")
def test_bins_are_on_axis_1(answer, draw):
    """As many bins as images, channels, rows and columns: axes that are mixed up raise no error, and are wrong."""
    x, theta = CATEGORICAL.draw(draw, (BINS,) * 4)
    found = answer(probes.log_prob, *CATEGORICAL.asked, x, theta)["log_prob"]
    logits, numbers = theta.double(), numbers_inside(x, BINS)
    by_axis = {f"the bins of theta are on axis 1, not on axis {axis}": distributions.Categorical(
        logits=logits.movedim(axis, -1)).log_prob(numbers) for axis in (0, 2, 3, 4)}
    laws.expect_log_prob(found, categorical(x, theta), by_axis | _wrong_categoricals(x, theta))


@pytest.mark.gap("likelihood_categorical")
@pytest.mark.parametrize("bins", [2, 16, 256])
def test_categorical_of_any_number_of_bins(answer, draw, bins):
    """Two bins or 256, black and white pixels: the bin of a white pixel is the last one."""
    x = draw.uniform(3, 2, 2, 1).mul(bins).floor().add(0.5).div(bins)
    theta = draw.normal(3, bins, 2, 2, 1)
    right = categorical(x, theta)
    x[0], right[0] = 0, theta.double().log_softmax(1)[0, 0]
    x[1], right[1] = 1, theta.double().log_softmax(1)[1, -1]
    found = answer(probes.log_prob, "Categorical", [bins], x, theta)["log_prob"]
    laws.expect_log_prob(found, right, what=f"log_prob with {bins} bins")


@pytest.mark.gap("likelihood_categorical")
@pytest.mark.parametrize("logit", [50.0, 200.0])
def test_categorical_at_extreme_logits(answer, draw, logit):
    """A bin whose logit is 200 below another one's has the log-probability -200: nothing is lost, no NaN."""
    x, theta = CATEGORICAL.draw(draw, (3, 1, 2, 2))
    theta[:, 0], theta[:, -1] = logit, -logit
    x[0], x[1], x[2] = 0.1 / BINS, 1 - 0.1 / BINS, 1.5 / BINS
    right = categorical(x, theta)
    what, hint = f"log_prob with logits of {logit:g} and {-logit:g}", \
        "A softmax is rounded to 0 or 1 there: is there a function that takes logits?"
    found = answer(probes.log_prob, *CATEGORICAL.asked, x, theta)["log_prob"]
    laws.expect_log_prob(found, right, what=what, hint=hint)
    require(abs(float(found[0])) < 1e-5, f"{what}: {float(found[0]):.3g} for the bins that are certain, "
                                         "where 0 is expected. Is an epsilon added?")
    laws.expect_gradient(answer, draw, *CATEGORICAL.asked, x, theta, gradient(categorical, x, theta),
                         CATEGORICAL.parameters, hint)


def _wrong_categoricals(x, theta):
    """What known mistakes give for each pixel."""
    theta, right = theta.double(), categorical(x, theta)
    numbers = numbers_inside(x, BINS)[:, None]
    picked = theta.gather(1, numbers)[:, 0]
    all_bins = theta.log_softmax(1)
    return {
        "a softmax comes before a function that takes logits: it is applied twice": categorical(x, theta.softmax(1)),
        "it is the logit of the bin: a softmax over all bins makes a probability of it": picked,
        "a sigmoid makes a probability of each logit by itself: take the softmax over the bins":
            F.logsigmoid(picked),
        "it is the probability of the bin, not its logarithm": right.exp(),
        "it is the log-probability of all bins together: only the bin that the pixel lies in counts": all_bins.sum(1),
        "it is the mean log-probability of all bins: only the bin that the pixel lies in counts": all_bins.mean(1),
        "it is the expected log-probability: only the bin that the pixel lies in counts":
            (all_bins.exp() * all_bins).sum(1),
        "it is the log-probability of the likeliest bin, not of the pixel's": all_bins.amax(1),
        "the bins are numbered backwards": all_bins.flip(1).gather(1, numbers)[:, 0],
        "it is a density: a probability is not divided by the width of its bin": right + math.log(BINS),
        "the probability of the bin is divided among its values: it is asked for as it is": right - math.log(BINS),
        "the softmax runs over each image, not over the bins of a pixel":
            picked - theta.flatten(1).logsumexp(1).view(-1, 1, 1, 1),
        "the softmax runs over the channels, not over the bins": theta.log_softmax(2).gather(1, numbers)[:, 0],
        "the logarithm is missing in the normaliser: ln of the sum of e^logit": picked - theta.exp().sum(1),
        "it is the squared error between the logits and the right bin":
            -(theta - torch.zeros_like(theta).scatter_(1, numbers, 1.0)).square().sum(1),
        "the labels are smoothed, which rewards wrong bins": 0.9 * right + 0.1 * all_bins.mean(1)}


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
