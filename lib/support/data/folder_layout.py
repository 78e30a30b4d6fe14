"""What lies where in a folder of pictures: its classes, and its parts to train, to validate and to test.

Recognised are `CLASS/NAME.jpg`; `train/CLASS/NAME.jpg` with `val/` and `test/` beside it, in capitals and by other
usual names too; and either of them in a folder within the folder, as archives are often unpacked. Hidden files are
passed over: they are copies and notes that other programs keep.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lib.support.data.image_sets import DataError
from lib.support.data.pictures import is_picture

__all__ = ["Layout", "Part", "find_layout"]

_ROLES = {"train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val", "dev": "val",
          "test": "test", "testing": "test"}
_ORDER = ("train", "val", "test")


@dataclass(frozen=True)
class Part:
    """Pictures that belong together. Args: path, of the folder; classes, the picture files of each class."""

    path: Path
    classes: dict[str, list[Path]]


@dataclass(frozen=True)
class Layout:
    """The parts by what they are for, "train", "val" and "test" in this order, or only "all"; and what is left out.

    Args: left_out, paths by the reason in words.
    """

    parts: dict[str, Part]
    left_out: dict[str, list[Path]] = field(default_factory=dict)

    def leave_out(self, reason: str, paths: list[Path]) -> None:
        if paths:
            self.left_out.setdefault(reason, []).extend(paths)


@dataclass(frozen=True, eq=False)
class _Folder:
    """Args: pictures, directly in it; folders, those in it with their content."""

    path: Path
    pictures: list[Path]
    folders: list["_Folder"]

    @property
    def all_pictures(self) -> list[Path]:
        return self.pictures + [path for folder in self.folders for path in folder.all_pictures]

    @property
    def filled(self) -> list["_Folder"]:
        """The folders in it that hold pictures, at any depth."""
        return [folder for folder in self.folders if folder.all_pictures]


def find_layout(path: Path) -> Layout:
    """The parts and classes of a folder.

    Raises: DataError if there is no such folder, no picture or no class in it, or two folders for one part.
    """
    if not path.is_dir():
        raise DataError(f"there is no folder {path}")
    layout = Layout({})
    for folder in _inwards(_scan(path)):
        layout.leave_out("beside the classes", folder.pictures)
        roles = _roles(folder.filled)
        if roles:
            _add_parts(layout, folder, roles)
            return layout
    if not folder.filled:
        raise _without_classes(folder)
    _add_part(layout, "all", folder)
    return layout


def _scan(path: Path, above: tuple[Path, ...] = ()) -> _Folder:
    try:
        entries = sorted(entry for entry in path.iterdir() if entry.name[0] != "." and entry.name != "__MACOSX")
    except OSError as error:
        raise DataError(f"the folder {path} cannot be read: {error.strerror}") from error
    above = (*above, path.resolve())
    return _Folder(path, [entry for entry in entries if is_picture(entry) and not entry.is_dir()],
                   [_scan(entry, above) for entry in entries if entry.is_dir() and entry.resolve() not in above])


def _inwards(folder: _Folder) -> Iterator[_Folder]:
    """The folder, and the one within it as long as that one is alone and holds folders only: it is no class."""
    yield folder
    while len(folder.filled) == 1 and not folder.filled[0].pictures:
        folder = folder.filled[0]
        yield folder


def _roles(folders: list[_Folder]) -> dict[_Folder, str]:
    """What each folder is for, where their names tell; nothing where they are classes."""
    exact = {folder: _ROLES[folder.path.name.lower()] for folder in folders if folder.path.name.lower() in _ROLES}
    if any(role == "train" and folder.filled for folder, role in exact.items()):
        return exact
    if len(exact) == len(folders) and not (len(folders) == 1 and folders[0].filled):
        return exact
    loose = {folder: role for folder in folders if folder.filled and (role := _role_within(folder.path.name))}
    return loose if "train" in loose.values() and len(set(loose.values())) == len(folders) > 1 else {}


def _role_within(name: str) -> str | None:
    """The role in a name such as `train_images` or `flowers-test`; None where there is none, or more than one."""
    found = {_ROLES[word] for word in re.split(r"[^a-z]+", name.lower()) if word in _ROLES}
    return found.pop() if len(found) == 1 else None


def _add_parts(layout: Layout, folder: _Folder, roles: dict[_Folder, str]) -> None:
    for role in set(roles.values()):
        same = [part.path.name for part in roles if roles[part] == role]
        if len(same) > 1:
            raise DataError(f"{folder.path} holds {' and '.join(same)}, which are the same part of a data set: "
                            "leave one of them there")
    for outside in folder.filled:
        if outside not in roles:
            layout.leave_out("beside train", outside.all_pictures)
    ordered = sorted(roles, key=lambda part: _ORDER.index(roles[part]))
    for part in ordered:
        *around, inner = _inwards(part)
        if inner.filled:
            for passed in around:
                layout.leave_out("beside the classes", passed.pictures)
            layout.leave_out("beside the classes", inner.pictures)
            _add_part(layout, roles[part], inner)
        else:
            layout.leave_out("in no class", inner.pictures)
    empty = [part for part in ordered if roles[part] not in layout.parts]
    if empty and (not layout.parts or roles[empty[0]] == "train"):
        raise _without_classes(empty[0])


def _add_part(layout: Layout, role: str, folder: _Folder) -> None:
    layout.parts[role] = Part(folder.path, {inner.path.name: inner.all_pictures for inner in folder.filled})
    layout.leave_out("without pictures", [inner.path for inner in folder.folders if not inner.all_pictures])


def _without_classes(folder: _Folder) -> DataError:
    if folder.pictures:
        return DataError(f"the pictures in {folder.path} lie in no class; put them into sub-folders, one for each "
                         "class")
    return DataError(f"there are no pictures in {folder.path}; expected {folder.path / 'CLASS' / 'NAME.jpg'} or the "
                     "like, also .png, .gif, .tif, .webp and other formats")
