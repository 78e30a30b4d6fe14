"""What the judges of likelihoods share: one value in nats for each image, the sum over its pixels, and its gradient.

A judge says what a likelihood should give for each pixel, by torch.distributions. All that holds whatever the
distribution is, is asked here.
"""

import math

import pytest
import torch
from torch import Tensor

from exercise.probes import likelihoods as probes
from tests.judge import Draw, expect, expect_dtype, require

__all__ = ["SIZES", "each_size", "expect_gradient", "expect_log_prob", "expect_on_gpu", "expect_precision",
           "expect_summed", "expect_sums"]

# Of x: no two sizes that could be mixed up are equal, and each is 1 once; as many images as pixels, as channels.
SIZES = [(5, 3, 4, 2), (1, 3, 2, 4), (6, 1, 3, 2), (4, 1, 1, 1), (1, 1, 1, 1), (3, 3, 1, 2), (6, 2, 3, 1)]
each_size = pytest.mark.parametrize("size", SIZES, ids=[
    "five images", "one image", "one channel, as many images as pixels", "one pixel", "one image of one pixel",
    "as many images as channels", "one column, as many images as pixels and channels"])
_NO_GRADIENT = "no gradient reaches theta: is something detached, or made a number by item() or numpy?"


def expect_log_prob(found, per_pixel: Tensor, mistakes: dict[str, Tensor] | None = None, what: str = "log_prob",
                    hint: str = "") -> None:
    """Fail unless `found` is the log-density or log-probability of each image, in nats and float32.

    Args:
        per_pixel: what is right for each pixel, shape (batch, channels, height, width).
        mistakes: sentence -> what a known wrong formula gives for each pixel.
    """
    right, pixels = _summed(per_pixel), per_pixel[0].numel()
    expect_summed(found, per_pixel, mistakes, what, {
        "its sign is flipped: the logarithm of the density is asked for, the loss is its negative": -right,
        "it is averaged, and its sign is flipped: the loss is the negative, and comes later": -right / pixels,
        "it is the density, not its logarithm": right.clamp(max=0).exp()}, hint)


def expect_summed(found, per_pixel: Tensor, mistakes: dict[str, Tensor] | None, what: str,
                  of_images: dict[str, Tensor] | None = None, hint: str = "") -> None:
    """Fail unless `found` holds one value for each image, in nats and float32: the sum over channels and pixels.

    Args:
        per_pixel: what is right for each pixel, shape (batch, channels, height, width).
        mistakes: sentence -> what a known wrong formula gives for each pixel.
        of_images: sentence -> what a known wrong formula gives for each image.
    """
    right, pixels = _summed(per_pixel), per_pixel[0].numel()
    expect(found, right, what, {sentence: _summed(wrong) for sentence, wrong in (mistakes or {}).items()} | {
        "an axis of size one is lost where there is one image only": right.squeeze(),
        **(of_images or {}),
        "it is averaged over the pixels, not summed: twice the pixels should give twice the nats": right / pixels,
        "it is summed over the batch too: each image should have a value of its own": right.sum(),
        "it is averaged over the batch: each image should have a value of its own": right.mean(),
        "it is averaged over all pixels of all images: each image should have a sum of its own": per_pixel.mean(),
        "each image has the value of the whole batch: sum over its own pixels only": right.sum().expand_as(right),
        "it is not summed: a value for each pixel, where one for each image is asked for": per_pixel,
        "it is not summed over the channels": per_pixel.sum((2, 3)),
        "it is summed over the channels only, not over rows and columns": per_pixel.sum(1),
        "it is summed over the batch, and not over the pixels: axis 0 is that of the batch": per_pixel.sum(0),
        "one axis too many is kept: squeeze it, or sum without keepdim": right[:, None],
        "it is measured in bits: use the natural logarithm": right / math.log(2)}, hint=hint)
    expect_dtype(found, torch.float32, what)


def expect_sums(answer, name: str, settings: list, x: Tensor, theta: Tensor) -> None:
    """Fail unless an image twice as high has twice the nats, and has the same ones in any batch, at any place."""
    found = answer(probes.log_prob, name, settings, x, theta)["log_prob"]
    require(isinstance(found, Tensor) and found.shape == x.shape[:1],
            f"log_prob should have the shape {(len(x),)}, one value for each image")
    twice = answer(probes.log_prob, name, settings, *(torch.cat([value, value], -2) for value in (x, theta)))
    expect(twice["log_prob"], 2 * found, "log_prob of images that are repeated below themselves", {
        "it is not doubled: sum over the pixels, do not average": found})
    backwards = answer(probes.log_prob, name, settings, x.flip(0), theta.flip(0))["log_prob"]
    expect(backwards, found.flip(0), "log_prob of the images in reverse order")
    alone = [answer(probes.log_prob, name, settings, x[i:i + 1], theta[i:i + 1])["log_prob"] for i in range(len(x))]
    expect(torch.cat([torch.as_tensor(value).reshape(-1) for value in alone]), found, "log_prob of each image alone",
           hint="It depends on the other images of its batch.")


def expect_gradient(answer, draw: Draw, name: str, settings: list, x: Tensor, theta: Tensor, expected: Tensor,
                    parameters: list[str], hint: str = "") -> None:
    """Fail unless the gradient to theta is right, each image weighted at random.

    Args:
        expected: the gradient of each image's log_prob to its own theta.
        parameters: what theta[:, 0], theta[:, 1], ... are, in words.
    """
    weights = draw.uniform(len(x), low=0.5, high=2) * draw.normal(len(x)).sign()
    found = answer(probes.gradient, name, settings, x, theta, weights)
    require(isinstance(found["log_prob"], Tensor) and found["log_prob"].shape == weights.shape,
            f"log_prob should have the shape {tuple(weights.shape)}, one value for each image")
    require(found["gradient"] is not None, _NO_GRADIENT)
    for i, parameter in enumerate(parameters):
        right = expected[:, i]
        weighted = right.double() * weights.double().view(-1, *[1] * (right.dim() - 1))
        expect(found["gradient"][:, i], weighted, f"the gradient of log_prob to the {parameter}", {
            "nothing of it arrives: is something detached?": torch.zeros_like(weighted),
            "it has the wrong sign": -weighted,
            "it is averaged over the pixels": weighted / right[0].numel()}, hint=hint)


def expect_precision(answer, name: str, settings: list, x: Tensor, theta: Tensor, per_pixel: Tensor) -> None:
    """Fail unless float64 comes in as it comes out."""
    found = answer(probes.log_prob, name, settings, x.double(), theta.double())["log_prob"]
    expect(found, _summed(per_pixel), "log_prob of float64")
    expect_dtype(found, torch.float64, "log_prob of float64")


def expect_on_gpu(answer, name: str, settings: list, x: Tensor, theta: Tensor, per_pixel: Tensor) -> None:
    """Fail unless all is computed where the images lie, here on a make-believe GPU."""
    seen = answer(probes.log_prob_on_gpu, name, settings, x, theta)
    require(seen["device"] == "cuda", "log_prob should lie on the device of the images")
    expect(seen["log_prob"], _summed(per_pixel), "log_prob on a GPU")


def _summed(per_pixel: Tensor) -> Tensor:
    return per_pixel.double().flatten(1).sum(1)
