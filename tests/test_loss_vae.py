"""The loss: reconstruction, KL divergence, and the weight between them."""

import math
import sys

import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from exercise.probes import vae as probes
from tests.judge import expect, require

IMAGE = (2, 3, 4)
LATENT = 5


@pytest.fixture
def batch(draw):
    """x_reconstructed, x, mu, logvar of six images; the two do not look alike, so that their exchange shows."""
    return [draw.uniform(6, *IMAGE, low=0.02, high=0.98), draw.uniform(6, *IMAGE, low=0.2, high=0.8),
            draw.normal(6, LATENT), draw.normal(6, LATENT)]


@pytest.mark.gap("vae_loss")
def test_reconstruction_is_the_summed_cross_entropy(answer, batch):
    """The reconstruction term is the binary cross-entropy, summed over pixels and images."""
    x_reconstructed, x = batch[:2]
    cross_entropy = _cross_entropy(x_reconstructed, x)
    expect(answer(probes.loss, *batch)["reconstruction"], cross_entropy.sum(), "the reconstruction term", {
        "it is averaged over pixels and images, not summed": cross_entropy.mean(),
        "it is averaged over the batch, not summed": cross_entropy.sum() / len(x),
        "it is averaged over the pixels, not summed": cross_entropy.sum() / x[0].numel(),
        "its sign is flipped: the log-likelihood is maximised, the loss minimised": -cross_entropy.sum(),
        "x_reconstructed and x are exchanged": _cross_entropy(x, x_reconstructed).sum(),
        "it treats x_reconstructed as logits, but decode has applied the sigmoid":
            _cross_entropy(x_reconstructed.sigmoid(), x).sum(),
        "it is a squared error, not the cross-entropy": (x_reconstructed - x).square().sum(),
        "it is half a squared error, not the cross-entropy": (x_reconstructed - x).square().sum() / 2,
        "it is the mean squared error, not the cross-entropy": (x_reconstructed - x).square().mean(),
        "it is an absolute error, not the cross-entropy": (x_reconstructed - x).abs().sum(),
        "the dark pixels' part, (1 - x) ln(1 - p), is missing": -(x * x_reconstructed.log()).sum(),
        "the bright pixels' part, x ln p, is missing": -((1 - x) * (1 - x_reconstructed).log()).sum(),
        "it is measured in bits: use the natural logarithm": cross_entropy.sum() / math.log(2),
        "the KL term is part of it already": cross_entropy.sum() + _kl(*batch[2:]).sum()})


@pytest.mark.gap("vae_loss")
def test_kl_is_the_divergence_to_the_standard_normal(answer, batch):
    """The KL term is KL(N(mu, exp(logvar)) || N(0, I)), summed over latent dimensions and images."""
    mu, logvar = batch[2:]
    kl = _kl(mu, logvar)
    expect(answer(probes.loss, *batch)["kl"], kl.sum(), "the KL term", {
        "its sign is flipped": -kl.sum(),
        "it is averaged, not summed": kl.mean(),
        "it is averaged over the batch, not summed": kl.sum() / len(mu),
        "it is averaged over the latent dimensions, not summed": kl.sum() / LATENT,
        "the factor 1/2 is missing": 2 * kl.sum(),
        "the -1 is missing": (kl + 0.5).sum(),
        "mu is not squared": (kl - mu.square() / 2 + mu / 2).sum(),
        "the term mu^2 is missing": (kl - mu.square() / 2).sum(),
        "the term logvar is missing": (kl + logvar / 2).sum(),
        "the variance exp(logvar) is missing": (kl - logvar.exp() / 2).sum(),
        "logvar is read as ln sigma: the variance is exp(logvar)": _kl(mu, 2 * logvar).sum(),
        "sigma stands where the variance belongs": (kl - logvar.exp() / 2 + (logvar / 2).exp() / 2).sum(),
        "logvar is squared where its exponential belongs": (kl - logvar.exp() / 2 + logvar.square() / 2).sum(),
        "the divergence is taken in the other direction, KL(N(0, I) || q)": _kl_from_prior(mu, logvar).sum()})


