"""A picture of where images lie in a plane of the latent space: a point for each image, a colour for each class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.support.figures.axes import new_figure
from lib.support.figures.latent_plane import class_style
from lib.support.figures.user_text import write

if TYPE_CHECKING:  # matplotlib takes time to import, and is imported when the first figure is made
    import numpy as np
    from matplotlib.figure import Figure

__all__ = ["latent_scatter"]

ROWS = 20  # of a column of the legend


def latent_scatter(points: np.ndarray, labels: np.ndarray, names: list[str], axis_names: tuple[str, str]) -> Figure:
    """Points of a plane in the colours of their classes, on axes of equal scale.

    Args:
        points: shape (N, 2); the first coordinate runs to the right, the second upwards.
        labels: the class of each point, shape (N,).
        names: of all classes; in place of one that no installed font can show stands its number.
        axis_names: of the two coordinates.
    """
    figure = new_figure(8, 7)
    axes = figure.subplots()
    present = [number for number in range(len(names)) if (labels == number).any()]
    for number in present:
        colour, marker = class_style(number)
        across, up = points[labels == number].T
        axes.scatter(across, up, s=22, color=colour, marker=marker, edgecolors="black", linewidths=0.3,
                     label=str(number))
    axes.set(xlabel=axis_names[0], ylabel=axis_names[1])
    axes.set_aspect("equal", adjustable="datalim")
    axes.grid(alpha=0.3)
    axes.set_axisbelow(True)
    legend = figure.legend(loc="outside right upper", ncols=-(-len(present) // ROWS), frameon=False, markerscale=1.5)
    for text, number in zip(legend.get_texts(), present, strict=True):
        write(text, names[number], instead=str(number))
    return figure
