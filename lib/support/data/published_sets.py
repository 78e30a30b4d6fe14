"""Published image sets, read from files in torchvision's layout, which are downloaded where they are missing.

Each function takes the data folder and gives the training and the test images. It raises DataError if a file is
damaged or cannot be had; `Unobtainable`, one of those, if nothing of the set is there and the download fails.

torchvision takes up to two seconds to import, so it is imported only where it is needed: not for MNIST's format.
"""

import hashlib
import math
import struct
from pathlib import Path

import numpy as np
import torch

from lib.support.data.downloads import provide
from lib.support.data.image_sets import DataError, ImageSet

__all__ = ["cifar10", "fashion_mnist", "mnist"]

_GARMENTS = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")

# torchvision's checksums are those of the compressed files; of an unpacked file it only asks whether it exists.
_MNIST_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
_MNIST_COUNTS = {"train": 60_000, "t10k": 10_000}


def mnist(data_dir: Path) -> tuple[ImageSet, ImageSet]:
    """60,000 and 10,000 handwritten digits, 1x28x28."""
    return _read_idx_files("mnist", "MNIST", tuple("0123456789"), _MNIST_MD5, data_dir)


def fashion_mnist(data_dir: Path) -> tuple[ImageSet, ImageSet]:
    """60,000 and 10,000 garments, 1x28x28.

    Source: Xiao, Rasul and Vollgraf 2017, https://arxiv.org/abs/1708.07747
    """
    return _read_idx_files("fashion_mnist", "FashionMNIST", _GARMENTS, dict.fromkeys(_MNIST_MD5), data_dir)


def cifar10(data_dir: Path) -> tuple[ImageSet, ImageSet]:
    """50,000 and 10,000 photographs of animals and vehicles, 3x32x32.

    Source: Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html
    """
    from torchvision.datasets import CIFAR10
    files = [*CIFAR10.train_list, *CIFAR10.test_list, (CIFAR10.meta["filename"], CIFAR10.meta["md5"])]
    paths = {data_dir / CIFAR10.base_folder / file: md5 for file, md5 in files}
    provide("cifar10", "CIFAR10", list(paths), data_dir)
    for path, md5 in paths.items():
        _read_checked(path, md5)  # torchvision would not say which file is damaged
    parts = [CIFAR10(data_dir, train=train) for train in (True, False)]
    return tuple(ImageSet("cifar10", torch.from_numpy(part.data).permute(0, 3, 1, 2).contiguous(),
                          torch.tensor(part.targets), tuple(part.classes)) for part in parts)


def _read_idx_files(name: str, published_as: str, classes: tuple[str, ...], checksums: dict[str, str | None],
                    data_dir: Path) -> tuple[ImageSet, ImageSet]:
    """A set in MNIST's four files, whose names are the keys of `checksums`."""
    folder = data_dir / published_as / "raw"
    provide(name, published_as, [folder / file for file in checksums], data_dir)

    def read(file: str, *shape: int) -> torch.Tensor:
        return _read_idx(folder / file, shape, checksums[file])

    return tuple(ImageSet(name, read(f"{part}-images-idx3-ubyte", count, 28, 28).unsqueeze(1),
                          read(f"{part}-labels-idx1-ubyte", count).long(), classes)
                 for part, count in _MNIST_COUNTS.items())


def _read_idx(path: Path, shape: tuple[int, ...], md5: str | None) -> torch.Tensor:
    """The uint8 array in a file of MNIST's format: two zero bytes, the type (8), the number of axes, their lengths.

    Raises: DataError if the file holds another shape, or its checksum is not `md5` (None: there is none to compare).
    Source: Yann LeCun, http://yann.lecun.com/exdb/mnist/
    """
    header = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
    content = _read_checked(path, md5, n_bytes=len(header) + math.prod(shape))
    if content[:len(header)].tobytes() != header:
        raise _damaged(path, f"it does not hold {' x '.join(map(str, shape))} bytes in the format of MNIST")
    return torch.from_numpy(content[len(header):]).view(shape)


def _read_checked(path: Path, md5: str | None, n_bytes: int | None = None) -> np.ndarray:
    try:
        content = np.fromfile(path, np.uint8)
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror})") from error
    if n_bytes is not None and len(content) != n_bytes:
        raise _damaged(path, f"it has {len(content):,} bytes instead of {n_bytes:,}")
    if md5 is not None and hashlib.md5(content, usedforsecurity=False).hexdigest() != md5:
        raise _damaged(path, "its MD5 checksum is wrong")
    return content


def _damaged(path: Path, what: str) -> DataError:
    return DataError(f"{path} is damaged ({what}); delete it and run again to download it anew")
