"""Pictures of results. Each function returns an image array or a matplotlib figure and writes nothing.

Figures are made without pyplot: they need no display, open no window and leave no global state behind.
"""

import numpy as np
import torch

__all__ = ["image_grid", "latent_plot", "loss_curves", "new_figure"]


def image_grid(images: torch.Tensor, columns: int = 8, padding: int = 1, scale: int = 2) -> np.ndarray:
    """One picture of many images, row by row.

    Args:
        images: pixels in [0, 1], shape (batch, 1 or 3, height, width).
        columns: images in a row.
        padding: pixels between them, white.
        scale: the picture is enlarged by this factor, pixel by pixel.
    Returns: uint8 array of shape (height, width, 3).
    """
    from torchvision.utils import make_grid
    grid = make_grid(images.detach().cpu().float().clamp(0, 1), nrow=columns, padding=padding, pad_value=1.0)
    enlarged = grid.repeat_interleave(scale, 1).repeat_interleave(scale, 2)
    return (enlarged * 255).round().byte().permute(1, 2, 0).numpy()


def loss_curves(history: list[dict], terms: tuple[str, ...] = ("loss", "reconstruction", "kl"),
                unit: str = "nats per image"):
    """A panel for each of `terms`, with its curve in training and in testing over the epochs.

    Args:
        history: rows with the keys "epoch", "train_<term>" and "test_<term>".
    Returns: a matplotlib figure.
    """
    figure = new_figure(4 * len(terms), 3.2)
    epochs = [row["epoch"] for row in history]
    for axes, term in zip(figure.subplots(1, len(terms), squeeze=False)[0], terms, strict=True):
        for part, style in (("train", "-"), ("test", "--")):
            axes.plot(epochs, [row[f"{part}_{term}"] for row in history], style, marker="." * (len(epochs) == 1),
                      label=part)
        axes.set(title=term, xlabel="epoch", ylabel=unit)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(alpha=0.3)
        axes.legend()
    return figure


def latent_plot(images: np.ndarray, lower, step_size, names: list[str], means: np.ndarray, deviations: np.ndarray):
    """Decoded images at their places in a latent plane, with a labelled cross for each class.

    Latent 0 runs to the right, latent 1 downwards; each image is centred on the point it was decoded from.

    Args:
        images: pixels in [0, 1], shape (columns, rows, channels, height, width): first axis latent 0, second latent 1.
        lower: the point of images[0, 0], shape (2,).
        step_size: distance of neighbouring points, shape (2,).
        names: of the classes.
        means, deviations: the centre and the arms of each class's cross, shape (classes, 2).
    Returns: a matplotlib figure.
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


def _cross(axes, centre, arms, name, colour) -> None:
    axes.errorbar(*centre, xerr=arms[0], yerr=arms[1], color=colour, marker="o", markersize=4, linewidth=2, capsize=3)
    axes.annotate(name, centre, xytext=(10, 10), textcoords="offset points", ha="center", va="center", fontsize=11,
                  color="white", weight="bold", bbox={"boxstyle": "circle,pad=0.2", "facecolor": colour, "lw": 0})


def new_figure(width: float, height: float):
    """An empty matplotlib figure of so many inches."""
    from matplotlib.figure import Figure
    return Figure(figsize=(width, height), dpi=110, layout="constrained")
