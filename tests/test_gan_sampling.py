"""Sampling from a generator: the noise and its temperature, evaluation mode, what a sample leaves behind."""

import math
import sys

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from exercise.probes import gan_networks as probes
from tests.independence_laws import CALLS, expect_independent
from tests.judge import expect, expect_dtype, refuse, require
from tests.noise_laws import DRAWS, HALVED, expect_standard_normal, is_near


@pytest.fixture
def network(draw):
    """A stand-in for a generator of 7 latent dimensions: its matrix, and what its batch norm has seen in training."""
    return [0.5 * draw.normal(7, 12), draw.uniform(3, low=1, high=2), draw.uniform(3, low=0.5, high=2)]


@pytest.mark.gap("gan_sample")
@pytest.mark.parametrize("n", [1, 7, 20], ids=["one image", "as many images as latent dimensions", "twenty images"])
def test_images_are_what_the_generator_makes_of_noise(answer, draw, network, n):
    """n images come out as the generator made them, of noise z of shape (n, latent_size, 1, 1)."""
    seen = _only(answer(probes.sample, n, network, seed=draw.seed()))
    z = _noise(seen, n, latent_size=7)
    images = _images_of(z, network)
    _expect_images(seen, z, network, {
        "it is moved to [0, 1]: it should stay in [-1, 1], and to_pixels moves it where that is wanted":
            (images + 1) / 2,
        "it is made of bytes: it should stay in [-1, 1]": 127.5 * (images + 1),
        "it is cut to [0, 1]: it should stay in [-1, 1]": images.clamp(0, 1),
        "it is put through a tanh, with which the generator ends already": images.tanh(),
        "it is the noise itself": z})
    expect_dtype(seen["images"], torch.float32, "the images")


@pytest.mark.gap("gan_sample")
@pytest.mark.parametrize("n, latent_size, channels", [(1, 1, 1), (5, 1, 2), (5, 2, 1), (100, 9, 4)],
                         ids=["one of each", "one latent dimension", "one channel", "a hundred images"])
def test_any_size_may_be_one(answer, draw, n, latent_size, channels):
    """z and the images keep all their axes, also those of size 1, which a bare squeeze() takes away."""
    network = [draw.normal(latent_size, 4 * channels), draw.uniform(channels, low=1, high=2),
               draw.uniform(channels, low=0.5, high=2)]
    seen = _only(answer(probes.sample, n, network, seed=draw.seed()))
    _expect_images(seen, _noise(seen, n, latent_size), network)


@pytest.mark.gap("gan_sample")
def test_the_noise_of_small_batches_is_independent(answer, draw):
    """In one call after the other, z is drawn anew, and never normalised by its own mean or deviation."""
    temperature = draw.uniform(1, low=0.5, high=2).item()
    z = answer(probes.noise_often, CALLS, 2, 2, temperature, seed=draw.seed())["z"]
    require(z.shape == (CALLS, 2, 2), "for 2 images the generator should get two z of its latent_size, in each call")
    expect_independent(z.flatten(1) / temperature ** 0.5, between="one call's z depends on those of calls before",
                       within="the numbers of z depend on each other: they should be neither centred nor normalised, "
                              "nor mirrored")


@pytest.mark.gap("gan_sample")
@pytest.mark.parametrize("low, high", [(1e-6, 2e-6), (0.4, 0.6), (2.2, 3.0), (300, 400)],
                         ids=["frozen", "cold", "hot", "glowing"])
def test_temperature_is_the_variance_of_the_noise(answer, draw, low, high):
    """Each number in z is normally distributed, with mean 0 and the temperature as its variance."""
    temperature = draw.uniform(1, low=low, high=high).item()
    network = [draw.normal(2, 12), torch.ones(3), torch.ones(3)]
    seen = _only(answer(probes.sample, DRAWS, network, temperature, seed=draw.seed()))
    z = _noise(seen, DRAWS, latent_size=2).flatten(1)
    require(float(z.std()) > 1e-6 * float(z.abs().max()), "z does not vary: it is to be drawn at random, also "
            f"for a temperature of {temperature:.2g}")
    require(float(z.std(0).min()) > 1e-3 * float(z.std()), "all images share one z: draw n of them")
    spread = float((z.max() - z.min()) / z.std())
    if spread < 6:  # of 20,000 normal numbers with probability 2e-12; of uniform ones it is the root of 12
        refuse("z is uniform (rand), not Gaussian (randn)" if abs(spread - 12 ** 0.5) < 0.1
               else "z is not Gaussian (randn): is it normalised, or cut off?")
    _expect_deviation(z, temperature)
    expect_standard_normal(z / temperature ** 0.5, "z / sqrt(temperature)")
    expect_independent(z / temperature ** 0.5, within="z: the features of a point share their noise",
                       between="z: the images of a batch share it, neighbours or others: draw all in one call")


