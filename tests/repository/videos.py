"""Reading videos back."""

import warnings
from pathlib import Path

import imageio.v3 as iio
import numpy as np


def read_video(path: Path) -> np.ndarray:
    """All frames of a video, shape (frames, height, width, 3)."""
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):  # imageio leaves ffmpeg's pipes open
        return iio.imread(path)
