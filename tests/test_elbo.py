"""The KL divergence from the prior, and the importance-weighted bound of ln p(x)."""

import math
import sys

import pytest
import torch
from torch.distributions import MultivariateNormal, Normal, kl_divergence

from exercise.probes import elbo as probes
from tests.judge import expect, expect_dtype, refuse, require
from tests.noise_laws import SIX_SIGMA

LN_2PI = math.log(2 * math.pi)


def _normal(mu, logvar):
    return Normal(mu.double(), (logvar.double() / 2).exp())


def _parameters(draw, batch, latent, reach=2.0):
    """mu and logvar, off 0, so that each term of a formula counts."""
    return [draw.uniform(batch, latent, low=0.4, high=reach) * draw.normal(batch, latent).sign() for _ in range(2)]


def _expect_gradients(seen, expected, what, rtol=1e-3):
    """Fail unless each gradient arrives and is right."""
    for name, gradient in expected.items():
        require(seen[name] is not None, f"no gradient of {what} reaches {name}: is something detached, or made a "
                                        "number by item() or numpy?")
        expect(seen[name], gradient, f"the gradient of {what} to {name}", {
            "nothing of it arrives: is something detached?": torch.zeros_like(gradient),
            "it has the wrong sign": -gradient}, rtol=rtol, hint="Is a part of it detached?")


# kl_to_prior ---------------------------------------------------------------------------------------------------------

KL_SIZES = [(6, 5), (4, 4), (1, 3), (7, 1), (1, 1)]
KL_NAMES = ["six images", "as many images as latent dimensions", "one image", "one latent dimension", "one of each"]


def _kl(mu, logvar):
    """The divergence of each latent dimension."""
    return kl_divergence(_normal(mu, logvar), Normal(0.0, 1.0))


@pytest.mark.gap("kl_to_prior")
@pytest.mark.parametrize("size", KL_SIZES, ids=KL_NAMES)
def test_kl_is_the_divergence_of_each_image(answer, draw, size):
    """kl is KL(N(mu, diag(exp(logvar))) || N(0, I)), summed over the latent dimensions, one value for each image."""
    mu, logvar = _parameters(draw, *size)
    _expect_kl(answer(probes.kl, mu, logvar)["kl"], mu, logvar)


@pytest.mark.gap("kl_to_prior")
def test_kl_is_exact_far_from_the_prior_and_zero_at_it(answer, draw):
    """Narrow, wide and distant posteriors have their divergence too, and the prior itself has none."""
    mu, logvar = draw.uniform(6, 5, low=-50, high=50), draw.uniform(6, 5, low=-20, high=20)
    for row, values in enumerate([(0.0, -60.0), (0.0, 60.0), (2000.0, 0.0), (0.0, -5.0)]):
        mu[row], logvar[row] = values
    found = answer(probes.kl, mu, logvar)["kl"]
    _expect_kl(found, mu, logvar)
    for row, what in enumerate(["narrow posteriors", "wide posteriors", "posteriors far from the prior"]):
        expect(found[row], _kl(mu, logvar).sum(1)[row], f"kl of very {what}" if row < 2 else f"kl of {what}",
               hint="Is something limited, or an epsilon added?")
    prior = answer(probes.kl, torch.zeros(3, 5), torch.zeros(3, 5))["kl"]
    require(float(prior.abs().max()) < 1e-5, f"kl is {float(prior.abs().max()):.3g} at mu = 0, logvar = 0, where "
                                             "q(z|x) is the prior itself: it should be 0")


@pytest.mark.gap("kl_to_prior")
def test_kl_is_exact_in_float64(answer, draw):
    """float64 gives float64, with its digits: a sample, or a step over float32, would leave fewer."""
    mu, logvar = (value.double() for value in _parameters(draw, 5, 3))
    found = answer(probes.kl, mu, logvar)["kl"]
    expect_dtype(found, torch.float64, "kl of float64")
    expect(found, _kl(mu, logvar).sum(1), "kl of float64", rtol=1e-10,
           hint="Is it computed in float32, or from samples?")


