"""The structure of a latent space: principal components of its means, paths between samples."""

import sys

import pytest
import torch
from torch import Tensor

from exercise.probes import latent_structure as probes
from tests.independence_laws import expect_independent
from tests.judge import expect, expect_dtype, refuse, require
from tests.noise_laws import DRAWS, expect_standard_normal, is_near

# latent_pca ----------------------------------------------------------------------------------------------------------

SIZES = [(200, 5, 2), (40, 2, 2), (60, 1, 1), (3, 6, 2), (300, 4, 4), (4, 4, 3)]
NAMES = ["five dimensions", "two dimensions", "one dimension", "three means", "all components", "as many as dimensions"]


def _means(draw, n, latent_size):
    """Means far from 0, whose variances differ in all directions, none of which is an axis."""
    turned, _ = torch.linalg.qr(draw.normal(latent_size, latent_size))
    spread = 3 * 0.6 ** torch.arange(latent_size)
    return 4 + draw.normal(latent_size) + (draw.normal(n, latent_size) * spread) @ turned


def _components(means, count):
    """Directions in rows and the variance in each, the largest first; in float64."""
    centred = means.double() - means.double().mean(0)
    variances, vectors = torch.linalg.eigh(centred.T @ centred / len(means))
    return vectors.flip(1).T[:count], variances.flip(0)


def _turned(rows, found):
    """`rows`, each with the sign that brings it nearer to that of `found`: the sign of a direction is free."""
    if not isinstance(found, Tensor) or found.shape != rows.shape:
        return rows
    signs = (rows * found.double()).sum(1, keepdim=True).sign()
    return torch.where(signs == 0, 1, signs) * rows


@pytest.mark.gap("latent_pca")
@pytest.mark.parametrize("n, latent_size, components", SIZES, ids=NAMES)
def test_directions_are_those_of_the_largest_variance(answer, draw, n, latent_size, components):
    """The rows of `directions` are the orthonormal directions of the largest variances, from the largest on."""
    means = _means(draw, n, latent_size)
    found = answer(probes.pca, means, components)["directions"]
    right, variances = _components(means, components)
    scaled = right * variances[:components].clamp(min=0).sqrt().unsqueeze(1)
    whole, _ = _components(means, latent_size)
    x = means.double()
    mistakes = {
        "they stand in columns: each row of `directions` is one": right.T,
        "they are columns of the matrix of directions: each row is one": whole.T[:components],
        "the means are not centred: subtract their mean from each dimension":
            torch.linalg.svd(x, full_matrices=False)[2][:components],
        "each dimension is scaled to variance 1, and its variance is what is asked for":
            _components((x - x.mean(0)) / x.std(0).clamp(min=1e-9), components)[0],
        "they begin with the smallest variance": whole.flip(0)[:components],
        "they are scaled with the standard deviation: their length is 1": scaled,
        "they are scaled with the variance: their length is 1": right * variances[:components].unsqueeze(1),
        "they are the axes of the latent space": torch.eye(latent_size, dtype=torch.float64)[:components]}
    expect(found, _turned(right, found), "`directions`", {
        sentence: _turned(wrong, found) for sentence, wrong in mistakes.items()}, rtol=1e-3)


@pytest.mark.gap("latent_pca")
@pytest.mark.parametrize("n, latent_size, components", SIZES, ids=NAMES)
def test_points_are_coordinates_in_these_directions(answer, draw, n, latent_size, components):
    """points = (means - their mean) directions^T: the coordinates of each mean, from the centre of all."""
    means = _means(draw, n, latent_size)
    seen = answer(probes.pca, means, components)
    right, variances = _components(means, components)
    directions = _turned(right, seen["directions"])
    x, points = means.double(), (means.double() - means.double().mean(0)) @ directions.T
    deviations = variances[:components].sqrt()
    expect(seen["points"], points, "`points`", {
        "they are the coordinates from 0 on, not from the centre of the means": x @ directions.T,
        "they are scaled to variance 1 in each direction": points / deviations,
        "they are scaled to variance 1 in each direction (by N - 1)": points / deviations * ((n - 1) / n)**0.5,
        "their signs do not fit `directions`": -points,
        "they stand in columns: `points` has a row for each mean": points.T,
        "they are the first dimensions of the means": x[:, :components],
        "they are the means, from their centre, without a rotation": (x - x.mean(0))[:, :components],
        "they are in the reverse order of the directions": points.flip(1)}, rtol=1e-3)


