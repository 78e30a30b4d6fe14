"""The cross-entropy of two Bernoulli images, also where probabilities are exactly 0 or 1."""

import math
import sys

import pytest
import torch
from torch import distributions

from exercise.probes import likelihoods as probes
from tests import likelihood_laws as laws
from tests.judge import expect, expect_dtype, refuse, require
from tests.likelihood_cases import bernoulli
from tests.likelihood_laws import each_size

CROSS_ENTROPY = "H(p, q)"


def _pair(draw, size):
    """Two grey images, and the cross-entropy of each pixel."""
    p, q = draw.uniform(*size, low=0.05, high=0.95), draw.uniform(*size, low=0.05, high=0.95)
    return p, q, _cross_entropy(p, q)


def _cross_entropy(p, q):
    """H(p, q) of each pixel, with q not at an end."""
    return -bernoulli(p.double(), q.double().logit()[:, None])


@pytest.mark.gap("bernoulli_cross_entropy")
@each_size
def test_cross_entropy_of_two_grey_images(answer, draw, size):
    """H(p, q) is the expected cost of an image drawn from p if q is taken for its distribution, in nats."""
    p, q, right = _pair(draw, size)
    _expect_cross_entropy(answer(probes.cross_entropy, p, q)["found"], p, q, right)


@pytest.mark.gap("bernoulli_cross_entropy")
def test_black_and_white_pixels_of_p(answer, draw):
    """A pixel that is white in p for certain costs -ln q, a black one -ln(1 - q)."""
    p, q, _ = _pair(draw, (3, 2, 2, 3))
    p = p.round()
    _expect_cross_entropy(answer(probes.cross_entropy, p, q)["found"], p, q, _cross_entropy(p, q))


@pytest.mark.gap("bernoulli_cross_entropy")
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_what_p_excludes_costs_nothing(answer, draw, value):
    """Where p and q are both exactly 0, or both exactly 1, a pixel costs 0: 0 ln 0 counts as 0."""
    p, q, right = _pair(draw, (3, 1, 2, 2))
    p[0], q[0], right[0] = value, value, 0
    p[1, 0, 0], q[1, 0, 0], right[1, 0, 0] = value, value, 0
    found = answer(probes.cross_entropy, p, q)["found"]
    laws.expect_summed(found, right, {}, f"{CROSS_ENTROPY} where p = q = {value:g}",
                       hint="Does 0 times ln 0 give NaN, or is an epsilon added?")
    require(abs(float(found[0])) < 1e-5, f"{CROSS_ENTROPY} of two equal images with pixels {value:g} should be 0, and "
                                         f"is {float(found[0]):.3g}. Is an epsilon added?")


@pytest.mark.gap("bernoulli_cross_entropy")
@pytest.mark.parametrize("p, q", [(1.0, 0.0), (0.0, 1.0), (0.3, 0.0), (0.3, 1.0)])
def test_what_q_excludes_costs_infinitely_much(answer, p, q):
    """If p allows what q gives no probability, H(p, q) is infinite for that pair of images, and for no other."""
    first, second = torch.full((2, 1, 1, 3), 0.5), torch.full((2, 1, 1, 3), 0.5)
    first[0, 0, 0, 1], second[0, 0, 0, 1] = p, q
    found = answer(probes.cross_entropy, first, second)["found"]
    require(isinstance(found, torch.Tensor) and found.shape == (2,),
            f"{CROSS_ENTROPY} should have the shape (2,), one value for each pair of images")
    expect(found[1], torch.tensor(3 * math.log(2)), f"{CROSS_ENTROPY} of two images of 1/2")
    if not found[0].isposinf():
        limited = 80 < float(found[0]) < 110
        refuse(f"{CROSS_ENTROPY} with p = {p:g} and q = {q:g} should be infinite, and is {float(found[0]):.4g}. "
               + ("F.binary_cross_entropy limits logarithms to -100: 0 ln 0 is the only case to treat apart." if limited
                  else "Are probabilities kept away from 0 and 1?"))


