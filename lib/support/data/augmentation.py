"""Random changes to images that keep what they show, made to whole batches of tensors."""

from collections.abc import Iterator

import torch
from torch import Tensor

from lib.support.data.image_sets import Batches

__all__ = ["Augmented", "mirrored", "random_crops"]


class Augmented:
    """Batches for a GAN: images cropped, mirrored half of the time, and scaled from [0, 1] to [-1, 1].

    Args:
        batches: of images at least `size` pixels high and wide; their generator draws the changes too.
        size: height and width of the crops; each image is cut at a place of its own.
        mirror: whether left and right may be exchanged.
    """

    def __init__(self, batches: Batches, size: int, mirror: bool = True):
        self.dataset, self.generator = batches.dataset, batches.generator
        self._batches, self._size, self._mirror = batches, size, mirror

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        for images, labels in self._batches:
            if images.shape[2:] != (self._size, self._size):
                images = random_crops(images, self._size, self.generator)
            if self._mirror:
                images = mirrored(images, self.generator)
            yield images * 2 - 1, labels


def random_crops(images: Tensor, size: int, generator: torch.Generator | None = None) -> Tensor:
    """A square of `size` pixels from each image, each from a place of its own, all places alike.

    Args: images, shape (batch, channels, height, width), at least `size` high and wide.
    """
    crops = images.unfold(2, size, 1).unfold(3, size, 1)  # a view: (batch, channels, tops, lefts, size, size)
    top, left = (_draw(places, len(images), generator).to(images.device) for places in crops.shape[2:4])
    return crops[torch.arange(len(images), device=images.device), :, top, left]


def mirrored(images: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Each image, or with probability 1/2 its mirror image. Args: images, shape (batch, channels, height, width)."""
    chosen = _draw(2, len(images), generator).bool().to(images.device)
    return torch.where(chosen.view(-1, 1, 1, 1), images.flip(3), images)


def _draw(high: int, count: int, generator: torch.Generator | None) -> Tensor:
    """Whole numbers from 0 to `high` - 1."""
    device = generator.device if generator is not None else "cpu"
    return torch.randint(high, (count,), generator=generator, device=device)
