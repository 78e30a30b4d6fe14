"""The evidence lower bound (ELBO) of a VAE with any likelihood, and a tighter bound by importance weights.

    ln p(x) >= ELBO(x) = E_q(z|x)[ln p(x|z)] - KL(q(z|x) || p(z)),   p(z) = N(0, I)

All values are in nats, one for each image.

Sources: Kingma and Welling, Auto-Encoding Variational Bayes, 2014, https://arxiv.org/abs/1312.6114; Burda, Grosse and
Salakhutdinov, Importance Weighted Autoencoders, 2016, https://arxiv.org/abs/1509.00519
"""

import math

import torch
from torch import Tensor, nn
from torch.distributions import Normal

__all__ = ["CHUNK", "elbo", "elbo_terms", "importance_weighted_bound", "kl_to_prior", "log_likelihoods"]

CHUNK = 100  # samples of z that the importance-weighted bound takes at a time


def kl_to_prior(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mu, diag(exp(logvar))) || N(0, I)) of each image, in closed form.

    Args: mu, logvar: each of shape (batch, latent_size); logvar is the natural logarithm of the variance.
    Returns: shape (batch,).

    >>> kl_to_prior(torch.tensor([[1.0, -0.5]]), torch.tensor([[0.0, -2.0]]))
    tensor([1.1927])
    """
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(1)


def elbo_terms(model: nn.Module, x: Tensor, samples: int = 1, generator: torch.Generator | None = None
               ) -> tuple[Tensor, Tensor]:
    """The two terms of the ELBO of each image: E_q[ln p(x|z)], estimated from samples of z, and the KL divergence.

    Args:
        model: a `lib.model_conv_vae.ConvVAE`.
        x: images, shape (batch, channels, height, width).
        samples: of z for each image, drawn such that gradients reach the encoder.
        generator: where the noise comes from; by default torch's global generator.
    Returns: expected log-likelihood and KL, each of shape (batch,).
    """
    mu, logvar = model.encode(x)
    noise = torch.randn((samples, *mu.shape), generator=generator, device=mu.device, dtype=mu.dtype)
    z = mu + (0.5 * logvar).exp() * noise
    return log_likelihoods(model, x, z).mean(0), kl_to_prior(mu, logvar)


def elbo(model: nn.Module, x: Tensor, samples: int = 1, generator: torch.Generator | None = None) -> Tensor:
    """The ELBO of each image, shape (batch,). Arguments: as for `elbo_terms`."""
    log_likelihood, kl = elbo_terms(model, x, samples, generator)
    return log_likelihood - kl


def log_likelihoods(model: nn.Module, x: Tensor, z: Tensor) -> Tensor:
    """ln p(x|z) of each image for several z.

    Args:
        x: images, shape (batch, channels, height, width).
        z: shape (samples, batch, latent_size).
    Returns: shape (samples, batch).
    """
    samples = len(z)
    theta = model.decode(z.flatten(0, 1))
    repeated = x.expand(samples, *x.shape).flatten(0, 1)
    return model.likelihood.log_prob(repeated, theta).view(samples, len(x))


def importance_weighted_bound(model: nn.Module, x: Tensor, k: int, chunk: int = CHUNK) -> Tensor:
    """A lower bound of ln p(x) of each image, which rises with k and comes to ln p(x) for large k.

        ln p(x) >= E[ln 1/k sum_i w_i],   w_i = p(x|z_i) p(z_i) / q(z_i|x),   z_1, ..., z_k from q(z|x)

    With k = 1 it is an estimate of the ELBO, from one sample and without the closed form of the KL divergence.

    Args:
        model: a `lib.model_conv_vae.ConvVAE`.
        x: images, shape (batch, channels, height, width).
        k: samples of z for each image, at least 1.
        chunk: how many of them are decoded at a time; more need more memory.
    Returns: shape (batch,), an estimate from one draw of z_1, ..., z_k.
    Raises: ValueError if k or chunk is less than 1.
    """
    if k < 1 or chunk < 1:
        raise ValueError(f"k and chunk should be 1 or more, not {k} and {chunk}")
    mu, logvar = model.encode(x)
    prior, posterior = Normal(0.0, 1.0), Normal(mu, (0.5 * logvar).exp())
    log_weights = []
    for start in range(0, k, chunk):
        z = posterior.rsample((min(chunk, k - start),))
        log_p, log_q = prior.log_prob(z).sum(-1), posterior.log_prob(z).sum(-1)
        log_weights.append(log_likelihoods(model, x, z) + log_p - log_q)
    return torch.cat(log_weights).logsumexp(0) - math.log(k)