@pytest.mark.gap("kl_to_prior")
@pytest.mark.parametrize("size", KL_SIZES, ids=KL_NAMES)
def test_kl_has_gradients(answer, draw, size):
    """The encoder learns from kl: its gradient is mu, and (exp(logvar) - 1) / 2."""
    (mu, logvar), weights = _parameters(draw, *size), draw.uniform(size[0], low=0.5, high=2)
    seen = answer(probes.kl_gradients, mu, logvar, weights)
    expected = {"mu": weights[:, None] * mu, "logvar": weights[:, None] * (logvar.exp() - 1) / 2}
    _expect_gradients(seen, expected, "kl")


@pytest.mark.gap("kl_to_prior")
def test_kl_is_computed_where_the_parameters_lie(answer, draw):
    """With mu and logvar on a GPU (here a make-believe one), kl is computed there."""
    mu, logvar = _parameters(draw, 5, 3)
    seen = answer(probes.kl_on_gpu, mu, logvar)
    require(seen["device"] == "cuda", "kl should lie on the device of mu and logvar")
    _expect_kl(seen["found"], mu, logvar)


def _expect_kl(found, mu, logvar):
    each, variance = _kl(mu, logvar), logvar.double().exp()
    right, mean = each.sum(1), mu.double()
    expect(found, right, "kl", {
        "an axis of size one is lost: is there a squeeze()?": right.squeeze(),
        "its sign is flipped": -right,
        "the factor 1/2 is missing": 2 * right,
        "it has a factor 1/2 too many": right / 2,
        "the -1 is missing": (each + 0.5).sum(1),
        "the -1 is there once for an image: it belongs to each latent dimension": right + (mu.shape[1] - 1) / 2,
        "the 1 has the wrong sign": (each + 1).sum(1),
        "it is averaged over the latent dimensions, not summed": each.mean(1),
        "it is summed over the batch too: each image should have a value of its own": right.sum(),
        "it is averaged over the batch: each image should have a value of its own": right.mean(),
        "it is averaged over all there is: each image should have a sum of its own": each.mean(),
        "each image has the value of the whole batch: sum over its own latent dimensions": right.sum().expand_as(right),
        "each image has the mean of the whole batch: sum over its own latent dimensions": right.mean().expand_as(right),
        "it is not summed: a value for each latent dimension, where one for each image is asked for": each,
        "it is summed over the batch, and not over the latent dimensions: axis 0 is that of the batch": each.sum(0),
        "one axis too many is kept: sum without keepdim": right[:, None],
        "mu is not squared": (each - mean.square() / 2 + mean / 2).sum(1),
        "the term mu^2 is missing": (each - mean.square() / 2).sum(1),
        "the term logvar is missing": (each + logvar / 2).sum(1),
        "the term logvar has the wrong sign": (each + logvar).sum(1),
        "the variance exp(logvar) is missing": (each - variance / 2).sum(1),
        "logvar is read as ln sigma: the variance is exp(logvar)": _kl(mu, 2 * logvar).sum(1),
        "logvar is read as the variance, or as sigma: the variance is exp(logvar)":
            (each - variance / 2 + logvar / 2).sum(1),
        "sigma stands where the variance belongs": (each - variance / 2 + variance.sqrt() / 2).sum(1),
        "mu and logvar are exchanged": _kl(logvar, mu).sum(1),
        "the divergence is taken in the other direction, KL(N(0, I) || q)":
            kl_divergence(Normal(0.0, 1.0), _normal(mu, logvar)).sum(1),
        "it is the negative entropy of q: ln p(z) is missing": -_normal(mu, logvar).entropy().sum(1),
        "it is the cross-entropy: the entropy of q is missing": (each + _normal(mu, logvar).entropy()).sum(1),
        "it is measured in bits: use the natural logarithm": right / math.log(2)})
    expect_dtype(found, mu.dtype, "kl")


# importance_weighted_bound -------------------------------------------------------------------------------------------

SIZES = [(6, 4, 3), (3, 3, 3), (1, 4, 3), (5, 1, 2), (5, 3, 1), (1, 1, 1)]
NAMES = ["six samples", "as many samples as images and latent dimensions", "one sample", "one image",
         "one latent dimension", "one of each"]


