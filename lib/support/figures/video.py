"""Videos: which moments to show, captions, and an mp4 file by the ffmpeg that imageio brings along."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from lib.support.errors import UserError
from lib.support.runs.run import Run

__all__ = ["captioned", "encode_video", "evenly_spread", "save_video"]

FRAMES_PER_SECOND = 25
LEAST = 4 * FRAMES_PER_SECOND  # frames of a video, so that one can follow it
STRIP = 32  # pixels, for a caption
# A quick preset: a frame of grain gains little from a long search for what moved where.
ENCODING = {"codec": "libx264", "quality": None, "output_params": ["-preset", "veryfast", "-crf", "20"]}


def evenly_spread(last: int, count: int) -> list[int]:
    """Whole numbers from 1 to `last`, evenly spread, `last` included; at most `count` of them."""
    count = min(last, count)
    return np.linspace(last / count, last, count).round().astype(int).tolist()


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


def save_video(run: Run, name: str, frames: Iterable[np.ndarray], count: int) -> None:
    """Write a video into the folder of a run. Of few frames, each is shown for longer, so that it lasts some seconds.

    Args: frames, as `encode_video` takes them; count, how many they are.
    Raises: UserError if it cannot be made; the rest of the results is complete then.
    """
    repeats = -(-LEAST // count)
    try:
        run.save(name, encode_video(frame for frame in frames for _ in range(repeats)))
    except UserError as error:
        raise UserError(f"{name} is missing: {error}. All other results are saved, in {run.folder}; once this is "
                        "mended, --resume writes the video") from error
