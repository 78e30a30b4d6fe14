"""Training without a results folder."""

from collections.abc import Iterable, Iterator
from types import TracebackType

from torch import nn
from tqdm import tqdm

__all__ = ["NoRun", "line_of"]


class NoRun:
    """Training without a folder: what a training loop asks of a `Run`, and nothing is kept.

    Args:
        name: what is trained, for the lines of the epochs.
        verbose: print such a line for each epoch.

    Attributes: `history`, a list of rows (dictionaries), one for each finished epoch.
    """

    def __init__(self, name: str = "", verbose: bool = False):
        self.history: list[dict] = []
        self._name, self._verbose = name, verbose

    def __enter__(self) -> "NoRun":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        pass

    def epochs(self, num_epochs: int, **state: object) -> Iterator[int]:
        """The numbers from 1 to `num_epochs`; the state stays where it is."""
        self._num_epochs = num_epochs
        yield from range(1, num_epochs + 1)

    def steps(self, loader: Iterable) -> Iterator:
        """The batches of `loader`."""
        yield from loader

    def show(self, *, per: float = 1, **values: object) -> None:
        """There is no progress bar."""

    def save_weights(self, name: str, module: nn.Module) -> None:
        """There is no folder for them."""

    def record(self, **metrics: float) -> None:
        """Complete the epoch with a row of metrics."""
        self.history.append({"epoch": len(self.history) + 1, **{name: float(value) for name, value in metrics.items()}})
        if self._verbose:
            tqdm.write(f"{self._name} {line_of(self.history[-1], self._num_epochs)}".strip())


def line_of(row: dict, num_epochs: int) -> str:
    """One row of metrics for a log file."""
    numbers = "  ".join(f"{name} {value:.5g}" for name, value in row.items() if name != "epoch")
    return f"epoch {row['epoch']:>{len(str(num_epochs))}}/{num_epochs}  {numbers}"
