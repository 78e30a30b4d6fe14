"""Inference without the encoder: the ELBO of psi, and its optimisation for each image by itself."""

import math
import sys

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from exercise.probes import inference as probes
from tests.judge import expect, expect_dtype, refuse, require
from tests.linear_decoder import LinearDecoder, halves

SIZES = [((1, 2, 3), 2, 5), ((1, 2, 3), 3, 3), ((2, 3, 2), 1, 4), ((3, 1, 2), 4, 1), ((1, 1, 2), 1, 1)]
NAMES = ["five images", "as many images as dimensions", "two channels, one dimension", "one image", "one of all"]


# psi_elbo ------------------------------------------------------------------------------------------------------------

def _psi(draw, count, latent_size):
    """mean, logvar and noise, whose every element matters; one is noise that is rare."""
    noise = draw.normal(count, latent_size)
    noise[0, 0] = 4.5
    return draw.normal(count, latent_size), draw.uniform(count, latent_size, low=-2.5, high=0.8), noise


@pytest.mark.gap("psi_elbo")
@pytest.mark.parametrize("image_shape, latent_size, count", SIZES, ids=NAMES)
def test_elbo_has_its_two_terms(answer, draw, image_shape, latent_size, count):
    """The ELBO is ln p(x|z) at z = mean + sigma * noise, minus the KL divergence, one number for each image."""
    decoder = LinearDecoder.drawn(draw, image_shape, latent_size, 0.4)
    x, psi = decoder.images(draw, count), _psi(draw, count, latent_size)
    found = answer(probes.elbo, decoder.asked, x, *psi)["elbo"]
    expect_dtype(found, torch.float32, "`elbo`")
    _expect_elbo(found, decoder, x, psi)


@pytest.mark.gap("psi_elbo")
def test_only_what_is_visible_counts(answer, draw):
    """With a mask the likelihood is that of the visible pixels, whatever the hidden ones are."""
    decoder = LinearDecoder.drawn(draw, (2, 3, 4), 3, 0.4)
    x, psi, visible = decoder.images(draw, 4), _psi(draw, 4, 3), halves((2, 3, 4))
    for images in (x, torch.where(visible, x, draw.normal(4, 2, 3, 4))):
        _expect_elbo(answer(probes.elbo, decoder.asked, images, *psi, visible)["elbo"], decoder, images, psi, visible)


@pytest.mark.gap("psi_elbo")
def test_gradients_reach_psi(answer, draw):
    """The gradients with respect to mean and logvar are those of the formula, by way of z and of the KL divergence."""
    decoder = LinearDecoder.drawn(draw, (1, 2, 3), 3, 0.4)
    x, (mean, logvar, noise) = decoder.images(draw, 4), _psi(draw, 4, 3)
    weights, leaves = draw.normal(4), [value.double().requires_grad_() for value in (mean, logvar)]
    seen = answer(probes.elbo_gradients, decoder.asked, x, mean, logvar, noise, weights)
    (decoder.elbo(x, *leaves, noise) * weights).sum().backward()
    row = weights.double().unsqueeze(1)
    of_kl = {"mean": -row * mean, "logvar": -row * (logvar.double().exp() - 1) / 2}
    for name, leaf in zip(of_kl, leaves, strict=True):
        require(seen[name] is not None, f"no gradient reaches {name}: is it detached, or z drawn without it?")
        expect(seen[name], leaf.grad, f"the gradient with respect to {name}", {
            "it comes from the KL divergence alone: z is cut off from psi": of_kl[name],
            "it comes from the likelihood alone: the KL divergence is cut off from psi": leaf.grad - of_kl[name]})


@pytest.mark.gap("psi_elbo")
def test_elbo_of_extreme_psi(answer, draw):
    """Means far out, tiny and large variances: nothing is limited."""
    decoder = LinearDecoder.drawn(draw, (1, 2, 3), 3, 0.4)
    x, (mean, logvar, noise) = decoder.images(draw, 4), _psi(draw, 4, 3)
    psi = 8 * mean, torch.tensor([-18.0, -6.0, 3.5, 5.0]).unsqueeze(1) + 0.1 * logvar, noise
    _expect_elbo(answer(probes.elbo, decoder.asked, x, *psi)["elbo"], decoder, x, psi)


@pytest.mark.gap("psi_elbo")
def test_elbo_is_of_the_type_and_on_the_device_of_psi(answer, draw):
    """float64 gives float64, and images on a GPU (here a make-believe one) an ELBO there."""
    decoder = LinearDecoder.drawn(draw)
    x, psi = decoder.images(draw, 3), _psi(draw, 3, 2)
    found = answer(probes.elbo, _doubled(decoder).asked, x.double(), *(value.double() for value in psi))["elbo"]
    expect_dtype(found, torch.float64, "`elbo` of psi in float64")
    seen = answer(probes.elbo_on_gpu, decoder.asked, x, *psi)
    require(seen["device"] == "cuda", "the ELBO should lie on the device of psi")
    _expect_elbo(seen["elbo"], decoder, x, psi)


