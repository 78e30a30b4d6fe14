"""Image completion: the likelihood of what is visible, and the hidden part drawn from what was inferred."""

import sys

import pytest
import torch

from exercise.probes import inference as probes
from tests.independence_laws import expect_independent
from tests.judge import expect, expect_dtype, refuse, require
from tests.linear_decoder import LinearDecoder, halves
from tests.noise_laws import is_near

SIZES = [(4, 1, 3, 5), (3, 3, 4, 4), (1, 2, 2, 3), (2, 2, 2, 2), (1, 1, 1, 2)]
NAMES = ["four images", "three channels, square", "one image", "two of all", "two pixels"]


# masked_log_likelihood -----------------------------------------------------------------------------------------------

def _masked_case(draw, size):
    """Images, theta with two parameters for each pixel, and a mask that is no symmetric one."""
    batch, channels, height, width = size
    visible = draw.uniform(height, width) < 0.5
    visible[0, -1], visible[-1, 0] = True, False
    return draw.uniform(*size, low=0.2), draw.normal(batch, 2, *size[1:]), visible


def _per_pixel(x, theta):
    """What the likelihood of the probe says of each pixel."""
    a, b = theta.double().unbind(1)
    return -(x.double() - a).square() * b.exp() - x.double().abs() + b


def _expect_masked(found, x, theta, visible):
    per_pixel = _per_pixel(x, theta)
    shown = torch.where(visible, per_pixel, 0).flatten(1)
    right, black = shown.sum(1), _per_pixel(x * visible, theta)
    mistakes = {
        "all pixels count, the hidden ones as well": per_pixel.flatten(1).sum(1),
        "the mask is inverted: `visible` is True where a pixel is visible":
            torch.where(visible, 0, per_pixel).flatten(1).sum(1),
        "the hidden pixels count, as black ones": black.flatten(1).sum(1),
        "the hidden pixels count, with parameters and pixels of 0":
            _per_pixel(x * visible, theta * visible).flatten(1).sum(1),
        "the hidden pixels count, with parameters of 0": _per_pixel(x, theta * visible).flatten(1).sum(1),
        "it is divided by the number of visible pixels: sum them": right / visible.sum() / x.shape[1],
        "it is divided by the number of places that are visible: sum them": right / visible.sum(),
        "it is divided by the number of all pixels: sum the visible ones": shown.mean(1),
        "it is scaled up to all pixels": right * visible.numel() / visible.sum(),
        "it is summed over the batch: each image has its own": right.sum(),
        "it is averaged over the batch: each image has its own": right.mean(),
        "only the first channel counts": torch.where(visible, per_pixel, 0)[:, 0].flatten(1).sum(1)}
    if visible.shape[0] == visible.shape[1]:
        mistakes["rows and columns of the mask are exchanged"] = torch.where(visible.T, per_pixel, 0).flatten(1).sum(1)
    expect(found, right, "the log-likelihood of what is visible", mistakes)


@pytest.mark.gap("masked_log_likelihood")
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_visible_pixels_are_summed(answer, draw, size):
    """It is the sum over the visible pixels, in all channels, of each image."""
    case = _masked_case(draw, size)
    found = answer(probes.masked_log_prob, *case, torch.ones(size[0]))["log_prob"]
    expect_dtype(found, torch.float32, "`log_prob`")
    _expect_masked(found, *case)