@pytest.mark.gap("latent_pca")
@pytest.mark.parametrize("n, latent_size, components", SIZES, ids=NAMES)
def test_shares_are_of_the_whole_variance(answer, draw, n, latent_size, components):
    """Each share is the variance in a direction, divided by the variance in all directions, kept or not."""
    means = _means(draw, n, latent_size)
    found = answer(probes.pca, means, components)["shares"]
    _, variances = _components(means, components)
    kept, deviations = variances[:components], variances.clamp(min=0).sqrt()
    right = kept / variances.sum()
    expect(found, right, "`shares`", {
        "they are shares of the variance in the kept directions: the others count too": kept / kept.sum(),
        "they are variances, not shares of the whole": kept,
        "they are variances (divided by N - 1), not shares of the whole": kept * n / (n - 1),
        "they are shares of the standard deviations: variances add up, and they do not":
            deviations[:components] / deviations.sum(),
        "they are added up: each direction has a share of its own": right.cumsum(0),
        "they are singular values, not shares": (n * kept).sqrt(),
        "they are in per cent": 100 * right, "they begin with the smallest": right.flip(0)}, rtol=1e-3)


@pytest.mark.gap("latent_pca")
def test_means_of_float64_stay_as_they_are(answer, draw):
    """The result does not depend on the type of the means, and these are not centred in place."""
    means = _means(draw, 50, 4)
    single, double = (answer(probes.pca, x, 3) for x in (means, means.double()))
    for name, value in double.items():
        expect_dtype(value, torch.float32, f"`{name}`")
        expect(value, single[name], f"`{name}` of means in float64", rtol=1e-3)


# interpolate_samples -------------------------------------------------------------------------------------------------

def _pair(draw, image_shape, latent_size):
    """Two images and the matrices of their encoder, whose means are far apart and whose variances differ."""
    pixels = image_shape[0] * image_shape[1] * image_shape[2]
    return (draw.uniform(*image_shape, low=-0.5, high=4), draw.uniform(*image_shape, low=-0.5, high=4),
            3 * draw.normal(pixels, latent_size), draw.normal(pixels, latent_size) / pixels**0.5)


def _path(answer, draw, pair, steps, seed=None):
    found = answer(probes.path, *pair, steps, draw.seed() if seed is None else seed)["path"]
    right = (steps, pair[2].shape[1])
    require(isinstance(found, Tensor) and found.shape == right,
            f"`path` should have the shape (steps, latent_size), here {right}, but has {tuple(found.shape)}")
    return found


@pytest.mark.gap("interpolate_samples")
@pytest.mark.parametrize("image_shape, latent_size, steps", [((1, 2, 3), 2, 2), ((3, 2, 2), 4, 4), ((1, 3, 2), 1, 5),
                                                             ((2, 1, 3), 3, 9)],
                         ids=["two steps", "as many steps as dimensions", "one dimension", "nine steps"])
def test_path_is_a_line_with_equal_steps(answer, draw, image_shape, latent_size, steps):
    """Its rows are lambda z + (1 - lambda) z', with lambda at equal distances, and z and z' its first and last row."""
    found = _path(answer, draw, _pair(draw, image_shape, latent_size), steps).double()
    first, last = found[0], found[-1]
    share = torch.linspace(1, 0, steps, dtype=torch.float64).unsqueeze(1)
    smooth = share * share * (3 - 2 * share)
    expect(found, share * first + (1 - share) * last, "the path between its first and its last row", {
        "its steps are not equal: they are smaller near the ends": smooth * first + (1 - smooth) * last,
        "its steps are not equal: lambda is squared": share**2 * first + (1 - share**2) * last},
        hint="Is each row made of the same two samples?")


