"""Questions about the distributions of images: log-densities for parameters that the question gives, parameters for
outputs that it gives, the bins of pixels, and the cross-entropy of two images.
"""

import contextlib
from unittest import mock

import torch
from torch import Tensor, nn

from exercise.asking.afterwards import watch
from exercise.probes import accelerator
from exercise.probes.bystander import with_bystander


def log_prob(name, settings, x, theta):
    """What `log_prob` of a likelihood says of images.

    Args:
        name: the class in lib/likelihoods.py.
        settings: the arguments of its constructor.
    """
    likelihood = _likelihood(name, settings)
    with _bins_by_midpoints():
        return {"log_prob": likelihood.log_prob(watch(x, "x"), watch(theta, "theta"))}


def gradient(name, settings, x, theta, weights):
    """The gradient of sum_i weights_i log_prob_i with respect to theta; None if there is none."""
    leaf, likelihood = theta.requires_grad_(), _likelihood(name, settings)
    with _bins_by_midpoints():
        found = likelihood.log_prob(watch(x, "x"), watch(theta.clone(), "theta"))
    if isinstance(found, Tensor) and found.requires_grad and found.shape == weights.shape:
        (found * weights).sum().backward()
    return {"log_prob": found, "gradient": leaf.grad}


def log_prob_on_gpu(name, settings, x, theta):
    """The same as `log_prob` where the images and theta lie on a make-believe GPU, and on which device it comes out."""
    likelihood = _likelihood(name, settings)
    with accelerator.pretend(), _bins_by_midpoints():
        found = likelihood.log_prob(x.to("cuda"), theta.to("cuda"))
        return {"device": found.device.type, "log_prob": found.cpu()}


def theta(name, settings, outputs, weights):
    """The parameters for given outputs of a network, and the gradients of sum(weights * theta).

    `to_outputs` is the gradient to the outputs, `to_weight` that to the likelihood's own parameter `raw`; None where
    there is none.
    """
    likelihood, leaf = _likelihood(name, settings), outputs.requires_grad_()
    found = likelihood.theta(watch(leaf.clone(), "outputs"))
    if isinstance(found, Tensor) and found.requires_grad and found.shape == weights.shape:
        (found * weights).sum().backward()
    return {"theta": found, "to_outputs": leaf.grad, "to_weight": getattr(likelihood.raw, "grad", None)}


def theta_on_gpu(name, settings, outputs):
    """The parameters where the outputs lie on a make-believe GPU, and on which device they come out."""
    likelihood = _likelihood(name, settings)
    with accelerator.pretend():
        found = likelihood.theta(watch(outputs.to("cuda"), "outputs"))
        return {"device": found.device.type, "theta": found.cpu()}


def bin_numbers(x, bins, device="cpu"):
    """The bins of pixels, and on which device they come out; "cuda" is a make-believe GPU."""
    from lib.likelihoods import discretise_pixels
    return _found_on(device, lambda x: discretise_pixels(x, bins), x=x)


def cross_entropy(p, q, device="cpu"):
    """The cross-entropy of two images, and on which device it comes out; "cuda" is a make-believe GPU."""
    from lib.likelihoods import bernoulli_cross_entropy
    return _found_on(device, bernoulli_cross_entropy, p=p, q=q)


def cross_entropy_gradient(p, q, weights):
    """The gradients of sum_i weights_i H_i with respect to p and to q; None where there is none."""
    from lib.likelihoods import bernoulli_cross_entropy
    first, second = p.requires_grad_(), q.requires_grad_()
    found = bernoulli_cross_entropy(watch(first.clone(), "p"), watch(second.clone(), "q"))
    if isinstance(found, Tensor) and found.requires_grad and found.shape == weights.shape:
        (found * weights).sum().backward()
    return {"cross_entropy": found, "to_p": first.grad, "to_q": second.grad}


def _found_on(device, function, **tensors):
    with accelerator.pretend() if device == "cuda" else contextlib.nullcontext():
        found = function(**{name: watch(value.to(device), name) for name, value in tensors.items()})
        lies_on = found.device.type if isinstance(found, Tensor) else ""
    return {"found": found.as_subclass(Tensor) if isinstance(found, Tensor) else found, "device": lies_on}


def _bins_by_midpoints():
    """A context in which the nearest midpoint tells the bin of a pixel: log_prob is asked, and no other gap."""
    def nearest(x, bins):
        midpoints = (torch.arange(bins, device=x.device) + 0.5) / bins
        return (x.unsqueeze(-1) - midpoints).abs().argmin(-1)
    return mock.patch("lib.likelihoods.discretise_pixels", nearest)


def _likelihood(name, settings) -> nn.Module:
    from lib import likelihoods
    return watch(with_bystander(getattr(likelihoods, name)(*settings)), "the likelihood")
