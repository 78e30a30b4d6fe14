"""A training run: its folder, settings, progress, metrics and checkpoints, for any model and any number of optimisers.

A training loop needs three lines of it:

    for epoch in run.epochs(num_epochs, model=model, optimizer=optimizer, order=loader.generator):
        for images, labels in run.steps(loader):
            ...
        run.record(train_loss=...)

`epochs` goes on after the last finished epoch when the run is resumed, `steps` shows progress and ends the run after
the current step on Ctrl-C or SIGTERM, `record` completes the epoch. A new checkpoint is the moment at which an epoch
is complete; all else in the folder follows from it, and is written again when the run is resumed.
"""

import json
import math
import platform
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from operator import length_hint
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

import torch
from tqdm import tqdm

from lib.support.errors import Interrupted, UserError
from lib.support.runs import checkpoints
from lib.support.runs.file_systems import remove
from lib.support.runs.no_run import line_of
from lib.support.runs.random_state import random_state, restore_random_state
from lib.support.runs.results import FolderLock, Results
from lib.support.runs.stopping import StopSignals

__all__ = ["Diverged", "Run"]


class Diverged(UserError):
    """The loss or the weights stopped being finite numbers."""


class Run(Results):
    """A training run in `folder`; a context manager that may be entered more than once (the outermost counts).

    Args:
        folder: the results folder; made if need be, locked against a second run while this one is open.
        settings: plain values that decide the result; kept in `run.json`, and compared when the run is resumed.
        resume: go on from the checkpoint in `folder`, where there is one. Otherwise an earlier run in the folder is
            replaced, but only once the first epoch of this one is complete.
        verbose: print a line for each epoch also where there is a progress bar.

    Attributes: `history`, a list of rows (dictionaries), one for each finished epoch.

    Raises: UserError on entering, if the folder is in use or not writable, or its checkpoint has other settings.
    """

    def __init__(self, folder: str | Path, settings: dict | None = None, *, resume: bool = False,
                 verbose: bool = False):
        super().__init__(folder)
        self.settings = dict(settings or {})
        self.history: list[dict] = []
        self._metrics = ""  # the history, as the text of metrics.jsonl
        self._resume, self._verbose = resume, verbose
        self._id = uuid.uuid4().hex
        self._entered = 0
        self._kept: dict = {}
        self._state: dict = {}
        self._checkpoint: dict | None = None
        self._held_back: dict[str, bytes] | None = {}  # files made before the first epoch is complete
        self._signals = StopSignals()
        self._bar: tqdm | None = None
        self._next_show = 0.0
        self._epoch = self._num_epochs = 0

    def __enter__(self) -> "Run":
        if self._entered == 0:
            lock = FolderLock(self.folder)
            lock.acquire()
            try:
                if not self.history:
                    self._look_at_earlier_run()
            except BaseException:
                lock.release()
                raise
            self._lock = lock
            self._signals.catch()
        self._entered += 1
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._entered -= 1
        if self._entered:
            return
        self._signals.release()
        if self._bar is not None:
            self._bar.close()
            self._bar = None
        self._lock.release()
        # Just these two: what torch raises where it checks a loss or a distribution. An empty gap is neither.
        if type(error) in (RuntimeError, ValueError) and _met_nan(trace):
            raise Diverged(self._divergence("a value")) from error
        if error is None:
            self._stop_if_asked()

    def keep(self, **state: object) -> None:
        """Parts that the training loop does not know of: to be called before `epochs`, with what that takes."""
        self._kept.update(state)

    # --- in the training loop -------------------------------------------------------------------------------------

    def epochs(self, num_epochs: int, **state: object) -> Iterator[int]:
        """The numbers, from 1, of the epochs still to do.

        A loop that can end early asks at its top whether to `break`, so that it also does when it is resumed.

        Args:
            num_epochs: how many there are in all.
            state: by name, all that changes from epoch to epoch: modules, optimisers, schedules (anything with
                `state_dict`) and torch.Generators; None is left out. Each module's weights are also written to
                `<name>.pth` after each epoch. The global random generators are always part of the state.
        Raises: UserError if the run is resumed and its checkpoint does not fit `state`.
        """
        self._num_epochs = num_epochs
        self._state = {name: part for name, part in {**self._kept, **state}.items() if part is not None}
        resumed = self._checkpoint is not None
        if resumed:
            self._restore()
        if self.history and len(self.history) >= num_epochs:
            tqdm.write(f"{self.folder} has its {len(self.history)} epochs: nothing to do (more --epochs would go on)")
        elif resumed:
            tqdm.write(f"going on in {self.folder} after epoch {len(self.history)}")
        for epoch in range(len(self.history) + 1, num_epochs + 1):
            self._epoch, self._epoch_began = epoch, time.perf_counter()
            yield epoch
            self._stop_if_asked()

    def steps(self, loader: Iterable) -> Iterator:
        """The batches of `loader`, any iterable, with progress; ends the run after the current step where asked to.

        Without a length the progress bar counts steps, and shows no end.
        """
        self._stop_if_asked()
        if self._bar is None:
            length = length_hint(loader)
            self._bar = tqdm(total=length * self._num_epochs or None, initial=length * len(self.history),
                             unit="step", disable=not getattr(sys.stderr, "isatty", bool)(), dynamic_ncols=True)
        self._bar.set_description(f"epoch {self._epoch}/{self._num_epochs}", refresh=False)
        for batch in loader:
            yield batch
            self._bar.update()
            self._stop_if_asked()

    def show(self, *, per: float = 1, **values: object) -> None:
        """Numbers or scalar tensors for the progress bar, divided by `per`; read back only when it is drawn again."""
        if self._has_bar() and time.monotonic() >= self._next_show:
            self._bar.set_postfix({name: f"{float(value) / per:.4g}" for name, value in values.items()}, refresh=False)
            self._next_show = time.monotonic() + 0.2

    def record(self, **metrics: float) -> None:
        """Complete the epoch: a checkpoint, a row of metrics with the epoch's number and its seconds, the weights.

        Raises: Diverged if a metric or a weight is not finite (nothing is saved then); UserError if something cannot
            be written; ValueError if the epoch is complete already, or the one before it is not.
        """
        if self._epoch != len(self.history) + 1:
            raise ValueError(f"record completes an epoch, once in each: epoch {self._epoch} does not follow "
                             f"the {len(self.history)} recorded")
        row = {"epoch": self._epoch, **{name: float(value) for name, value in metrics.items()},
               "seconds": round(time.perf_counter() - self._epoch_began, 4)}
        self._check_finite(row)
        self.history.append(row)
        self._metrics += json.dumps(row) + "\n"
        checkpoints.save(self.folder, self._snapshot(), keep_previous=self._held_back is None)
        self._write_results()
        if self._verbose or not self._has_bar():
            tqdm.write(line_of(row, self._num_epochs))

    def add(self, **metrics: float) -> None:
        """More metrics for the row of the last epoch, measured after training. They are not in the checkpoint.

        Raises: UserError if they cannot be written.
        """
        self.history[-1].update(metrics)
        self.save("metrics.jsonl", "".join(json.dumps(row) + "\n" for row in self.history).encode())

    def save(self, name: str, data: bytes) -> None:
        """Write the file `name`; before the first epoch is complete it is held back, see the class."""
        if self._held_back is None:
            super().save(name, data)
        else:
            self._held_back[name] = data

    # --- saving and going on ------------------------------------------------------------------------------------

    def _snapshot(self) -> dict:
        return {"id": self._id, "settings": self.settings, "metrics": self._metrics, "files": self._held_back or {},
                "state": {name: _state_of(part) for name, part in self._state.items()}, "random": random_state()}

    def _write_results(self) -> None:
        """Let the folder tell what the checkpoint tells."""
        held_back, self._held_back = self._held_back or {}, None
        self._take_over()
        for name, data in {"metrics.jsonl": self._metrics.encode(), **held_back}.items():
            self.save(name, data)
        for name, part in self._state.items():
            if isinstance(part, torch.nn.Module):
                self.save_weights(f"{name}.pth", part)

    def _take_over(self) -> None:
        """Where the folder still describes another run, remove its files, and note the settings of this one."""
        about = self._about_folder()
        if about["id"] == self._id:
            return
        for name in about["files"]:
            _remove(self.folder / Path(name).name)
        self._write_about({"id": self._id, "settings": self.settings, "files": [],
                           "made_with": {"python": platform.python_version(), "torch": torch.__version__}})

    def _about_folder(self) -> dict:
        try:
            return self.about
        except UserError:  # a power cut may have damaged it, and this run can write it anew
            return {"id": "", "files": []}

    def _look_at_earlier_run(self) -> None:
        if not self._resume:
            if checkpoints.exists(self.folder) or (self.folder / "run.json").exists():
                tqdm.write(f"{self.folder} holds an earlier run: starting anew, and replacing it after the first epoch")
            return
        self._checkpoint = checkpoints.load(self.folder, say=tqdm.write)
        if self._checkpoint is None:
            tqdm.write(f"{self.folder} holds no checkpoint yet: starting with the first epoch")
        elif differences := _differences(self._checkpoint["settings"], self.settings):
            raise UserError(f"{self.folder} was trained with other settings: {differences}. Give the same ones, "
                            "or leave out --resume to start anew")

    def _restore(self) -> None:
        checkpoint, self._checkpoint = self._checkpoint, None
        try:
            _restore_state(self._state, checkpoint["state"])
        except (RuntimeError, TypeError, ValueError) as error:
            raise UserError(f"the checkpoint in {self.folder} does not fit this model ({_last_line(error)}): if its "
                            "code has changed, start anew, without --resume") from error
        restore_random_state(checkpoint["random"])
        self._id, self._metrics = checkpoint["id"], checkpoint["metrics"]
        self.history = [json.loads(line) for line in self._metrics.splitlines()]
        self._held_back = {**checkpoint["files"], **self._held_back}
        self._write_results()

    # --- stopping ---------------------------------------------------------------------------------------------

    def _stop_if_asked(self) -> None:
        if self._signals.received is not None:
            number, self._signals.received = self._signals.received, None
            raise Interrupted(number, f"stopped in epoch {self._epoch} of {self._num_epochs}; "
                                      f"{self._saved_epochs()}.")

    def _saved_epochs(self) -> str:
        if self.history:
            return f"epoch {len(self.history)} is saved in {self.folder}"
        if checkpoints.exists(self.folder):
            return f"no epoch is saved yet: {self.folder} still holds the earlier run, and --resume goes on with that"
        return "no epoch is saved yet"

    def _check_finite(self, row: dict) -> None:
        for name, value in row.items():
            if not math.isfinite(value):
                raise Diverged(self._divergence(name))
        for name, part in self._state.items():  # the last step may have spoilt the weights after the loss was taken
            if isinstance(part, torch.nn.Module) and not all(bool(p.isfinite().all()) for p in part.parameters()):
                raise Diverged(self._divergence(f"a weight of {name}"))

    def _divergence(self, what: str) -> str:
        return (f"{what} became NaN or infinite in epoch {self._epoch}: training has diverged "
                f"(a smaller learning rate often helps); {self._saved_epochs()}")

    def _has_bar(self) -> bool:
        return self._bar is not None and not self._bar.disable


