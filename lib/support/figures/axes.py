"""Empty figures and axes to draw on, the same for all pictures.

Figures are made without pyplot: they need no display, open no window and leave no global state behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lib.support.figures.matplotlib_import import import_matplotlib

if TYPE_CHECKING:  # matplotlib takes time to import, and is imported when the first figure is made
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["new_figure", "over_epochs", "past_the_beginning", "whole_ticks"]

FEW = 5  # epochs, of which none can be spared
BEGINNING = 0.05  # of the epochs, and at least one, may lie outside of the axes
DOMINATES = 2.0  # the beginning does, if it makes the range of the values so many times as large


def new_figure(width: float, height: float) -> Figure:
    """An empty matplotlib figure; width and height in inches."""
    import_matplotlib()
    from matplotlib.figure import Figure
    return Figure(figsize=(width, height), dpi=110, layout="constrained")


def over_epochs(axes: Axes, title: str, unit: str) -> None:
    """Complete the axes of curves over the epochs: their names, whole epochs as ticks, a grid, a legend for several."""
    axes.set(title=title, xlabel="epoch", ylabel=unit)
    whole_ticks(axes)
    axes.grid(alpha=0.3)
    if len(axes.lines) > 1:
        axes.legend(fontsize=8)


def whole_ticks(axes: Axes) -> None:
    """Ticks of the horizontal axis at whole numbers only, from the first to the last that a curve has."""
    from matplotlib.ticker import MaxNLocator
    first, last = axes.dataLim.intervalx
    ticks = MaxNLocator(integer=True).tick_values(first, last)
    axes.set_xticks([tick for tick in ticks if first <= tick <= last])


def past_the_beginning(axes: Axes) -> None:
    """Choose the vertical limits by the later epochs, where those before them would flatten the curves.

    The curves leave the axes in the first epochs then, and notes beside the title say how far up or down. What stands
    out later stays within the axes.
    """
    points = np.concatenate([line.get_xydata() for line in axes.lines])
    epochs, values = points[np.isfinite(points).all(1)].T
    last = epochs.max(initial=0)
    later = epochs > max(1, BEGINNING * last)
    if last < FEW or np.ptp(values) <= DOMINATES * np.ptp(values[later]):
        return
    margin = 0.05 * np.ptp(values[later]) or 1e-3
    low, high = values[later].min() - margin, values[later].max() + margin
    axes.set_ylim(low, high)
    for number, loc, arrow in ((values.argmax(), "left", "↑"), (values.argmin(), "right", "↓")):
        if not low <= values[number] <= high:
            axes.set_title(f"{arrow} {values[number]:.3g} in epoch {epochs[number]:.0f}", loc=loc, fontsize=8)
