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

__all__ = ["CHUNK", "bound_of_samples", "elbo", "elbo_terms", "importance_weighted_bound", "kl_to_prior",
           "log_likelihoods"]

CHUNK = 100  # samples of z that are decoded at a time


def kl_to_prior(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mu, diag(exp(logvar))) || N(0, I)) of each image, in nats.

    Args: mu, logvar: each of shape (batch, latent_size); logvar is the natural logarithm of the variance.
    Returns: shape (batch,).

    >>> kl_to_prior(torch.tensor([[1.0, -0.5]]), torch.tensor([[0.0, -2.0]]))
    tensor([1.1927])
    """
    # START TODO kl_to_prior ########################
    # Compute the divergence in closed form, without samples, and sum it over the latent dimensions of each image, not
    # over the batch: `kl`, shape (batch,). float32 gives float32, float64 gives float64.

    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(1)
    # END TODO ########################
    return kl


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


def log_likelihoods(model: nn.Module, x: Tensor, z: Tensor, chunk: int = CHUNK) -> Tensor:
    """ln p(x|z) of each image for several z.

    Args:
        x: images, shape (batch, channels, height, width).
        z: shape (samples, batch, latent_size).
        chunk: how many samples are decoded at a time; more need more memory.
    Returns: shape (samples, batch).
    """
    values = []
    for part in z.split(chunk):
        repeated = x.expand(len(part), *x.shape).flatten(0, 1)
        theta = model.decode(part.flatten(0, 1))
        values.append(model.likelihood.log_prob(repeated, theta).view(len(part), len(x)))
    return torch.cat(values)


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
    z = Normal(mu, (0.5 * logvar).exp()).rsample((k,))
    return bound_of_samples(log_likelihoods(model, x, z, chunk), z, mu, logvar)


def bound_of_samples(log_likelihood: Tensor, z: Tensor, mu: Tensor, logvar: Tensor) -> Tensor:
    """ln 1/k sum_i w_i of each image, with w_i = p(x|z_i) p(z_i) / q(z_i|x), from k samples z_i.

    Args:
        log_likelihood: ln p(x|z) of each sample, shape (k, batch).
        z: the samples from q(z|x), shape (k, batch, latent_size).
        mu, logvar: the parameters of q(z|x), each of shape (batch, latent_size).
    Returns: shape (batch,), in nats.
    """
    # START TODO importance_weighted_bound ########################
    # Compute the log-weight of each sample, ln w = ln p(x|z) + ln p(z) - ln q(z|x), with all constants and at the
    # samples that are given, then the formula of the docstring: `bound`, shape (batch,). It has to be finite for
    # log-weights of -5000 and 5000 too, and gradients reach all four arguments. float32 gives float32, float64 gives
    # float64.

    log_prior = Normal(0.0, 1.0).log_prob(z).sum(-1)
    log_posterior = Normal(mu, (0.5 * logvar).exp()).log_prob(z).sum(-1)
    log_weights = log_likelihood + log_prior - log_posterior
    bound = log_weights.logsumexp(0) - math.log(len(z))
    # END TODO ########################
    return bound
