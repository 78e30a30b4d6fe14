"""Questions about the structure of a latent space: principal components, paths between samples of z."""

import contextlib

import torch
from torch import Tensor, nn

from exercise.asking.afterwards import watch
from exercise.probes import accelerator
from exercise.probes.bystander import with_bystander


def pca(means, components):
    """The principal components of posterior means, and their shares of the variance."""
    from lib.latent_structure import latent_pca
    points, directions, shares = latent_pca(watch(means, "the tensor of means"), components)
    return {"points": points, "directions": directions, "shares": shares}


def path(x, x_other, to_mu, to_logvar, steps, seed, device="cpu"):
    """The path between samples for two images, whose encoder is linear, with the noise of one seed.

    Args:
        x, x_other: one image each, shape (channels, height, width).
        to_mu, to_logvar: the encoder's two matrices, (pixels, latent_size).
        device: "cpu", or "cuda", which is make-believe.
    """
    from lib.latent_structure import interpolate_samples
    with accelerator.pretend() if device == "cuda" else contextlib.nullcontext():
        images = [watch(image.to(device), name) for image, name in ((x, "`x`"), (x_other, "`x_other`"))]
        model = watch(with_bystander(_Encoder(to_mu.to(device), to_logvar.to(device))))
        found = interpolate_samples(model, *images, steps, torch.Generator().manual_seed(seed))
        lies_on = found.device.type if isinstance(found, Tensor) else ""
    return {"path": found.as_subclass(Tensor) if isinstance(found, Tensor) else found, "device": lies_on}


class _Encoder(nn.Module):
    """A VAE whose encoder is linear, and whose decoder nobody needs."""

    def __init__(self, to_mu, to_logvar):
        super().__init__()
        self.to_mu, self.to_logvar, self.latent_size = to_mu, to_logvar, to_mu.shape[1]

    def encode(self, x):
        return x.flatten(1) @ self.to_mu, x.flatten(1) @ self.to_logvar

    def decode(self, z):
        raise AssertionError("the decoder was called, and a path of z needs the encoder alone")
