"""The report of a run on a two-dimensional density: pictures, two videos, and how far samples are from data."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from lib.support.errors import UserError
from lib.support.figures.curves import loss_curve
from lib.support.figures.densities import data_figure, limits, samples_figure, steps_figure
from lib.support.figures.density_frames import DensityFrames
from lib.support.figures.video import evenly_spread, save_video
from lib.support.measures.quality import quality_report
from lib.support.runs.run import Run

__all__ = ["DensityReport"]

FRAMES = 100  # of each video, besides the first
REACH = 3.2  # of the axes, in which nearly all noise lies
SIDE_BY_SIDE = (0, 0.1, 0.2, 0.4, 0.7, 1)  # times shown in pictures, as shares of T
DIVERGED = 10  # a training loss that no network has whose weights are of a sensible size


class DensityReport:
    """Writes what a run shows into its folder.

    Args:
        run: the run, which is open.
        method: has `T`, `sampling_steps` and `noised(x_0, time)`, see `lib.extras.diffusion`.
        data: points of the density, shape (n, 2), on the method's device.
        name: of the data set, in the names of files.
        seed: of the noise in noised data, which is the same at all times, so that each point moves on a smooth path.
    """

    def __init__(self, run: Run, method: Any, data: Tensor, name: str, seed: int):
        self._run, self._method, self._data, self._name, self._seed = run, method, data, name, seed
        self._points = data.cpu().numpy()
        self._room = limits(self._points, REACH)

    def before_training(self, title: str) -> None:
        """Pictures of the data, and of the data with more and more noise. Args: title, of the data, any text."""
        self._run.save_figure("data.png", data_figure(self._points, title))
        noised = dict(self._noised(int(self._method.T * share) for share in SIDE_BY_SIDE))
        self._run.save_figure("noised_data.png", steps_figure(noised, self._room))

    def after_training(self, states: Iterable[tuple[float, Tensor]]) -> dict[str, float]:
        """The samples, pictures, both videos, and the measures of quality, which join the metrics.

        Args: states, (time, x) from noise to samples, as `sample` of a method yields them.
        Returns: see `lib.support.measures.quality.quality_report`.
        Raises: UserError if samples are not finite, or a video cannot be made.
        """
        frames = list(self._shown(states))
        if not np.isfinite(frames[-1][1]).all():
            raise UserError(f"some samples are infinite or NaN: {self._cause()}")
        chosen = (frames[round((1 - share) * (len(frames) - 1))] for share in reversed(SIDE_BY_SIDE))
        self._run.save_figure("generation.png", steps_figure(dict(chosen), self._room))
        quality = self._save_samples(frames[-1][1])
        self._save_videos(frames)
        return quality

    def in_words(self, quality: dict[str, float]) -> str:
        """One line on the samples, and where to look."""
        return (f"{self._run.folder}: sliced W1 to the data {quality['sliced_w1']:.4f}, between data "
                f"{quality['sliced_w1_floor']:.4f}, samples outside {quality['outside']:.2%}; see "
                f"generated_samples.png, {self._name}_forward.mp4, {self._name}_generation.mp4")

    def _cause(self) -> str:
        """Why samples are not finite."""
        loss = self._run.history[-1]["train_loss"]
        if loss > DIVERGED:
            return (f"training has diverged, its last loss is {loss:.3g}, where a network that knows nothing has about "
                    "1; a smaller --learning_rate helps")
        return "something is wrong in the sampler or in the schedule"

    def _save_samples(self, samples: np.ndarray) -> dict[str, float]:
        buffer = io.BytesIO()
        np.save(buffer, samples)
        self._run.save("generated_samples.npy", buffer.getvalue())
        self._run.save_figure("generated_samples.png", samples_figure(self._points, samples))
        quality = quality_report(samples, self._points)
        self._run.add(**quality)
        self._run.save_figure("training_loss.png", loss_curve(self._run.history))
        return quality

    def _save_videos(self, frames: list[tuple[str, np.ndarray]]) -> None:
        drawer, times = DensityFrames(*self._room, self._points), [0, *evenly_spread(self._method.T, FRAMES)]
        for part, shots, count in (("forward", self._noised(times), len(times)), ("generation", frames, len(frames))):
            drawn = (drawer.draw(points, title) for title, points in shots)
            save_video(self._run, f"{self._name}_{part}.mp4", drawn, count)

    def _noised(self, times: Iterable[int]) -> Iterator[tuple[str, np.ndarray]]:
        """(title, points) for each of the times."""
        for time in times:
            with torch.random.fork_rng():
                torch.manual_seed(self._seed)
                noised = self._method.noised(self._data, time)
            yield self._title(time), noised.cpu().numpy()

    def _shown(self, states: Iterable[tuple[float, Tensor]]) -> Iterator[tuple[str, np.ndarray]]:
        """(title, points) for the states that are frames of the video."""
        last = self._method.sampling_steps
        shown = {0, *evenly_spread(last, FRAMES)}
        for number, (time, x) in enumerate(tqdm(states, "sampling", last + 1, leave=False, disable=None)):
            if number in shown:
                yield self._title(time), x.cpu().numpy()

    def _title(self, time: float) -> str:
        return f"time {time:.3g} of {self._method.T}"