@pytest.mark.gap("vae_loss")
def test_kl_at_extreme_parameters(answer, draw, batch):
    """The KL term is right far from the prior too, and zero at the prior itself."""
    extreme = [draw.uniform(6, LATENT, low=-50, high=50), draw.uniform(6, LATENT, low=-20, high=20)]
    expect(answer(probes.loss, *batch[:2], *extreme)["kl"], _kl(*extreme).sum(), "the KL term at extreme parameters",
           {"its sign is flipped": -_kl(*extreme).sum()})
    narrow = [torch.zeros(6, LATENT), torch.full((6, LATENT), -20.0)]
    expect(answer(probes.loss, *batch[:2], *narrow)["kl"], _kl(*narrow).sum(), "the KL term of very narrow posteriors",
           {"its sign is flipped": -_kl(*narrow).sum()})
    prior = [torch.zeros(6, LATENT), torch.zeros(6, LATENT)]
    at_prior = answer(probes.loss, *batch[:2], *prior)["kl"]
    require(abs(float(at_prior)) < 1e-4, f"the KL term is {float(at_prior):.3g} at mu = 0, logvar = 0, "
                                         "where q(z|x) is the prior itself: it should be 0")


@pytest.mark.gap("vae_loss")
@pytest.mark.parametrize("weighted", [True, False], ids=["weight drawn", "weight zero"])
def test_loss_is_the_weighted_sum(answer, draw, batch, weighted):
    """loss = reconstruction + kl_loss_weight * kl; a weight of 0 leaves the reconstruction alone."""
    weight = float(draw.uniform(1, low=2, high=30)) if weighted else 0.0
    seen = answer(probes.loss, *batch, kl_loss_weight=weight)
    reconstruction, kl = _cross_entropy(*batch[:2]).sum(), _kl(*batch[2:]).sum()
    expect(seen["loss"], reconstruction + weight * kl, "the loss", {
        "kl_loss_weight is ignored": reconstruction + kl,
        "its sign is flipped": -(reconstruction + weight * kl),
        "the weight is applied to the reconstruction": weight * reconstruction + kl,
        "the weight is applied to both terms": weight * (reconstruction + kl),
        "the weight is applied twice": reconstruction + weight**2 * kl,
        "the KL term is subtracted": reconstruction - weight * kl,
        "the KL term is not part of it": reconstruction,
        "the reconstruction term is not part of it": weight * kl,
        "it is averaged over the batch, not summed": (reconstruction + weight * kl) / 6})
    expect(seen["kl"], kl, "the KL term", {
        "the weight is part of it already: it belongs into the loss only": weight * kl})


@pytest.mark.gap("vae_loss")
def test_terms_are_tensors_and_arguments_stay(answer, batch):
    """The training loop adds the three scalars up, and uses mu and logvar again."""
    seen = answer(probes.loss, *batch)
    for name in ("loss", "reconstruction", "kl"):
        require(isinstance(seen[name], torch.Tensor), f"{name} should be a tensor, not a number (without .item())")
    for name, before, after in zip(["x_reconstructed", "x", "mu", "logvar"], batch, seen["inputs_after"], strict=True):
        expect(after, before, f"{name} after the call", hint="It is changed in place.", rtol=1e-6)


@pytest.mark.gap("vae_loss")
def test_gradients_reach_all_inputs(answer, draw, batch):
    """The loss can be differentiated by x_reconstructed, mu and logvar."""
    weight = float(draw.uniform(1, low=2, high=30))
    seen = answer(probes.loss, *batch, kl_loss_weight=weight)
    x_reconstructed, x, mu, logvar = batch
    by_hand = {"x_grad": ("x_reconstructed", (x_reconstructed - x) / (x_reconstructed * (1 - x_reconstructed))),
               "mu_grad": ("mu", weight * mu), "logvar_grad": ("logvar", weight * (logvar.exp() - 1) / 2)}
    for key, (name, gradient) in by_hand.items():
        require(seen[key] is not None, f"no gradient of the loss reaches {name}")
        expect(seen[key], gradient, f"the gradient of the loss to {name}", {
            "it has the wrong sign": -gradient,
            "the weight of the KL term is missing in it": gradient / weight,
            "it is averaged over the batch": gradient / 6})


def _cross_entropy(probabilities, x):
    """-ln p(x) of each pixel; Bernoulli's log-likelihood, continued to grey values."""
    return -Bernoulli(probabilities.double(), validate_args=False).log_prob(x.double())


def _kl(mu, logvar):
    """KL(N(mu, exp(logvar)) || N(0, 1)) of each latent dimension."""
    return kl_divergence(_normal(mu, logvar), Normal(0.0, 1.0))


def _kl_from_prior(mu, logvar):
    return kl_divergence(Normal(0.0, 1.0), _normal(mu, logvar))


def _normal(mu, logvar):
    return Normal(mu.double(), (logvar.double() / 2).exp())


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