def _expect_elbo(found, decoder, x, psi, visible=None):
    mean, logvar, noise = (value.double() for value in psi)
    sigma = (0.5 * logvar).exp()
    per_dimension = kl_divergence(Normal(mean, sigma), Normal(0.0, 1.0))
    reverse = kl_divergence(Normal(0.0, 1.0), Normal(mean, sigma)).sum(1)
    kl, right = per_dimension.sum(1), decoder.elbo(x, *psi, visible)
    likelihood = right + kl

    def at(z):
        return decoder.log_likelihood(x, z, visible) - kl
    mistakes = {
        "the KL divergence is added: it is subtracted": likelihood + kl,
        "the KL divergence is missing: it keeps q(z|psi) near the prior": likelihood,
        "the KL divergence is averaged over the dimensions": likelihood - per_dimension.mean(1),
        "the KL divergence runs from the prior to q(z|psi), the other way round": likelihood - reverse,
        "only the KL divergence is there: where is the likelihood?": -kl,
        "its sign is wrong: this is the loss, and the ELBO is asked for": -right,
        "the noise is missing: z is the mean": at(mean),
        "the mean is missing: z = mean + sigma * noise": at(sigma * noise),
        "the noise is not scaled with sigma": at(mean + noise),
        "sigma is exp(logvar), which is the variance": at(mean + logvar.exp() * noise),
        "sigma is logvar, without exp": at(mean + logvar * noise),
        "sigma is logvar / 2, without exp": at(mean + 0.5 * logvar * noise),
        "the noise is subtracted: z = mean + sigma * noise": at(mean - sigma * noise),
        "it is summed over the batch: each image has an ELBO of its own": right.sum(),
        "it is averaged over the batch: each image has an ELBO of its own": right.mean(),
        "the KL divergence is summed over the batch": likelihood - kl.sum(),
        "the KL divergence is averaged over the batch": likelihood - kl.mean(),
        "the likelihood is summed over the batch": likelihood.sum() - kl,
        "the likelihood is averaged over the batch": likelihood.mean() - kl,
        "the likelihood is averaged over the pixels": likelihood / x[0].numel() - kl}
    if visible is not None:
        mistakes |= {"the hidden pixels count as well: pass the mask on to `log_likelihood`":
                     decoder.elbo(x, *psi),
                     "the hidden pixels count, as black ones": decoder.elbo(x * visible, *psi),
                     "the hidden pixels count, and the visible ones do not": decoder.elbo(x, *psi, ~visible)}
    expect(found, right, "the ELBO", mistakes)


# psi_optimise --------------------------------------------------------------------------------------------------------

LR, STEPS, COPIES = 0.1, 150, 40
FIVE_SIGMA = 5.0
BIAS = {"mean": 0.05, "logvar": 0.12}  # of noisy steps that go on at the same rate


@pytest.mark.gap("psi_optimise")
@pytest.mark.parametrize("image_shape, latent_size, masked", [((1, 2, 3), 2, False), ((3, 2, 2), 3, True)],
                         ids=["two dimensions", "three dimensions, some pixels hidden"])
def test_psi_comes_to_the_exact_posterior(answer, draw, image_shape, latent_size, masked):
    """For a linear decoder the best psi is known: many copies of three images come to it on average."""
    decoder = LinearDecoder.drawn(draw, image_shape, latent_size)
    visible = halves(image_shape) if masked else None
    x = decoder.images(draw, 3).repeat(COPIES, 1, 1, 1)
    seen = answer(probes.optimise, decoder.asked, x, draw.normal(STEPS, len(x), latent_size), LR, visible)
    require(bool((seen["mean"] != 0).any()), "psi is what it was in the beginning, mean = 0 and logvar = 0: are "
                                             "`mean` and `logvar` themselves changed, or copies of them?")
    found = {name: seen[name].double().view(COPIES, 3, latent_size) for name in BIAS}
    right = decoder.posterior(x[:3], visible)
    for (name, values), expected in zip(found.items(), right, strict=True):
        _require_near(name, values, expected, _wrong_posteriors(decoder, x[:3], visible, name))


