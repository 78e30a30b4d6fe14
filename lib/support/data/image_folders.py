"""Any folder of pictures as an image set, its sub-folders the classes.

One line says what was read, what was left out and why, and what had to be guessed.
"""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from lib.support.data.folder_layout import Layout, Part, find_layout
from lib.support.data.image_sets import DataError, ImageSet
from lib.support.data.pictures import BrokenPicture, Picture, as_bytes, brightness_range, can_be_read, read_picture

__all__ = ["load_folder", "load_whole_folder"]

_NAMED = 3  # paths in the line, for each reason


def load_folder(name: str, folder: Path, size: int) -> tuple[ImageSet, ImageSet]:
    """The pictures of a folder, to train and to test, cropped to squares, with three channels.

    `train/` trains and `test/` (else `val/`) tests, where there are such, by these or other usual names; otherwise the
    same 1 in 5 of each class tests each time. Transparent pixels become white. Grey pictures with more than 8 bits
    share one range of brightness, see `brightness_range`. What cannot be read is left out; one printed line says what
    was read and what was not.

    Args:
        name: the name of both sets.
        folder: holds a sub-folder for each class, or `train/` and the like above those, or one folder with them.
        size: height and width of the images.
    Raises: DataError if there is no such folder, no class, no picture that can be read, or none left to test on.
    """
    layout = find_layout(folder)
    train = layout.parts.get("all") or layout.parts.get("train")
    if train is None:
        others = " and ".join(part.path.name for part in layout.parts.values())
        raise DataError(f"{folder} holds {others}, but no folder train with the pictures to train on")
    held_out = layout.parts.get("test") or layout.parts.get("val")
    for role in layout.parts:
        if layout.parts[role] not in (train, held_out):
            layout.leave_out("to validate", [path for paths in layout.parts[role].classes.values() for path in paths])
    reading = _Reading(folder, layout, [train, held_out] if held_out else [train], size)
    sets = reading.image_sets(name)
    train_set, test_set = sets if held_out else _split_each_class(*sets)
    reading.report(f" ({len(train_set):,} to train, {len(test_set):,} to test)")
    return train_set, test_set


def load_whole_folder(name: str, folder: Path, size: int) -> ImageSet:
    """All pictures of a folder, those of all its parts together; else as `load_folder`."""
    layout = find_layout(folder)
    reading = _Reading(folder, layout, list(layout.parts.values()), size)
    sets = reading.image_sets(name)
    reading.report()
    return ImageSet(name, torch.cat([part.images for part in sets]), torch.cat([part.labels for part in sets]),
                    sets[0].classes)


class _Reading:
    """The pictures of some parts of a folder, and the line about them.

    Args: folder, below which paths are named; layout, which learns what else is left out.
    Raises: DataError if a part has no picture that can be read.
    """

    def __init__(self, folder: Path, layout: Layout, parts: list[Part], size: int):
        self._folder, self._layout, self._parts = folder, layout, parts
        self._read = [self._read_part(part, size) for part in parts]
        self._pictures = [picture for part in self._read for pictures in part.values() for picture in pictures]
        self._deep = [picture for picture in self._pictures if picture.deep]
        self._range = brightness_range(self._deep) if self._deep else (0, 255)
        self._classes = sorted({class_ for part in self._read for class_ in part})

    def _read_part(self, part: Part, size: int) -> dict[str, list[Picture]]:
        """The pictures of each class that has any."""
        read: dict[str, list[Picture]] = {}
        for class_, paths in part.classes.items():
            self._layout.leave_out("in a format that is not read here", [p for p in paths if not can_be_read(p)])
            for path in sorted(filter(can_be_read, paths)):
                try:
                    read.setdefault(class_, []).append(read_picture(path, size))
                except BrokenPicture:
                    self._layout.leave_out("broken", [path])
        if not any(read.values()):
            raise DataError(f"none of the {sum(map(len, part.classes.values()))} pictures below {part.path} can be "
                            f"read{self._left_out()}")
        return {class_: pictures for class_, pictures in read.items() if pictures}

    def image_sets(self, name: str) -> list[ImageSet]:
        """An image set for each part, all with the same classes."""
        return [ImageSet(name, self._images(part), self._labels(part), tuple(self._classes)) for part in self._read]

    def _images(self, part: dict[str, list[Picture]]) -> torch.Tensor:
        squares = [as_bytes(picture, *self._range) for class_ in sorted(part) for picture in part[class_]]
        return torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2).contiguous()

    def _labels(self, part: dict[str, list[Picture]]) -> torch.Tensor:
        return torch.tensor([self._classes.index(class_) for class_ in sorted(part) for _ in part[class_]])

    def report(self, split: str = "") -> None:
        """Print the line. Args: split, how many pictures are for what."""
        print(f"read {_counted(len(self._pictures), 'picture')} of {_counted(len(self._classes), 'class', 'es')}"
              f"{split} from {', '.join(str(part.path) for part in self._parts)}"
              + self._ragged() + self._converted() + self._left_out())

    def _ragged(self) -> str:
        """The classes that a part lacks."""
        lacking = [(part.path.name, [class_ for class_ in self._classes if class_ not in read])
                   for part, read in zip(self._parts, self._read, strict=True)]
        return "".join(f"; {part} has none of {_first(classes)}" for part, classes in lacking if classes)

    def _converted(self) -> str:
        transparent = sum(picture.transparent for picture in self._pictures)
        low, high = self._range
        return ((f"; {transparent:,} with transparency, now on white" if transparent else "")
                + (f"; {len(self._deep):,} with more than 8 bits, of which {low:g} is black and {high:g} white"
                   if self._deep else ""))

    def _left_out(self) -> str:
        """Why how many pictures were left out, with the first of each kind, below the folder."""
        kinds = [f"{len(paths):,} {reason} ({_first(map(self._below, paths))})"
                 for reason, paths in self._layout.left_out.items()]
        return f"; left out: {', '.join(kinds)}" if kinds else ""

    def _below(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix() + "/" * path.is_dir()


def _counted(number: int, noun: str, plural: str = "s") -> str:
    return f"{number:,} {noun}{'' if number == 1 else plural}"


def _first(names: Iterable[str]) -> str:
    first = list(islice(names, _NAMED + 1))
    return ", ".join([*first[:_NAMED], "…"] if len(first) > _NAMED else first)


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