def _samples(draw, k, batch, latent, base=-9.0, reach=2.0):
    """log_likelihood, z, mu, logvar; the log-weights lie around `base`, and no sample outweighs all others."""
    mu, logvar = _parameters(draw, batch, latent, reach)
    z = mu + (logvar / 2).exp() * draw.normal(k, batch, latent)
    # Without the two densities of z, which differ much between samples, all weights would be near each other.
    log_weights = base + draw.uniform(k, batch)
    log_likelihood = log_weights - _log_prior(z).sum(-1) + _log_posterior(z, mu, logvar).sum(-1)
    return [log_likelihood.float(), z, mu, logvar]


def _log_prior(z):
    return Normal(0.0, 1.0).log_prob(z.double())


def _log_posterior(z, mu, logvar):
    return _normal(mu, logvar).log_prob(z.double())


def _log_weights(log_likelihood, z, mu, logvar):
    return log_likelihood.double() + _log_prior(z).sum(-1) - _log_posterior(z, mu, logvar).sum(-1)


def _log_mean(log_weights):
    return log_weights.logsumexp(0) - math.log(len(log_weights))


@pytest.mark.gap("importance_weighted_bound")
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_bound_is_the_log_of_the_mean_weight(answer, draw, size):
    """bound is ln 1/k sum_i w_i, with ln w = ln p(x|z) + ln p(z) - ln q(z|x), one value for each image."""
    samples = _samples(draw, *size)
    _expect_bound(answer(probes.bound, *samples)["bound"], *samples)


@pytest.mark.gap("importance_weighted_bound")
def test_samples_that_hardly_count(answer, draw):
    """One sample may outweigh all others, and q(z|x) may lie far from the prior, and be narrow or wide."""
    log_likelihood, *others = _samples(draw, 6, 4, 3, reach=8)
    log_likelihood[1] += 30
    _expect_bound(answer(probes.bound, log_likelihood, *others)["bound"], log_likelihood, *others)


