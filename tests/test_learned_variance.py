"""The parameters of a Gaussian whose variance is learned: means in [0, 1], variances above their bound, gradients."""

import math
import sys

import pytest
import torch
import torch.nn.functional as F

from exercise.probes import likelihoods as probes
from tests.judge import expect, expect_dtype, require
from tests.likelihood_laws import each_size

BOUND = 1e-4  # below which no variance falls
PER_PIXEL = ("Gaussian", ["per_pixel", BOUND])
START = float(torch.tensor(math.log(BOUND)))  # of the raw numbers
NO_CUT = "Does something overflow, or is it cut off? exp(100) is infinite in float32."


def _theta_of(outputs, raw):
    """Mean and log-variance, in float64."""
    variance = BOUND + raw.double().exp()
    return torch.stack([outputs[:, 0].double().sigmoid(), variance.log()], 1)


def _expect_theta(found, outputs, raw, hint=""):
    """Fail unless mean and log-variance are right, both in float32."""
    right = _theta_of(outputs, raw)
    require(isinstance(found, torch.Tensor) and found.shape == right.shape,
            "theta, mean and logvar of each pixel, has the wrong shape: both should have the shape of raw")
    centre, raw = outputs[:, 0].double(), raw.double()
    variance = raw.exp() + BOUND
    expect(found[:, 0], right[:, 0], "mean", {
        "it is not limited to [0, 1]: take the sigmoid of the first output": centre,
        "the sigmoid is applied twice": centre.sigmoid().sigmoid(),
        "a tanh runs from -1 to 1: take the sigmoid": centre.tanh(),
        "it is cut off at 0 and 1, which leaves no gradient there: take the sigmoid": centre.clamp(0, 1),
        "it is 1 minus the mean: a large output is a light pixel": (-centre).sigmoid(),
        "it is made from the last output, which belongs to the variance": outputs[:, -1].double().sigmoid()})
    expect(found[:, 1], right[:, 1], "logvar", {
        "it is the variance: its logarithm is asked for": variance,
        "it is the logarithm of the standard deviation: the variance is its square": variance.log() / 2,
        "MIN_VARIANCE is missing, or added to the logarithm: where raw falls, the variance goes to 0": raw,
        "it is cut off at the bound: no gradient is left there": raw.clamp(min=math.log(BOUND)),
        "the logarithm of MIN_VARIANCE is added to that of the variance, which multiplies them": raw + math.log(BOUND),
        "MIN_VARIANCE is subtracted": (raw.exp() - BOUND).log(),
        "MIN_VARIANCE is taken for a deviation, and squared": (raw.exp() + BOUND**2).log(),
        "raw is taken for ln sigma: the variance is e^raw, not e^(2 raw)": ((2 * raw).exp() + BOUND).log(),
        "raw is halved: the variance is e^raw": ((raw / 2).exp() + BOUND).log(),
        "the variance is made positive by a softplus: e^raw is asked for": (F.softplus(raw) + BOUND).log(),
        "the variance is 1 / (MIN_VARIANCE + e^raw)": -variance.log(),
        "it is the logarithm to base 2: use the natural one": variance.log2(),
        "it is the logarithm to base 10: use the natural one": variance.log10()}, hint=hint)
    expect_dtype(found, torch.float32, "theta")


@pytest.mark.gap("likelihood_gaussian_learned")
@each_size
def test_mean_is_a_sigmoid_and_variance_stays_above_its_bound(answer, draw, size):
    """mean is the sigmoid of the first output, and logvar = ln(MIN_VARIANCE + e^raw), for each pixel."""
    outputs = 2 * draw.normal(size[0], 2, *size[1:])
    found = answer(probes.theta, *PER_PIXEL, outputs, torch.zeros_like(outputs))["theta"]
    _expect_theta(found, outputs, START + outputs[:, 1])