@pytest.mark.gap("gan_sample")
@pytest.mark.parametrize("temperature", [0.5, 2.0], ids=["cold", "hot"])
def test_temperature_does_not_change_what_the_generator_makes(answer, draw, network, temperature):
    """The temperature is a property of the noise: the images G(z) are returned as they are."""
    seen = _only(answer(probes.sample, 8, network, temperature, seed=draw.seed()))
    z = _noise(seen, 8, latent_size=7)
    factors = {"multiplied by it": temperature, "multiplied by its root": temperature ** 0.5,
               "divided by it": 1 / temperature, "divided by its root": temperature ** -0.5}
    _expect_images(seen, z, network, {f"the temperature belongs to the noise, but it is {sentence}":
                                      factor * _images_of(z, network) for sentence, factor in factors.items()})


@pytest.mark.gap("gan_sample")
def test_without_temperature_all_images_are_the_same(answer, draw, network):
    """With temperature 0 there is no noise left: z = 0, and each of the n images is G(0)."""
    seen = _only(answer(probes.sample, 5, network, 0.0, seed=draw.seed()))
    z = _noise(seen, 5, latent_size=7)
    require(float(z.abs().max()) == 0, "with temperature 0 the noise has the variance 0, so z should be 0: is a "
                                       "temperature of 0 taken for none?")
    _expect_images(seen, z, network)


@pytest.mark.gap("gan_sample")
def test_noise_comes_from_the_given_generator(answer, draw, network):
    """A generator of random numbers in the same state gives the same images, and goes on from one call to the next."""
    state, seeds = draw.seed(), [draw.seed(), draw.seed()]
    first, again = (answer(probes.sample, 6, network, 1.0, state, 2, seed=seed)["samples"] for seed in seeds)
    other = answer(probes.sample, 6, network, 1.0, state + 1, 2, seed=seeds[0])["samples"]
    _, z, z_again, z_other = (_noise(seen, 6, latent_size=7) for seen in (first[1], first[0], again[0], other[0]))
    require(torch.equal(z, z_again), "a generator of random numbers in the same state gives other noise: is "
                                     "generator_of_noise used, and nothing else?")
    require(not torch.equal(z, z_other), "another state of generator_of_noise gives the same noise: it is not used")
    require(not torch.equal(z, _noise(first[1], 6, latent_size=7)),
            "two calls in a row give the same images: draw from generator_of_noise itself, not from a copy or its seed")


@pytest.mark.gap("gan_sample")
def test_without_a_given_generator_each_call_draws_anew(answer, draw, network):
    """Without generator_of_noise, torch's global generator gives the noise: the same for one seed, other noise next."""
    seeds = [draw.seed() for _ in range(2)]
    runs = [answer(probes.sample, 6, network, 1.0, None, 2, seed=seed)["samples"] for seed in (*seeds, seeds[0])]
    (one, two), (other, _), (again, _) = ([_noise(seen, 6, latent_size=7) for seen in run] for run in runs)
    require(not torch.equal(one, two), "two calls in a row give the same images: is a seed fixed in the gap?")
    require(not torch.equal(one, other), "torch.manual_seed does not change the noise: is a seed fixed in the gap?")
    require(torch.equal(one, again), "after the same torch.manual_seed the noise is another: without "
                                     "generator_of_noise it comes from torch's global generator")


@pytest.mark.gap("gan_sample")
def test_an_image_does_not_depend_on_its_neighbours(answer, draw, network):
    """Each image is G(z) of its own z: in evaluation mode batch norm uses, and keeps, what it has seen in training."""
    seen = answer(probes.sample, 9, network, 2.0, draw.seed())
    [sample] = seen["samples"]
    z = _noise(sample, 9, latent_size=7)
    together = _images_of(z, network, training=True)
    require(isinstance(sample["images"], Tensor) and sample["images"].shape == together.shape
            and not torch.allclose(sample["images"].double(), together, atol=1e-4),
            "an image depends on the others of its batch: the generator, with all of its layers, should be in "
            "evaluation mode")
    require(not any("norm" in name for name in _changed(seen)),
            "sampling changes what batch norm has seen in training: the generator is called in training mode")
    _expect_images(sample, z, network)