def _require_near(name, values, expected, mistakes):
    """Fail unless the copies of each image have the expected values on average."""
    spread = FIVE_SIGMA * values.std(0) / math.sqrt(len(values)) + BIAS[name]
    if bool(((values.mean(0) - expected).abs() < spread).all()):
        return
    for sentence, wrong in mistakes.items():
        require(not bool(((values.mean(0) - wrong).abs() < spread).all()), f"{name} after {STEPS} steps: {sentence}")
    place = ((values.mean(0) - expected).abs() - spread).nan_to_num(torch.inf).argmax()
    found, right = values.mean(0).flatten()[place], expected.flatten()[place]
    refuse(f"{name} after {STEPS} steps does not come to the exact posterior: {found:.3g} on average over many copies "
           f"of an image, where {right:.3g} is expected. Does each step use fresh gradients of the ELBO, and move psi "
           "towards a larger one?")


def _wrong_posteriors(decoder, x, visible, name):
    number = ["mean", "logvar"].index(name)
    right = decoder.posterior(x, visible)[number]
    wrong = {"the KL divergence is missing": decoder.posterior(x, visible, prior=0)[number],
             "all images have one psi, that of their mean: each has its own": right.mean(0).expand_as(right),
             "it is 0, as in the beginning": torch.zeros_like(right)}
    if visible is not None:
        wrong["the hidden pixels count as well: pass the mask on to `psi_elbo`"] = decoder.posterior(x)[number]
    return wrong


@pytest.mark.gap("psi_optimise")
def test_images_of_a_batch_do_not_affect_each_other(answer, draw):
    """Each image comes to the same psi alone and in a batch."""
    decoder = LinearDecoder.drawn(draw, (1, 2, 3), 2)
    x, noise = decoder.images(draw, 3).double(), draw.normal(30, 3, 2).double()
    x[1], decoder = 20 * x[1], _doubled(decoder)
    together = answer(probes.optimise, decoder.asked, x, noise, LR)
    for number in range(3):
        alone = answer(probes.optimise, decoder.asked, x[[number]], noise[:, [number]], LR)
        for name in BIAS:
            expect(together[name][[number]], alone[name], f"{name} of an image in a batch, compared with the same "
                   "image alone", hint="Do the ELBOs of other images come into its gradient, or do all share a psi?")


@pytest.mark.gap("psi_optimise")
def test_only_psi_changes(answer, draw):
    """The decoder stays as it is, the `.grad` of its parameters too, and the encoder is not asked."""
    decoder = LinearDecoder.drawn(draw)
    seen = answer(probes.optimise, decoder.asked, decoder.images(draw, 3), draw.normal(10, 3, 2), LR)
    require(all(gradient is not None for gradient in seen["gradients"]),
            "the gradients of the model's parameters are set to None: they belong to who calls")
    require(all(bool((gradient == 7).all()) for gradient in seen["gradients"]),
            "the `.grad` of the model's parameters changes: take the gradient with respect to mean and logvar alone, "
            "loss.backward(inputs=[mean, logvar])")


@pytest.mark.gap("psi_optimise")
@pytest.mark.parametrize("steps, count, latent_size", [(12, 3, 2), (1, 1, 1), (2, 2, 2)],
                         ids=["twelve steps", "one step", "as many steps as images"])
def test_each_step_uses_its_own_noise(answer, draw, steps, count, latent_size):
    """Step t decodes mean + sigma * noise[t], with the psi of the step before; the first one begins at the prior."""
    decoder = LinearDecoder.drawn(draw, (1, 2, 3), latent_size)
    x, noise = decoder.images(draw, count), draw.normal(steps, count, latent_size)
    noise[0, 0, 0] = 4.5
    seen = answer(probes.optimise, decoder.asked, x, noise, LR)
    _require_told(seen, steps)
    decoded = seen["decoded"].reshape(-1, latent_size)  # one image after the other is as good as all at once
    require(len(decoded) == steps * count, f"{len(decoded)} z are decoded, where {steps} steps are expected, each with "
                                           f"one z for each image: {steps * count}")
    decoded = decoded.unflatten(0, (steps, count))
    mean, sigma = (torch.cat([torch.zeros(1, count, latent_size), seen[name][:-1]]) for name in ("means", "logvars"))
    sigma = (0.5 * sigma).exp()
    z = mean + sigma * noise
    expect(decoded[:1], z[:1], "z in the first step", {
        "it is that of other noise: step t uses noise[t]": mean[:1] + noise[-1:]},
        hint="Both mean and logvar should be 0 there, as they are before the gap.")
    expect(decoded, z, "z in each step", {
        "the noise is the same in each step": mean + sigma * noise[:1],
        "the noise is the same in each step, the last": mean + sigma * noise[-1:],
        "the noise is used in reverse order": mean + sigma * noise.flip(0),
        "all images have the same noise": mean + sigma * noise[:, :1],
        "psi does not change from step to step": noise},
        hint="Is it mean + sigma * noise[t], with the mean and the logvar told after the step before?")


