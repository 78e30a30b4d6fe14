"""Questions about inference without the encoder, for a decoder of which everything is known: it is linear.

    x = z weight + bias + noise,   z ~ N(0, I),   the noise of each pixel from N(0, variance)

A decoder is given as [weight, bias, variance, image_shape], with weight of shape (latent_size, pixels).
"""

import contextlib
import math

import torch
from torch import Tensor, nn

from exercise.asking.afterwards import watch
from exercise.probes import accelerator
from exercise.probes.bystander import with_bystander


def elbo(decoder, x, mean, logvar, noise, visible=None):
    """The ELBO of each image by `psi_elbo`."""
    from lib.infer_latents import psi_elbo
    inputs = [watch(value, name) for value, name in zip(
        (x, mean, logvar, noise), ["x", "mean", "logvar", "noise"], strict=True)]
    return {"elbo": psi_elbo(_model(decoder), *inputs, visible)}


def elbo_gradients(decoder, x, mean, logvar, noise, weights):
    """The gradients of the weighted sum of all ELBOs with respect to mean and logvar; None if there is none."""
    from lib.infer_latents import psi_elbo
    leaves = mean.requires_grad_(), logvar.requires_grad_()
    found = psi_elbo(_model(decoder), x, mean.clone(), logvar.clone(), noise)
    if isinstance(found, Tensor) and found.requires_grad and found.shape == weights.shape:
        (found * weights).sum().backward()
    return {"mean": leaves[0].grad, "logvar": leaves[1].grad}


def elbo_on_gpu(decoder, x, mean, logvar, noise):
    """The same for images on a make-believe GPU, and on which device the ELBO lies."""
    from lib.infer_latents import psi_elbo
    with accelerator.pretend():
        inputs = [value.to("cuda") for value in (x, mean, logvar, noise)]
        found = psi_elbo(_model(decoder, "cuda"), *inputs)
        return {"device": found.device.type, "elbo": found.cpu()}


def optimise(decoder, x, noise, lr, visible=None, last=None, device="cpu"):
    """What `psi_optimise` comes to, and what it has told after each step.

    Args:
        last: the step, counted from 1, after which it is told to stop; by default none.
        device: "cpu", or "cuda", which is make-believe.
    Returns: mean and logvar; elbos, means and logvars as told after each step; decoded, the z of each call of the
        decoder; gradients, what `.grad` of each parameter holds, which was filled with the number 7.
    """
    from lib.infer_latents import psi_optimise
    with accelerator.pretend() if device == "cuda" else contextlib.nullcontext():
        model, told = _model(decoder, device), []
        for parameter in model.parameters():
            parameter.grad = torch.full_like(parameter, 7.0)

        def after_step(*values):
            told.append([value.detach().clone() for value in values])
            return len(told) == last
        inputs = [watch(value.to(device), name) for value, name in ((x, "x"), (noise, "noise"))]
        mean, logvar = psi_optimise(model, *inputs, lr, after_step, visible if visible is None else visible.to(device))
        told = dict(zip(["elbos", "means", "logvars"], map(_joined, zip(*told, strict=True)), strict=False))
        found = {"mean": mean, "logvar": logvar, "decoded": _joined(model.decoded), **told}
        return {"gradients": [_plain(parameter.grad) for parameter in model.parameters()], "steps": len(noise),
                "device": mean.device.type, **{name: _plain(value) for name, value in found.items()}}


def masked_log_prob(x, theta, visible):
    """`masked_log_likelihood` of images.

    The log-likelihood of a pixel x with the parameters a_1, a_2, … is -(x - a_1 - 2 a_2 - …)^2 - |x| - 1.
    """
    from lib.infer_latents import masked_log_likelihood
    inputs = watch(x, "x"), watch(theta, "theta"), watch(visible, "visible")
    return {"log_prob": masked_log_likelihood(_likelihood(), *inputs)}


