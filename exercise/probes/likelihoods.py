"""Questions about the distributions of images: log-densities for parameters that the question gives."""

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
    return {"log_prob": _likelihood(name, settings).log_prob(watch(x, "x"), watch(theta, "theta"))}


def gradient(name, settings, x, theta, weights):
    """The gradient of sum_i weights_i log_prob_i with respect to theta; None if there is none."""
    leaf = theta.requires_grad_()
    found = _likelihood(name, settings).log_prob(watch(x, "x"), watch(theta.clone(), "theta"))
    if isinstance(found, Tensor) and found.requires_grad and found.shape == weights.shape:
        (found * weights).sum().backward()
    return {"log_prob": found, "gradient": leaf.grad}


def log_prob_on_gpu(name, settings, x, theta):
    """The same as `log_prob` where the images and theta lie on a make-believe GPU, and on which device it comes out."""
    likelihood = _likelihood(name, settings)
    with accelerator.pretend():
        found = likelihood.log_prob(x.to("cuda"), theta.to("cuda"))
        return {"device": found.device.type, "log_prob": found.cpu()}


def _likelihood(name, settings) -> nn.Module:
    from lib import likelihoods
    return watch(with_bystander(getattr(likelihoods, name)(*settings)), "the likelihood")
