"""The files of a published image set, where and as people have them.

They may lie in torchvision's layout or in a folder of another usual name, the data folder may be that folder itself,
they may be packed, and archives of other origin call them a little differently. All is unpacked in memory: nothing is
written.
"""

import hashlib
import io
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from gzip import decompress
from pathlib import Path

from lib.support.data.image_sets import DataError

__all__ = ["damaged", "find_files", "is_web_page", "read_archive", "read_file", "require_md5", "strange_files"]

_RELATIVES = ("fashionmnist", "kmnist", "emnist", "qmnist")  # sets whose files have the names of MNIST's
_UNPACKING_ERRORS = (OSError, EOFError, zlib.error, tarfile.TarError)  # of gzip and tar


def find_files(names: Iterable[str], published_as: str, data_dir: Path) -> dict[str, Path | None]:
    """The path of each file of a set in the format of MNIST, None for a missing one.

    Found are `train-images-idx3-ubyte` and `train-images.idx3-ubyte`, each of them also with `.gz`, and also in a
    folder with the name of the file. They lie in `MNIST/raw` or `MNIST` below `data_dir`, or that is one of those.
    """
    places = list(_places(published_as, data_dir))
    return {name: next((path for place in places for path in _spellings(place, name) if path.is_file()), None)
            for name in names}


def strange_files(published_as: str, data_dir: Path) -> list[Path]:
    """Files that look as if they belonged to the set, by their folder or by their own name."""
    within = [path for folder in _own_folders(published_as, data_dir) for path in sorted(folder.rglob("*"))]
    beside = [path for path in _entries(data_dir) if _plain(path.name).startswith(_plain(published_as))
              or _holds_mnist(published_as, data_dir) and "ubyte" in path.name]
    return [path for path in within + beside if path.is_file() and not path.name.startswith(".")]


def _places(published_as: str, data_dir: Path) -> Iterator[Path]:
    for folder in _own_folders(published_as, data_dir):
        yield from (folder / "raw", folder)
    if _holds_mnist(published_as, data_dir):
        yield from (data_dir / "raw", data_dir)


def _own_folders(published_as: str, data_dir: Path) -> list[Path]:
    """The folders named after the set: in the data folder, that of torchvision first; or the data folder itself."""
    own = [path for path in _entries(data_dir) if path.is_dir() and _plain(path.name) == _plain(published_as)]
    own.sort(key=lambda path: path.name != published_as)
    return [*own, data_dir] if _name_of_set(data_dir) == _plain(published_as) else own


def _holds_mnist(published_as: str, data_dir: Path) -> bool:
    """Whether MNIST is asked for, and files directly in the data folder may be its: no name says otherwise."""
    return published_as == "MNIST" and _name_of_set(data_dir) not in _RELATIVES


def _name_of_set(folder: Path) -> str:
    path = folder.absolute()
    return _plain(path.parent.name if path.name == "raw" else path.name)


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _plain(name: str) -> str:
    """`FashionMNIST`, `fashion-mnist` and `Fashion_MNIST` are one name."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _spellings(place: Path, name: str) -> Iterator[Path]:
    stems = (name, name.replace("-idx", ".idx"))
    for stem in stems:
        for suffix in ("", ".gz"):
            yield from (place / (stem + suffix), *(place / folder / (stem + suffix) for folder in stems))


def read_file(path: Path) -> bytes:
    """The content of a file, unpacked where it is packed by gzip, whatever its name says.

    Raises: DataError if it cannot be read, is damaged, or is a web page.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror})") from error
    if is_web_page(content):
        raise DataError(f"{path} is a web page and no data, as a network sends it that wants you to log in; delete it, "
                        "log in with a browser, and run again")
    try:
        return decompress(content) if content.startswith(b"\x1f\x8b") else content
    except _UNPACKING_ERRORS as error:
        raise damaged(path, "it cannot be unpacked") from error


def read_archive(path: Path) -> dict[str, bytes]:
    """The files in a tar archive, packed or not, by their names without folders.

    Raises: DataError as `read_file`.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(read_file(path))) as archive:
            return {Path(member.name).name: archive.extractfile(member).read()
                    for member in archive if member.isfile()}
    except _UNPACKING_ERRORS as error:
        raise damaged(path, "it cannot be unpacked") from error


def is_web_page(content: bytes) -> bool:
    """Whether this is HTML."""
    return content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))


def require_md5(path: Path, content: bytes, md5: str) -> None:
    """Raises: DataError if the content is another one."""
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != md5:
        raise damaged(path, "its MD5 checksum is wrong")


def damaged(path: Path, what: str) -> DataError:
    """The error about a damaged file."""
    return DataError(f"{path} is damaged ({what}); delete it and run again to download it anew")
