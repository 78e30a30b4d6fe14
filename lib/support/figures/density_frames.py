"""Frames of a video of points: each a density in the same axes."""

import io

import numpy as np

from lib.support.figures.matplotlib_import import import_matplotlib

__all__ = ["DensityFrames"]

CELLS = 200  # of the histogram, along each axis
ENLARGED = 2  # pixels that a cell is wide and high


class DensityFrames:
    """Frames that show points as a density, all with the same axes and the same scale of colours.

    The axes are drawn once, by matplotlib; a frame is a two-dimensional histogram put into them, which for 100,000
    points is many times faster than a scatter plot.

    Args:
        lower, upper: the corners of the plane that is shown, shape (2,).
        reference: points, shape (n, 2); their densest cells have the brightest colour.
    """

    def __init__(self, lower: np.ndarray, upper: np.ndarray, reference: np.ndarray):
        import_matplotlib()
        from matplotlib import colormaps
        self.lower, self.upper = np.asarray(lower, np.float32), np.asarray(upper, np.float32)
        self._colours = (colormaps["magma"](np.linspace(0, 1, 256))[:, :3] * 255).astype(np.uint8)
        self._background, self._left, self._top = _empty_axes(self.lower, self.upper)
        counts = self.histogram(reference)
        self._brightest = np.percentile(counts[counts > 0], 99) / len(reference)

    def draw(self, points: np.ndarray, title: str) -> np.ndarray:
        """One frame, uint8 of shape (height, width, 3). Args: points, shape (n, 2)."""
        from PIL import Image, ImageDraw
        # The root makes thin noise visible beside data that is many times as dense.
        shade = np.sqrt(self.histogram(points) * (255**2 / (self._brightest * len(points)))).clip(0, 255)
        plane = self._colours[shade.astype(np.uint8)].repeat(ENLARGED, 0).repeat(ENLARGED, 1)
        frame = self._background.copy()
        frame[self._top:self._top + len(plane), self._left:self._left + len(plane)] = plane
        image = Image.fromarray(frame)
        ImageDraw.Draw(image).text((self._left, self._top // 2), title, fill="black", anchor="lm", font_size=16)
        return np.asarray(image)

    def histogram(self, points: np.ndarray) -> np.ndarray:
        """Points per cell of the plane, float32 of shape (CELLS, CELLS), the upper edge first; those off it are not in.
        """
        scale = CELLS / (self.upper - self.lower)
        x, y = ((points[:, axis] - self.lower[axis]) * scale[axis] for axis in (0, 1))
        # Points off the plane are counted in a margin of one cell around it, which is then cut away.
        column, row = ((cells + 1).clip(0, CELLS + 1).astype(np.int32) for cells in (x, CELLS - y))
        counts = np.bincount(row * (CELLS + 2) + column, minlength=(CELLS + 2)**2)
        return counts.reshape(CELLS + 2, CELLS + 2)[1:-1, 1:-1].astype(np.float32)


def _empty_axes(lower: np.ndarray, upper: np.ndarray) -> tuple[np.ndarray, int, int]:
    """A picture of axes without content, and the left and upper edge of the plane in it."""
    from matplotlib.figure import Figure
    left, top, right, bottom, pixels = 64, 32, 16, 48, CELLS * ENLARGED  # sums that video codecs like: multiples of 16
    width, height = left + pixels + right, top + pixels + bottom
    figure = Figure(figsize=(width / 100, height / 100), dpi=100)
    axes = figure.add_axes((left / width, bottom / height, pixels / width, pixels / height))
    axes.set(xlim=(lower[0], upper[0]), ylim=(lower[1], upper[1]), xlabel="$x_1$", ylabel="$x_2$")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba")
    return np.frombuffer(buffer.getvalue(), np.uint8).reshape(height, width, 4)[..., :3].copy(), left, top
