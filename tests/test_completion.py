"""Image completion: the likelihood of what is visible, and the hidden part drawn from what was inferred."""

import sys

import pytest
import torch

from exercise.probes import inference as probes
from tests.independence_laws import expect_independent
from tests.judge import expect, expect_dtype, require
from tests.linear_decoder import LinearDecoder
from tests.noise_laws import DRAWS, expect_standard_normal, is_near

SIZES = [(4, 2, 1, 3, 5), (3, 3, 3, 4, 4), (1, 1, 2, 2, 3), (2, 2, 2, 2, 2), (1, 3, 1, 1, 2), (3, 1, 2, 4, 1)]
NAMES = ["four images", "three of three, square", "one image, one parameter", "two of all", "two pixels", "one column"]


# masked_log_likelihood -----------------------------------------------------------------------------------------------

def _masked_case(draw, size):
    """Images, theta and a mask that is no symmetric one; size is (batch, parameters, channels, height, width)."""
    batch, _, *image_shape = size
    visible = draw.uniform(*image_shape[1:]) < 0.5
    visible[0, -1], visible[-1, 0] = (False, True) if image_shape[-1] == 1 else (True, False)
    if len(visible) == 1:
        visible[0, 0] = False
    theta = 0.5 * draw.normal(*size)
    theta[:, 0, :, 0, -1] = 4
    return draw.uniform(batch, *image_shape, low=0.2, high=4.5), theta, visible


def _per_pixel(x, theta):
    """What the likelihood of the probe says of each pixel."""
    number = torch.arange(1, theta.shape[1] + 1).view(-1, 1, 1, 1)
    return -(x.double() - (number * theta.double()).sum(1)).square() - x.double().abs() - 1


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
    found = answer(probes.masked_log_prob, *case)["log_prob"]
    expect_dtype(found, torch.float32, "`log_prob`")
    _expect_masked(found, *case)


