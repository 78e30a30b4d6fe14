"""Curves of training: losses and other metrics over the epochs, and noise schedules. Nothing here writes a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lib.support.figures.axes import new_figure, over_epochs, past_the_beginning, whole_ticks

if TYPE_CHECKING:  # matplotlib takes time to import, and is imported when the first figure is made
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["elbo_curves", "gan_curves", "loss_curve", "loss_curves", "schedules_figure"]

_LOSSES = {"loss_d_real": "D on real images", "loss_d_fake": "D on generated images", "loss_g": "G"}
_PROBABILITIES = {"D_x": "D(x), real images", "D_G_z1": "D(G(z)), before D's step", "D_G_z2": "D(G(z)), after it"}
_ELBO = {"elbo": "ELBO", "log_likelihood": "log-likelihood", "kl": "KL divergence"}
_VARIETY = {"diversity": "diversity, of the data's",
            "coverage": "kinds of blossoms covered", "evenness": "evenness of kinds"}


def loss_curves(history: list[dict], units: dict[str, str]) -> Figure:
    """A panel for each term, with its curve in training (where it is measured there) and in testing over the epochs.

    Args:
        history: rows with the keys "epoch", "test_<term>" and perhaps "train_<term>".
        units: {term: the name of its vertical axis}.
    """
    figure = new_figure(4 * len(units), 3.2)
    for axes, (term, unit) in zip(figure.subplots(1, len(units), squeeze=False)[0], units.items(), strict=True):
        _curve(axes, history, f"train_{term}", "train", color="C0")
        _curve(axes, history, f"test_{term}", "test", color="C1", linestyle="--")
        past_the_beginning(axes)
        over_epochs(axes, term, unit)
    return figure


def elbo_curves(history: list[dict], best: int) -> Figure:
    """The ELBO and its two terms, for training and validation images, over the epochs; the best epoch is marked.

    Args:
        history: rows with the keys "epoch" and "train_<term>", "validation_<term>" of elbo, log_likelihood and kl.
        best: the epoch whose weights are kept.
    """
    figure = new_figure(15, 3.8)
    for axes, (term, title) in zip(figure.subplots(1, len(_ELBO)), _ELBO.items(), strict=True):
        _curve(axes, history, f"train_{term}", "training images, during the epoch", color="C0")
        _curve(axes, history, f"validation_{term}", "validation images, after it", color="C1", linestyle="--")
        past_the_beginning(axes)
        axes.axvline(best, color="gray", linestyle=":", label=f"best validation ELBO, epoch {best}")
        over_epochs(axes, title, "nats per image")
    return figure


def loss_curve(history: list[dict]) -> Figure:
    """The training loss over the epochs. Args: history, rows with the keys "epoch" and "train_loss"."""
    figure = new_figure(6, 3.5)
    axes = figure.subplots()
    _curve(axes, history, "train_loss", "train")
    past_the_beginning(axes)
    over_epochs(axes, "training loss", "mean squared error")
    return figure


def gan_curves(history: list[dict]) -> Figure:
    """Losses, probabilities and variety over the epochs.

    Args:
        history: rows with the keys "epoch" and those of `lib.train_gan.METRICS`; some rows also have the variety.
    """
    figure = new_figure(14, 3.8)
    losses, probabilities, variety = figure.subplots(1, 3)
    _panel(losses, history, _LOSSES, "losses", "nats", guide=(0.693, "ln 2, for D = 1/2"))
    _panel(probabilities, history, _PROBABILITIES, "what D says", "probability of being real",
           guide=(0.5, "1/2, D cannot tell"), limits=(0, 1))
    _panel(variety, history, _VARIETY, "variety of the samples", "share", limits=(0, None))
    return figure


def schedules_figure(schedules: dict, chosen: str) -> Figure:
    """baralpha_t over t, the share of the signal's variance that is left, for each of {name: baralphas}."""
    figure = new_figure(6, 3.5)
    axes = figure.subplots()
    for name, baralphas in schedules.items():
        axes.plot(np.arange(1, len(baralphas) + 1), baralphas, "-" if name == chosen else "--",
                  label=f"{name}, ends at {float(baralphas[-1]):.2g}", marker="." * (len(baralphas) == 1))
    axes.set(xlabel="steps", ylabel=r"$\bar\alpha_t$", title="what is left of the signal's variance", ylim=(0, 1))
    whole_ticks(axes)
    axes.legend()
    axes.grid(alpha=0.3)
    return figure


def _panel(axes: Axes, history: list[dict], names: dict[str, str], title: str, unit: str,
           guide: tuple[float, str] | None = None, limits: tuple[float, float | None] | None = None) -> None:
    for key, label in names.items():
        _curve(axes, history, key, label, linewidth=1)
    if limits is None:
        past_the_beginning(axes)
    else:
        axes.set_ylim(*limits)
    if guide is not None:
        axes.axhline(guide[0], color="gray", linestyle=":", label=guide[1])
    over_epochs(axes, title, unit)


def _curve(axes: Axes, history: list[dict], key: str, label: str, **style: object) -> None:
    """One metric over the epochs that have it; a single value is a point."""
    rows = [row for row in history if key in row]
    if rows:
        axes.plot([row["epoch"] for row in rows], [row[key] for row in rows], label=label,
                  marker="." * (len(rows) == 1), **style)
