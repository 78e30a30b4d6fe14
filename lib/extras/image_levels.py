"""ln P of images with 256 levels, by which likelihoods can be compared that are of different kinds.

A density and a probability are no numbers of one kind, and a density of pixels depends on their unit. But each model
can say how probable the image is that a file holds: each pixel at one of the levels 0, 1/255, ..., 1. A density is
integrated over the interval that is nearest to a level, a bin's probability is shared by the levels in it. The latent
variable is integrated out by importance weights, so the probability is a lower bound.

    bits per dimension = -log2 P(x) / (number of pixels and channels)

Source: Theis, van den Oord and Bethge, A note on the evaluation of generative models, 2016,
https://arxiv.org/abs/1511.01844
"""

import math
from collections.abc import Callable
from types import SimpleNamespace

import torch
from torch import Tensor, nn

from lib.elbo import elbo, importance_weighted_bound

__all__ = ["bits_per_dimension", "log_probability_of_levels", "measured"]

BATCH, CHUNK = 50, 20  # images, and samples of z, at a time: all 256 levels of each pixel in 200 MB


def log_probability_of_levels(model: nn.Module, x: Tensor, k: int) -> Tensor:
    """A lower bound of ln P(x) of images with 256 levels, in nats, shape (batch,): that of k importance weights.

    Args:
        model: a `lib.model_conv_vae.ConvVAE`.
        x: images with pixels 0, 1/255, ..., 1, shape (batch, channels, height, width).
    Raises: ValueError if the likelihood gives such images no probability.
    """
    of_levels = SimpleNamespace(log_prob=model.likelihood.log_prob_of_levels)
    like_the_model = SimpleNamespace(encode=model.encode, decode=model.decode, likelihood=of_levels)
    return importance_weighted_bound(like_the_model, x, k, CHUNK)


def bits_per_dimension(log_probability: Tensor, x: Tensor) -> Tensor:
    """Bits for each pixel and channel, shape (batch,).

    Args:
        log_probability: ln P(x), in nats, shape (batch,).
        x: the images.
    """
    return -log_probability / (math.log(2) * x[0].numel())


@torch.no_grad()
def measured(model: nn.Module, images: Tensor, k: int, device: str = "cpu") -> tuple[dict[str, float | None], str]:
    """What a model says of images: means over them, and the standard errors of these means.

    Args:
        images: with 256 levels, shape (N, channels, height, width).
        k: importance weights of each image.
    Returns: {"elbo": nats, "bound": nats, "bits": bits per dimension or None, and each with "_error"}, and why there
        are no bits, or "".
    """
    model.eval()
    found = {"elbo": _in_batches(lambda x: elbo(model, x), images, device),
             "bound": _in_batches(lambda x: importance_weighted_bound(model, x, k, CHUNK), images, device)}
    numbers, why = {"bits": None, "bits_error": None}, ""
    try:
        log_probability = _in_batches(lambda x: log_probability_of_levels(model, x, k), images, device)
        found["bits"] = bits_per_dimension(log_probability, images)
    except ValueError as error:
        why = str(error)
    for name, values in found.items():
        numbers |= {name: values.mean().item(), f"{name}_error": values.std().item() / math.sqrt(len(values))}
    return numbers, why


def _in_batches(of_batch: Callable[[Tensor], Tensor], images: Tensor, device: str) -> Tensor:
    """A number for each image, in parts that fit into memory, on the CPU, shape (N,)."""
    return torch.cat([of_batch(x.to(device)).cpu() for x in images.split(BATCH)])
