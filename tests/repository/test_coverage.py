"""Variety of samples: which modes of the blossoms they cover, and how diverse they are."""

import math
from dataclasses import replace

import pytest
import torch

from lib.support.data.blossoms import COLOURS, PETALS, draw_factors, paint
from lib.support.errors import UserError
from lib.support.measures import coverage
from lib.support.measures.coverage import diversity, mode_coverage, mode_of


def images(n, seed=0, **fixed):
    """n small blossoms, some of whose factors are given."""
    factors = replace(draw_factors(n, torch.Generator().manual_seed(seed)), **fixed)
    return paint(factors, 32).float() / 255


@pytest.fixture(scope="module")
def data():
    return images(500)


# Modes

def test_every_combination_of_petals_and_colour_is_a_mode():
    petals = torch.tensor(PETALS).repeat_interleave(len(COLOURS))
    hue = torch.tensor(list(COLOURS.values())).repeat(len(PETALS))
    assert mode_of(images(30, petals=petals, hue=hue)).tolist() == list(range(30))


def test_data_cover_all_modes_evenly(data):
    """A mode holds less than a third of its share with probability 0.0008; one of the thirty may be missing."""
    found = mode_coverage(data)
    assert found["coverage"] > 0.95 and 0.97 < found["evenness"] <= 1 and found["readable"] > 0.98
    assert all(type(value) is float for value in found.values())


def test_one_mode_is_one_of_thirty():
    found = mode_coverage(images(200, petals=torch.full((200,), 5), hue=torch.full((200,), 0.87)))
    assert found["coverage"] == pytest.approx(1 / 30, rel=0.1) and found["evenness"] < 0.05 and found["readable"] > 0.9


def test_where_nothing_is_readable_nothing_is_covered():
    noise = torch.rand(50, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    assert mode_coverage(noise) == {"coverage": 0, "evenness": 0, "readable": 0}


@pytest.mark.parametrize("modes, expected", [
    (list(range(30)) * 10, (1, 1, 1)),
    (list(range(15)) * 20, (0.5, math.log(15) / math.log(30), 1)),
    ([*range(15)] * 10 + [-1] * 150, (0.5, math.log(15) / math.log(30), 0.5)),
    ([0] * 293 + [1] * 4 + [2] * 3, (2 / 30, None, 1))], ids=["all", "half", "half unreadable", "at the threshold"])
def test_coverage_and_evenness_are_their_formulas(monkeypatch, modes, expected):
    """Of 300 samples a mode needs four; data have that many of each but for one time in a hundred, which is made up."""
    monkeypatch.setattr(coverage, "mode_of", lambda images: torch.tensor(modes))
    found = mode_coverage(torch.zeros(300, 3, 1, 1))
    fewer = sum(math.comb(300, k) * (1 / 30)**k * (29 / 30)**(300 - k) for k in range(4))
    assert found["coverage"] == pytest.approx(min(1, expected[0] / (1 - fewer)))
    assert expected[1] is None or found["evenness"] == pytest.approx(expected[1])
    assert found["readable"] == expected[2]


def test_few_samples_are_compared_with_as_few_of_the_data(monkeypatch):
    """Of six samples of the data, all of different modes, nothing is missing; nor of many, all different."""
    monkeypatch.setattr(coverage, "mode_of", lambda images: torch.arange(len(images)) % 30)
    for n in (1, 6, 3000):
        assert mode_coverage(torch.zeros(n, 3, 1, 1))["coverage"] == pytest.approx(1)


# Diversity

def test_diversity_is_the_root_mean_square_distance_of_pairs(data):
    """The same as the definition, over all pairs."""
    samples = data[:40] * 0.5

    def distance(part):
        return torch.pdist(part.flatten(1).double()).square().mean().sqrt()
    assert diversity(samples, data[40:90]) == pytest.approx(float(distance(samples) / distance(data[40:90])), rel=1e-4)


def test_data_are_as_diverse_as_data_and_one_picture_is_not_at_all(data):
    """The deviation between sets of 250 is about 0.015."""
    assert diversity(data[:250], data[250:]) == pytest.approx(1, abs=0.1)
    assert diversity(data[:1].repeat(50, 1, 1, 1), data) < 1e-3
    assert diversity(data.bfloat16(), data) == pytest.approx(1, abs=0.01)


def test_what_has_no_variety_is_refused(data):
    with pytest.raises(ValueError, match="2 or more images are needed to measure their variety, not 1"):
        diversity(data[:1], data)
    with pytest.raises(ValueError, match="1 or more images .* not 0"):
        mode_coverage(data[:0])
    with pytest.raises(ValueError, match=r"\(1, 28, 28\) cannot be compared with data of shape \(3, 32, 32\)"):
        diversity(torch.zeros(5, 1, 28, 28), data)


def test_nothing_is_more_diverse_than_data_that_are_all_alike(data):
    """No huge number, but one line that a script passes on."""
    with pytest.raises(UserError, match="the 50 images of the data .* are all alike"):
        diversity(data, data[:1].repeat(50, 1, 1, 1))