@pytest.mark.gap("bernoulli_cross_entropy")
@pytest.mark.parametrize("q", [1e-6, 1e-20, 1e-30])
def test_small_probabilities_of_q(answer, q):
    """A probability of 1e-30 costs 69 nats where p is white: no epsilon is added to q."""
    first, second = torch.tensor([1.0, 0.5, 0.0]).view(3, 1, 1, 1), torch.full((3, 1, 1, 1), q)
    laws.expect_summed(answer(probes.cross_entropy, first, second)["found"], _cross_entropy(first, second), {},
                       f"{CROSS_ENTROPY} with q = {q:g}", hint="Is an epsilon added, or something limited?")


@pytest.mark.gap("bernoulli_cross_entropy")
def test_gradients_reach_p_and_q(answer, draw):
    """The gradients to both images are those of the formula."""
    p, q, _ = _pair(draw, (5, 3, 4, 2))
    weights = draw.uniform(5, low=0.5, high=2) * draw.normal(5).sign()
    found = answer(probes.cross_entropy_gradient, p, q, weights)
    first, second = p.double().requires_grad_(), q.double().requires_grad_()
    (_cross_entropy(first, second).flatten(1).sum(1) * weights).sum().backward()
    for name, expected in (("p", first.grad), ("q", second.grad)):
        require(found[f"to_{name}"] is not None, f"no gradient reaches {name}: is something detached?")
        expect(found[f"to_{name}"], expected, f"the gradient of {CROSS_ENTROPY} to {name}", {
            "nothing of it arrives: is something detached?": torch.zeros_like(expected),
            "it has the wrong sign": -expected})


@pytest.mark.gap("bernoulli_cross_entropy")
def test_cross_entropy_keeps_the_precision(answer, draw):
    """float64 gives float64."""
    p, q, right = _pair(draw, laws.SIZES[0])
    found = answer(probes.cross_entropy, p.double(), q.double())["found"]
    expect_dtype(found, torch.float64, f"{CROSS_ENTROPY} of float64")
    expect(found, right.flatten(1).sum(1), f"{CROSS_ENTROPY} of float64", rtol=1e-9,
           hint="float32 keeps seven digits only.")


@pytest.mark.gap("bernoulli_cross_entropy")
def test_cross_entropy_is_computed_where_the_images_lie(answer, draw):
    """With both images on a GPU (here a make-believe one), the cross-entropy is computed there."""
    p, q, right = _pair(draw, laws.SIZES[0])
    seen = answer(probes.cross_entropy, p, q, device="cuda")
    require(seen["device"] == "cuda", "cross_entropy should lie on the device of the images")
    expect(seen["found"], right.flatten(1).sum(1), f"{CROSS_ENTROPY} on a GPU")


def _expect_cross_entropy(found, p, q, right):
    """Fail unless `found` is H(p, q) of each pair of images; the mistakes are those of the formula."""
    p, q = p.double(), q.double()
    white, black = -q.log(), -(1 - q).log()
    own = distributions.Bernoulli(p).entropy()
    summed = right.flatten(1).sum(1)
    laws.expect_summed(found, right, {
        "p and q are exchanged: images are drawn from p, and the logarithm is that of q": _cross_entropy(q, p.clamp(
            1e-12, 1 - 1e-12)),
        "black and white are exchanged: p weighs ln q, 1 - p weighs ln(1 - q)": _cross_entropy(1 - p, q),
        "the black case, (1 - p) ln(1 - q), is missing": p * white,
        "the white case, p ln q, is missing": (1 - p) * black,
        "its two cases are subtracted, not added": p * white - (1 - p) * black,
        "both cases should be weighted, by p and by 1 - p": white + black,
        "it is the KL divergence: the entropy of p is not subtracted": right - own,
        "it is the entropy of p: the logarithms are those of q": own,
        "it is the entropy of q: images are drawn from p": distributions.Bernoulli(q).entropy(),
        "p is rounded to black or white: every grey says how likely white is": _cross_entropy(p.round(), q),
        "q is taken for logits: it holds probabilities": -bernoulli(p, q[:, None]),
        "it is the logarithm of the expected probability: the expectation is that of the logarithm":
            -(p * q + (1 - p) * (1 - q)).log(),
        "it is the squared error between p and q": (p - q).square(),
        "it is the absolute error between p and q": (p - q).abs(),
        "its factor 1/2 has no place here": right / 2}, CROSS_ENTROPY, {
        "its sign is flipped: it is a cost, the negative of the expected logarithm": -summed,
        "it is averaged, and its sign is flipped": -summed / p[0].numel()})


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
