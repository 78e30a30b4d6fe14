"""Image sets by name: the one place that scripts load images from.

scikit-learn takes most of a second to import, so it is imported where it is needed.
"""

from dataclasses import replace
from pathlib import Path

import torch
import torch.nn.functional as F

from lib.support.data.blossoms import blossoms
from lib.support.data.downloads import Unobtainable
from lib.support.data.image_folders import load_folder, load_whole_folder
from lib.support.data.image_sets import Batches, DataError, ImageSet
from lib.support.data.published_sets import cifar10, fashion_mnist, mnist
from lib.support.speed.memory import check_memory

__all__ = ["NAMES", "Batches", "DataError", "ImageSet", "load", "load_whole"]

_DIGITS_FOR_TRAINING = 1_500
_SIZE = 28


def load(name: str | None = None, data_dir: str | Path = "data",
         image_size: int | None = None) -> tuple[ImageSet, ImageSet]:
    """The image set of that name: its training and its test images.

    | name | images | classes | to train, to test |
    |---|---|---|---|
    | `mnist`, `fashion_mnist` | 1x28x28 | 10 | 60,000 and 10,000 |
    | `cifar10` | 3x32x32 | 10 | 50,000 and 10,000 |
    | `digits` | 1x28x28 | 10 | 1,500 and 297 |
    | `blossoms` | 3x64x64 | 5 | 800 and 200 |
    | `folder:PATH` | 3x28x28 | the sub-folders | `train/` and `test/` (else `val/`), or 4 in 5 and 1 in 5 |

    The first three are read from `data_dir`, or downloaded to it, in torchvision's layout, if they are not there. They
    may be packed, and `data_dir` may be the set's own folder; files that are there but not whole are an error.
    `digits` comes with scikit-learn, as 8x8 images that are enlarged; `blossoms` are drawn by this project.

    Args:
        name: one of the table; without one, MNIST, or `digits` where MNIST is neither in `data_dir` nor can be
            downloaded, and one printed line that says so.
        data_dir: made if something is downloaded to it.
        image_size: height and width, where another than the one in the table is wanted. Published sets are resized;
            the pictures of a folder are cropped to a square as well.
    Raises: DataError if there is no such set, it is missing or damaged, or image_size is less than 1.
    """
    if image_size is not None and image_size < 1:
        raise DataError(f"the image size should be 1 or more, not {image_size}")
    if name is None:
        return _mnist_or_digits(data_dir, image_size)
    kind, _, path = name.partition(":")
    if kind == "folder" and path:
        return load_folder(name, Path(path).expanduser(), image_size or _SIZE)
    if name not in _LOADERS:
        raise DataError(f"there is no image set {name!r}; choose {', '.join(NAMES)} or folder:PATH")
    train, test = _LOADERS[name](Path(data_dir).expanduser())
    return _resized(train, image_size), _resized(test, image_size)


def load_whole(name: str, data_dir: str | Path = "data", image_size: int | None = None) -> ImageSet:
    """Images to train on where nothing is tested: all pictures of a folder, the training images of another set.

    Args: as for `load`.
    Raises: DataError as `load`, and if there are not two images that differ: there is no distribution to learn.
    """
    kind, _, path = name.partition(":")
    if kind != "folder" or not path:
        return load(name, data_dir, image_size)[0]
    whole = load_whole_folder(name, Path(path).expanduser(), image_size or _SIZE)
    if len(whole) == 1 or (whole.images == whole.images[0]).all():
        raise DataError(f"{name} holds {'one picture' if len(whole) == 1 else f'{len(whole):,} pictures, all alike'}; "
                        "a model of their distribution needs pictures that differ")
    return whole


def _mnist_or_digits(data_dir: str | Path, image_size: int | None) -> tuple[ImageSet, ImageSet]:
    try:
        return load("mnist", data_dir, image_size)
    except Unobtainable as reason:
        print(f"{reason}, so it is used instead")
        return load("digits", image_size=image_size)


def _digits(data_dir: Path) -> tuple[ImageSet, ImageSet]:
    """1,797 handwritten digits, 8x8 with 17 shades of grey; `data_dir` is not needed.

    Source: E. Alpaydin and C. Kaynak 1998, https://archive.ics.uci.edu/dataset/80
    """
    from sklearn.datasets import load_digits
    images, labels = load_digits(return_X_y=True)
    images = torch.from_numpy(images).view(-1, 1, 8, 8).mul(255 / 16).round().to(torch.uint8)
    digits = _resized(ImageSet("digits", images, torch.from_numpy(labels).long(), tuple("0123456789")), _SIZE)
    return digits.split(len(digits) - _DIGITS_FOR_TRAINING)


def _blossoms(data_dir: Path) -> tuple[ImageSet, ImageSet]:
    """Flowers, drawn from known factors; `data_dir` is not needed."""
    return blossoms(800, seed=0), blossoms(200, seed=1)


def _resized(image_set: ImageSet, size: int | None) -> ImageSet:
    if size is None or image_set.shape[1:] == (size, size):
        return image_set
    check_memory(len(image_set) * image_set.shape[0] * size**2, "--image_size")
    images = F.interpolate(image_set.images, size=(size, size), mode="bilinear", antialias=True)
    return replace(image_set, images=images)


_LOADERS = {"mnist": mnist, "fashion_mnist": fashion_mnist, "cifar10": cifar10, "digits": _digits,
            "blossoms": _blossoms}
NAMES = tuple(_LOADERS)