@pytest.mark.gap("interpolate_samples")
def test_ends_are_samples_for_the_two_images(answer, draw):
    """The first row is drawn from q(z|x) and the last from q(z|x'), with noise of their own for each dimension."""
    pair = _pair(draw, (1, 2, 3), DRAWS // 2)  # so many dimensions show in two paths how the noise is distributed
    x, x_other, to_mu, to_logvar = pair
    ends = torch.stack([_path(answer, draw, pair, 3)[[0, -1]] for _ in range(2)]).double()
    mu, logvar = (torch.stack([image.flatten() @ matrix for image in (x, x_other)]).double()
                  for matrix in (to_mu, to_logvar))
    sigma = (0.5 * logvar).exp()
    noise = ((ends - mu) / sigma).transpose(1, 2).flatten(0, 1)
    _refuse_known_noise(ends, mu, logvar)
    require(not torch.allclose(noise[:, 0], noise[:, 1], atol=1e-2), "z and z' share their noise: draw it for each")
    require(float(noise[:DRAWS // 2].std(0).min()) > 1e-2, "all dimensions of a sample share one number of noise")
    expect_standard_normal(noise, "the noise (z - mu) / sigma of the two samples")
    expect_independent(noise, within="z and z' share some of their noise: draw it for each",
                       between="the dimensions of a sample share some of their noise")


@pytest.mark.gap("interpolate_samples")
def test_each_sample_lies_at_its_own_image(answer, draw):
    """Every dimension is a sample, also for few of them; their noise is not normalised."""
    for latent_size in (1, 3):
        x, x_other, to_mu, to_logvar = _pair(draw, (1, 2, 3), latent_size)
        pair = x, x_other, 40 + to_mu, to_logvar
        found = _path(answer, draw, pair, 2).double()
        mu, logvar = (torch.stack([image.flatten() @ matrix for image in (x, x_other)]).double() for matrix in pair[2:])
        noise = (found - mu) / (0.5 * logvar).exp()
        require(float(noise.abs().max()) < 8, "the ends of the path are far from the means of q(z|x) and q(z|x'), of "
                                              "which they are samples")
        require(latent_size > 1 or abs(float(noise.sum())) > 1e-3, "the noise is normalised by its own mean")


def _refuse_known_noise(ends, mu, logvar):
    """Refuse what a known mistake gives in place of standard normal noise."""
    sigma, between = (0.5 * logvar).exp(), mu.mean(0)
    if torch.allclose(ends, mu.expand_as(ends), rtol=1e-3, atol=1e-3):
        refuse("the ends are the means of q(z|x) and q(z|x'): samples are asked for")
    for sentence, centre, deviation in (
            ("the path runs backwards: it begins with z, where lambda is 1", mu.flip(0), sigma.flip(0)),
            ("sigma is exp(logvar), which is the variance", mu, logvar.exp()),
            ("sigma is logvar, without exp", mu, logvar), ("sigma is logvar / 2, without exp", mu, logvar / 2),
            ("the noise is not scaled with sigma", mu, torch.ones_like(mu)),
            ("sigma is that of the other image", mu, sigma.flip(0)),
            ("the mean is missing", 0 * mu, sigma), ("both are drawn for x", mu[[0, 0]], sigma[[0, 0]]),
            ("both are drawn for x'", mu[[1, 1]], sigma[[1, 1]]),
            ("both are drawn around the mean of the two", between.expand_as(mu), sigma)):
        noise = (ends - centre) / deviation
        count = noise.shape[0] * noise.shape[2]
        moments = noise.mean((0, 2)), noise.square().mean((0, 2)).sqrt()
        known = is_near(moments[0], torch.zeros(()), count**-0.5) and is_near(moments[1], torch.ones(()),
                                                                              (2 * count)**-0.5)
        right = ((ends - mu) / sigma).square().mean().sqrt()
        require(not known or is_near(right, torch.ones(()), (4 * count)**-0.5),
                f"the ends of the path are not samples from q(z|x) and q(z|x'): {sentence}")


@pytest.mark.gap("interpolate_samples")
def test_the_generator_decides(answer, draw):
    """The same generator gives the same path, whatever the global random numbers are, and another one another path."""
    pair, seed = _pair(draw, (1, 2, 3), 4), draw.seed()
    first, again, other = (_path(answer, draw, pair, 5, each) for each in (seed, seed, seed + 1))
    require(torch.equal(first, again), "the same generator gives another path in the second call: draw the noise with "
                                       "torch.randn(..., generator=generator)")
    require(not torch.equal(first, other), "another generator gives the same path: it is not used")


@pytest.mark.gap("interpolate_samples")
def test_path_is_of_the_type_and_on_the_device_of_the_images(answer, draw):
    """float64 gives float64, and images on a GPU (here a make-believe one) a path there."""
    pair = _pair(draw, (1, 2, 3), 4)
    found = answer(probes.path, *(value.double() for value in pair), 5, 0)["path"]
    expect_dtype(found, torch.float64, "`path` between images in float64")
    expect_dtype(_path(answer, draw, pair, 5), torch.float32, "`path` between images in float32")
    seen = answer(probes.path, *pair, 5, 0, device="cuda")
    require(seen["device"] == "cuda", "the path should lie on the device of the images")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
