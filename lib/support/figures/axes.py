"""Empty figures and axes to draw on, the same for all pictures.

Figures are made without pyplot: they need no display, open no window and leave no global state behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.support.matplotlib_import import import_matplotlib

if TYPE_CHECKING:  # matplotlib takes time to import, and is imported when the first figure is made
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["new_figure", "over_epochs"]


def new_figure(width: float, height: float) -> Figure:
    """An empty matplotlib figure; width and height in inches."""
    import_matplotlib()
    from matplotlib.figure import Figure
    return Figure(figsize=(width, height), dpi=110, layout="constrained")


def over_epochs(axes: Axes, title: str, unit: str) -> None:
    """Complete the axes of curves over the epochs: their names, whole epochs as ticks, a grid, a legend for several."""
    from matplotlib.ticker import MaxNLocator
    axes.set(title=title, xlabel="epoch", ylabel=unit)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(alpha=0.3)
    if len(axes.lines) > 1:
        axes.legend(fontsize=8)
