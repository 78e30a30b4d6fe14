"""Distances between samples and data are what they are called."""

import numpy as np
import pytest

from lib.support.measures import quality

RANDOM = np.random.default_rng(0)


def test_sliced_w1_of_a_shift():
    """Points moved by d are 2/pi |d| apart, the mean of |d cos(angle)|, up to the chance of 200 directions."""
    points = RANDOM.normal(size=(300, 2))
    for shift in ([1.0, 0.0], [0.0, -2.0], [3.0, 4.0]):
        length = np.hypot(*shift)
        found = quality.sliced_wasserstein(points, points + shift, RANDOM)
        assert abs(found - 2 / np.pi * length) < 6 * 0.31 * length / 200**0.5  # 0.31: deviation of |cos| of an angle
    assert quality.sliced_wasserstein(points, points[::-1], RANDOM) < 1e-12


def test_mmd_is_the_unbiased_mean_over_pairs():
    """The same as the definition, pair by pair, without the pairs of a point with itself."""
    p, q = RANDOM.normal(size=(5, 2)), RANDOM.normal(1, 1, size=(7, 2))

    def kernel(x, y):
        return np.exp(-((x - y) ** 2).sum() / (2 * quality.WIDTH**2))

    def within(points):
        return np.mean([kernel(x, y) for i, x in enumerate(points) for j, y in enumerate(points) if i != j])
    across = np.mean([kernel(x, y) for x in p for y in q])
    assert np.isclose(quality.mmd(p, q), within(p) + within(q) - 2 * across)


@pytest.mark.parametrize(("sample", "is_outside"), [
    ((0.5, 0.5), False), ((1.09, 0.5), False), ((1.11, 0.5), True), ((0.5, -0.19), False), ((0.5, -0.21), True)])
def test_outside_is_beyond_the_box_and_its_margin(sample, is_outside):
    """The data's box with a tenth of its size on each side."""
    data = np.array([[0.0, 0.0], [1.0, 2.0]])
    assert quality.outside(np.array([sample]), data) == is_outside


def test_the_report_tells_good_from_bad(monkeypatch):
    """Samples like the data are at the floor; moved ones are above it; neither scale nor place of the data matters."""
    monkeypatch.setattr(quality, "POINTS", 400)
    monkeypatch.setattr(quality, "DRAWS", 3)
    data, samples = RANDOM.normal(size=(2000, 2)), RANDOM.normal(size=(2000, 2))
    good, moved = quality.quality_report(samples, data), quality.quality_report(samples + 5, data)
    assert list(good) == ["sliced_w1", "sliced_w1_floor", "mmd", "mmd_floor", "outside"]
    assert all(isinstance(value, float) for value in good.values())
    assert good["sliced_w1"] < 2 * good["sliced_w1_floor"] and good["outside"] < 0.05
    assert moved["sliced_w1"] > 20 * moved["sliced_w1_floor"] and moved["outside"] > 0.5
    assert moved["mmd"] > good["mmd"] + 0.02
    stretched = quality.quality_report(10 * samples - 7, 10 * data - 7)
    assert all(np.isclose(stretched[name], value) for name, value in good.items())
