"""Pictures of two-dimensional densities and of the noise that is added to them. Nothing here writes a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lib.support.figures.axes import new_figure
from lib.support.figures.user_text import write

if TYPE_CHECKING:  # matplotlib takes time to import, and is imported when the first figure is made
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["data_figure", "limits", "samples_figure", "steps_figure"]

POINTS = 20_000  # more only hide each other
DATA, SAMPLES = "C0", "C1"  # colours


def data_figure(data: np.ndarray, name: str) -> Figure:
    """The points of a density. Args: data, shape (n, 2); name, of the density, which may be any text."""
    figure = new_figure(5, 5)
    axes = figure.subplots()
    _scatter(axes, data[:POINTS], limits(data))
    write(axes.title, name, instead="data", at_most=28)
    return figure


def steps_figure(steps: dict[str, np.ndarray], room: tuple[np.ndarray, np.ndarray]) -> Figure:
    """A panel for each of {title: points}, all with the same axes: those of the plane `room`, see `limits`."""
    figure = new_figure(2.6 * len(steps) + 0.6, 3.3)
    panels = figure.subplots(1, len(steps), squeeze=False, sharey=True)[0]
    for axes, (title, points) in zip(panels, steps.items(), strict=True):
        _scatter(axes, points[:POINTS], room)
        axes.set_title(title)
        axes.label_outer()
    return figure


def samples_figure(data: np.ndarray, samples: np.ndarray) -> Figure:
    """Data, samples, and both in one panel, with the same axes.

    The points of both are drawn in random order, so that neither hides the other: where there is more of one than of
    the other, its colour prevails.
    """
    figure = new_figure(13, 4.8)
    panels, room = figure.subplots(1, 3, sharey=True), limits(data)
    data, samples = data[:POINTS], samples[:POINTS]
    points, colours = np.concatenate([data, samples]), np.repeat([DATA, SAMPLES], [len(data), len(samples)])
    order = np.random.default_rng(0).permutation(len(points))
    _scatter(panels[0], data, room)
    _scatter(panels[1], samples, room, SAMPLES)
    _scatter(panels[2], points[order], room, colours[order])
    outside = ((samples < room[0]) | (samples > room[1])).any(1).mean()
    note = f"samples ({outside:.0%} of them lie outside)" if outside > 0.01 else "samples"
    for axes, title in zip(panels, ("data", note, "both"), strict=True):
        axes.set_title(title)
        axes.label_outer()
    for colour, name in ((DATA, "data"), (SAMPLES, "samples")):
        panels[2].scatter([], [], color=colour, label=name)
    panels[2].legend(loc="upper left")
    return figure


def limits(points: np.ndarray, reach: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper corner of a square plane with room around the points, and at least `reach` in each direction."""
    lower, upper = np.minimum(points.min(0), -reach), np.maximum(points.max(0), reach)
    centre, half = (lower + upper) / 2, 0.55 * (upper - lower).max()
    return centre - half, centre + half


def _scatter(axes: Axes, points: np.ndarray, room: tuple[np.ndarray, np.ndarray],
             colours: str | np.ndarray = DATA) -> None:
    """Points in a plane. Args: colours, one for all, or one for each."""
    axes.scatter(*points.T, s=1.5, c=colours, alpha=0.25, linewidths=0)
    (left, bottom), (right, top) = room
    axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