@pytest.mark.gap("psi_optimise")
def test_after_each_step_its_elbo_and_psi_are_told(answer, draw):
    """`after_step` gets the ELBO of each image whose gradient was taken, and the psi that the step has led to."""
    decoder = LinearDecoder.drawn(draw, (1, 2, 3), 3)
    x, noise = decoder.images(draw, 4), draw.normal(9, 4, 3)
    seen = answer(probes.optimise, decoder.asked, x, noise, LR)
    _require_told(seen, 9)
    psi = [torch.cat([torch.zeros(1, 4, 3), seen[name]]) for name in ("means", "logvars")]
    elbos = torch.stack([decoder.elbo(x, psi[0][t], psi[1][t], noise[t]) for t in range(9)])
    expect(seen["elbos"], elbos, "the ELBO told after each step", {
        "it is the loss: its sign is wrong": -elbos, "it is divided by the number of images": elbos / 4})
    for name in BIAS:
        expect(seen[f"{name}s"][-1], seen[name], f"the {name} told after the last step, compared with that in the end")
        require(not torch.equal(seen[f"{name}s"][0], seen[f"{name}s"][-1]) and bool((seen[f"{name}s"][0] != 0).any()),
                f"the {name} told after the first step is not the one that it has led to")


@pytest.mark.gap("psi_optimise")
@pytest.mark.parametrize("last", [1, 5, 7, None])
def test_it_ends_when_it_is_told_to(answer, draw, last):
    """The loop ends after the step for which `after_step` returns True, and after len(noise) steps at last."""
    decoder, steps = LinearDecoder.drawn(draw), 7
    x, noise = decoder.images(draw, 3), draw.normal(steps, 3, 2)
    seen = answer(probes.optimise, decoder.asked, x, noise, LR, last=last)
    _require_told(seen, last or steps)
    shorter = answer(probes.optimise, decoder.asked, x, noise[:last], LR)
    for name in BIAS:
        expect(seen[name], shorter[name], f"{name} where after_step has ended the loop after step {last or steps}",
               hint="It is that of the last step, and no step follows.")


def _require_told(seen, steps):
    told = len(seen["means"]) if "means" in seen else 0
    require(told > 0, "after_step is never called")
    require(told == steps, f"after_step is called {told} times, where {steps} steps are expected: call it once after "
                           "each step, and end the loop where it returns True")
    shape, right = tuple(seen["elbos"].shape[1:]), tuple(seen["mean"].shape[:1])
    require(shape == right, f"after_step should get the ELBO of each image, shape (batch,), here {right}, and gets the "
                            f"shape {shape}")


@pytest.mark.gap("psi_optimise")
def test_learning_rate_is_the_one_given(answer, draw):
    """The first step is twice as long with twice the learning rate, and makes the ELBO larger."""
    decoder = LinearDecoder.drawn(draw, (1, 2, 3), 3)
    x, noise = decoder.images(draw, 4), draw.normal(1, 4, 3)
    short, long = (answer(probes.optimise, decoder.asked, x, noise, rate) for rate in (1e-3, 2e-3))
    for name in BIAS:
        expect(long[name], 2 * short[name], f"the first step of {name} with twice the learning rate, compared with "
               "twice the step", {"it is the same step: `lr` is not used": short[name]}, rtol=2e-2)
    zero = torch.zeros(4, 3)
    rise = decoder.elbo(x, short["mean"], short["logvar"], noise[0]) - decoder.elbo(x, zero, zero, noise[0])
    require(bool((rise > 0).all()), "a small step makes the ELBO smaller: an optimiser minimises, so give it the "
                                    "negative ELBO")


@pytest.mark.gap("psi_optimise")
def test_psi_is_of_the_type_and_on_the_device_of_the_noise(answer, draw):
    """float64 gives float64, and images on a GPU (here a make-believe one) a psi there."""
    decoder = LinearDecoder.drawn(draw)
    x, noise = decoder.images(draw, 3), draw.normal(4, 3, 2)
    found = answer(probes.optimise, _doubled(decoder).asked, x.double(), noise.double(), LR)
    expect_dtype(found["mean"], torch.float64, "the mean of noise in float64")
    seen = answer(probes.optimise, decoder.asked, x, noise, LR, device="cuda")
    require(seen["device"] == "cuda", "psi should lie on the device of the images")
    expect(seen["mean"], found["mean"], "the mean found on a GPU", rtol=1e-3)


def _doubled(decoder):
    return LinearDecoder(decoder.weight.double(), decoder.bias.double(), decoder.variance, decoder.image_shape)


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
