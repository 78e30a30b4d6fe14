"""Likelihoods side by side: what their models make of the same images, and how many bits these cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.support.figures.axes import new_figure
from lib.support.figures.grids import image_grid

if TYPE_CHECKING:  # scripts import this module before they know whether torch is needed
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from torch import Tensor

__all__ = ["Compared", "comparison_figure", "comparison_table"]

_HEADINGS = ("reconstruction: the mean of p(x|z)", "drawn from p(x|z)", "sample: z from the prior, then x")


@dataclass(frozen=True)
class Compared:
    """One model.

    Args:
        name: of its likelihood.
        numbers: elbo, elbo_error, bound and bound_error in nats per image, bits and bits_error in bits per dimension
            (None where there is no such number), seconds and epochs of the training.
        why: why it has no bits, or "".
        means, drawn, samples: images, each of shape (N, channels, height, width).
    """
    name: str
    numbers: dict[str, float | None]
    why: str
    means: Tensor
    drawn: Tensor
    samples: Tensor


def comparison_figure(models: list[Compared], images: Tensor, others: Tensor) -> Figure:
    """A row for each model, the best first: images, and bits per dimension as a bar; real images on top.

    Args:
        images: those that are reconstructed.
        others: as many real images, above those that are sampled.
    """
    models = sorted(models, key=lambda model: (model.numbers["bits"] is None, model.numbers["bits"]))
    figure = new_figure(15, 0.75 * (len(models) + 1) + 0.6)
    panels = figure.subplots(len(models) + 1, 4, width_ratios=[1, 1, 1, 0.7])
    for axes in panels.flat:
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    for axes, heading in zip(panels[0], _HEADINGS, strict=False):
        axes.set_title(heading, fontsize=10)
    panels[1, 3].set_title("bits per dimension: less is better", fontsize=10)
    for axes, real, name in zip(panels[0], (images, images, others), ("test images", "", ""), strict=False):
        _strip(axes, real, name)
    largest = max((model.numbers["bits"] or 0 for model in models), default=0)
    for row, model in zip(panels[1:], models, strict=True):
        for axes, shown in zip(row, (model.means, model.drawn, model.samples), strict=False):
            _strip(axes, shown)
        row[0].set_ylabel(model.name.replace("_", "\n"), rotation=0, ha="right", va="center")
        _bar(row[3], model, largest)
    return figure


def comparison_table(models: list[Compared]) -> str:
    """A line for each model, and one for each that has no bits per dimension."""
    width = max(len(model.name) for model in models)
    lines = [f"{'':{width}}  {'ELBO':>16}  {'ln p(x), bound':>16}  {'bits per dimension':>18}  {'trained':>18}"]
    for model in models:
        seen = model.numbers
        bits = "none" if seen["bits"] is None else _with_error(seen["bits"], seen["bits_error"], 3)
        trained = f"{seen['seconds']:,.0f} s, {seen['epochs']} epoch{'s' * (seen['epochs'] != 1)}"
        lines.append(f"{model.name:{width}}  {_with_error(seen['elbo'], seen['elbo_error'], 1):>16}  "
                     f"{_with_error(seen['bound'], seen['bound_error'], 1):>16}  {bits:>18}  {trained:>18}")
    return "\n".join(lines + [f"no bits per dimension for {model.name}: {model.why}" for model in models if model.why])


def _with_error(value: float, error: float, digits: int) -> str:
    return f"{value:.{digits}f} ± {error:.{digits}f}"


def _strip(axes: Axes, images: Tensor, name: str = "") -> None:
    axes.imshow(image_grid(images, columns=len(images), padding=1, scale=2), aspect="equal", interpolation="none")
    axes.set_ylabel(name, rotation=0, ha="right", va="center")


def _bar(axes: Axes, model: Compared, largest: float) -> None:
    """The bits as a bar with their number, or why there are none."""
    bits = model.numbers["bits"]
    axes.set(xlim=(0, 1.35 * largest or 1), ylim=(-1, 1))
    if bits is None:
        axes.text(0, 0, "none: no probability of grey images", va="center", fontsize=9)
        return
    axes.barh(0, bits, height=0.9, color="C0")
    axes.text(bits, 0, f" {bits:.2f}", va="center")
