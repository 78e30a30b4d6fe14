"""Questions about the KL divergence from the prior and the importance-weighted bound.

The bound is asked twice: from samples that are given, and through `importance_weighted_bound`, for a linear model with
Gaussian pixels, of which ln p(x) is known.
"""

import torch
from torch import Tensor, nn

from exercise.asking.afterwards import watch
from exercise.probes import accelerator
from exercise.probes.bystander import with_bystander


def kl(mu, logvar):
    """The divergence of each image."""
    from lib.elbo import kl_to_prior
    return {"kl": kl_to_prior(watch(mu, "mu"), watch(logvar, "logvar"))}


def kl_gradients(mu, logvar, cotangent):
    """The gradients of <cotangent, kl> to mu and logvar; None where there is none."""
    from lib.elbo import kl_to_prior
    return _gradients(kl_to_prior, {"mu": mu, "logvar": logvar}, cotangent)


def kl_on_gpu(mu, logvar):
    """The same as `kl` where mu and logvar lie on a make-believe GPU, and on which device it comes out."""
    from lib.elbo import kl_to_prior
    return _on_gpu(kl_to_prior, mu, logvar)


def bound(log_likelihood, z, mu, logvar):
    """The bound of each image, from given samples."""
    from lib.elbo import bound_of_samples
    return {"bound": bound_of_samples(watch(log_likelihood, "log_likelihood"), watch(z, "z"), watch(mu, "mu"),
                                      watch(logvar, "logvar"))}


def bound_gradients(log_likelihood, z, mu, logvar, cotangent):
    """The gradients of <cotangent, bound> to the four arguments; None where there is none."""
    from lib.elbo import bound_of_samples
    return _gradients(bound_of_samples, {"log_likelihood": log_likelihood, "z": z, "mu": mu, "logvar": logvar},
                      cotangent)


def bound_on_gpu(log_likelihood, z, mu, logvar):
    """The same as `bound` where all lies on a make-believe GPU, and on which device it comes out."""
    from lib.elbo import bound_of_samples
    return _on_gpu(bound_of_samples, log_likelihood, z, mu, logvar)


def linear_bound(weight, variance, wider, x, k, chunk):
    """The bound of each image, for a linear model.

    Args:
        weight: W of x = W z + noise, shape (pixels, latent_size); its columns are orthogonal to each other.
        variance: of the noise.
        wider: by which factor sigma of q(z|x) is larger than that of p(z|x), which q(z|x) is otherwise.
    """
    from lib.elbo import importance_weighted_bound
    model = watch(with_bystander(_Linear(weight, variance, wider)), "the model")
    with torch.no_grad():
        return {"bound": importance_weighted_bound(model, watch(x, "x"), k, chunk)}


class _Linear(nn.Module):
    """Its encoder, decoder and likelihood; theta is the mean of each pixel."""

    def __init__(self, weight, variance, wider):
        super().__init__()
        self.weight, self.variance, self.likelihood = nn.Parameter(weight), variance, self
        precision = 1 + weight.square().sum(0) / variance
        self.to_mean, self.logvar = weight / variance / precision, (wider**2 / precision).log()

    def encode(self, x):
        mu = x.flatten(1) @ self.to_mean
        return mu, self.logvar.expand_as(mu)

    def decode(self, z):
        return z @ self.weight.T

    def log_prob(self, x, theta):
        return torch.distributions.Normal(theta, self.variance**0.5).log_prob(x.flatten(1)).sum(1)


def _gradients(function, arguments, cotangent):
    leaves = [value.requires_grad_() for value in arguments.values()]
    found = function(*(watch(value.clone(), name) for name, value in arguments.items()))
    if isinstance(found, Tensor) and found.requires_grad and found.shape == cotangent.shape:
        (found * cotangent).sum().backward()
    return {name: leaf.grad for name, leaf in zip(arguments, leaves, strict=True)}


def _on_gpu(function, *arguments):
    with accelerator.pretend():
        found = function(*(value.to("cuda") for value in arguments))
        return {"device": found.device.type, "found": found.cpu()}
