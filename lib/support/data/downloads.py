"""The download of a published image set by torchvision: all of its files arrive, or none.

torchvision takes up to two seconds to import, so it is imported only where something is missing.
"""

import contextlib
import http.client
import io
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lib.support.data.image_sets import DataError

__all__ = ["Unobtainable", "provide"]

_NETWORK_PATIENCE = 10.0  # seconds


class Unobtainable(DataError):
    """A published set of which nothing is on disk and which cannot be downloaded."""


def provide(name: str, published_as: str, files: list[Path], data_dir: Path) -> None:
    """Download the set unless all its files are there; a download is told of in one printed line.

    Args:
        name: what the set is called in messages.
        published_as: its class in `torchvision.datasets`.
        files: the paths it should have below `data_dir`, in torchvision's layout.
    Raises: Unobtainable if none of the files is there and the download fails, DataError if some are.
    """
    missing = [file for file in files if not file.is_file()]
    if not missing:
        return
    try:
        _download(published_as, data_dir)
    except (OSError, RuntimeError, http.client.HTTPException) as error:
        why = _why_no_download(error, data_dir)
        if len(missing) < len(files):
            raise DataError(f"{missing[0]} is missing and cannot be downloaded ({why}); put it back, or run again "
                            "with a network") from error
        raise Unobtainable(f"{name} is not in {data_dir} and cannot be downloaded ({why}); "
                           "the set digits needs no download") from error
    print(f"downloaded {published_as} to {data_dir}")


def _why_no_download(error: Exception, data_dir: Path) -> str:
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{data_dir} cannot be written: {error.strerror}"
    last_line = (str(error).strip() or type(error).__name__).splitlines()[-1]
    return f"no network? {last_line.strip('<>').removeprefix('urlopen error ')}"


def _download(published_as: str, data_dir: Path) -> None:
    """Let torchvision download and unpack a set; the files arrive in `data_dir` once all are complete."""
    with _made(data_dir), tempfile.TemporaryDirectory(prefix=".download-", dir=data_dir) as folder:
        import torchvision
        with _impatient_network(), _progress_on_a_terminal():
            getattr(torchvision.datasets, published_as)(folder, download=True)
        for file in [path for path in Path(folder).rglob("*") if path.is_file()]:
            target = data_dir / file.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)


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