def _last_line(error: Exception) -> str:
    return str(error).strip().splitlines()[-1].strip().rstrip(".")


def _differences(saved: dict, given: dict) -> str:
    missing = "not set"
    return ", ".join(f"{name} {saved.get(name, missing)} there, {given.get(name, missing)} here"
                     for name in sorted({*saved, *given})
                     if saved.get(name, missing) != given.get(name, missing))


def _remove(path: Path) -> None:
    try:
        remove(path)
    except OSError as error:
        raise UserError(f"cannot remove {path}, which an earlier run made: {error.strerror or error}") from error


def _state_of(part: object) -> object:
    return part.get_state() if isinstance(part, torch.Generator) else part.state_dict()


def _restore_state(parts: dict, state: dict) -> None:
    """Raises: ValueError, RuntimeError or TypeError if they do not fit each other."""
    if parts.keys() != state.keys():
        raise ValueError(f"it holds {', '.join(state)}, not {', '.join(parts)}")
    for name, part in parts.items():
        if isinstance(part, torch.Generator):
            part.set_state(state[name])
        else:
            part.load_state_dict(state[name])


def _met_nan(trace: TracebackType | None) -> bool:
    """Whether a tensor in the hands of one of the functions that the exception passed holds NaN."""
    return any(isinstance(value, torch.Tensor) and value.is_floating_point() and bool(value.isnan().any())
               for frame, _ in walk_tb(trace) for value in frame.f_locals.values())
