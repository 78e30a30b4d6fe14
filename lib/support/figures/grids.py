"""Pictures made of many images."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # scripts import this module before they know whether torch is needed
    import numpy as np
    from PIL.ImageFont import FreeTypeFont
    from torch import Tensor

__all__ = ["batch_images_to_numpy", "image_grid", "labelled_rows", "titled_grids"]

READABLE = 56  # pixels, about: the height of an image in rows with names
SPACE = 12  # pixels between groups of rows
HEAD = 26  # pixels, the height of a line of titles


def image_grid(images: Tensor, columns: int = 8, padding: int = 1, scale: int = 2) -> np.ndarray:
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


def labelled_rows(rows: Sequence[tuple[str, Tensor]], group: int | None = None, titles: Sequence[str] = ()
                  ) -> np.ndarray:
    """One picture of rows of images, each with its name on the left.

    Args:
        rows: (name, images as in `image_grid`); all have the same number of images, of the same shape.
        group: after so many rows a space is left; by default after none.
        titles: of the columns, from the first on; by default none. Images are enlarged so that titles fit.
    Returns: uint8 array of shape (height, width, 3).
    """
    import numpy as np
    from PIL import ImageFont
    font = ImageFont.load_default(14)
    margin = 16 + round(max(font.getlength(name) for name, _ in rows))
    _, _, height, width = rows[0][1].shape
    broadest = max((font.getlength(title) for title in titles), default=0)
    scale = max(2, round(READABLE / height), math.ceil((broadest + 8) / width))
    blocks = [_block(rows[start:start + (group or len(rows))], margin, font, scale)
              for start in range(0, len(rows), group or len(rows))]
    space = np.full((SPACE, blocks[0].shape[1], 3), 255, np.uint8)
    head = [_titles(titles, margin, font, blocks[0].shape[1], scale * (width + 1))] if titles else []
    return np.concatenate(head + [part for block in blocks for part in (block, space)][:-1])


def _titles(titles: Sequence[str], margin: int, font: FreeTypeFont, width: int, step: int) -> np.ndarray:
    """A strip with the titles of columns, each above the middle of its own."""
    import numpy as np
    from PIL import Image, ImageDraw
    strip = Image.new("RGB", (width, HEAD), "white")
    for number, title in enumerate(titles):
        place = margin + step * (number + 0.5), HEAD / 2
        ImageDraw.Draw(strip).text(place, title, fill="black", anchor="mm", font=font)
    return np.asarray(strip)


def _block(rows: Sequence[tuple[str, Tensor]], margin: int, font: FreeTypeFont, scale: int) -> np.ndarray:
    import numpy as np
    import torch
    from PIL import Image, ImageDraw
    images = [row for _, row in rows]
    grid = image_grid(torch.cat(images), columns=len(images[0]), scale=scale)
    picture = Image.new("RGB", (margin + grid.shape[1], grid.shape[0]), "white")
    picture.paste(Image.fromarray(grid), (margin, 0))
    for number, (name, _) in enumerate(rows):
        middle = grid.shape[0] * (number + 0.5) / len(rows)
        ImageDraw.Draw(picture).text((8, middle), name, fill="black", anchor="lm", font=font)
    return np.asarray(picture)


def titled_grids(grids: dict[str, np.ndarray]) -> np.ndarray:
    """Pictures side by side, each below its title.

    Args: grids, from title to an array as `image_grid` returns it; all of the same height.
    Returns: uint8 array of shape (height, width, 3).
    """
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont
    font = ImageFont.load_default(14)
    widths = [max(grid.shape[1], round(font.getlength(title))) for title, grid in grids.items()]
    lefts = np.cumsum([0, *widths]) + 2 * SPACE * np.arange(len(grids) + 1)
    picture = Image.new("RGB", (lefts[-1] - 2 * SPACE, 2 * SPACE + max(grid.shape[0] for grid in grids.values())),
                        "white")
    for left, (title, grid) in zip(lefts.tolist(), grids.items(), strict=False):
        ImageDraw.Draw(picture).text((left + 4, SPACE), title, fill="black", anchor="lm", font=font)
        picture.paste(Image.fromarray(grid), (left, 2 * SPACE))
    return np.asarray(picture)


def batch_images_to_numpy(image_batch: Tensor, max_images: int = 64, padding: int = 2,
                          normalize: bool = True) -> np.ndarray:
    """One grid of images, for matplotlib's imshow.

    Args:
        image_batch: shape (batch, channels, height, width), pixels in [-1, 1], or in [0, 1] without `normalize`.
        max_images: how many of them are shown, in rows of 8.
        padding: pixels between them.
        normalize: scale from [-1, 1] to [0, 1].
    Returns: float array in [0, 1] of shape (height, width, channels).
    """
    from torchvision.utils import make_grid
    grid = make_grid(image_batch[:max_images].detach().cpu().float(), padding=padding, normalize=normalize,
                     value_range=(-1, 1))
    return grid.permute(1, 2, 0).numpy()
