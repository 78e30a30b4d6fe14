"""The loss: reconstruction, KL divergence, and the weight between them."""

import math
import sys

import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from exercise.probes import vae as probes
from tests.judge import expect, require

# (images, shape of an image, latent dimensions): no two sizes that could be mixed up are equal, and each is 1 once.
SIZES = [(6, (2, 3, 4), 5), (1, (3, 4, 2), 5), (7, (1, 3, 2), 1), (1, (1, 2, 3), 1), (4, (3, 1, 1), 4)]
NAMES = ["six images", "one image", "one channel, one latent dimension", "one of each", "batch as large as latent"]


@pytest.fixture
def batch(draw):
    """x_reconstructed, x, mu, logvar of six images; the two do not look alike, so that their exchange shows."""
    return _batch(draw, *SIZES[0])


def _batch(draw, size, image, latent):
    # Off 0, so that neither the KL term nor a gradient comes near it: float32 would leave little of one alone.
    mu, logvar = (draw.uniform(size, latent, low=0.4, high=2) * draw.normal(size, latent).sign() for _ in range(2))
    return [draw.uniform(size, *image, low=0.02, high=0.98), draw.uniform(size, *image, low=0.2, high=0.8), mu, logvar]


@pytest.mark.gap("vae_loss")
@pytest.mark.parametrize("sizes", SIZES, ids=NAMES)
def test_reconstruction_is_the_summed_cross_entropy(answer, draw, sizes):
    """The reconstruction term is the binary cross-entropy, summed over pixels and images."""
    batch = _batch(draw, *sizes)
    x_reconstructed, x = batch[:2]
    cross_entropy = _cross_entropy(x_reconstructed, x)
    expect(_asked(answer, batch)["reconstruction"], cross_entropy.sum(), "the reconstruction term", {
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
def test_reconstruction_at_black_and_white_pixels(answer, draw):
    """Pixels of exactly 0 and 1 are what a sigmoid gives in float32 from a logit of 20: all stays finite there."""
    grey = draw.uniform(3, 2, 3, 4, low=0.02, high=0.98), draw.uniform(3, 2, 3, 4)
    x = draw.uniform(3, 2, 3, 4).round()
    x[0, 0, 0, :2] = torch.tensor([0.0, 1.0])
    right, wrong = (torch.cat([grey[0], pixels]) for pixels in (x, 1 - x))
    x, codes = torch.cat([grey[1], x]), [draw.normal(6, 2), draw.normal(6, 2)]
    found = {name: answer(probes.loss, pixels, x, *codes) for name, pixels in (("right", right), ("wrong", wrong))}
    for seen in found.values():
        require(all(bool(torch.as_tensor(seen[name]).isfinite().all()) for name in ("reconstruction", "x_grad")
                    if seen[name] is not None), _NOT_FINITE)
    grey_part = _cross_entropy(*grey).sum()
    # An epsilon of up to 1e-5 within the logarithms is let pass: 72 pixels come to at most 72e-5, if each is right.
    at_right, at_wrong = (float(found[name]["reconstruction"] - grey_part) for name in ("right", "wrong"))
    require(abs(at_right) < 1e-3 + 1e-5 * float(grey_part),
            f"pixels of exactly 0 and 1 that are right add {at_right:.3g} to the reconstruction term, where they add "
            "nothing: is an epsilon too large?")
    require(at_wrong > 72 * -math.log(2e-5),
            f"a pixel of exactly 0 that should be 1, or the other way round, adds only {at_wrong / 72:.3g} nats to the "
            "reconstruction term: is an epsilon too large?")


@pytest.mark.gap("vae_loss")
@pytest.mark.parametrize("sizes", SIZES, ids=NAMES)
def test_kl_is_the_divergence_to_the_standard_normal(answer, draw, sizes):
    """The KL term is KL(N(mu, exp(logvar)) || N(0, I)), summed over latent dimensions and images."""
    batch = _batch(draw, *sizes)
    mu, logvar = batch[2:]
    kl, variance = _kl(mu, logvar), logvar.double().exp()
    found = _asked(answer, batch)["kl"]
    halved = "** 1/2 halves, since ** binds stronger than /: write ** 0.5, ** (1/2) or sqrt"
    expect(found, kl.sum(), "the KL term", {
        "its sign is flipped": -kl.sum(),
        "it is averaged, not summed": kl.mean(),
        "it is averaged over the batch, not summed": kl.sum() / len(mu),
        "it is averaged over the latent dimensions, not summed": kl.sum() / mu.shape[1],
        "the factor 1/2 is missing": 2 * kl.sum(),
        "the -1 is missing": (kl + 0.5).sum(),
        "mu is not squared": (kl - mu.square() / 2 + mu / 2).sum(),
        "the term mu^2 is missing": (kl - mu.square() / 2).sum(),
        "the term logvar is missing": (kl + logvar / 2).sum(),
        "the variance exp(logvar) is missing": (kl - variance / 2).sum(),
        "logvar is read as ln sigma: the variance is exp(logvar)": _kl(mu, 2 * logvar).sum(),
        "sigma stands where the variance belongs": (kl - variance / 2 + variance.sqrt() / 2).sum(),
        "logvar is squared where its exponential belongs": (kl - variance / 2 + logvar.square() / 2).sum(),
        "the divergence is taken in the other direction, KL(N(0, I) || q)": _kl_from_prior(mu, logvar).sum(),
        f"the variance is halved and squared, where its root belongs: {halved}":
            (kl - variance / 2 + variance.square() / 8).sum(),
        f"the variance is halved, where its root belongs: {halved}":
            _kl(mu, 2 * (variance / 2).log()).sum(),
        "mu and logvar are paired across images: is mu or logvar squeezed, so that they broadcast?":
            _kl(mu.squeeze(), logvar).sum() if mu.shape[1] == 1 else kl.sum()}, hint=_times(found, kl.sum()))


@pytest.mark.gap("vae_loss")
def test_kl_at_extreme_parameters(answer, draw, batch):
    """The KL term is right far from the prior too, and zero at the prior itself."""
    extreme = [draw.uniform(6, 5, low=-50, high=50), draw.uniform(6, 5, low=-20, high=20)]
    expect(answer(probes.loss, *batch[:2], *extreme)["kl"], _kl(*extreme).sum(), "the KL term at extreme parameters",
           {"its sign is flipped": -_kl(*extreme).sum()})
    for mean, log_variance, what in (0.0, -60.0, "very narrow posteriors"), (0.0, 60.0, "very wide posteriors"), \
            (2000.0, 0.0, "posteriors far from the prior"):
        far = [torch.full((6, 5), mean), torch.full((6, 5), log_variance)]
        expect(answer(probes.loss, *batch[:2], *far)["kl"], _kl(*far).sum(), f"the KL term of {what}",
               {"its sign is flipped": -_kl(*far).sum()}, hint="Is something limited, or an epsilon added?")
    prior = [torch.zeros(6, 5), torch.zeros(6, 5)]
    at_prior = answer(probes.loss, *batch[:2], *prior)["kl"]
    require(abs(float(at_prior)) < 1e-4, f"the KL term is {float(at_prior):.3g} at mu = 0, logvar = 0, "
                                         "where q(z|x) is the prior itself: it should be 0")


@pytest.mark.gap("vae_loss")
@pytest.mark.parametrize("sizes, weighted", [*((sizes, True) for sizes in SIZES), (SIZES[0], False)],
                         ids=[*NAMES, "weight zero"])
def test_loss_is_the_weighted_sum(answer, draw, sizes, weighted):
    """loss = reconstruction + kl_loss_weight * kl; a weight of 0 leaves the reconstruction alone."""
    batch, weight = _batch(draw, *sizes), float(draw.uniform(1, low=2, high=30)) if weighted else 0.0
    seen = _asked(answer, batch, weight)
    reconstruction, kl = _cross_entropy(*batch[:2]).sum(), _kl(*batch[2:]).sum()
    share = (float(seen["loss"]) - float(seen["reconstruction"])) / float(kl)
    expect(seen["loss"], reconstruction + weight * kl, "the loss", {
        **({"kl_loss_weight is ignored": reconstruction + kl} if weighted else {}),
        "its sign is flipped": -(reconstruction + weight * kl),
        "the weight is applied to the reconstruction": weight * reconstruction + kl,
        "the weight is applied to both terms": weight * (reconstruction + kl),
        "the weight is applied twice": reconstruction + weight**2 * kl,
        "the KL term is subtracted": reconstruction - weight * kl,
        **({"the KL term is not part of it": reconstruction} if abs(share) < 1e-5 else {}),
        "the reconstruction term is not part of it": weight * kl,
        "it is averaged over the batch, not summed": (reconstruction + weight * kl) / sizes[0]},
        hint=f"It holds {share:.3g} times the KL term, beside the reconstruction term; kl_loss_weight is {weight:.3g}.")
    expect(seen["kl"], kl, "the KL term", {
        "the weight is part of it already: it belongs into the loss only": weight * kl}, hint=_times(seen["kl"], kl))


@pytest.mark.gap("vae_loss")
def test_terms_are_tensors(answer, batch):
    """The training loop adds the three scalars up."""
    seen = answer(probes.loss, *batch)
    for name in ("loss", "reconstruction", "kl"):
        require(isinstance(seen[name], torch.Tensor), f"{name} should be a tensor, not a number (without .item())")


@pytest.mark.gap("vae_loss")
@pytest.mark.parametrize("sizes", SIZES, ids=NAMES)
def test_gradients_reach_all_inputs(answer, draw, sizes):
    """The loss can be differentiated by x_reconstructed, mu and logvar."""
    batch, weight = _batch(draw, *sizes), float(draw.uniform(1, low=2, high=30))
    seen = answer(probes.loss, *batch, kl_loss_weight=weight)
    x_reconstructed, x, mu, logvar = batch
    by_hand = {"x_grad": ("x_reconstructed", (x_reconstructed - x) / (x_reconstructed * (1 - x_reconstructed))),
               "mu_grad": ("mu", weight * mu), "logvar_grad": ("logvar", weight * (logvar.exp() - 1) / 2)}
    for key, (name, gradient) in by_hand.items():
        require(seen[key] is not None, f"no gradient of the loss reaches {name}")
        expect(seen[key], gradient, f"the gradient of the loss to {name}", {
            "it has the wrong sign": -gradient,
            "nothing of it arrives: is something detached?": torch.zeros_like(gradient),
            **({"the weight of the KL term is missing in it": gradient / weight} if name != "x_reconstructed" else {}),
            "it is averaged over the batch": gradient / sizes[0]})


@pytest.mark.gap("vae_loss")
def test_loss_is_computed_where_the_batch_lies(answer, batch):
    """With the batch on a GPU (here a make-believe one), the terms are computed there."""
    seen = answer(probes.loss_on_gpu, *batch)
    require(seen["devices"] == ["cuda"] * 3, "loss, reconstruction and kl should lie on the device of the batch")


_NOT_FINITE = "the reconstruction term, or its gradient, is NaN or infinite where a pixel is exactly 0 or 1, which a " \
              "sigmoid gives in float32 from a logit of 20: use binary_cross_entropy, or keep both logarithms finite " \
              "with a clamp that float32 can tell from 0 and 1 (1e-7)"


def _asked(answer, batch, weight=1.0):
    """What the probe saw; refuses terms that are no scalars."""
    seen = answer(probes.loss, *batch, kl_loss_weight=weight)
    for name in ("loss", "reconstruction", "kl"):
        value = seen[name]
        require(isinstance(value, torch.Tensor | float | int),
                f"{name} should be a tensor, not a {type(value).__name__}")
        shape = tuple(torch.as_tensor(value).shape)
        require(not shape, f"{name} should have the shape (), one number for the whole batch, but has {shape}")
    return seen


def _times(found, right):
    return f"It is {float(found) / float(right):.3g} times as large."


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
