"""Videos of point clouds: each frame a density in the same axes, encoded by the ffmpeg that imageio brings along."""

import io
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from lib.support.errors import UserError

__all__ = ["DensityFrames", "captioned", "encode_video"]

FRAMES_PER_SECOND = 25
CELLS = 200  # of the histogram, along each axis
ENLARGED = 2  # pixels that a cell is wide and high
STRIP = 32  # pixels, for a caption
# A quick preset: a frame of grain gains little from a long search for what moved where.
ENCODING = {"codec": "libx264", "quality": None, "output_params": ["-preset", "veryfast", "-crf", "20"]}


class DensityFrames:
    """Frames that show points as a density, all with the same axes and the same scale of colours.

    The axes are drawn once, by matplotlib; a frame is a two-dimensional histogram put into them, which for 100,000
    points is many times faster than a scatter plot.

    Args:
        lower, upper: the corners of the plane that is shown, shape (2,).
        reference: points, shape (n, 2); their densest cells have the brightest colour.
    """

    def __init__(self, lower: np.ndarray, upper: np.ndarray, reference: np.ndarray):
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
    left, top, right, bottom, pixels = 48, 32, 16, 32, CELLS * ENLARGED  # sums that video codecs like: multiples of 16
    width, height = left + pixels + right, top + pixels + bottom
    figure = Figure(figsize=(width / 100, height / 100), dpi=100)
    axes = figure.add_axes((left / width, bottom / height, pixels / width, pixels / height))
    axes.set(xlim=(lower[0], upper[0]), ylim=(lower[1], upper[1]))
    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba")
    return np.frombuffer(buffer.getvalue(), np.uint8).reshape(height, width, 4)[..., :3].copy(), left, top


def captioned(picture: np.ndarray, caption: str) -> np.ndarray:
    """A picture, uint8 of shape (height, width, 3), below a white strip with a caption."""
    from PIL import Image, ImageDraw
    frame = Image.new("RGB", (picture.shape[1], picture.shape[0] + STRIP), "white")
    frame.paste(Image.fromarray(picture), (0, STRIP))
    ImageDraw.Draw(frame).text((8, STRIP // 2), caption, fill="black", anchor="lm", font_size=16)
    return np.asarray(frame)


def encode_video(frames: Iterable[np.ndarray], hold: int = FRAMES_PER_SECOND) -> bytes:
    """An mp4 file of frames, each uint8 of shape (height, width, 3); the last one stays for `hold` frames more.

    Raises: UserError if there is no ffmpeg that works, or no room for the file.
    """
    import imageio.v2
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "video.mp4"
            with imageio.v2.get_writer(path, format="FFMPEG", fps=FRAMES_PER_SECOND, macro_block_size=16,
                                       ffmpeg_log_level="error", **ENCODING) as writer:
                for frame in _holding(frames, hold):
                    writer.append_data(frame)
            return path.read_bytes()
    except (OSError, RuntimeError) as error:
        raise UserError(f"the video cannot be encoded ({str(error).strip().splitlines()[0]})") from error


def _holding(frames: Iterable[np.ndarray], hold: int) -> Iterator[np.ndarray]:
    frame = None
    for frame in frames:
        yield frame
    if frame is not None:
        yield from [frame] * hold
