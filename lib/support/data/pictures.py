"""A picture file as a square of pixels, whatever its format, its number of bits, its transparency.

Pillow is imported where it is needed: the other image sets do without.
"""

import struct
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["BrokenPicture", "Picture", "as_bytes", "brightness_range", "can_be_read", "is_picture", "read_picture"]

_SUFFIXES = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".gif", ".pbm", ".pgm", ".ppm", ".pnm", ".tif", ".tiff",
             ".webp", ".avif", ".jp2", ".tga", ".heic", ".heif", ".jxl"}
_WHOLE_RANGES = tuple(2**bits - 1 for bits in (8, 10, 12, 14, 16))  # of cameras, microscopes and scanners


class BrokenPicture(Exception):
    """A picture file that cannot be read."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture, upright and cropped about its centre.

    Args:
        pixels: uint8 of shape (size, size, 3); or, of a grey picture with more than 8 bits, float32 (size, size).
        low, high: of such a grey picture, the least and the greatest value in the file.
        transparent: whether some of it is transparent, behind which there is white now.
    """

    pixels: np.ndarray
    low: float = 0
    high: float = 255
    transparent: bool = False

    @property
    def deep(self) -> bool:
        """Whether it has more than 8 bits."""
        return self.pixels.dtype != np.uint8


def is_picture(path: Path) -> bool:
    """Whether the file has the name of a picture, of a format that can be read here or not."""
    return path.suffix.lower() in _SUFFIXES


def can_be_read(path: Path) -> bool:
    """Whether the installed Pillow reads pictures with such a name."""
    return path.suffix.lower() in _readable_suffixes()


@cache
def _readable_suffixes() -> set[str]:
    from PIL import Image
    return {suffix for suffix, kind in Image.registered_extensions().items() if kind in Image.OPEN}


def read_picture(path: Path, size: int) -> Picture:
    """The picture in a file, cropped to a square of `size` pixels; of an animation or a stack, the first.

    Raises: BrokenPicture if it cannot be read, or has a value that is no number.
    """
    from PIL import Image, ImageOps
    # Pillow has no error of its own for a damaged file: these depend on the format and the damage.
    signs_of_damage = (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError)
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as picture:
            return _squared(ImageOps.exif_transpose(picture), size)
    except signs_of_damage as error:
        raise BrokenPicture(str(path)) from error


def _squared(picture: "Image", size: int) -> Picture:
    from PIL import Image, ImageOps
    if picture.mode[0] in "IF":  # integers of 16 or 32 bits, or floats: convert would clip them at 255
        values = np.asarray(picture).astype(np.float32)
        if not np.isfinite(values).all():
            raise ValueError("a pixel is NaN or infinite")
        pixels = np.asarray(ImageOps.fit(Image.fromarray(values), (size, size)))
        return Picture(pixels, float(values.min()), float(values.max()))
    transparent = False
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        transparent = picture.getextrema()[3][0] < 255
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return Picture(np.asarray(ImageOps.fit(picture.convert("RGB"), (size, size))), transparent=transparent)


def brightness_range(pictures: list[Picture]) -> tuple[float, float]:
    """The values that are black and white in pictures with more than 8 bits: one range for all of them together.

    0 to 1 where that holds all values; else 0 to 2^bits - 1 with the least of 8, 10, 12, 14 and 16 bits that does; else
    from the least value to the greatest.
    """
    low, high = min(picture.low for picture in pictures), max(picture.high for picture in pictures)
    if low >= 0 and high <= 1:
        return 0, 1
    return next(((0, top) for top in _WHOLE_RANGES if low >= 0 and high <= top), (low, high))


def as_bytes(picture: Picture, low: float, high: float) -> np.ndarray:
    """The pixels as uint8, shape (size, size, 3); those with more than 8 bits from `low`, black, to `high`, white."""
    if not picture.deep:
        return picture.pixels
    scaled = (picture.pixels - low) / max(high - low, 1e-12)
    return np.repeat((255 * scaled).round().clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)
