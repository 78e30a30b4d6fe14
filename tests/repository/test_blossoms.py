"""Drawn flowers: what is drawn, and that it can be read off the pictures."""

import math
from dataclasses import fields, replace

import pytest
import torch
import torch.nn.functional as F

from lib.support.data.blossoms import COLOURS, PETALS, blossoms, draw_factors, paint
from lib.support.measures.blossom_reading import read_factors


def draw(n, seed=0):
    return draw_factors(n, torch.Generator().manual_seed(seed))


def resized(images, size):
    return F.interpolate(images, size=(size, size), mode="bilinear", antialias=True)


def apart(hues, others):
    """How far hues are from each other on their circle, in turns."""
    return ((hues - others + 0.5) % 1 - 0.5).abs()


# Drawing

def test_a_seed_repeats_the_pictures_and_another_gives_others():
    first, again, other = blossoms(60, seed=3), blossoms(60, seed=3), blossoms(60, seed=4)
    assert torch.equal(first.images, again.images) and torch.equal(first.labels, again.labels)
    assert (first.images != other.images).flatten(1).any(1).all()
    assert first.images.shape == (60, 3, 64, 64) and first.images.dtype == torch.uint8 and first.name == "blossoms"
    assert first.classes == ("4 petals", "5 petals", "6 petals", "7 petals", "8 petals")
    assert torch.equal(first.labels, draw(60, 3).petals - 4)


@pytest.mark.parametrize("n, size", [(0, 64), (5, 0)])
def test_no_picture_is_refused(n, size):
    with pytest.raises(ValueError, match=f"not {n} of {size}"):
        blossoms(n, size=size)


def test_factors_are_uniform():
    """Counts lie within six standard errors; distribution functions within Kolmogorov's bound, 1e-6 to be beyond it."""
    n = 4000
    factors = draw(n)
    colours = apart(factors.hue[:, None], torch.tensor(list(COLOURS.values()))).argmin(1)
    for drawn, values in ((factors.petals, PETALS), (colours, range(6))):
        p = 1 / len(values)
        counts = torch.stack([(drawn == value).sum() for value in values])
        assert counts.sum() == n and (counts - n * p).abs().max() < 6 * math.sqrt(n * p * (1 - p))
    continuous = {"radius": (0.28, 0.4), "angle": (0, math.tau), "pale": (0, 0.35), "core": (0, 1),
                  "background": (0, 1)}
    for name, (low, high) in continuous.items():
        quantiles = ((getattr(factors, name) - low) / (high - low)).sort().values
        assert (quantiles - torch.arange(n) / n).abs().max() < 2.7 / math.sqrt(n), name


def test_factors_are_independent():
    """No two of them correlate, by more than six standard errors."""
    factors = draw(4000)
    columns = [getattr(factors, field.name).flatten(1) if getattr(factors, field.name).dim() > 1
               else getattr(factors, field.name)[:, None].float() for field in fields(factors)]
    correlations = torch.corrcoef(torch.cat(columns, 1).T)
    assert (correlations - torch.eye(len(correlations))).abs().max() < 6 / math.sqrt(4000)


def test_a_picture_does_not_depend_on_those_beside_it():
    factors = draw(60)
    together, rows = paint(factors), torch.tensor([59, 7])
    assert torch.equal(paint(factors.select(rows)), together[rows])


def test_a_flower_is_the_same_in_other_sizes():
    """Painted small it looks like its large picture made smaller; seeds and veins are too fine for that."""
    factors = draw(40)
    small, shrunk = paint(factors, 32).float(), resized(paint(factors, 96).float(), 32)
    assert (small - shrunk).abs().mean() < 4 and (small - shrunk).abs().flatten(1).mean(1).max() < 8


def test_turned_by_a_petal_a_regular_flower_is_the_same():
    factors = draw(40)
    factors = replace(factors, uneven=torch.zeros_like(factors.uneven))
    turned = replace(factors, angle=factors.angle + math.tau / factors.petals)
    half_turned = replace(factors, angle=factors.angle + math.pi / factors.petals)
    picture = paint(factors).int()
    assert (paint(turned).int() - picture).abs().float().mean() < 0.1
    assert ((paint(half_turned).int() - picture).abs().flatten(1).float().mean(1) > 2).all()


# Reading

FACTORS = draw(250, seed=5)
PICTURES = paint(FACTORS).float() / 255
CHANGES = {"64 pixels": lambda x: x, "32 pixels": lambda x: resized(x, 32),
           "mirrored": lambda x: resized(x, 32).flip(3), "cropped": lambda x: resized(x, 36)[:, :, 1:33, 3:35],
           "blurred": lambda x: F.avg_pool2d(resized(x, 32), 3, 1, 1, count_include_pad=False)}


@pytest.mark.parametrize("change", CHANGES)
def test_factors_can_be_read_off_a_picture(change):
    """Of 3,000 pictures all petals were counted right, and hues were within 0.03; so few may differ here."""
    found = read_factors(CHANGES[change](PICTURES))
    assert found.readable.float().mean() > 0.98 and (found.petals == FACTORS.petals).float().mean() > 0.98
    assert apart(found.hue, FACTORS.hue).max() < 0.05 and (found.hue >= 0).all() and (found.hue < 1).all()
    scale = 36 / 32 if change == "cropped" else 1
    assert (found.radius / FACTORS.radius / scale - 1).abs().mean() < 0.05
    assert (found.background - FACTORS.background).abs().mean() < 0.1


def test_noise_leaves_most_flowers_readable():
    """With noise of deviation 0.1 in each of 32 x 32 pixels, of 3,000 92 % were, and 99.9 % of those right."""
    noise = torch.randn(250, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    found = read_factors((resized(PICTURES, 32) + 0.1 * noise).clamp(0, 1))
    assert found.readable.float().mean() > 0.8
    assert (found.petals == FACTORS.petals)[found.readable].float().mean() > 0.97


@pytest.mark.parametrize("size", [32, 64])
def test_where_there_is_no_flower_none_is_read(size):
    """Grey of any shade, coloured noise, fine or coarse, a disc, images that are not numbers."""
    generator = torch.Generator().manual_seed(1)
    fine, coarse = (torch.rand(60, 3, pixels, pixels, generator=generator) for pixels in (size, 6))
    grey = torch.linspace(0, 1, 9).view(9, 1, 1, 1).expand(9, 3, size, size)
    place = torch.linspace(-1, 1, size)
    disc = (torch.hypot(place, place[:, None]) < 0.6).float()
    disc = torch.stack([0.1 + 0.8 * disc, 0.4 - 0.3 * disc, 0.1 + 0 * disc])[None]
    for images in (grey, fine, resized(coarse, size), disc, grey * float("nan")):
        assert not read_factors(images).readable.any()


@pytest.mark.parametrize("shape", [(4, 1, 32, 32), (3, 32, 32)])
def test_images_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"shape \(n, 3, height, width\), not"):
        read_factors(torch.zeros(shape))
