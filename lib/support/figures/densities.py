"""Pictures of two-dimensional densities and of the noise that is added to them. Nothing here writes a file."""

import numpy as np

from lib.support.figures.grids import new_figure

__all__ = ["data_figure", "limits", "loss_curve", "noised_figure", "samples_figure", "schedules_figure"]

POINTS = 20_000  # more only hide each other


def data_figure(data: np.ndarray, title: str):
    """The points of a density. Args: data, shape (n, 2)."""
    figure = new_figure(5, 5)
    _scatter(figure.subplots(), data, limits(data), title)
    return figure


def schedules_figure(schedules: dict, chosen: str):
    """baralpha_t over t, the share of the signal's variance that is left, for each of {name: baralphas}."""
    figure = new_figure(6, 3.5)
    axes = figure.subplots()
    for name, baralphas in schedules.items():
        axes.plot(np.arange(1, len(baralphas) + 1), baralphas, "-" if name == chosen else "--",
                  label=f"{name}, ends at {float(baralphas[-1]):.2g}")
    axes.set(xlabel="steps", ylabel=r"$\bar\alpha_t$", title="what is left of the signal's variance", ylim=(0, 1))
    axes.legend()
    axes.grid(alpha=0.3)
    return figure


def noised_figure(noised: dict[str, np.ndarray], room: tuple[np.ndarray, np.ndarray]):
    """A panel for each of {title: points}, all with the same axes: those of the plane `room`, see `limits`."""
    figure = new_figure(2.6 * len(noised), 2.9)
    for axes, (title, points) in zip(figure.subplots(1, len(noised), squeeze=False)[0], noised.items(), strict=True):
        _scatter(axes, points, room, title)
    return figure


def loss_curve(history: list[dict]):
    """The training loss over the epochs."""
    figure = new_figure(6, 3.5)
    axes = figure.subplots()
    axes.plot([row["epoch"] for row in history], [row["train_loss"] for row in history])
    axes.set(xlabel="epoch", ylabel="mean squared error", title="training loss")
    axes.grid(alpha=0.3)
    return figure


def samples_figure(data: np.ndarray, samples: np.ndarray, title: str):
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


def _scatter(axes, points, room, title, colour="C0"):
    points = points[:POINTS]
    axes.scatter(*points.T, s=1.5, color=colour, alpha=0.25, linewidths=0)
    (left, bottom), (right, top) = room
    axes.set(title=title, xlim=(left, right), ylim=(bottom, top), aspect="equal")
