"""Any folder of pictures as an image set, its sub-folders the classes.

Pillow is imported where it is needed: the other image sets do without.
"""

import struct
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from lib.support.data.image_sets import DataError, ImageSet

__all__ = ["load_folder", "load_whole_folder"]

_PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".pgm", ".ppm", ".tif", ".tiff", ".webp")


def load_folder(name: str, folder: Path, size: int) -> tuple[ImageSet, ImageSet]:
    """The pictures of a folder, to train and to test, cropped to squares, with three channels.

    `train/` trains and `test/` (else `val/`) tests, where there are such; otherwise the same 1 in 5 of each class
    tests each time. A broken picture among good ones is skipped, and one warning on stderr counts them.

    Args:
        name: the name of both sets.
        folder: holds a sub-folder for each class, or `train/` and the like above those.
        size: height and width of the images.
    Raises: DataError if there is no such folder, no class, no picture that can be read, or none left to test on.
    """
    if not folder.is_dir():
        raise DataError(f"there is no folder {folder}")
    if not _classes(folder / "train"):
        return _split_each_class(*_read_folders(name, [folder], size))
    held_out = [folder / part for part in ("test", "val") if _classes(folder / part)][:1]
    sets = _read_folders(name, [folder / "train", *held_out], size)
    return tuple(sets) if held_out else _split_each_class(*sets)


def load_whole_folder(name: str, folder: Path, size: int) -> ImageSet:
    """All pictures of a folder, those of `train/`, `val/` and `test/` together; else as `load_folder`."""
    if not folder.is_dir():
        raise DataError(f"there is no folder {folder}")
    parts = [folder / part for part in ("train", "val", "test") if _classes(folder / part)]
    sets = _read_folders(name, parts or [folder], size)
    return replace(sets[0], images=torch.cat([part.images for part in sets]),
                   labels=torch.cat([part.labels for part in sets]))


def _read_folders(name: str, folders: list[Path], size: int) -> list[ImageSet]:
    """An image set for each folder, all with the same classes; one warning tells of all broken pictures."""
    classes = sorted({class_ for folder in folders for class_ in _classes(folder)})
    if not classes:
        raise _without_classes(folders[0])
    broken: list[Path] = []
    sets = [_read_folder(name, folder, classes, size, broken) for folder in folders]
    if broken:
        first = ", ".join(path.name for path in broken[:3]) + (", ..." if len(broken) > 3 else "")
        print(f"warning: skipped {len(broken)} broken of {len(broken) + sum(map(len, sets)):,} pictures: {first}",
              file=sys.stderr)
    return sets


def _read_folder(name: str, folder: Path, classes: list[str], size: int, broken: list[Path]) -> ImageSet:
    from PIL.Image import DecompressionBombError
    # Pillow has no error of its own for a damaged file: these depend on the format and the damage.
    signs_of_damage = (OSError, SyntaxError, ValueError, EOFError, struct.error, DecompressionBombError)
    images, labels = [], []
    for label, class_ in enumerate(classes):
        for path in sorted(_pictures(folder / class_)):
            try:
                images.append(_read_picture(path, size))
                labels.append(label)
            except signs_of_damage:
                broken.append(path)
    if not images:
        raise DataError(f"none of the {len(broken)} pictures below {folder} can be read")
    return ImageSet(name, torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).contiguous(),
                    torch.tensor(labels), tuple(classes))


def _read_picture(path: Path, size: int) -> np.ndarray:
    """The picture, upright and cropped about its centre, as uint8 of shape (size, size, 3)."""
    from PIL import Image, ImageOps
    with Image.open(path) as picture:
        upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I"):  # 16-bit grey, which convert would clip at 255
        upright = Image.fromarray((np.asarray(upright) // 257).astype(np.uint8))
    return np.asarray(ImageOps.fit(upright.convert("RGB"), (size, size)))


def _split_each_class(image_set: ImageSet) -> tuple[ImageSet, ImageSet]:
    """About 4 in 5 images of each class and the rest; the same ones each time."""
    generator = torch.Generator().manual_seed(0)
    train, test = [], []
    for label in range(len(image_set.classes)):
        rows = (image_set.labels == label).nonzero().flatten()
        rows = rows[torch.randperm(len(rows), generator=generator)]
        n_test = max(round(len(rows) / 5), int(len(rows) > 1))
        test.append(rows[:n_test])
        train.append(rows[n_test:])
    train, test = torch.cat(train), torch.cat(test)
    if len(test) == 0:
        raise DataError(f"{image_set.name} has one picture a class; at least one class needs two, to test on one")
    return image_set.select(train.sort().values), image_set.select(test.sort().values)


def _classes(folder: Path) -> list[str]:
    """The names of the sub-folders with pictures in them."""
    if not folder.is_dir():
        return []
    return [path.name for path in folder.iterdir() if not path.name.startswith(".") and any(_pictures(path))]


def _pictures(folder: Path) -> Iterator[Path]:
    """All pictures at any depth, without hidden ones: those are copies and notes that other programs keep."""
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in _PICTURES and not hidden:
            yield path


def _without_classes(folder: Path) -> DataError:
    if any(_pictures(folder)):
        return DataError(f"the pictures in {folder} lie in no class; put them into sub-folders, one for each class")
    return DataError(f"there are no pictures in {folder}; expected {folder / 'CLASS' / 'NAME.jpg'} or the like "
                     f"({' '.join(_PICTURES)})")
