"""The download of a published image set by torchvision: all of its files arrive, or none.

torchvision takes up to two seconds to import, so it is imported only where something is missing.
"""

import contextlib
import http.client
import io
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from lib.support.data.image_sets import DataError
from lib.support.data.published_files import is_web_page, strange_files

__all__ = ["Unobtainable", "provide"]

_NETWORK_PATIENCE = 10.0  # seconds


class Unobtainable(DataError):
    """A published set of which nothing is on disk and which cannot be downloaded."""


def provide(name: str, published_as: str, find: Callable[[], dict[str, Path | None]],
            data_dir: Path, home: str) -> dict[str, Path]:
    """The path of each file of the set, which is downloaded if files are missing; a printed line says so.

    Args:
        name: what the set is called in messages.
        published_as: its class in `torchvision.datasets`.
        find: gives the paths by the names of the files, None for a missing one.
        home: the folder in `data_dir` that torchvision puts the set into; files elsewhere are read, and never added to.
    Raises: Unobtainable if nothing of the set is there and the download fails; DataError if some of it is.
    """
    paths = find()
    missing = [file for file, path in paths.items() if path is None]
    if not missing:
        return paths
    there = [path for path in paths.values() if path is not None]
    if there and data_dir / home not in there[0].parents:
        raise DataError(f"{there[0].parent / missing[0]} is missing, a file of {name}: put it there, packed or not")
    try:
        _download(published_as, data_dir)
    except (OSError, RuntimeError, http.client.HTTPException) as error:
        raise _no_download(name, published_as, there, missing, _why(error, data_dir), data_dir) from error
    print(f"downloaded {published_as} to {data_dir}")
    return find()


def _no_download(name: str, published_as: str, there: list[Path], missing: list[str], why: str,
                 data_dir: Path) -> DataError:
    if there:
        return DataError(f"{there[0].parent / missing[0]} is missing and cannot be downloaded ({why}); put it back, or "
                         "run again with a network")
    strange = strange_files(published_as, data_dir)
    if strange:
        return DataError(f"{strange[0]} is no file of {name} by its name, and {name} cannot be downloaded ({why}); "
                         f"name its files {', '.join(missing[:2])} and so on, or choose --dataset digits")
    return Unobtainable(f"{name} is not in {data_dir} and cannot be downloaded ({why}); the set digits needs no "
                        "download")


class _NotTheData(RuntimeError):
    """A download that gave something else. Its text says what."""


def _why(error: Exception, data_dir: Path) -> str:
    if isinstance(error, _NotTheData):
        return str(error)
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{data_dir} cannot be written: {error.strerror}"
    last_line = (str(error).strip() or type(error).__name__).splitlines()[-1]
    return f"no network? {last_line.strip('<>').removeprefix('urlopen error ')}"


def _download(published_as: str, data_dir: Path) -> None:
    """Let torchvision download and unpack a set; the files arrive in `data_dir` once all are complete."""
    with _made(data_dir), tempfile.TemporaryDirectory(prefix=".download-", dir=data_dir) as folder:
        import torchvision
        with _impatient_network(), _progress_on_a_terminal():
            try:
                getattr(torchvision.datasets, published_as)(folder, download=True)
            except RuntimeError as error:
                raise _what_came_instead(error, Path(folder)) from error
        for file in [path for path in Path(folder).rglob("*") if path.is_file()]:
            target = data_dir / file.relative_to(folder)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                file.replace(target)


def _what_came_instead(error: RuntimeError, folder: Path) -> RuntimeError:
    """A better error where torchvision found that a downloaded file, which is in `folder`, is not the published one."""
    for path in folder.rglob("*"):
        if path.is_file() and is_web_page(path.read_bytes()):
            return _NotTheData(f"the network sent a web page in place of {path.name}, perhaps to log in: open a "
                               "browser")
    if "corrupted" in str(error):
        return _NotTheData("what the server sent is not the published file")
    return error


@contextlib.contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make a folder and those above it; after an exception those that are new and empty go again."""
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            for path in new:
                path.rmdir()
        raise


@contextlib.contextmanager
def _impatient_network() -> Iterator[None]:
    """torchvision sets no timeout of its own: a silent server would hold it for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_NETWORK_PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _progress_on_a_terminal() -> contextlib.AbstractContextManager:
    """torchvision's progress bars would fill a log file with their many states."""
    return contextlib.nullcontext() if sys.stderr.isatty() else contextlib.redirect_stderr(io.StringIO())
