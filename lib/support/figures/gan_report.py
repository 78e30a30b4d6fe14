"""The report of a GAN's training: training images, samples, a video of how they came about, curves."""

from collections.abc import Iterable

import imageio.v2
import numpy as np
from torch import Tensor

from lib.support.figures.curves import gan_curves
from lib.support.figures.grids import batch_images_to_numpy, image_grid
from lib.support.figures.video import captioned, save_video
from lib.support.runs.run import Run

__all__ = ["GanReport"]

SHOWN = 64  # samples in a picture


class GanReport:
    """Writes what a run shows into its folder. Args: run, which is open."""

    def __init__(self, run: Run):
        self._run = run

    def before_training(self, loader: Iterable) -> None:
        """A picture of training images as the networks see them; the loader's generator stays as it is."""
        before = loader.generator.get_state()
        images, _ = next(iter(loader))
        loader.generator.set_state(before)
        self._run.save_image("training_images.png", (batch_images_to_numpy(images) * 255).round().astype(np.uint8))

    def save_samples(self, epoch: int, images: Tensor) -> None:
        """A picture of the samples after an epoch. Args: images, in [0, 1], (n, channels, height, width)."""
        self._run.save_image(_picture(epoch), image_grid(images[:SHOWN], columns=8, padding=0))

    def after_training(self) -> None:
        """The curves, and the video of the samples.

        Raises: UserError if the video cannot be made.
        """
        self._run.save_figure("losses.png", gan_curves(self._run.history))
        epochs = [row["epoch"] for row in self._looks()]
        if epochs:
            save_video(self._run, "training.mp4", (captioned(imageio.v2.imread(self._run.folder / _picture(epoch)),
                                                             f"epoch {epoch}") for epoch in epochs), len(epochs))

    def in_words(self) -> str:
        """One line on the last generated images, and where to look."""
        if not self._looks():  # a run that was stopped before the first look, and resumed with fewer epochs
            return f"{self._run.folder}: see losses.png"
        row = self._looks()[-1]
        coverage = f", and cover {row['coverage']:.0%} of the kinds of blossoms" if "coverage" in row else ""
        return (f"{self._run.folder}: the samples are {row['diversity']:.2f} times as diverse as the data{coverage}; "
                f"see {_picture(row['epoch'])}, training.mp4, losses.png")

    def _looks(self) -> list[dict]:
        """The rows of the epochs after which samples were looked at."""
        return [row for row in self._run.history if "diversity" in row]


def _picture(epoch: int) -> str:
    return f"samples_{epoch:04}.png"
