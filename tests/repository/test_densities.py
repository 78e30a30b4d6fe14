"""The two-dimensional densities are what their names say."""

import math

import numpy as np
import pytest
import torch

from lib.support.data.densities import DENSITIES, ink_density
from lib.support.errors import UserError
from lib.support.figures.letters import drawn
from lib.utils import get_dataset


@pytest.mark.parametrize("name", [*DENSITIES, "text:AB"])
def test_points_are_standardised_and_repeatable(name):
    """float32 of shape (n, 2), mean 0, deviation 1, in random order; a seed repeats them, another gives others."""
    points = get_dataset(name, 3000)
    assert points.dtype == torch.float32 and points.shape == (3000, 2) and points.isfinite().all()
    assert points.mean(0).abs().max() < 1e-5
    deviation = points.std(0, unbiased=False)
    assert math.isclose(float(deviation.square().mean()), 1, rel_tol=1e-4)
    if not name.startswith("text"):
        assert torch.allclose(deviation, torch.ones(2), atol=1e-4)
    assert torch.equal(points, get_dataset(name, 3000))
    assert not torch.equal(points, get_dataset(name, 3000, seed=1))
    halves = points[:1500].mean(0) - points[1500:].mean(0)
    assert halves.abs().max() < 6 * (4 / 3000) ** 0.5  # six standard errors: training takes batches in this order


@pytest.mark.parametrize("name", ["moon", "", "text:", "text:  ", "texts:A", "Moons"])
def test_an_unknown_density_is_told_which_there_are(name):
    """The message lists all names."""
    with pytest.raises(UserError, match="moons, swiss_roll, circles, .*text:WORDS"):
        get_dataset(name, 10)


def test_holes_of_letters_are_empty():
    """An O is a ring, upright and as wide as the letter is; nothing lies in its middle."""
    ring = ink_density(drawn("O"), 4000, 0)
    centre = (ring.min(0) + ring.max(0)) / 2
    width, height = np.ptp(ring, axis=0)
    assert 0.8 < width / height < 1.3
    assert np.hypot(*((ring - centre) / (width, height)).T).min() > 0.15


def test_text_stands_upright_and_reads_from_left_to_right():
    """The bar of an L is at its foot, the full stop of "L." to its right, low down."""
    points = ink_density(drawn("L."), 4000, 0)
    lower, upper = points.min(0), points.max(0)
    relative = (points - lower) / (upper - lower)
    assert (relative[relative[:, 0] > 0.8][:, 1] < 0.3).all()
    assert relative[relative[:, 0] < 0.2][:, 1].max() > 0.95


def test_letters_keep_their_proportions():
    """A line of text is much wider than it is high, also after it has been standardised; $ is a letter like others."""
    points = get_dataset("text:LOW $ COST", 3000)
    width, height = points.max(0).values - points.min(0).values
    assert width > 3 * height


def test_text_that_cannot_be_seen():
    """A text without ink: one line."""
    with pytest.raises(UserError, match="letters"):
        drawn("\u2003")


@pytest.mark.parametrize(("words", "named"), [
    ("日本", ["'日' (U+65E5)", "'本' (U+672C)"]), ("A ไ B", ["'ไ' (U+0E44)"]), ("rose 🌷", ["'🌷' (U+1F337)"]),
    ("a\x07b", ["U+0007"]), ("a\udce9", ["U+DCE9"]), ("日日日", ["'日' (U+65E5)"])])
def test_letters_that_the_font_lacks_are_named(words, named):
    """No empty boxes in their places: one line names each of them, once."""
    with pytest.raises(UserError, match="DejaVu Sans, lacks") as caught:
        get_dataset(f"text:{words}", 10)
    message = str(caught.value)
    assert ", ".join(named) + ": " in message and "\n" not in message and all(map(str.isprintable, message))
    message.encode()


@pytest.mark.parametrize("words", ["$$", "$5_$10", "\\frac{", "Роза", "Ωμέγα", "ärger", "{x}^2", "%s", "&"])
def test_text_in_any_script_of_the_font(words):
    """Letters and signs are drawn as they are."""
    assert get_dataset(f"text:{words}", 200).isfinite().all()


def test_a_text_without_end():
    """Too many letters are refused before they are drawn."""
    with pytest.raises(UserError, match="at most 100 characters, not 1,000,000"):
        drawn("A" * 1_000_000)


def test_a_checkerboard_fills_the_dark_squares_only():
    """Eight of the sixteen squares hold an eighth of the points each."""
    cells = np.floor(DENSITIES["checkerboard"](8000, 0)).astype(int)
    dark, counts = np.unique(cells, axis=0, return_counts=True)
    assert len(dark) == 8 and len(set(map(tuple, dark % 2))) == 2 and (dark.sum(1) % 2 == 0).all()
    assert (abs(counts - 1000) < 6 * 30).all()


def test_eight_gaussians_are_eight():
    """Each lies on the circle, an eighth of a turn from the next."""
    points = DENSITIES["eight_gaussians"](4000, 0)
    turn = np.arctan2(points[:, 1], points[:, 0]) / (math.pi / 4)
    assert abs(turn - turn.round()).max() < 0.5 and len(np.unique(turn.round() % 8)) == 8
    assert abs(np.hypot(*points.T) - 1).max() < 0.5
