"""The distribution of an image: log-densities in nats, with all constants, and their gradients."""

import math
import sys

import pytest
import torch

from exercise.probes import likelihoods as probes
from tests import likelihood_laws as laws
from tests.judge import require
from tests.likelihood_cases import CASES, bernoulli, gradient, normal
from tests.likelihood_laws import each_size

# likelihood_gaussian -------------------------------------------------------------------------------------------------

GAUSSIAN = CASES["likelihood_gaussian"]  # with a fixed variance of its own, which is not that of theta
PER_DIMENSION = 0.5 * math.log(2 * math.pi)


@pytest.mark.gap("likelihood_gaussian")
@each_size
def test_gaussian_is_the_log_density(answer, draw, size):
    """log_prob is ln N(x; mean, variance), with all constants, summed over channels and pixels of each image."""
    x, theta = GAUSSIAN.draw(draw, size)
    found = answer(probes.log_prob, *GAUSSIAN.asked, x, theta)["log_prob"]
    laws.expect_log_prob(found, normal(x, theta), _wrong_gaussians(x, theta, normal(x, theta)))


@pytest.mark.gap("likelihood_gaussian")
@pytest.mark.parametrize("variance", ["learned", "per_pixel"])
def test_gaussian_reads_its_variance_from_theta(answer, draw, variance):
    """theta holds the variance to use, wherever it comes from: fixed, learned, or one for each pixel."""
    x, theta = GAUSSIAN.draw(draw, laws.SIZES[0])
    found = answer(probes.log_prob, "Gaussian", [variance, 0.3], x, theta)["log_prob"]
    laws.expect_log_prob(found, normal(x, theta), _wrong_gaussians(x, theta, normal(x, theta)))


@pytest.mark.gap("likelihood_gaussian")
def test_gaussian_density_may_exceed_one(answer, draw):
    """784 pixels that are met exactly, with variance 0.0001, have 2890.01 nats: a density has no upper bound."""
    x = draw.uniform(2, 1, 28, 28)
    theta = torch.stack([x, torch.full_like(x, math.log(1e-4))], 1)
    found = answer(probes.log_prob, *GAUSSIAN.asked, x, theta)["log_prob"]
    right = normal(x, theta)
    what = "log_prob of 784 pixels that are met exactly"
    laws.expect_log_prob(found, right, {
        "it is cut off at 0: a density may exceed 1, and its logarithm 0": torch.zeros_like(right),
        "the constant -0.5 ln(2 pi), 0.9189 for each pixel and channel, is missing": right + PER_DIMENSION}, what,
        hint="Sum logarithms: a product of 784 densities leaves the range of numbers.")


@pytest.mark.gap("likelihood_gaussian")
@pytest.mark.parametrize("logvar", [-12.0, math.log(1e-4), 12.0])
def test_gaussian_at_extreme_variances(answer, draw, logvar):
    """Value and gradients are right where the variance is tiny or huge, and for pixels far outside of [0, 1]."""
    x, theta = GAUSSIAN.draw(draw, (3, 1, 2, 3))
    x[0], x[1, 0, 0, 0], x[1, 0, 0, 1] = 4 * x[0] - 9, 0.0, 1.0
    theta[:, 1] = logvar
    right = normal(x, theta)
    found = answer(probes.log_prob, *GAUSSIAN.asked, x, theta)["log_prob"]
    what, hint = f"log_prob with the log-variance {logvar:.3g}", "Is something limited, or an epsilon added?"
    laws.expect_log_prob(found, right, _wrong_gaussians(x, theta, right), what, hint)
    laws.expect_gradient(answer, draw, *GAUSSIAN.asked, x, theta, gradient(normal, x, theta), GAUSSIAN.parameters, hint)


