"""Images in memory, and batches of them.

An image set holds its images as bytes (uint8), a quarter of what floats take; a batch becomes floats in [0, 1] as it
is handed out: x / 255, the values of torchvision's `ToTensor`. The sets are small enough for memory, so a picture is
decoded once, not once per epoch.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import torch

from lib.support.errors import UserError

__all__ = ["Batches", "DataError", "ImageSet", "Loader"]


class DataError(UserError):
    """An image set that is missing, damaged or unsuitable."""


class Loader(Protocol):
    """Batches of (images, labels), any number of times: `Batches`, or a `torch.utils.data.DataLoader`."""

    dataset: "ImageSet | torch.utils.data.Dataset"

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Labelled images in memory; `torch.utils.data.DataLoader` takes one as well.

    Args:
        name: the name it was loaded by.
        images: uint8, shape (N, channels, height, width).
        labels: int64, shape (N,); indices into `classes`.
        classes: the names of the classes.
    Raises: ValueError if a tensor has another type or shape, or there is no image.
    """

    name: str
    images: torch.Tensor
    labels: torch.Tensor
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.images.dtype != torch.uint8 or self.images.dim() != 4 or len(self.images) == 0:
            raise ValueError("images should be uint8 of shape (N, channels, height, width) with N at least 1, "
                             f"not {self.images.dtype} of shape {tuple(self.images.shape)}")
        if self.labels.dtype != torch.int64 or self.labels.shape != self.images.shape[:1]:
            raise ValueError(f"labels should be int64 of shape ({len(self.images)},), "
                             f"not {self.labels.dtype} of shape {tuple(self.labels.shape)}")

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        """One image, float32 in [0, 1] of shape (channels, height, width), and its label."""
        return _as_floats(self.images[index]), int(self.labels[index])

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width) of an image."""
        return tuple(self.images.shape[1:])

    def to(self, device: torch.device | str) -> "ImageSet":
        """The same set with its tensors on `device`."""
        return replace(self, images=self.images.to(device), labels=self.labels.to(device))

    def split(self, n_held_out: int) -> tuple["ImageSet", "ImageSet"]:
        """All but the last `n_held_out` images, and those; both share memory with this set.

        Raises: ValueError if one of the two parts would be empty.
        """
        if not 0 < n_held_out < len(self):
            raise ValueError(f"from {len(self):,} images 1 to {len(self) - 1:,} can be held out, not {n_held_out:,}")
        return self.select(slice(None, -n_held_out)), self.select(slice(-n_held_out, None))

    def pairs_of_classes(self, count: int, seed: int) -> torch.Tensor:
        """Pairs of images of different classes, drawn at random: float32, shape (count, 2, channels, height, width).

        Raises: DataError if there is only one class.
        """
        if (self.labels == self.labels[0]).all():
            raise DataError(f"the {len(self):,} images of {self.name} are all of one class, and for pairs of images of "
                            "different classes two are needed")
        generator = torch.Generator().manual_seed(seed)
        first = torch.randint(len(self), (count,), generator=generator)
        of_other_classes = (self.labels != self.labels[first].unsqueeze(1)).float()
        second = torch.multinomial(of_other_classes, 1, generator=generator)
        return _as_floats(self.images[torch.cat([first.unsqueeze(1), second], 1)])

    def numbered(self, numbers: Sequence[int]) -> torch.Tensor:
        """The images of these numbers, which begin with 0: float32, shape (len(numbers), channels, height, width).

        Raises: DataError if there is no image of a number.
        """
        if missing := [number for number in numbers if not 0 <= number < len(self)]:
            raise DataError(f"there is no image {missing[0]}: those of {self.name} have the numbers from 0 to "
                            f"{len(self) - 1:,}")
        return _as_floats(self.images[torch.tensor(numbers)])

    def binarised(self, seed: int) -> "ImageSet":
        """Black and white images, drawn once: a pixel x, in [0, 1], becomes 1 with probability x, else 0.

        The name says so, as they are other images than those of the set.

        Source: Salakhutdinov and Murray, On the quantitative analysis of deep belief networks, 2008,
        https://doi.org/10.1145/1390156.1390266
        """
        generator = torch.Generator().manual_seed(seed)
        drawn = [torch.bernoulli(_as_floats(part), generator=generator) for part in self.images.split(10_000)]
        images = torch.cat([part.to(torch.uint8).mul_(255) for part in drawn])
        return replace(self, name=f"{self.name} (black and white)", images=images)

    def select(self, rows: slice | torch.Tensor) -> "ImageSet":
        """The images and labels at `rows`, a slice or a tensor of indices; all else stays."""
        return replace(self, images=self.images[rows], labels=self.labels[rows])


class Batches:
    """Batches of an image set: iterate, any number of times, for (images, labels).

    `images` is float32 in [0, 1] of shape (batch, channels, height, width), `labels` int64 of shape (batch,). The last
    batch holds what is left and may be smaller.

    Args:
        image_set: moved to `device` as a whole, as bytes; then kept as `dataset`.
        batch_size: at least 1; more than the set holds gives one batch of all images.
        generator: draws a new order for each pass, one permutation, and the pass has a copy of the bytes in that order;
            without one, each pass is in the order of the set.
        device: where the batches lie.
    Raises: ValueError if batch_size is less than 1.
    """

    def __init__(self, image_set: ImageSet, batch_size: int, *, generator: torch.Generator | None = None,
                 device: torch.device | str = "cpu") -> None:
        if batch_size < 1:
            raise ValueError(f"the batch size should be 1 or more, not {batch_size}")
        self.dataset = image_set.to(device)
        self.batch_size = batch_size
        self.generator = generator

    def __len__(self) -> int:
        return math.ceil(len(self.dataset) / self.batch_size)

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        images, labels = self._in_order()
        for start in range(0, len(images), self.batch_size):
            yield _as_floats(images[start:start + self.batch_size]), labels[start:start + self.batch_size]

    def _in_order(self) -> tuple[torch.Tensor, torch.Tensor]:
        """All images, as bytes, and all labels; shuffled at once, which is faster than a batch at a time."""
        images, labels = self.dataset.images, self.dataset.labels
        if self.generator is None:
            return images, labels
        order = torch.randperm(len(images), generator=self.generator, device=self.generator.device).to(images.device)
        return images.index_select(0, order), labels.index_select(0, order)


def _as_floats(images: torch.Tensor) -> torch.Tensor:
    return images.to(torch.float32).div_(255)
