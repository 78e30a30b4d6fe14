"""Pictures show what they should, at the right places."""

import numpy as np
import torch

from lib.support.figures.curves import loss_curves
from lib.support.figures.grids import image_grid
from lib.support.figures.latent_plane import latent_plot


def test_an_image_grid_has_each_image_at_its_place():
    """Row by row, with white lines between, enlarged pixel by pixel."""
    images = torch.linspace(0, 1, 6).view(6, 1, 1, 1).expand(6, 1, 2, 3)
    grid = image_grid(images, columns=3, padding=1, scale=2)
    assert grid.dtype == np.uint8 and grid.shape == (2 * (2 * 2 + 3), 2 * (3 * 3 + 4), 3)
    for number in range(6):
        row, column = divmod(number, 3)
        block = grid[2 + row * 6:6 + row * 6, 2 + column * 8:8 + column * 8]
        assert (block == round(255 * number / 5)).all()
    assert (grid[:2] == 255).all() and (grid[:, :2] == 255).all()


def test_colours_keep_their_channels():
    """A red image stays red."""
    red = torch.zeros(1, 3, 2, 2)
    red[:, 0] = 1
    assert image_grid(red, columns=1, padding=0, scale=1).tolist() == [[[255, 0, 0]] * 2] * 2


def test_the_latent_plot_has_images_and_crosses_at_the_right_places():
    """Each image is centred on its latent point, latent 0 to the right, latent 1 downwards, up to the far edge."""
    columns, rows, lower, step = 4, 3, (-1.0, 2.0), (0.5, 0.25)
    images = np.zeros((columns, rows, 1, 5, 7), dtype=np.float32)
    images[:] = (np.arange(columns)[:, None] / 8 + np.arange(rows) / 4)[..., None, None, None]
    upper = (-1.0 + 3 * 0.5, 2.0 + 2 * 0.25)
    axes = latent_plot(images, lower, step, ["first", "last"], np.array([lower, upper]), np.full((2, 2), 0.1)).axes[0]
    plane = axes.images[0].get_array()
    left, right, bottom, top = axes.images[0].get_extent()
    assert plane.shape == (rows * 5, columns * 7) and bottom > top
    for column in range(columns):
        for row in range(rows):
            x, y = lower[0] + column * step[0], lower[1] + row * step[1]
            pixel = plane[int((y - top) / (bottom - top) * rows * 5), int((x - left) / (right - left) * columns * 7)]
            assert np.isclose(pixel, column / 8 + row / 4)
    assert [text.get_text() for text in axes.texts] == ["first", "last"]
    assert [tuple(text.xy) for text in axes.texts] == [lower, upper]
    assert axes.get_xlim() == (left, right) and axes.get_ylim() == (bottom, top)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("latent 0", "latent 1")


def test_loss_curves_show_training_and_test():
    """A panel for each term, with both curves over all epochs."""
    history = [{"epoch": epoch, **{f"{part}_{term}": float(epoch) for part in ("train", "test")
                                   for term in ("loss", "reconstruction", "kl")}} for epoch in (1, 2, 3)]
    panels = loss_curves(history).axes
    assert [panel.get_title() for panel in panels] == ["loss", "reconstruction", "kl"]
    for panel in panels:
        assert [line.get_label() for line in panel.lines] == ["train", "test"]
        assert all(line.get_xdata().tolist() == [1, 2, 3] for line in map(_as_arrays, panel.lines))


def _as_arrays(line):
    line.set_xdata(np.asarray(line.get_xdata()))
    return line
