"""Pictures of distributions over images: their means beside images that are drawn from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lib.support.figures.grids import image_grid, titled_grids

if TYPE_CHECKING:  # scripts import this module before they know whether torch is needed
    import numpy as np
    from torch import Generator, Tensor

__all__ = ["Distribution", "mean_and_draw"]

COLUMNS = 8


class Distribution(Protocol):
    """What a picture needs of a `lib.likelihoods.Likelihood`."""

    def mean(self, theta: Tensor) -> Tensor: ...

    def sample(self, theta: Tensor, generator: Generator | None = None) -> Tensor: ...


def mean_and_draw(distribution: Distribution, theta: Tensor, originals: Tensor | None = None, seed: int = 0
                  ) -> np.ndarray:
    """Two grids with 8 images in a row: the means of p(x|z) and, to the right, images drawn from p(x|z).

    Args:
        theta: the parameters of p(x|z), on the CPU, for one image or more.
        originals: images to show, each on the left of what belongs to it.
    Returns: uint8 array of shape (height, width, 3).
    """
    import torch
    drawn = distribution.sample(theta, torch.Generator().manual_seed(seed))
    return titled_grids({_titled("the mean of p(x|z)", originals): _grid(distribution.mean(theta), originals),
                         _titled("drawn from p(x|z)", originals): _grid(drawn, originals)})


def _titled(title: str, originals: Tensor | None) -> str:
    return title if originals is None else f"pairs: image, {title}"


def _grid(images: Tensor, originals: Tensor | None) -> np.ndarray:
    import torch
    if originals is None:
        return image_grid(images, COLUMNS, padding=2)
    return image_grid(torch.cat([originals, images], dim=3), COLUMNS // 2, padding=4)
