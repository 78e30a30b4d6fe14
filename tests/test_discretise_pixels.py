"""Pixels in bins of equal width: ends, edges, shapes."""

import sys

import pytest
import torch

from exercise.probes import likelihoods as probes
from tests.judge import expect, expect_dtype, require


def _numbers(answer, x, bins):
    """The bins found, refused unless they are whole numbers in the shape of x."""
    found = answer(probes.bin_numbers, x, bins)["found"]
    require(isinstance(found, torch.Tensor), "numbers should be a tensor")
    require(found.shape == x.shape, f"numbers should have the shape of x, {tuple(x.shape)}, not {tuple(found.shape)}")
    return found


@pytest.mark.gap("discretise_pixels")
@pytest.mark.parametrize("bins", [2, 3, 16, 49, 256])
def test_pixels_fall_into_their_bins(answer, draw, bins):
    """A pixel between n / bins and (n + 1) / bins is in bin n."""
    right = torch.randint(bins, (2, 3, 5, 9), generator=draw.generator)
    x = (right + draw.uniform(2, 3, 5, 9, low=0.02, high=0.98)) / bins
    found, grey = _numbers(answer, x, bins), x.double()
    expect(found, right, f"the bin of pixels, of {bins}", {
        "it is rounded: the first bin is half as wide then, and the last one too; cut off what is behind the point":
            (grey * bins).round(),
        "it is rounded, and cut off: the bins are shifted by half of their width":
            (grey * bins).round().clamp(max=bins - 1),
        "it is rounded up, and cut off: bins begin with their number": (grey * bins).ceil().clamp(max=bins - 1),
        "bins are counted from 1: the first one has the number 0": right + 1,
        "x is multiplied by bins - 1, and rounded: the bins have equal width only with the factor bins":
            (grey * (bins - 1)).round(),
        "x is multiplied by bins - 1: with that factor only a white pixel is in the last bin":
            (grey * (bins - 1)).floor(),
        "it is the position in units of a bin: cut off what is behind the point": grey * bins,
        "it is the lower end of the bin: its number is asked for": right / bins,
        "it is the middle of the bin: its number is asked for": (right + 0.5) / bins,
        "light and dark are exchanged: bin 0 is the darkest": bins - 1 - right})
    expect_dtype(found, torch.int64, "numbers")


@pytest.mark.gap("discretise_pixels")
@pytest.mark.parametrize("bins", [2, 10, 16, 256])
def test_black_and_white_are_in_the_first_and_the_last_bin(answer, bins):
    """The pixel 0.0 is in bin 0, and 1.0 is in the last one, bin k - 1: there is no bin k."""
    found = _numbers(answer, torch.tensor([1.0, 0.0, 1.0]), bins)
    expect(found, torch.tensor([bins - 1, 0, bins - 1]), f"the bins of a white, a black and a white pixel, of {bins}", {
        "the white pixel is in bin k, which does not exist: it belongs to the last one": torch.tensor([bins, 0, bins]),
        "the white pixel is in the first bin": torch.tensor([0, 0, 0]),
        "the black pixel is in a bin below the first": torch.tensor([bins - 1, -1, bins - 1])})


@pytest.mark.gap("discretise_pixels")
@pytest.mark.parametrize("bins", [2, 4, 16, 256])
def test_a_pixel_between_two_bins_is_in_the_upper_one(answer, bins):
    """The pixel n / k belongs to bin n: each bin holds its lower end, and not its upper one."""
    right = torch.arange(bins)
    expect(_numbers(answer, right / bins, bins), right, f"the bins of pixels at the lower ends of {bins} bins", {
        "the lower end of a bin is in the bin below: it belongs to the bin that begins there": (right - 1).clamp(min=0),
        "the lower end of a bin is in the bin below, and 0 in none": right - 1})


@pytest.mark.gap("discretise_pixels")
@pytest.mark.parametrize("shape", [(), (1,), (5,), (2, 3), (1, 1, 1, 1), (2, 1, 3, 2, 1)], ids=str)
def test_pixels_of_any_shape_and_precision(answer, draw, shape):
    """A single pixel or a batch of images, float32 or float64: numbers are int64, in the same shape."""
    right = torch.randint(16, shape, generator=draw.generator)
    x = (right + draw.uniform(*shape, low=0.02, high=0.98)) / 16
    for pixels in (x, x.double()):
        found = _numbers(answer, pixels, 16)
        expect(found, right, "the bin of pixels, of 16")
        expect_dtype(found, torch.int64, "numbers")


@pytest.mark.gap("discretise_pixels")
def test_pixels_are_sorted_where_they_lie(answer, draw):
    """With pixels on a GPU (here a make-believe one), their numbers are computed there."""
    right = torch.randint(16, (2, 1, 3, 4), generator=draw.generator)
    seen = answer(probes.bin_numbers, (right + 0.5) / 16, 16, device="cuda")
    require(seen["device"] == "cuda", "numbers should lie on the device of the pixels")
    expect(seen["found"], right, "the bin of pixels on a GPU")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