@pytest.mark.gap("gan_sample")
def test_nothing_is_recorded_and_nothing_is_left_behind(answer, draw, network):
    """Images carry no gradients, and afterwards the generator can be trained as before."""
    seen = answer(probes.sample, 4, network, seed=draw.seed())
    require(not _only(seen)["has_gradients"], "the images carry gradients: call the generator within torch.no_grad()")
    require(seen["records_afterwards"], "gradients are switched off for good: with torch.no_grad(): ends by itself")
    require(all(seen["recorded"].values()), "the generator is frozen afterwards: with torch.no_grad(): leaves its "
                                            "parameters alone")
    require("matrix" not in _changed(seen), "sampling changes the generator's weights")


@pytest.mark.gap("gan_sample")
@pytest.mark.parametrize("given", [True, False], ids=["given generator", "global generator"])
def test_noise_is_moved_to_the_device_of_the_generator(answer, draw, network, given):
    """With the generator on a GPU (here a make-believe one), z is moved there, and the images are there too."""
    seen = answer(probes.sample, 4, network, 1.0, draw.seed() if given else None, device="cuda", seed=draw.seed())
    for call in _only(seen)["calls"]:
        require(call["device"] == "cuda", "z should be moved to the device of the generator")
    require(_only(seen)["device"] == "cuda", "the images should stay on the device of the generator")


def _only(seen):
    [sample] = seen["samples"]
    return sample


def _noise(sample, n, latent_size):
    """z of all calls of the generator, shape (n, latent_size, 1, 1)."""
    require(len(sample["calls"]) > 0, "the generator is never called")
    for call in sample["calls"]:
        require(call["z"].shape[1:] == (latent_size, 1, 1),
                f"z should have the shape ({n}, {latent_size}, 1, 1), but has {tuple(call['z'].shape)}")
        require(call["dtype"] == "torch.float32", f"z should be of torch.float32, but is of {call['dtype']}")
    z = torch.cat([call["z"] for call in sample["calls"]])
    require(len(z) >= n, f"n is {n}, but the generator gets only {len(z)} of the noise vectors z")
    require(bool(z.isfinite().all()), "z holds NaN or infinite values")
    return z[:n]


def _changed(seen):
    """The names of the generator's weights that sampling has changed."""
    return [name for name, value in seen["before"].items() if not torch.equal(value, seen["after"][name])]


def _images_of(z, network, training=False):
    """What the stand-in makes of z, in float64."""
    matrix, mean, variance = (value.double() for value in network)
    rows = (z.double().flatten(1) @ matrix).view(-1, len(mean), 2, 2)
    return F.batch_norm(rows, mean.clone(), variance.clone(), training=training).tanh()


def _expect_images(sample, z, network, mistakes=None):
    found = sample["images"]
    require(isinstance(found, Tensor), f"images should be a tensor, but is a {sample['kind']}")
    require(sample["kind"] != "ndarray", "images should be a tensor, but is a numpy array")
    require(found.dim() != 4 or len(found) == len(z), f"n is {len(z)}, but {len(found)} images come out")
    training = "the generator is in training mode: its batch norm uses the mean of the current batch"
    expect(found, _images_of(z, network), "the batch of images",
           {**(mistakes or {}), training: _images_of(z, network, training=True)},
           hint="It should be what the generator makes of z.")


def _expect_deviation(z, temperature):
    """Mean and standard deviation of all numbers in z lie within six standard errors, with probability 1 - 4e-9."""
    root, deviation, error = temperature ** 0.5, z.double().std(), 1 / math.sqrt(2 * z.numel())
    require(is_near(z.double().mean(), torch.zeros(()), deviation / math.sqrt(z.numel())),
            f"z should have the mean 0, but has {float(z.mean()):.3g}")
    if is_near(deviation, torch.tensor(root), root * error):
        return
    mistakes = {HALVED: temperature / 2,
                "z has the standard deviation T, so the variance T squared: multiply by the root of T": temperature,
                "z has the variance 1, whatever the temperature": 1.0,
                "z is divided by the root of the temperature, not multiplied by it": 1 / root,
                "z is divided by the temperature, where its root is a factor": 1 / temperature,
                "z has the standard deviation T squared: the factor is the root of T": temperature ** 2,
                "the root of the temperature is taken twice": root ** 0.5}
    for sentence, wrong in mistakes.items():
        if is_near(deviation, torch.tensor(wrong), wrong * error):
            refuse(f"the temperature T is the variance of the noise: {sentence}")
    refuse(f"z has the variance {float(deviation) ** 2:.3g}, where the temperature is {temperature:.3g}")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
