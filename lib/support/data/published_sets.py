"""Published image sets, read from files on disk, which are downloaded in torchvision's layout where there are none.

Each function takes the data folder and gives the training and the test images. It raises DataError if a file is
damaged or cannot be had; `Unobtainable`, one of those, if nothing of the set is there and the download fails.

torchvision takes up to two seconds to import, so it is imported only where it is needed: not for MNIST's format.
"""

import hashlib
import math
import pickle
import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch

from lib.support.data.downloads import provide
from lib.support.data.image_sets import DataError, ImageSet
from lib.support.data.published_files import damaged, find_files, read_archive, read_file, require_md5

__all__ = ["cifar10", "fashion_mnist", "mnist"]

_GARMENTS = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")

# torchvision's checksums are those of the compressed files; of an unpacked file it only asks whether it exists.
_MNIST_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
_CIFAR10_ARCHIVE = "cifar-10-python"
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
    checksums = dict([*CIFAR10.train_list, *CIFAR10.test_list, (CIFAR10.meta["filename"], CIFAR10.meta["md5"])])
    paths = provide("cifar10", "CIFAR10", lambda: _find_cifar10(checksums, data_dir), data_dir, CIFAR10.base_folder)
    archives = {path: read_archive(path) for path in set(paths.values()) if path.name.startswith(_CIFAR10_ARCHIVE)}

    def read(file: str) -> dict:
        path = paths[file]
        content = archives[path].get(file, b"") if path in archives else read_file(path)
        require_md5(path, content, checksums[file])  # pickle runs what it is told to: only the published files
        return pickle.loads(content, encoding="latin1")

    classes = tuple(read(CIFAR10.meta["filename"])[CIFAR10.meta["key"]])

    def part(files: list[list[str]]) -> ImageSet:
        batches = [read(file) for file, _ in files]
        images = torch.from_numpy(np.concatenate([batch["data"] for batch in batches])).view(-1, 3, 32, 32)
        return ImageSet("cifar10", images, torch.tensor(sum([batch["labels"] for batch in batches], [])), classes)

    return part(CIFAR10.train_list), part(CIFAR10.test_list)


def _find_cifar10(files: Iterable[str], data_dir: Path) -> dict[str, Path | None]:
    """The path of each file, of the archive where it is only in there; `data_dir` may be the set's folder itself."""
    folders = [data_dir / "cifar-10-batches-py", data_dir / _CIFAR10_ARCHIVE / "cifar-10-batches-py", data_dir]
    archives = [folder / f"{_CIFAR10_ARCHIVE}{suffix}" for folder in (data_dir, data_dir / _CIFAR10_ARCHIVE)
                for suffix in (".tar.gz", ".tar")]
    return {file: next((path for path in [*(folder / file for folder in folders), *archives] if path.is_file()), None)
            for file in files}


def _read_idx_files(name: str, published_as: str, classes: tuple[str, ...], checksums: dict[str, str | None],
                    data_dir: Path) -> tuple[ImageSet, ImageSet]:
    """A set in MNIST's four files, whose names are the keys of `checksums`."""
    paths = provide(name, published_as, lambda: find_files(checksums, published_as, data_dir), data_dir, published_as)

    def read(file: str, *shape: int) -> torch.Tensor:
        return _read_idx(paths[file], shape, checksums[file])

    return tuple(ImageSet(name, read(f"{part}-images-idx3-ubyte", count, 28, 28).unsqueeze(1),
                          read(f"{part}-labels-idx1-ubyte", count).long(), classes)
                 for part, count in _MNIST_COUNTS.items())


def _read_idx(path: Path, shape: tuple[int, ...], md5: str | None) -> torch.Tensor:
    """The uint8 array in a file of MNIST's format: two zero bytes, the type (8), the number of axes, their lengths.

    Raises: DataError if the file holds another shape, its checksum is not `md5`, or, where there is none to compare,
        it is one of MNIST itself, whose relatives have files of the same names.
    Source: Yann LeCun, http://yann.lecun.com/exdb/mnist/
    """
    header = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
    content = read_file(path)
    n_bytes = len(header) + math.prod(shape)
    if len(content) != n_bytes:
        raise damaged(path, f"it has {len(content):,} bytes instead of {n_bytes:,}")
    if md5 is not None:
        require_md5(path, content, md5)
    elif hashlib.md5(content, usedforsecurity=False).hexdigest() in _MNIST_MD5.values():
        raise DataError(f"{path} is a file of mnist; name another folder with --data_dir, or choose --dataset mnist")
    if not content.startswith(header):
        raise damaged(path, f"it does not hold {' x '.join(map(str, shape))} bytes in the format of MNIST")
    return torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=len(header)).view(shape)