def _wrong_gaussians(x, theta, right):
    """What known mistakes give for each pixel; `right` is what should come out."""
    mean, logvar = theta.double().unbind(1)
    variance, square = logvar.exp(), (x.double() - mean).square()
    pixels = square[0].numel()
    return {
        "it is the squared error: variance and constants are missing": -square,
        "it is the squared error, averaged": -square / pixels,
        "it is half the squared error: variance and constants are missing": -square / 2,
        "it is half the squared error divided by the variance: log-variance and constant are missing":
            -square / variance / 2,
        "the constant -0.5 ln(2 pi), 0.9189 for each pixel and channel, is missing": right + PER_DIMENSION,
        "the constant 0.9189 is there once for an image: it belongs to each pixel and channel":
            right + PER_DIMENSION * (1 - 1 / pixels),
        "the constant 0.9189 is counted once more for each pixel: it belongs to each pixel once":
            right - PER_DIMENSION * (pixels - 1),
        "the constant has the wrong sign: 0.9189 is subtracted for each pixel and channel": right + 2 * PER_DIMENSION,
        "the constant lacks its factor 1/2: it is 0.9189 for each pixel and channel": right - PER_DIMENSION,
        "the constant is ln(pi) / 2 where ln(2 pi) / 2 belongs": right + 0.5 * math.log(2),
        "the constant is 2 pi / 2 where ln(2 pi) / 2 belongs": right + PER_DIMENSION - math.pi,
        "the constant is sqrt(2 pi) where its logarithm belongs": right + PER_DIMENSION - math.sqrt(2 * math.pi),
        "the factor 1/2 is missing: each of the three terms has it": 2 * right,
        "the factor 1/2 is missing at the squared difference": right - square / variance / 2,
        "the factor 1/2 is missing at the log-variance": right - logvar / 2,
        "the log-variance is missing: a density is lower where it is wider": right + logvar / 2,
        "the log-variance has the wrong sign": right + logvar,
        "the variance is missing below the squared difference": right + square / variance / 2 - square / 2,
        "it multiplies by the variance where it should divide": right + square / variance / 2 - square * variance / 2,
        "the squared difference is divided by the square of the variance: is it divided before it is squared, or is "
        "exp(logvar) taken for sigma?": right + square / variance / 2 - square / variance.square() / 2,
        "it divides by the standard deviation where the variance belongs":
            right + square / variance / 2 - square / variance.sqrt() / 2,
        "logvar is read as ln sigma: the variance is exp(logvar)": normal(x, torch.stack([mean, 2 * logvar], 1)),
        "logvar is read as the variance, below the squared difference: the variance is exp(logvar)":
            right + square / variance / 2 - square / logvar / 2,
        "the variance stands where its logarithm belongs": right + logvar / 2 - variance / 2,
        "the difference is not squared": right + square / variance / 2 - square.sqrt() / variance / 2,
        "the variance in theta is not used, but one of the likelihood itself: read it from logvar":
            normal(x, torch.stack([mean, torch.full_like(mean, math.log(0.3))], 1)),
        "the variance in theta is not used: it is exp(logvar)": normal(x, torch.stack([mean, 0 * mean], 1)),
        "a factor 1/2 too many: 0.5 comes once before each of the three terms": right / 2}


# likelihood_bernoulli ------------------------------------------------------------------------------------------------

BERNOULLI = CASES["likelihood_bernoulli"]


@pytest.mark.gap("likelihood_bernoulli")
@each_size
def test_bernoulli_is_the_negative_cross_entropy(answer, draw, size):
    """log_prob is x ln p + (1 - x) ln(1 - p), summed over channels and pixels of each image."""
    x, theta = BERNOULLI.draw(draw, size)
    found = answer(probes.log_prob, *BERNOULLI.asked, x, theta)["log_prob"]
    laws.expect_log_prob(found, bernoulli(x, theta), _wrong_bernoullis(x, theta))


@pytest.mark.gap("likelihood_bernoulli")
def test_bernoulli_of_black_and_white_pixels(answer, draw):
    """Where all pixels are 0 or 1, log_prob is the sum of ln p over the white and of ln(1 - p) over the black ones."""
    x, theta = BERNOULLI.draw(draw, laws.SIZES[0])
    x = x.round()
    found = answer(probes.log_prob, *BERNOULLI.asked, x, theta)["log_prob"]
    laws.expect_log_prob(found, bernoulli(x, theta), _wrong_bernoullis(x, theta))


