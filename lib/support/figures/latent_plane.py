"""A picture of a two-dimensional latent space: decoded images at their places, and where the classes lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lib.support.figures.axes import new_figure

if TYPE_CHECKING:  # matplotlib takes time to import, and is imported when the first figure is made
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["latent_plot"]


def latent_plot(images: np.ndarray, lower: Sequence[float], step_size: Sequence[float], names: list[str],
                means: np.ndarray, deviations: np.ndarray) -> Figure:
    """Decoded images at their places in a latent plane, with a labelled cross for each class.

    Latent 0 runs to the right, latent 1 downwards; each image is centred on the point it was decoded from.

    Args:
        images: pixels in [0, 1], shape (columns, rows, channels, height, width): first axis latent 0, second latent 1.
        lower: the point of images[0, 0], shape (2,).
        step_size: distance of neighbouring points, shape (2,).
        names: of the classes.
        means, deviations: the centre and the arms of each class's cross, shape (classes, 2).
    """
    columns, rows, channels, height, width = images.shape
    plane = images.transpose(1, 3, 0, 4, 2).reshape(rows * height, columns * width, channels)
    left, top = np.asarray(lower) - np.asarray(step_size) / 2
    right, bottom = left + columns * step_size[0], top + rows * step_size[1]

    figure = new_figure(9, 9 * rows * height / (columns * width))
    axes = figure.subplots()
    axes.imshow(plane.squeeze().clip(0, 1), cmap="gray", vmin=0, vmax=1, extent=(left, right, bottom, top),
                aspect=(rows * height * (right - left)) / (columns * width * (bottom - top)))
    for number, name in enumerate(names):
        _cross(axes, means[number], deviations[number], name, f"C{number % 10}")
    axes.set(xlabel="latent 0", ylabel="latent 1", xlim=(left, right), ylim=(bottom, top))
    return figure


def _cross(axes: Axes, centre: np.ndarray, arms: np.ndarray, name: str, colour: str) -> None:
    axes.errorbar(*centre, xerr=arms[0], yerr=arms[1], color=colour, marker="o", markersize=4, linewidth=2, capsize=3)
    axes.annotate(name, centre, xytext=(10, 10), textcoords="offset points", ha="center", va="center", fontsize=11,
                  color="white", weight="bold", bbox={"boxstyle": "circle,pad=0.2", "facecolor": colour, "lw": 0})
