"""The report on a code space: images decoded from codes drawn in several ways, and how far they are from real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from lib.support.figures.axes import new_figure
from lib.support.figures.grids import image_grid, labelled_rows
from lib.support.measures.distances import Distances
from lib.support.runs.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CodeReport", "apart", "codes_figure", "distances_figure"]

GRID, COLUMNS = 64, 12  # images of a picture of its own, and of a row where all are side by side
SHOWN = 2_000  # points of each scatter plot
REAL, RECONSTRUCTED = "test images", "reconstructions"


class CodeReport:
    """Writes what codes drawn at random come to into a results folder.

    Args:
        results: the folder.
        codes: of all training images, shape (N, latent_size).
        distances: measures each set of images.
    """

    def __init__(self, results: Results, codes: Tensor, distances: Distances):
        self._results, self._codes, self._distances = results, codes, distances
        self._images = {REAL: distances.others}
        self._found = {REAL: distances.of(distances.others)}
        self._drawn: dict[str, Tensor] = {}

    def add_reconstructions(self, images: Tensor) -> None:
        """What `distances.others` are reconstructed to, for comparison."""
        self._images[RECONSTRUCTED], self._found[RECONSTRUCTED] = images, self._distances.of(images)

    def add(self, way: str, images: Tensor, drawn: Tensor) -> None:
        """Images decoded from codes drawn in one way: a picture, and their distances."""
        self._drawn[way], self._images[way] = drawn, images
        self._found[way] = self._distances.of(images)
        self._results.save_image(f"codes_{way}.png", image_grid(images[:GRID]))

    def write(self) -> str:
        """All ways side by side: codes.png, code_space.png, distances.png, codes.json.

        Returns: the distances as a table.
        """
        self._results.save_image("codes.png", labelled_rows([(name, images[:COLUMNS]) for name, images
                                                            in self._images.items()]))
        self._results.save_figure("code_space.png", codes_figure(self._codes, self._drawn))
        self._results.save_figure("distances.png", distances_figure(self._found))
        self._results.save_json("codes.json", {"images": self._distances.count, "distances": self._found})
        return _table(self._found)


def _table(found: dict[str, dict[str, float]]) -> str:
    width = max(map(len, found))
    rows = [f"{'':{width}}  Fréchet distance to real images  distance to the nearest training image"]
    rows += [f"{name:{width}}  {row['frechet']:31.2f}  {row['nearest']:38.2f}" for name, row in _sorted(found).items()]
    return "\n".join(rows)


def distances_figure(found: dict[str, dict[str, float]]) -> Figure:
    """Two bar charts, one for each distance; the real images and their reconstructions in another colour."""
    figure = new_figure(11, 0.9 + 0.42 * len(found))
    found = dict(reversed(_sorted(found).items()))
    colours = ["C7" if name in (REAL, RECONSTRUCTED) else "C0" for name in found]
    left, right = figure.subplots(1, 2, sharey=True)
    for axes, key, title in ((left, "frechet", "Fréchet distance to real images (logarithmic): less is better"),
                             (right, "nearest", "distance to the nearest training image: good is that of test images")):
        values = [row[key] for row in found.values()]
        bars = axes.barh(list(found), values, color=colours)
        axes.bar_label(bars, [f"{value:.3g}" for value in values], padding=3, fontsize=9)
        axes.set_title(title, fontsize=10)
        axes.margins(x=0.15)
    if min(row["frechet"] for row in found.values()) > 0:
        left.set_xscale("log")
    return figure


def codes_figure(codes: Tensor, drawn: dict[str, Tensor]) -> Figure:
    """Where the training codes lie, and where those drawn in each way, in the two dimensions that depend most on each
    other.

    Args: codes, shape (N, latent_size); drawn, {way: codes}.
    """
    first, second = _most_dependent(codes)
    columns = min(4, len(drawn))
    rows = -(-len(drawn) // columns)
    figure = new_figure(3 * columns, 3.1 * rows)
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).flatten()
    for axes, (name, some) in zip(grid, drawn.items(), strict=False):
        for points, colour, label in ((codes, "0.6", "training codes"), (some, "C3", "drawn")):
            points = points[torch.linspace(0, len(points) - 1, min(SHOWN, len(points))).long()]
            axes.scatter(points[:, first], points[:, second], s=3, color=colour, label=label, linewidths=0, alpha=0.6)
        axes.set_title(name, fontsize=10)
    for place, axes in enumerate(grid[len(drawn):], len(drawn)):
        grid[place - columns].tick_params(labelbottom=True)
        axes.remove()
    figure.supxlabel(f"latent dimension {first} (it and {second} are the two with the strongest correlation)")
    figure.supylabel(f"latent dimension {second}")
    handles, labels = grid[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=2, markerscale=4, frameon=False)
    return figure


def apart(images: Tensor) -> Tensor:
    """A strip of images with a blank between each of its ends, the originals, and what is decoded in between."""
    blank = torch.ones_like(images[:1])
    return torch.cat([images[:1], blank, images[1:-1], blank, images[-1:]])


def _sorted(found: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    return dict(sorted(found.items(), key=lambda item: item[1]["frechet"]))


def _most_dependent(codes: Tensor) -> tuple[int, int]:
    """The two dimensions with the strongest correlation; of a single dimension, itself twice."""
    if codes.shape[1] == 1:
        return 0, 0
    correlation = torch.corrcoef(codes.T).abs().nan_to_num().triu(1)
    return divmod(int(correlation.argmax()), codes.shape[1]) if correlation.max() > 0 else (0, 1)
