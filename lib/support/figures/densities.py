"""Pictures of two-dimensional densities and of the noise that is added to them. Nothing here writes a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lib.support.figures.axes import new_figure

if TYPE_CHECKING:  # matplotlib takes time to import, and is imported when the first figure is made
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["data_figure", "limits", "noised_figure", "samples_figure"]

POINTS = 20_000  # more only hide each other


def data_figure(data: np.ndarray, title: str) -> Figure:
    """The points of a density. Args: data, shape (n, 2)."""
    figure = new_figure(5, 5)
    _scatter(figure.subplots(), data, limits(data), title)
    return figure


def noised_figure(noised: dict[str, np.ndarray], room: tuple[np.ndarray, np.ndarray]) -> Figure:
    """A panel for each of {title: points}, all with the same axes: those of the plane `room`, see `limits`."""
    figure = new_figure(2.6 * len(noised), 2.9)
    for axes, (title, points) in zip(figure.subplots(1, len(noised), squeeze=False)[0], noised.items(), strict=True):
        _scatter(axes, points, room, title)
    return figure


def samples_figure(data: np.ndarray, samples: np.ndarray, title: str) -> Figure:
    """Data, samples, and both in one panel, with the same axes."""
    figure = new_figure(13, 4.6)
    panels, room = figure.subplots(1, 3), limits(data)
    _scatter(panels[0], data, room, "data")
    _scatter(panels[1], samples, room, "samples", colour="C1")
    _scatter(panels[2], data, room, title)
    _scatter(panels[2], samples, room, title, colour="C1")
    return figure


def limits(points: np.ndarray, reach: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper corner of a square plane with room around the points, and at least `reach` in each direction."""
    lower, upper = np.minimum(points.min(0), -reach), np.maximum(points.max(0), reach)
    centre, half = (lower + upper) / 2, 0.55 * (upper - lower).max()
    return centre - half, centre + half


def _scatter(axes: Axes, points: np.ndarray, room: tuple[np.ndarray, np.ndarray], title: str,
             colour: str = "C0") -> None:
    points = points[:POINTS]
    axes.scatter(*points.T, s=1.5, color=colour, alpha=0.25, linewidths=0)
    (left, bottom), (right, top) = room
    axes.set(title=title, xlim=(left, right), ylim=(bottom, top), aspect="equal")