@pytest.mark.gap("masked_log_likelihood")
def test_any_mask_will_do(answer, draw):
    """A single pixel, all but one, a row, a column, all of them."""
    x, theta, _ = _masked_case(draw, (2, 2, 2, 4, 4))
    place = torch.arange(16).view(4, 4)
    one, other = draw.integer(0, 15), draw.integer(0, 15)
    for visible in (place == one, place != other, place // 4 == 1, place % 4 == 2, place < 16):
        found = answer(probes.masked_log_prob, x, theta, visible)["log_prob"]
        _expect_masked(found, x, theta, visible)


@pytest.mark.gap("masked_log_likelihood")
def test_hidden_pixels_change_nothing(answer, draw):
    """Other hidden pixels, or other parameters of theirs, however large, give the same value to the last digit."""
    x, theta, visible = _masked_case(draw, (3, 2, 2, 4, 4))
    first = answer(probes.masked_log_prob, x, theta, visible)["log_prob"]
    other_x = torch.where(visible, x, draw.uniform(3, 2, 4, 4))
    other_theta = torch.where(visible, theta, 30 * draw.normal(3, 2, 2, 4, 4))
    for case in ((other_x, theta), (x, other_theta), (other_x, other_theta)):
        found = answer(probes.masked_log_prob, *case, visible)["log_prob"]
        _expect_masked(found, *case, visible)
        expect(found, first, "the log-likelihood with other hidden pixels", rtol=1e-6,
               hint="They should not count at all.")


@pytest.mark.gap("masked_log_likelihood")
def test_gradients_reach_the_visible_pixels_alone(answer, draw):
    """The gradient with respect to theta is that of the visible pixels, and 0 for the hidden ones."""
    x, theta, visible = _masked_case(draw, (3, 2, 2, 4, 4))
    weights, leaf = draw.normal(3), theta.double().requires_grad_()
    found = answer(probes.masked_gradient, x, theta, visible, weights)["gradient"]
    require(found is not None, "no gradient reaches theta: is something detached?")
    (torch.where(visible, _per_pixel(x, leaf), 0).flatten(1).sum(1) * weights).sum().backward()
    expect(found, leaf.grad, "the gradient with respect to theta")


@pytest.mark.gap("masked_log_likelihood")
def test_log_likelihood_is_of_the_type_and_on_the_device_of_theta(answer, draw):
    """float64 gives float64, and images on a GPU (here a make-believe one) a value there."""
    x, theta, visible = _masked_case(draw, (3, 2, 2, 4, 4))
    found = answer(probes.masked_log_prob, x.double(), theta.double(), visible)["log_prob"]
    expect_dtype(found, torch.float64, "`log_prob` of images and theta in float64")
    seen = answer(probes.masked_log_prob_on_gpu, x, theta, visible)
    require(seen["device"] == "cuda", "the log-likelihood should lie on the device of the images")
    _expect_masked(seen["log_prob"], x, theta, visible)


# complete_image ------------------------------------------------------------------------------------------------------

def _completion_case(draw, image_shape=(1, 2, 3), latent_size=2, count=2):
    decoder = LinearDecoder.drawn(draw, image_shape, latent_size, 0.3)
    mean, logvar = 2 * draw.normal(count, latent_size), draw.uniform(count, latent_size, low=-2, high=1)
    visible = torch.arange(image_shape[1] * image_shape[2]).view(image_shape[1:]) % 3 != 1
    return decoder, decoder.images(draw, count), visible, mean, logvar


def _completed(answer, case, samples, seed, dtype=torch.float32):
    decoder, x, visible, mean, logvar = case
    found = answer(probes.complete, decoder.asked, x, visible, mean, logvar, samples, seed)["completed"]
    expect_dtype(found, dtype, "`completed`")
    right = (samples, *x.shape)
    require(found.shape == right, "`completed` should have the shape (samples, batch, channels, height, width), here "
                                  f"{right}, but has {tuple(found.shape)}")
    return found


@pytest.mark.gap("complete_image")
@pytest.mark.parametrize("image_shape, latent_size, count, samples", [
    ((1, 2, 3), 2, 2, 4), ((3, 3, 3), 3, 3, 3), ((2, 4, 1), 1, 3, 2), ((2, 1, 2), 4, 1, 1)],
    ids=["two images", "as many samples as images", "one column, one dimension", "one sample of one image"])
def test_visible_pixels_stay_as_they_are(answer, draw, image_shape, latent_size, count, samples):
    """Each completion has the visible pixels of its image, to the last digit, and draws all others."""
    case = _completion_case(draw, image_shape, latent_size, count)
    _, x, visible, _, _ = case
    same = _completed(answer, case, samples, draw.seed()) == x
    require(bool(same[..., visible].all()) or not bool(same[..., ~visible].all()),
            "the visible pixels are drawn and the hidden ones stay as they are: the mask is inverted")
    require(bool(same[..., visible].all()), "visible pixels are not those of the image: they stay as they are")
    require(not bool(same[..., ~visible].any()), "hidden pixels are those of the image: they are to be drawn")


@pytest.mark.gap("complete_image")
def test_hidden_pixels_are_drawn_from_their_distribution(answer, draw):
    """Where q(z|psi) is next to a point, a hidden pixel is normal around its mean there, in each completion anew."""
    decoder, x, visible, mean, _ = _completion_case(draw, (1, 2, 2), 2, 3)
    case = _doubled(decoder), x.double(), visible, mean.double(), torch.full((3, 2), -60.0).double()
    hidden = _completed(answer, case, DRAWS, draw.seed(), torch.float64)[:, :, 0, ~visible].flatten(1)
    right = (mean.double() @ decoder.weight.double() + decoder.bias.double())[:, ~visible.flatten()].flatten()
    require(float(hidden.std(0).max()) > 1e-3, "all completions of an image are alike: they are means of p(x|z), or "
                                               "one completion only. Draw them with `model.likelihood.sample`")
    noise = (hidden - right) / decoder.variance**0.5
    expect_standard_normal(noise, "the noise of the hidden pixels around their means")
    expect_independent(noise, within="the images of a batch share the random numbers of their pixels",
                       between="the completions depend on each other: each needs random numbers of its own")


def _recovered_noise(answer, draw, count, samples):
    """The noise of z, read off hidden pixels that tell z exactly: shape (samples, count, 2)."""
    turned, _ = torch.linalg.qr(draw.normal(2, 2).double())
    decoder = LinearDecoder(torch.cat([draw.normal(2, 1).double(), 2 * turned], 1), draw.normal(3).double(), 1e-18,
                            (1, 1, 3))
    mean, logvar = 3 * draw.normal(count, 2).double(), draw.uniform(count, 2, low=-7, high=4).double()
    x = 2 + 3 * draw.normal(count, 1, 1, 3).double()  # neither its mean nor its deviation is that of noise
    case = decoder, x, torch.tensor([[True, False, False]]), mean, logvar
    hidden = _completed(answer, case, samples, draw.seed(), torch.float64)[..., 0, 0, 1:]
    z = (hidden - decoder.bias[1:]) @ turned.T / 2
    _refuse_known_samples(z, mean, logvar)
    return (z - mean) / (0.5 * logvar).exp()


def _refuse_known_samples(z, mean, logvar):
    """Refuse a z that known mistakes give, where there are enough of them to tell."""
    require(not torch.allclose(z, mean.expand_as(z), atol=1e-4), "z is the mean of q(z|psi): draw it")
    error = (2 * z.numel())**-0.5

    def is_standard(noise):
        return is_near(noise.mean(), torch.zeros(()), 1.5 * error) and is_near(noise.square().mean().sqrt(), 1.0, error)
    if z.numel() < DRAWS or is_standard((z - mean) / (0.5 * logvar).exp()):
        return
    for sentence, centre, sigma in (
            ("sigma is exp(logvar), which is the variance", mean, logvar.exp()),
            ("sigma is logvar, without exp", mean, logvar), ("sigma is logvar / 2, without exp", mean, logvar / 2),
            ("the noise is not scaled with sigma", mean, torch.ones_like(mean)),
            ("it is drawn from the prior, N(0, I)", 0 * mean, torch.ones_like(mean)),
            ("the mean is missing", 0 * mean, (0.5 * logvar).exp())):
        require(not is_standard((z - centre) / sigma), f"z is not drawn from q(z|psi): {sentence}")


@pytest.mark.gap("complete_image")
@pytest.mark.parametrize("count, samples", [(DRAWS // 2, 2), (1, DRAWS)], ids=["many images", "many completions"])
def test_z_is_drawn_from_psi(answer, draw, count, samples):
    """z = mean + sigma * noise, with independent normal noise for each completion of each image and each dimension."""
    noise = _recovered_noise(answer, draw, count, samples)
    what, own = "the noise (z - mean) / sigma", "each completion of each image needs noise of its own"
    require(float(noise.std(0).max()) > 1e-3, f"all completions of an image have the same z: {own}")
    require(count == 1 or float(noise.std(1).min()) > 1e-3, f"all images of the batch have the same noise: {own}")
    expect_standard_normal(noise.flatten(0, 1), what)
    rows = noise.transpose(0, 1).flatten(1) if count > 1 else noise[:, 0]
    expect_independent(rows, within=f"{what} of one dimension or completion depends on another's: {own}",
                       between=f"{what} of one image or completion depends on another's: {own}")


@pytest.mark.gap("complete_image")
def test_noise_of_a_single_z_is_left_as_it_is(answer, draw):
    """Two numbers of noise are not given the mean 0 and the deviation 1."""
    noise = torch.cat([_recovered_noise(answer, draw, 1, 1) for _ in range(3)]).abs()
    require(float((noise - noise.mean()).abs().max()) > 1e-2, "the noise is normalised by its own mean and deviation")


@pytest.mark.gap("complete_image")
def test_the_generator_decides(answer, draw):
    """The same state of the generator gives the same completions, whatever the global random numbers are."""
    case, seed = _completion_case(draw), draw.seed()
    first, again, other = (_completed(answer, case, 3, each) for each in (seed, seed, seed + 1))
    require(torch.equal(first, again), "the same generator gives other completions in the second call: z and the "
                                       "pixels should both be drawn with `generator`")
    require(not torch.equal(first, other), "another generator gives the same completions: it is not used")


@pytest.mark.gap("complete_image")
def test_completions_are_on_the_device_of_the_images(answer, draw):
    """Images on a GPU (here a make-believe one) give completions there."""
    decoder, x, visible, mean, logvar = _completion_case(draw)
    seen = answer(probes.complete, decoder.asked, x, visible, mean, logvar, 3, 0, device="cuda")
    require(seen["device"] == "cuda", "the completions should lie on the device of the images")


def _doubled(decoder):
    return LinearDecoder(decoder.weight.double(), decoder.bias.double(), decoder.variance, decoder.image_shape)


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
