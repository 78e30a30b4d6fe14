"""A picture of a two-dimensional latent space: decoded images at their places, and where the classes lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lib.support.figures.axes import new_figure
from lib.support.figures.user_text import write

if TYPE_CHECKING:  # matplotlib takes time to import, and is imported when the first figure is made
    from matplotlib.axes import Axes
    from matplotlib.container import ErrorbarContainer
    from matplotlib.figure import Figure

__all__ = ["class_style", "latent_plot"]

# Okabe and Ito's colours, without black, and three more: all differ from each other and from grey also to the
# colour-blind.
COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#9900FF", "#00FF99", "#9977FF")
MARKERS = "osD^v"
EXPLANATION = r"a class: mean $\mu$ (centre) and mean $\sigma$ (arms) of $q(z|x)$"


def class_style(number: int) -> tuple[str, str]:
    """Colour and marker of a class; ten colours for the first ten, and for the next ten another marker, up to 50."""
    return COLOURS[number % len(COLOURS)], MARKERS[number // len(COLOURS) % len(MARKERS)]


def latent_plot(images: np.ndarray, lower: Sequence[float], step_size: Sequence[float], names: list[str],
                means: np.ndarray, deviations: np.ndarray) -> Figure:
    """Decoded images at their places in a latent plane, with a labelled cross for each class.

    Latent 0 runs to the right, latent 1 downwards; each image is centred on the point it was decoded from.

    Args:
        images: pixels in [0, 1], shape (columns, rows, channels, height, width): first axis latent 0, second latent 1.
        lower: the point of images[0, 0], shape (2,).
        step_size: distance of neighbouring points, shape (2,).
        names: of the classes; in place of one that no installed font can show stands its number.
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
    for draw, first, step, count in ((axes.axvline, left, step_size[0], columns),
                                     (axes.axhline, top, step_size[1], rows)):
        for number in range(1, count):  # without lines between them, digits on black join to chains
            draw(first + number * step, color="0.4", linewidth=0.6)
    crosses = [_cross(axes, means[number], deviations[number], number) for number in range(len(names))]
    for number, angle in enumerate(_directions(means / step_size)):
        _label(axes, means[number], names[number], number, angle)
    axes.set(xlabel="latent 0", ylabel="latent 1", xlim=(left, right), ylim=(bottom, top))
    figure.legend(crosses[:1], [EXPLANATION], loc="outside upper center", frameon=False)
    return figure


def _cross(axes: Axes, centre: np.ndarray, arms: np.ndarray, number: int) -> ErrorbarContainer:
    """The cross of a class, with a white edge, so that it stands out from dark and light images."""
    from matplotlib.patheffects import withStroke
    colour, marker = class_style(number)
    cross = axes.errorbar(*centre, xerr=arms[0], yerr=arms[1], color=colour, marker=marker, markersize=7, linewidth=2,
                          markeredgecolor="white")
    for lines in cross.lines[2]:
        lines.set_path_effects([withStroke(linewidth=4, foreground="white")])
    return cross


def _directions(centres: np.ndarray) -> np.ndarray:
    """An angle for the label of each class, in their order around the middle; no two are alike.

    Where classes coincide, as in a collapsed posterior, their labels form a ring.
    """
    across, down = (centres - centres.mean(0)).T
    return 2 * math.pi * np.arctan2(down, across).argsort().argsort() / len(centres)


def _label(axes: Axes, centre: np.ndarray, name: str, number: int, angle: float) -> None:
    """The name of a class beside its centre, in the direction of `angle`, clockwise from the left."""
    colour, _ = class_style(number)
    right, up = -24 * math.cos(angle), 24 * math.sin(angle)
    side = "center" if abs(right) < 8 else "left" if right > 0 else "right"  # a long name grows away from the centre
    label = axes.annotate("", centre, xytext=(right, up), textcoords="offset points",
                          ha=side, va="center", fontsize=11, weight="bold", color="black",
                          bbox={"boxstyle": "round,pad=0.25", "facecolor": colour, "edgecolor": "white"},
                          arrowprops={"arrowstyle": "-", "color": "white"})
    write(label, name, instead=str(number))
