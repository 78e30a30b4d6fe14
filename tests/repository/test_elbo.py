"""The ELBO and the importance-weighted bound, where ln p(x) is known: a linear decoder with Gaussian pixels."""

import math

import pytest
import torch
from torch.distributions import MultivariateNormal, Normal, kl_divergence

from lib.elbo import elbo, elbo_terms, importance_weighted_bound, kl_to_prior, log_likelihoods
from lib.likelihoods import LIKELIHOODS, Gaussian, likelihood_named
from lib.model_conv_vae import ConvVAE

SIX_SIGMA = 6.0
SHAPES = [(1, 28, 28), (3, 32, 32), (1, 1, 1), (3, 7, 10), (1, 13, 2), (2, 5, 64)]
VARIANCE = 0.3


class Linear:
    """x = W z + b + noise of variance VARIANCE, in float64, and q(z|x) of which only a factor of sigma is wrong.

    Args: wider, that factor; with 1 q is the posterior.
    """

    def __init__(self, wider=1.0, pixels=6, latent=3):
        generator = torch.Generator().manual_seed(0)
        self.weight = torch.randn(pixels, latent, generator=generator, dtype=torch.float64)
        self.weight = torch.linalg.qr(self.weight)[0] * torch.tensor([2.0, 1.0, 0.5], dtype=torch.float64)
        self.bias = torch.randn(pixels, generator=generator, dtype=torch.float64)
        self.likelihood, self.wider, self.decoded = Gaussian(), wider, []
        # Its columns are orthogonal, so the posterior is diagonal.
        self.precision = 1 + self.weight.square().sum(0) / VARIANCE

    def encode(self, x):
        mu = (x.flatten(1) - self.bias) @ self.weight / VARIANCE / self.precision
        return mu, (self.wider**2 / self.precision).log().expand_as(mu)

    def decode(self, z):
        self.decoded.append(len(z))
        mean = (z @ self.weight.T + self.bias).view(-1, 1, 2, 3)
        return torch.stack([mean, torch.full_like(mean, math.log(VARIANCE))], 1)

    def exact(self, x):
        covariance = self.weight @ self.weight.T + VARIANCE * torch.eye(len(self.bias), dtype=torch.float64)
        return MultivariateNormal(self.bias, covariance).log_prob(x.flatten(1))


@pytest.fixture
def x():
    return torch.randn(5, 1, 2, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def test_the_divergence_from_the_prior_is_that_of_torch():
    mu, logvar = torch.randn(7, 4), torch.randn(7, 4)
    expected = kl_divergence(Normal(mu, (logvar / 2).exp()), Normal(0.0, 1.0)).sum(1)
    assert torch.allclose(kl_to_prior(mu, logvar), expected, rtol=1e-5)


def test_with_the_posterior_the_elbo_is_the_log_evidence(x):
    """On average, and the bound with each single draw."""
    model = Linear()
    values = torch.stack([elbo(model, x) for _ in range(2_000)])
    assert ((values.mean(0) - model.exact(x)).abs() < SIX_SIGMA * values.std(0) / math.sqrt(2_000)).all()
    assert torch.allclose(importance_weighted_bound(model, x, 1), model.exact(x), atol=1e-9)
    assert torch.allclose(importance_weighted_bound(model, x, 7, chunk=3), model.exact(x), atol=1e-9)


def test_with_another_q_the_elbo_lacks_the_divergence_from_the_posterior(x):
    """ELBO = ln p(x) - KL(q || posterior), known in closed form; and each sample more makes the bound tighter."""
    model, count = Linear(wider=2.0), 4_000
    missing = 3 * (4 - 1 - math.log(4)) / 2

    def average(k):
        values = torch.stack([importance_weighted_bound(model, x, k) for _ in range(count // k)])
        return values.mean(0), SIX_SIGMA * values.std(0) / math.sqrt(count // k)
    (one, error), (ten, error_ten), (many, error_many) = map(average, (1, 10, 400))
    expected = model.exact(x)
    assert ((one - expected + missing).abs() < error).all()
    values = torch.stack([elbo(model, x, samples=10) for _ in range(400)])
    assert ((values.mean(0) - expected + missing).abs() < SIX_SIGMA * values.std(0) / 20).all()
    assert (one < ten).all() and (ten < many).all() and (ten < expected + error_ten).all()
    assert ((many - expected).abs() < error_many + 0.02).all()


def test_the_same_generator_gives_the_same_noise(x):
    first, again, other = (elbo(Linear(2.0), x, 2, torch.Generator().manual_seed(seed)) for seed in (3, 3, 4))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_samples_are_decoded_a_chunk_at_a_time(x):
    """As many as were asked for, and never more than the chunk at once."""
    model = Linear()
    importance_weighted_bound(model, x, 23, chunk=10)
    assert model.decoded == [50, 50, 15]


def test_each_z_meets_its_own_image(x):
    model = Linear()
    z = torch.randn(4, 5, 3, dtype=torch.float64)
    found = log_likelihoods(model, x, z)
    for sample in range(4):
        assert torch.allclose(found[sample], model.likelihood.log_prob(x, model.decode(z[sample])))


@pytest.mark.parametrize(("k", "chunk"), [(0, 10), (5, 0), (-1, 1)])
def test_no_samples_give_no_bound(k, chunk, x):
    with pytest.raises(ValueError, match="1 or more"):
        importance_weighted_bound(Linear(), x, k, chunk)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", LIKELIHOODS)
def test_a_convolutional_vae_takes_images_of_any_shape(name, shape):
    """Each likelihood has its parameters for each pixel, and gradients of the ELBO reach all weights."""
    model = ConvVAE(*shape, channels=4, latent_size=3, likelihood=likelihood_named(name, "per_pixel", bins=5))
    x = torch.rand(4, *shape)
    log_likelihood, kl = elbo_terms(model, x)
    assert log_likelihood.shape == kl.shape == (4,) and (kl >= 0).all()
    assert model.decode(torch.randn(4, 3)).shape[2:] == shape
    (kl - log_likelihood).sum().backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in model.parameters())


def test_the_value_of_an_image_does_not_depend_on_the_others():
    torch.manual_seed(0)
    model = ConvVAE(1, 6, 5, channels=4)
    x, z = torch.rand(3, 1, 6, 5), torch.randn(1, 3, 10)
    together = log_likelihoods(model, x, z)[0]
    alone = [log_likelihoods(model, x[[n]], z[:, [n]])[0, 0] for n in range(3)]
    assert torch.allclose(together, torch.stack(alone), rtol=1e-4)