@pytest.mark.gap("masked_log_likelihood")
def test_any_mask_will_do(answer, draw):
    """A single pixel, all but one, a row, a column, all of them."""
    x, theta, _ = _masked_case(draw, (2, 2, 4, 4))
    place = torch.arange(16).view(4, 4)
    one, other = draw.integer(0, 15), draw.integer(0, 15)
    for visible in (place == one, place != other, place // 4 == 1, place % 4 == 2, place < 16):
        found = answer(probes.masked_log_prob, x, theta, visible, torch.ones(2))["log_prob"]
        _expect_masked(found, x, theta, visible)


@pytest.mark.gap("masked_log_likelihood")
def test_hidden_pixels_change_nothing(answer, draw):
    """Other hidden pixels, or other parameters of theirs, however large, give the same value to the last digit."""
    x, theta, visible = _masked_case(draw, (3, 2, 4, 4))
    first = answer(probes.masked_log_prob, x, theta, visible, torch.ones(3))["log_prob"]
    other_x = torch.where(visible, x, draw.uniform(3, 2, 4, 4))
    other_theta = torch.where(visible, theta, 30 * draw.normal(3, 2, 2, 4, 4))
    for case in ((other_x, theta), (x, other_theta), (other_x, other_theta)):
        found = answer(probes.masked_log_prob, *case, visible, torch.ones(3))["log_prob"]
        _expect_masked(found, *case, visible)
        expect(found, first, "the log-likelihood with other hidden pixels", rtol=1e-6,
               hint="They should not count at all.")


@pytest.mark.gap("masked_log_likelihood")
def test_gradients_reach_the_visible_pixels_alone(answer, draw):
    """The gradient with respect to theta is that of the visible pixels, and 0 for the hidden ones."""
    x, theta, visible = _masked_case(draw, (3, 2, 4, 4))
    weights, leaf = draw.normal(3), theta.double().requires_grad_()
    seen = answer(probes.masked_log_prob, x, theta, visible, weights)
    require(seen["gradient"] is not None, "no gradient reaches theta: is something detached?")
    (torch.where(visible, _per_pixel(x, leaf), 0).flatten(1).sum(1) * weights).sum().backward()
    expect(seen["gradient"], leaf.grad, "the gradient with respect to theta")


@pytest.mark.gap("masked_log_likelihood")
def test_log_likelihood_is_of_the_type_and_on_the_device_of_theta(answer, draw):
    """float64 gives float64, and images on a GPU (here a make-believe one) a value there."""
    x, theta, visible = _masked_case(draw, (3, 2, 4, 4))
    found = answer(probes.masked_log_prob, x.double(), theta.double(), visible, torch.ones(3))["log_prob"]
    expect_dtype(found, torch.float64, "`log_prob` of images and theta in float64")
    seen = answer(probes.masked_log_prob_on_gpu, x, theta, visible)
    require(seen["device"] == "cuda", "the log-likelihood should lie on the device of the images")
    _expect_masked(seen["log_prob"], x, theta, visible)


# complete_image ------------------------------------------------------------------------------------------------------

DRAWS = 3_000


def _completion_case(draw, image_shape=(1, 2, 3), latent_size=2, count=2):
    decoder = LinearDecoder.drawn(draw, image_shape, latent_size, 0.3)
    mean, logvar = 2 * draw.normal(count, latent_size), draw.uniform(count, latent_size, low=-2, high=1)
    return decoder, decoder.images(draw, count), halves(image_shape), mean, logvar


def _completed(answer, case, samples, seed):
    decoder, x, visible, mean, logvar = case
    found = answer(probes.complete, decoder.asked, x, visible, mean, logvar, samples, seed)["completed"]
    expect_dtype(found, torch.float32, "`completed`")
    right = (samples, *x.shape)
    require(found.shape == right, "`completed` should have the shape (samples, batch, channels, height, width), here "
                                  f"{right}, but has {tuple(found.shape)}")
    return found


@pytest.mark.gap("complete_image")
@pytest.mark.parametrize("image_shape, latent_size, count, samples", [
    ((1, 2, 3), 2, 2, 4), ((3, 3, 3), 3, 3, 3), ((2, 3, 2), 1, 1, 5), ((1, 1, 2), 4, 3, 1)],
    ids=["two images", "as many samples as images", "one image, one dimension", "one sample"])
def test_visible_pixels_stay_as_they_are(answer, draw, image_shape, latent_size, count, samples):
    """Each completion has the visible pixels of its image, to the last digit, and draws all others."""
    case = _completion_case(draw, image_shape, latent_size, count)
    _, x, visible, _, _ = case
    found = _completed(answer, case, samples, draw.seed())
    same = found == x
    require(bool(same[..., visible].all()) or not bool(same[..., ~visible].all()),
            "the visible pixels are drawn and the hidden ones stay as they are: the mask is inverted")
    require(bool(same[..., visible].all()), "visible pixels are not those of the image: they stay as they are")
    require(not bool(same[..., ~visible].any()), "hidden pixels are those of the image: they are to be drawn")


@pytest.mark.gap("complete_image")
def test_hidden_pixels_follow_their_distribution(answer, draw):
    """Over many completions their mean and covariance are those of p(x_hidden|z), with z from q(z|psi)."""
    case = _completion_case(draw, (1, 2, 4), 2)
    decoder, x, visible, mean, logvar = case
    hidden = _completed(answer, case, DRAWS, draw.seed())[..., ~visible].flatten(2).double()
    weight, bias = (value.double()[..., ~visible.flatten()] for value in (decoder.weight, decoder.bias))
    for number in range(len(x)):
        found, centre = hidden[:, number], mean[number].double() @ weight + bias
        spread = logvar[number].double().exp()
        of_z, of_pixels = (weight.T * spread) @ weight, decoder.variance * torch.eye(len(bias), dtype=torch.float64)
        _require_moments(found, centre, of_z + of_pixels, {
            "all completions are alike: nothing is drawn": 0 * of_z,
            "they are means of p(x|z): draw them with `model.likelihood.sample`": of_z,
            "z is the mean of q(z|psi): draw it": of_pixels,
            "sigma is exp(logvar), which is the variance": (weight.T * spread**2) @ weight + of_pixels,
            "sigma is logvar, without exp": (weight.T * logvar[number].double()**2) @ weight + of_pixels,
            "sigma is logvar / 2, without exp": (weight.T * logvar[number].double()**2 / 4) @ weight + of_pixels,
            "z is drawn from N(mean, I): sigma is missing": weight.T @ weight + of_pixels})


def _require_moments(found, centre, covariance, wrong_covariances):
    """Fail unless samples, shape (n, pixels), have this mean and this covariance, within six standard errors."""
    n, variances = len(found), covariance.diag()
    around = (found - found.mean(0)).T @ (found - found.mean(0)) / n

    def is_covariance(expected):
        diagonal = expected.diag()
        return is_near(around, expected, ((diagonal.outer(diagonal) + expected**2) / n).sqrt() + 1e-6)
    if not is_covariance(covariance):
        for sentence, wrong in wrong_covariances.items():
            require(not is_covariance(wrong), f"the covariance of the hidden pixels is not right: {sentence}")
        refuse("the covariance of the hidden pixels is not that of p(x_hidden|z) with z from q(z|psi): the variance of "
               f"one is {float(around[0, 0]):.3g}, where {float(variances[0]):.3g} is expected")
    require(is_near(found.mean(0), centre, (variances / n).sqrt()),
            f"the mean of a hidden pixel over many completions is {float(found.mean(0)[0]):.3g}, where "
            f"{float(centre[0]):.3g} is expected: is z drawn around the mean of its own image?")


@pytest.mark.gap("complete_image")
def test_completions_are_independent(answer, draw):
    """Each completion of each image has random numbers of its own."""
    case = _completion_case(draw, (1, 1, 4), 2)
    decoder, x, visible, mean, logvar = case
    hidden = _completed(answer, case, DRAWS, draw.seed())[..., ~visible].flatten(2).double()
    weight = decoder.weight.double()[..., ~visible.flatten()]
    white = (hidden - hidden.mean(0)) / ((logvar.double().exp() @ weight**2) + decoder.variance).sqrt()
    require(bool((hidden.std(0) > 0).all()), "all completions of an image are alike")
    expect_independent(white[:, :, 0], within="the images of a batch share random numbers: each needs its own",
                       between="the completions depend on each other: each needs random numbers of its own")


@pytest.mark.gap("complete_image")
def test_the_generator_decides(answer, draw):
    """The same state of the generator gives the same completions, whatever the global random numbers are."""
    case, seed = _completion_case(draw), draw.seed()
    first, again, other = (_completed(answer, case, 3, each) for each in (seed, seed, seed + 1))
    require(torch.equal(first, again), "the same generator gives other completions in the second call: z and the "
                                       "pixels should both be drawn with `generator`")
    require(not torch.equal(first, other), "another generator gives the same completions: it is not used")


@pytest.mark.gap("complete_image")
def test_completions_are_of_the_type_and_on_the_device_of_the_images(answer, draw):
    """float64 gives float64, and images on a GPU (here a make-believe one) completions there."""
    decoder, x, visible, mean, logvar = _completion_case(draw)
    doubled = LinearDecoder(decoder.weight.double(), decoder.bias.double(), decoder.variance, decoder.image_shape)
    found = answer(probes.complete, doubled.asked, x.double(), visible, mean.double(), logvar.double(), 3, 0)
    expect_dtype(found["completed"], torch.float64, "`completed` of images in float64")
    seen = answer(probes.complete, decoder.asked, x, visible, mean, logvar, 3, 0, device="cuda")
    require(seen["device"] == "cuda", "the completions should lie on the device of the images")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