@pytest.mark.gap("likelihood_bernoulli")
@pytest.mark.parametrize("logit", [12.0, 50.0, 200.0])
@pytest.mark.parametrize("x", [0.0, 1.0, 0.25])
def test_bernoulli_at_extreme_logits(answer, draw, x, logit):
    """A logit of -50 and a white pixel give -50: nothing is lost where p is nearly 0 or 1, and gradients are finite."""
    pixels, theta = torch.full((2, 1, 1, 1), x), torch.tensor([logit, -logit]).view(2, 1, 1, 1, 1)
    found, right = answer(probes.log_prob, *BERNOULLI.asked, pixels, theta)["log_prob"], bernoulli(pixels, theta)
    what, hint = f"log_prob of pixels {x:g} with the logits {logit:g} and {-logit:g}", \
        "A sigmoid is rounded to 0 or 1 there: is there a function that takes logits?"
    laws.expect_log_prob(found, right, what=what, hint=hint)
    least = float(right.max())  # 0 up to rounding, where the pixel is what the logit says
    require(x == 0.25 or abs(float(found.max()) - least) < 1e-5,
            f"{what}: {float(found.max()):.3g} where {least:.3g} is expected. Is an epsilon added?")
    laws.expect_gradient(answer, draw, *BERNOULLI.asked, pixels, theta, gradient(bernoulli, pixels, theta),
                         BERNOULLI.parameters, hint)


def _wrong_bernoullis(x, theta):
    """What known mistakes give for each pixel."""
    x, logits = x.double(), theta[:, 0].double()
    p = logits.sigmoid()
    white, black = bernoulli(torch.ones_like(x), theta), bernoulli(torch.zeros_like(x), theta)
    return {
        "a sigmoid comes before a function that takes logits: it is applied twice": bernoulli(x, theta.sigmoid()),
        "x and logits are exchanged: torch's cross-entropy takes the prediction first": bernoulli(logits, x[:, None]),
        "x and p are exchanged: x weighs the logarithms of p and 1 - p": bernoulli(p, x.logit()[:, None]),
        "black and white are exchanged: x belongs to ln p, 1 - x to ln(1 - p)": bernoulli(1 - x, theta),
        "the black pixels' part, (1 - x) ln(1 - p), is missing": x * white,
        "the white pixels' part, x ln p, is missing": (1 - x) * black,
        "its two parts are subtracted, not added": x * white - (1 - x) * black,
        "both parts should be weighted, ln p by x and ln(1 - p) by 1 - x": white + black,
        "grey pixels are made black or white: use x as it is": bernoulli(x.round(), theta),
        "the entropy of the image is added, which makes it a KL divergence":
            bernoulli(x, theta) - bernoulli(x, x.logit(eps=1e-9)[:, None]),
        "the logit stands where ln p belongs": x * logits + (1 - x) * black,
        "it is the squared error between p and x": -(x - p).square(),
        "it is half the squared error between p and x": -(x - p).square() / 2,
        "it is the absolute error between p and x": -(x - p).abs(),
        "it is the logarithm of x p + (1 - x) (1 - p): the logarithm belongs within the sum":
            (x * p + (1 - x) * (1 - p)).log(),
        "the factor 1/2 has no place here": bernoulli(x, theta) / 2}


# What holds for each of them ------------------------------------------------------------------------------------------

each_likelihood = pytest.mark.parametrize("case", [
    pytest.param(case, id=gap, marks=pytest.mark.gap(gap)) for gap, case in CASES.items()])


@each_likelihood
@each_size
def test_gradients_reach_theta(answer, draw, size, case):
    """The gradient to theta is that of the logarithm of the density or probability."""
    x, theta = case.draw(draw, size)
    laws.expect_gradient(answer, draw, *case.asked, x, theta, gradient(case.right, x, theta), case.parameters)


@each_likelihood
def test_log_prob_adds_up_over_pixels_not_over_images(answer, draw, case):
    """Twice the pixels give twice the nats; the other images of a batch do not matter."""
    laws.expect_sums(answer, *case.asked, *case.draw(draw, laws.SIZES[0]))


@each_likelihood
def test_log_prob_keeps_the_precision(answer, draw, case):
    """float64 gives float64."""
    x, theta = case.draw(draw, laws.SIZES[0])
    laws.expect_precision(answer, *case.asked, x, theta, case.right(x, theta))


@each_likelihood
def test_log_prob_is_computed_where_the_images_lie(answer, draw, case):
    """With images and theta on a GPU (here a make-believe one), log_prob is computed there."""
    x, theta = case.draw(draw, laws.SIZES[0])
    laws.expect_on_gpu(answer, *case.asked, x, theta, case.right(x, theta))


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
