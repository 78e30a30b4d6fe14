"""Likelihoods compared: probabilities of images with 256 levels in bits per dimension, and the script's table."""

import json
import math
from pathlib import Path

import pytest
import torch

from lib.extras.image_levels import bits_per_dimension, log_probability_of_levels, measured
from lib.likelihoods import LEVELS, Bernoulli, Beta, Categorical, Gaussian
from lib.support.runs.results import Results
from tests.repository.scripts import call, enter, one_line_of


class Blind:
    """A decoder that ignores z, so that P(x) is known; q(z|x) is the prior."""

    def __init__(self, likelihood, *theta):
        self.likelihood, self._theta = likelihood, torch.tensor(theta)

    def eval(self):
        return self

    def encode(self, x):
        return torch.zeros(len(x), 2), torch.zeros(len(x), 2)

    def decode(self, z):
        return self._theta.view(1, -1, 1, 1, 1).expand(len(z), -1, 2, 3, 4)


def levels(count=7):
    pixels = torch.randint(LEVELS, (count, 2, 3, 4), generator=torch.Generator().manual_seed(0))
    return pixels.float() / (LEVELS - 1)


@pytest.mark.parametrize("bins", [2, 16, 256])
def test_where_all_levels_are_alike_a_pixel_costs_eight_bits(bins):
    """In however many bins."""
    x = levels()
    bits = bits_per_dimension(log_probability_of_levels(Blind(Categorical(bins), *[0.0] * bins), x, 3), x)
    assert torch.allclose(bits, torch.full((7,), 8.0), atol=1e-4)


def test_a_uniform_density_gives_the_width_of_each_interval():
    """Between 0 and 1 levels have intervals of 1/255, at both ends half of that."""
    x = levels()
    ends = ((x == 0) | (x == 1)).flatten(1).sum(1)
    expected = -(24 * math.log(255) + ends * math.log(2))
    assert torch.allclose(log_probability_of_levels(Blind(Beta(), 1.0, 1.0), x, 2), expected, rtol=1e-5)


def test_a_density_does_not_gain_by_being_narrow():
    """A Gaussian may have a huge density at each pixel; the probability of its level stays at most 1."""
    x = torch.zeros(2, 2, 3, 4)
    model = Blind(Gaussian(), 0.0, math.log(1e-12))
    assert (log_probability_of_levels(model, x, 4) <= 1e-6).all()
    assert measured(model, x, 4)[0]["bound"] > 0 >= -measured(model, x, 4)[0]["bits"]


def test_what_is_measured_has_standard_errors_and_reasons():
    x = levels()
    numbers, why = measured(Blind(Bernoulli(), 0.0), x, 5)
    assert numbers["elbo"] == pytest.approx(-24 * math.log(2)) == numbers["bound"] and numbers["elbo_error"] < 1e-4
    assert numbers["bits"] is None and "black and white" in why
    numbers, why = measured(Blind(Gaussian(), 0.5, 0.0), x, 5)
    values = Gaussian().log_prob(x, Blind(Gaussian(), 0.5, 0.0).decode(torch.zeros(7, 2)))
    assert numbers["elbo_error"] == pytest.approx(values.std().item() / math.sqrt(7), rel=1e-4) and not why


# The script ----------------------------------------------------------------------------------------------------------

@pytest.fixture
def here(tmp_path, monkeypatch):
    enter("compare_likelihoods", tmp_path, monkeypatch)


def test_the_table_says_what_can_be_compared(here, capsys):
    assert call("compare_likelihoods") == 0
    said = capsys.readouterr().out
    assert "no bits per dimension for bernoulli: it is a distribution of black and white images" in said
    assert "They cannot be compared between rows" in said and "s, 1 epoch\n" in said
    found = json.loads(Path("results_conv_vae/comparison/comparison.json").read_text())
    assert found["images"] == 4 and found["models"]["gaussian"]["bits"] > 0


@pytest.mark.parametrize(("other", "named"), [
    ({"dataset": "blossoms", "image_size": 8}, "blossoms"), ({"binarise": True}, "folder:pictures (black and white)")])
def test_models_of_different_images_are_not_compared(here, capsys, other, named):
    folder = Path("results_conv_vae/bernoulli_3")
    settings = Results(folder).about["settings"]
    about = Results(folder).about | {"settings": settings | other}
    (folder / "run.json").write_text(json.dumps(about))
    capsys.readouterr()
    assert call("compare_likelihoods") == 2
    assert f"gaussian on folder:pictures, bernoulli on {named}" in one_line_of(capsys)


@pytest.mark.slow
def test_what_is_missing_is_trained(here, capfd):
    """With the same images and sizes; a training that fails ends the comparison."""
    training = ["--dataset", "folder:pictures", "--image_size", "8", "--channels", "2", "--epochs", "1"]
    assert call("compare_likelihoods", "--likelihoods", "gaussian", "beta", *training) == 0
    assert "beta_3: training" in capfd.readouterr().out
    found = json.loads(Path("results_conv_vae/comparison/comparison.json").read_text())
    assert set(found["models"]) == {"gaussian", "beta"}
    assert call("compare_likelihoods", "--likelihoods", "logistic", "--dataset", "folder:nowhere") == 2
    assert "the training of logistic has ended early" in capfd.readouterr().err
