"""The report of a benchmark: on which machine, as a table in Markdown, and in the file of all results."""

import importlib.metadata
import json
import os
import platform
from pathlib import Path

from lib.support.errors import UserError

__all__ = ["load_average", "machine", "read", "table", "write"]

LIBRARIES = ("torch", "torchvision", "numpy")


def load_average() -> float | None:
    """How many processes have wanted to compute, on average over the last minute; None where nobody counts."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def machine() -> dict:
    """Processor, cores, threads of torch, and the versions of what runs on it."""
    import torch
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "system": platform.system(),
        "python": platform.python_version(),
        **{library: importlib.metadata.version(library) for library in LIBRARIES},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def table(results: dict) -> str:
    """The results that `benchmarks.harness.compare` has put together, to be read."""
    about = results["machine"]
    versions = ", ".join(f"{library} {about[library]}" for library in ("python", *LIBRARIES))
    timed = {**results["contenders"], **results["commands"]}
    load = _number(results["load_average_before"], ".1f") or "unknown"
    return "\n".join([
        f"{results['work']}; median, smallest and largest of {results['repetitions']} in turn.",
        f"{about['processor']}, {about['cores']} cores, {about['threads']} threads, {about['system']}, {versions}; "
        f"load before: {load}.",
        "",
        *_columns(["", "seconds", "min", "max", "peak memory", "reached"],
                  [[name, *_numbers(row["seconds"]), _gigabytes(row.get("peak_memory_bytes")),
                    _number(row.get("reached"), ".2f")] for name, row in timed.items()]),
        "",
        *_columns(["ratio", "median", "min", "max"],
                  [[pair, *_numbers(spread)] for pair, spread in results["ratios"].items()]),
        "",
        *[f"- {name}: {row['about']}" for name, row in results["contenders"].items()],
        f"- peak memory with all of them in one process: "
        f"{_gigabytes(results['peak_memory_bytes_in_turn']) or 'unknown'}",
    ])


def _columns(head: list[str], rows: list[list[str]]) -> list[str]:
    """A table in Markdown: words in the first column, numbers in the others."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]

    def line(cells):
        numbers = map(str.rjust, cells[1:], widths[1:])
        return f"| {' | '.join([cells[0].ljust(widths[0]), *numbers])} |"
    return [line(cells) for cells in (head, rule, *rows)]


def _numbers(spread: dict[str, float]) -> list[str]:
    return [_number(spread[which], ".2f") for which in ("median", "min", "max")]


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def _gigabytes(num_bytes: int | None) -> str:
    return "" if num_bytes is None else f"{num_bytes / 1e9:.2f} GB"


def read(path: str) -> dict:
    """The results of all benchmarks by name, as far as there are any in the file.

    Raises: UserError if the file holds something else, or there is no folder for it.
    """
    if not Path(path).absolute().parent.is_dir():
        raise UserError(f"--json {path}: there is no folder {Path(path).parent}")
    try:
        results = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UserError(f"--json {path}: this file does not hold results of benchmarks; name another one") from error
    if not isinstance(results, dict):
        raise UserError(f"--json {path}: this file does not hold results of benchmarks; name another one")
    return results


def write(path: str, results: dict) -> None:
    """Replace the file of all results. Raises: UserError if it cannot be written."""
    try:
        Path(path).write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"--json {path}: cannot be written ({error.strerror})") from error