@pytest.mark.gap("importance_weighted_bound")
@pytest.mark.parametrize("base", [-5000.0, 5000.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_log_weights_far_from_zero(answer, draw, base, dtype):
    """Log-weights of -5000, the usual size for an image, and of 5000 leave value and gradients as they should be."""
    log_likelihood, *others = (value.to(dtype) for value in _samples(draw, 6, 4, 3, base))
    around = torch.tensor([0.0, base, base, base])
    log_likelihood[:, 0] -= base  # the images of a batch may differ much
    right = _log_mean(_log_weights(log_likelihood, *others))
    found = answer(probes.bound, log_likelihood, *others)["bound"]
    what = f"bound of log-weights around {base:g}"
    expect_dtype(found, dtype, what)
    require(found.shape == right.shape, f"bound should have the shape {tuple(right.shape)}, one value for each image")
    require(bool(found.isfinite().all()),
            f"{what} is NaN or infinite: a weight itself is 0 or infinite there. Take the largest log-weight of each "
            "image out before the exponential, as logsumexp does")
    rtol = 1e-8 if dtype == torch.float64 else 1e-2  # near 5000, numbers of float32 are 0.0005 apart
    expect(found - around, right - around, f"{what}, compared with {base:g},", {
        "-ln k is missing: the mean of k weights is their sum divided by k": right - around + math.log(6)}, rtol=rtol,
        hint="Is an epsilon added, or something limited?")
    weights = draw.uniform(4, low=0.5, high=2).to(dtype)
    seen = answer(probes.bound_gradients, log_likelihood, *others, weights)
    _expect_gradients(seen, _bound_gradients(log_likelihood, *others, weights), what, max(rtol, 1e-6))


@pytest.mark.gap("importance_weighted_bound")
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_bound_has_gradients(answer, draw, size):
    """Gradients reach the decoder through log_likelihood, and the encoder through z and both densities of it."""
    samples, weights = _samples(draw, *size), draw.uniform(size[1], low=0.5, high=2)
    _expect_gradients(answer(probes.bound_gradients, *samples, weights), _bound_gradients(*samples, weights), "bound")


@pytest.mark.gap("importance_weighted_bound")
def test_with_the_posterior_every_draw_gives_the_evidence(answer, draw):
    """Where q(z|x) is p(z|x), all weights are p(x): in a linear model, whose ln p(x) is known, the bound is exact."""
    weight, variance, x, exact = _linear_model(draw, images=5)
    for k, chunk in (1, 3), (7, 3):
        found = answer(probes.linear_bound, weight, variance, 1.0, x, k, chunk)["bound"]
        expect(found, exact, f"the bound with k = {k}, where q(z|x) is the posterior", {
            "-ln k is missing: the mean of k weights is their sum divided by k": exact + math.log(k),
            "its sign is flipped": -exact}, rtol=1e-9,
            hint="It should be ln p(x), whatever z is: p(x|z) p(z) = p(x) p(z|x).")


@pytest.mark.gap("importance_weighted_bound")
def test_bound_rises_from_the_elbo_with_each_sample(answer, draw):
    """On average, k = 1 gives the ELBO, ln p(x) - KL(q(z|x) || p(z|x)), and more samples give more, up to ln p(x)."""
    weight, variance, x, exact = _linear_model(draw, images=1)
    times, wider, latent = 4_000, 2.0, weight.shape[1]
    gap = latent * (wider**2 - 1 - math.log(wider**2)) / 2  # the KL divergence from the posterior
    means, errors = [], []
    for k in 1, 8:
        found = answer(probes.linear_bound, weight, variance, wider, x.expand(times, *x.shape[1:]), k, 100)["bound"]
        require(isinstance(found, torch.Tensor) and found.shape == (times,), "bound should have one value for an image")
        means.append(float(found.mean() - exact))
        errors.append(SIX_SIGMA * float(found.std()) / math.sqrt(times))
    if abs(means[0] + gap) > errors[0]:
        refuse(f"for k = 1 bound should be ln p(x) - {gap:.3g} on average, which is the ELBO, and is ln p(x) "
               f"{means[0]:+.3g}: is a density of z missing, or a constant?")
    require(means[0] + errors[0] < means[1] < errors[1],
            f"with 8 samples bound should lie between the ELBO and ln p(x), and on average is ln p(x) {means[1]:+.3g}: "
            "is the mean taken of the weights, not of their logarithms?")


@pytest.mark.gap("importance_weighted_bound")
def test_bound_is_computed_where_the_samples_lie(answer, draw):
    """With all on a GPU (here a make-believe one), bound is computed there."""
    samples = _samples(draw, 6, 4, 3)
    seen = answer(probes.bound_on_gpu, *samples)
    require(seen["device"] == "cuda", "bound should lie on the device of z")
    _expect_bound(seen["found"], *samples)


def _bound_gradients(log_likelihood, z, mu, logvar, weights):
    names = ["log_likelihood", "z", "mu", "logvar"]
    leaves = [value.double().requires_grad_() for value in (log_likelihood, z, mu, logvar)]
    bound = (_log_mean(_log_weights(*leaves)) * weights.double()).sum()
    return dict(zip(names, torch.autograd.grad(bound, leaves), strict=True))


def _linear_model(draw, images):
    """W, whose columns are orthogonal, the variance of the noise, images, and the exact ln p(x) of each."""
    pixels, latent = 6, 3
    weight = torch.linalg.qr(draw.normal(pixels, latent).double())[0] * draw.uniform(latent, low=0.5, high=2).double()
    variance, x = float(draw.uniform(1, low=0.2, high=0.5)), draw.normal(images, 1, 2, 3).double()
    covariance = weight @ weight.T + variance * torch.eye(pixels, dtype=torch.float64)
    return weight, variance, x, MultivariateNormal(torch.zeros(pixels).double(), covariance).log_prob(x.flatten(1))


def _expect_bound(found, log_likelihood, z, mu, logvar):
    log_weights = _log_weights(log_likelihood, z, mu, logvar)
    (k, batch), latent, right = log_weights.shape, z.shape[-1], _log_mean(log_weights)
    log_p, log_q, x_given_z = _log_prior(z).sum(-1), _log_posterior(z, mu, logvar).sum(-1), log_likelihood.double()
    kl, weights = _kl(mu, logvar).sum(1), log_weights.softmax(0)
    as_sigma = Normal(mu.double(), logvar.double().abs()).log_prob(z.double()).sum(-1)
    of_weights = {
        "the analytic KL divergence stands in ln w, where both densities are taken at z: ln p(z) - ln q(z|x)":
            x_given_z - kl,
        "ln p(z) is missing in ln w": x_given_z - log_q,
        "ln q(z|x) is missing in ln w: where q draws often, samples count less": x_given_z + log_p,
        "both densities of z are missing: it is the mean of p(x|z) over samples from q, not from p": x_given_z,
        "ln p(x|z) is missing in ln w": log_p - log_q,
        "ln q(z|x) is added, where ln w subtracts it": x_given_z + log_p + log_q,
        "ln p(z) and ln q(z|x) are exchanged": x_given_z - log_p + log_q,
        "ln p(z) is subtracted": x_given_z - log_p - log_q,
        "the variance stands where Normal expects the standard deviation: sigma is exp(logvar / 2)":
            x_given_z + log_p - _log_posterior(z, mu, 2 * logvar).sum(-1),
        "logvar stands where Normal expects the standard deviation: sigma is exp(logvar / 2)":
            x_given_z + log_p - as_sigma,
        "ln q(z|x) is that of the mean: z is where all densities are taken":
            x_given_z + log_p - _log_posterior(mu.expand_as(z), mu, logvar).sum(-1),
        "ln p(z) is that of the mean: z is where all densities are taken":
            x_given_z + _log_prior(mu.expand_as(z)).sum(-1) - log_q,
        "the densities of z are averaged over the latent dimensions, not summed": x_given_z + (log_p - log_q) / latent,
        "ln p(z) is averaged over the latent dimensions, not summed": x_given_z + log_p / latent - log_q,
        "ln q(z|x) is averaged over the latent dimensions, not summed": x_given_z + log_p - log_q / latent,
        "the constants -ln(2 pi) / 2 of ln p(z) are missing, and those of ln q(z|x) are there":
            log_weights + latent * LN_2PI / 2,
        "the constants -ln(2 pi) / 2 of ln q(z|x) are missing, and those of ln p(z) are there":
            log_weights - latent * LN_2PI / 2,
        "ln q(z|x) lacks its -ln sigma": log_weights - logvar.double().sum(-1) / 2,
        "the densities of z are summed over the batch too": x_given_z + (log_p - log_q).sum(1, keepdim=True)}
    expect(found, right, "bound", {
        "an axis of size one is lost: is there a squeeze()?": right.squeeze(),
        **({"-ln k is missing: the mean of k weights is their sum divided by k": right + math.log(k),
            "ln k is added: the mean of k weights is their sum divided by k": right + 2 * math.log(k),
            "k is subtracted where ln k belongs": right + math.log(k) - k,
            "the sum is divided by k outside of the logarithm": (right + math.log(k)) / k,
            "it is the mean of the log-weights, which is the ELBO from k samples: the mean belongs into the logarithm":
                log_weights.mean(0),
            "it is the sum of the log-weights: the sum belongs into the logarithm": log_weights.sum(0),
            "it is the largest log-weight": log_weights.amax(0),
            "it is the log-weights' mean, weighted by the weights themselves": (weights * log_weights).sum(0),
            "only the first sample is used": log_weights[0],
            "it is not averaged over the samples: one value for each image is asked for": log_weights,
            "the mean is taken over the images, not over the samples: axis 0 is that of the samples":
                log_weights.logsumexp(1) - math.log(k),
            "the mean is taken over the images, not over the samples, and axis 0 is that of the samples":
                log_weights.logsumexp(1) - math.log(batch)} if k > 1 else {}),
        "it is the mean weight, not its logarithm": right.exp(),
        "its sign is flipped: a bound of ln p(x), no loss": -right,
        "it is summed over the batch: each image should have a value of its own": right.sum(),
        "it is averaged over the batch: each image should have a value of its own": right.mean(),
        "it is the mean of all weights, of all images together: each image should have a value of its own":
            log_weights.flatten().logsumexp(0) - math.log(log_weights.numel()),
        "one axis too many is kept": right[None],
        **{sentence: _log_mean(wrong) for sentence, wrong in of_weights.items()},
        **{f"{sentence}; -ln k is missing too": _log_mean(wrong) + math.log(k) for sentence, wrong in
           of_weights.items() if k > 1},
        **{f"{sentence}; and the logarithm of the mean is asked for, not the mean of logarithms": wrong.mean(0)
           for sentence, wrong in of_weights.items() if k > 1}})
    expect_dtype(found, z.dtype, "bound")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