@pytest.mark.gap("likelihood_gaussian_learned")
@pytest.mark.parametrize("raw", [-100.0, -20.0, 3.0, 30.0, 100.0])
def test_theta_at_extreme_raw_numbers(answer, draw, raw):
    """With raw = -100 the variance is MIN_VARIANCE, with 100 it is e^100: finite, and so are the gradients."""
    outputs, weights = draw.normal(2, 2, 1, 2, 2), draw.normal(2, 2, 1, 2, 2)
    outputs[0, 0], outputs[1, 0], outputs[:, 1] = 100, -100, raw - START
    found = answer(probes.theta, *PER_PIXEL, outputs, weights)
    _expect_theta(found["theta"], outputs, START + outputs[:, 1], NO_CUT)
    _expect_gradients(found, outputs, weights, NO_CUT)


@pytest.mark.gap("likelihood_gaussian_learned")
@pytest.mark.parametrize("height", [1.0, 3.0, 6.0])
def test_gradients_are_left_near_the_bound(answer, draw, height):
    """Above and below the bound, the gradients to the outputs are those of the formulas: a variance can rise again."""
    outputs, weights = draw.normal(3, 2, 2, 1, 4), draw.normal(3, 2, 2, 1, 4)
    outputs[:, 1] = height * draw.normal(3, 2, 1, 4).sign()
    found = answer(probes.theta, *PER_PIXEL, outputs, weights)
    _expect_theta(found["theta"], outputs, START + outputs[:, 1])
    _expect_gradients(found, outputs, weights, "Is something cut off or detached?")


@pytest.mark.gap("likelihood_gaussian_learned")
def test_one_variance_for_all_pixels_is_learned(answer, draw):
    """With one raw number for all pixels, its gradient is the sum of theirs, also where e^raw is below the bound."""
    outputs, weights, share = draw.normal(3, 1, 2, 1, 4), draw.uniform(3, 2, 2, 1, 4), 0.3
    found = answer(probes.theta, "Gaussian", ["learned", share * BOUND], outputs, weights)
    _expect_theta(found["theta"], outputs, torch.full_like(outputs[:, 0], START + math.log(share)))
    require(found["to_weight"] is not None, "no gradient reaches the raw number: is it detached, or made a number?")
    right = weights[:, 1].double().sum() * share / (1 + share)
    expect(found["to_weight"], right, "the gradient to the raw number", {
        "nothing of it arrives: is something detached or cut off?": torch.zeros(())})


@pytest.mark.gap("likelihood_gaussian_learned")
def test_theta_keeps_the_precision(answer, draw):
    """float64 gives float64, with all its digits."""
    outputs = draw.normal(3, 2, 2, 1, 4).double()
    found = answer(probes.theta, *PER_PIXEL, outputs, torch.zeros_like(outputs))["theta"]
    expect_dtype(found, torch.float64, "theta of float64")
    expect(found, _theta_of(outputs, START + outputs[:, 1]), "theta of float64", rtol=1e-9,
           hint="float32 keeps seven digits only.")


@pytest.mark.gap("likelihood_gaussian_learned")
def test_theta_is_computed_where_the_outputs_lie(answer, draw):
    """With outputs on a GPU (here a make-believe one), theta is computed there."""
    outputs = draw.normal(3, 2, 2, 1, 4)
    seen = answer(probes.theta_on_gpu, *PER_PIXEL, outputs)
    require(seen["device"] == "cuda", "theta should lie on the device of the outputs")
    expect(seen["theta"], _theta_of(outputs, START + outputs[:, 1]), "theta on a GPU")


def _expect_gradients(found, outputs, weights, hint):
    require(found["to_outputs"] is not None,
            "no gradient reaches the outputs: is something detached, or made a number by item() or numpy?")
    leaf = outputs.double().requires_grad_()
    (_theta_of(leaf, START + leaf[:, 1]) * weights).sum().backward()
    for place, name in enumerate(("mean", "logvar")):
        right = leaf.grad[:, place]
        expect(found["to_outputs"][:, place], right, f"the gradient of {name} to its output", {
            "nothing of it arrives: is something detached or cut off?": torch.zeros_like(right),
            "it has the wrong sign": -right}, hint=hint)


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