def masked_gradient(x, theta, visible, weights):
    """The gradient of the weighted sum of all values with respect to theta; None if there is none."""
    from lib.infer_latents import masked_log_likelihood
    leaf = theta.requires_grad_()
    found = masked_log_likelihood(_likelihood(), x, theta.clone(), visible)
    if isinstance(found, Tensor) and found.requires_grad and found.shape == weights.shape:
        (found * weights).sum().backward()
    return {"gradient": leaf.grad}


def masked_log_prob_on_gpu(x, theta, visible):
    """The same for images on a make-believe GPU, and on which device it comes out."""
    from lib.infer_latents import masked_log_likelihood
    with accelerator.pretend():
        found = masked_log_likelihood(_likelihood(), *(value.to("cuda") for value in (x, theta, visible)))
        return {"device": found.device.type, "log_prob": found.cpu()}


def complete(decoder, x, visible, mean, logvar, samples, seed, device="cpu"):
    """Completions by `complete_image` with the random numbers of one seed."""
    from lib.infer_latents import complete_image
    with accelerator.pretend() if device == "cuda" else contextlib.nullcontext():
        inputs = [watch(value.to(device), name) for value, name in zip(
            (x, visible, mean, logvar), ["x", "visible", "mean", "logvar"], strict=True)]
        generator = torch.Generator(device).manual_seed(seed)
        found = complete_image(_model(decoder, device), *inputs, samples, generator)
        lies_on = found.device.type if isinstance(found, Tensor) else ""
    return {"completed": _plain(found), "device": lies_on}


class _LinearDecoder(nn.Module):
    """A VAE whose decoder is linear, and whose encoder must not be asked; notes what is decoded."""

    def __init__(self, weight, bias, variance, image_shape):
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)
        self.likelihood, self.image_shape, self.latent_size = _GaussianPixels(variance), image_shape, len(weight)
        self.decoded = []

    def encode(self, x):
        raise AssertionError("the encoder was called, and here it is not to be asked")

    def decode(self, z):
        self.decoded.append(z.detach().clone())
        return (z @ self.weight + self.bias).unflatten(1, (1, *self.image_shape))


class _GaussianPixels(nn.Module):
    """Pixels with normal distributions of one variance; theta holds their means, of the shape (batch, 1, ...)."""

    def __init__(self, variance):
        super().__init__()
        self.variance = variance

    def log_prob(self, x, theta):
        if x.shape != theta[:, 0].shape:
            raise ValueError(f"x has the shape {tuple(x.shape)}, and theta that of images {tuple(theta[:, 0].shape)}")
        per_pixel = -0.5 * ((x - theta[:, 0]).square() / self.variance + math.log(2 * math.pi * self.variance))
        return per_pixel.flatten(1).sum(1)

    def mean(self, theta):
        return theta[:, 0]

    def sample(self, theta, generator=None):
        mean = theta[:, 0]
        noise = torch.randn(mean.shape, generator=generator, device=mean.device, dtype=mean.dtype)
        return mean + math.sqrt(self.variance) * noise


class _AnyParameters(nn.Module):
    """A likelihood with any number of parameters for each pixel, and a constant that every pixel counts."""

    def log_prob(self, x, theta):
        if x.dim() != 4 or theta.dim() != 5:
            raise ValueError("log_prob takes x of shape (batch, channels, height, width) and theta of shape (batch, "
                             f"parameters, channels, height, width), not {tuple(x.shape)} and {tuple(theta.shape)}")
        centre = sum(number * parameter for number, parameter in enumerate(theta.unbind(1), 1))
        return (-(x - centre).square() - x.abs() - 1).flatten(1).sum(1)


def _likelihood():
    return watch(with_bystander(_AnyParameters()), "the likelihood")


def _model(decoder, device="cpu"):
    weight, bias, variance, image_shape = decoder
    model = _LinearDecoder(weight.to(device), bias.to(device), variance, image_shape)
    return watch(with_bystander(model))


def _joined(values):
    """Tensors of equal shapes as one; none, or any others, as an empty one."""
    shapes = {value.shape for value in values}
    return torch.stack([*values]) if len(shapes) == 1 else torch.empty(0)


def _plain(value):
    return value.as_subclass(Tensor) if isinstance(value, Tensor) else value
