"""A results folder: pictures, weights and metrics, written whole or not at all, and `run.json`, which explains them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from lib.support.errors import UserError
from lib.support.runs import checkpoints
from lib.support.runs.file_systems import lock

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FolderLock", "Results", "folder_name", "make_folder"]


def folder_name(dataset: str) -> str:
    """A name for the results of a data set: its own, without what is no letter or digit; for a folder, the folder's."""
    kind, _, path = dataset.partition(":")
    return re.sub(r"\W+", "_", Path(path).resolve().name if kind == "folder" else dataset)


def make_folder(folder: Path) -> Path:
    """The folder, made if need be, for results to be written into.

    Raises: UserError if it cannot be made, or holds something else than results, which they could overwrite.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = {name for name in os.listdir(folder) if not name.startswith(".")}
    except OSError as error:
        raise UserError(f"cannot write into {folder}: {error.strerror or error}; "
                        "name another folder with --output_dir") from error
    # Weights alone are results too: those of other programs for these exercises.
    if found and not any(name == "run.json" or name.endswith((".pth", ".pt")) for name in found):
        raise UserError(f"{folder} holds something else than results, such as {min(found)}: "
                        "name a folder for the results alone with --output_dir")
    return folder


class Results:
    """The folder of one experiment. `run.json` holds its settings and the names of the files it has made."""

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)

    @property
    def about(self) -> dict:
        """What `run.json` says: `id`, `settings`, `files`; all empty where there is none.

        Raises: UserError if it cannot be read.
        """
        path = self.folder / "run.json"
        try:
            about = json.loads(path.read_text(encoding="utf-8"))
            return {**about, "id": str(about["id"]), "settings": dict(about["settings"]),
                    "files": [str(name) for name in about["files"]]}
        except FileNotFoundError:
            return {"id": "", "settings": {}, "files": []}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(f"{path} cannot be read ({type(error).__name__}): train with --resume to have it written "
                            "again, or delete it") from error

    def save(self, name: str, data: bytes) -> None:
        """Write the file `name` in one step, and list it in `run.json`.

        Raises: UserError if it cannot be written; what was there before is then still there.
        """
        about = self.about
        if name not in about["files"]:  # listed first: a crash in between leaves no file that nobody knows of
            self._write_about({**about, "files": sorted([*about["files"], name])})
        checkpoints.write_atomically(self.folder / name, data)

    def save_json(self, name: str, content: object) -> None:
        """Write lists, dictionaries, numbers and texts as JSON, for people to read too."""
        self.save(name, (json.dumps(content, indent=2) + "\n").encode())

    def save_image(self, name: str, image: np.ndarray) -> None:
        """Write an image array, uint8 of shape (height, width, 3), as a PNG file."""
        from PIL import Image
        buffer = io.BytesIO()
        Image.fromarray(image).save(buffer, format="png")
        self.save(name, buffer.getvalue())

    def save_figure(self, name: str, figure: Figure) -> None:
        """Write a matplotlib figure as a PNG file."""
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
        self.save(name, buffer.getvalue())

    def save_weights(self, name: str, module: torch.nn.Module) -> None:
        """Write the state dict of `module`, for `torch.load` on any computer: its tensors are on the CPU."""
        self.save(name, checkpoints.to_bytes({key: value.cpu() for key, value in module.state_dict().items()}))

    def _write_about(self, about: dict) -> None:
        checkpoints.write_atomically(self.folder / "run.json", (json.dumps(about, indent=2) + "\n").encode())


class FolderLock:
    """One process at a time in a folder. The system takes the lock back when the process ends, however it ends."""

    def __init__(self, folder: Path):
        self.folder = folder

    def acquire(self) -> None:
        """Raises: UserError if the folder cannot be made or written, or another run holds the lock."""
        try:
            self._made = not self.folder.exists()
            make_folder(self.folder)
            self._file = open(self.folder / ".lock", "ab")
            lock(self._file)
        except BlockingIOError as error:
            self._file.close()
            raise UserError(f"another run is writing into {self.folder}: wait for it, "
                            "or name another folder with --output_dir") from error
        except OSError as error:
            raise UserError(f"cannot write into {self.folder}: {error.strerror or error}; "
                            "name another folder with --output_dir") from error

    def release(self) -> None:
        """Give the lock back; a folder that was made for it and holds nothing else goes too."""
        with contextlib.suppress(OSError):  # Windows removes no file that is open: there it stays
            if self._made and os.listdir(self.folder) == [".lock"]:
                (self.folder / ".lock").unlink()
                self.folder.rmdir()
        self._file.close()
