"""What every root script shares: arguments that explain themselves, errors in one line, exit codes.

Nothing here imports torch, so that `--help` answers at once.
"""

import argparse
import functools
import linecache
import math
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from lib.support.errors import Interrupted, UserError
from lib.support.scripts.commands import command
from lib.support.scripts.empty_gaps import in_words
from lib.support.scripts.streams import patient_streams

DEVICES = ("auto", "cpu", "cuda", "mps")
LARGEST_SEED = 2**64 - 1  # that torch takes
_START = re.compile(r"# START TODO (\w+)(?: #*)?")  # the marker lines of a gap; other such lines are comments
_END = re.compile(r"# END TODO(?: #*)?")

# What torch, NumPy and Python say when an allocation fails: on the CPU, on Windows, on CUDA and MPS, of an absurd size.
_OUT_OF_MEMORY = re.compile("out of memory|allocate memory|not enough memory|unable to allocate|invalid buffer size|"
                            "storage size calculation overflowed", re.IGNORECASE)


class _Help(argparse.ArgumentDefaultsHelpFormatter):
    """Shows defaults, but not that of an argument whose text tells in words what happens without it."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help if action.default is None else super()._get_help_string(action)


class Parser(argparse.ArgumentParser):
    """An argument parser that shows every default and reports a wrong argument in one line."""

    def __init__(self, description: str):
        super().__init__(description=description, formatter_class=_Help)

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message} (--help explains all arguments)")


def whole_number(minimum: int, maximum: int | None = None) -> Callable[[str], int]:
    """An argparse type: an integer from `minimum` to `maximum`. What sizes a computation has a maximum."""
    bound = f"of at least {minimum}" + (f" and at most {maximum:,}" if maximum is not None else "")

    def parse(text: str) -> int:
        value = int(text) if re.fullmatch(r"\s*[+-]?\d{1,30}\s*", text) else None
        if value is None or value < minimum or (maximum is not None and value > maximum):
            raise argparse.ArgumentTypeError(f"{_shortened(text)!r} is not a whole number {bound}")
        return value
    return parse


def real_number(*, above: float = -math.inf, minimum: float = -math.inf, maximum: float = math.inf
                ) -> Callable[[str], float]:
    """An argparse type: a finite number greater than `above` and from `minimum` to `maximum`."""
    bound = f"above {above:g}" if above > -math.inf else f"of at least {minimum:g}"
    bound += f" and at most {maximum:g}" if maximum < math.inf else ""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and value > above and minimum <= value <= maximum):
            raise argparse.ArgumentTypeError(f"{_shortened(text)!r} is not a number {bound}")
        return value
    return parse


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def add_run_arguments(parser: Parser, *, folder: str, batch_size: int, lr: float, rate: str = "lr") -> None:
    """The arguments of every training script: where to compute, from which random numbers, where to write.

    Args:
        folder: in words, the default of --output_dir.
        batch_size, lr: their defaults.
        rate: the argument's name of the learning rate, "lr" or "learning_rate"; on the command line both names work.
    """
    parser.add_argument("--batch_size", type=whole_number(1, 100_000), default=batch_size,
                        help="examples in one step")
    names = sorted(["--lr", "--learning_rate"], key=lambda name: name != f"--{rate}")
    parser.add_argument(*names, dest=rate, type=real_number(above=0), default=lr, help="learning rate of Adam")
    parser.add_argument("--seed", type=whole_number(0, LARGEST_SEED), default=0,
                        help="the same seed gives the same run")
    parser.add_argument("--device", choices=DEVICES, default="auto",
                        help="where to compute; auto takes a GPU where there is one")
    parser.add_argument("--output_dir", default=None, help=f"the results folder; by default {folder}")
    parser.add_argument("--resume", action="store_true",
                        help="go on after the last finished epoch of an interrupted run with the same settings")


def add_results_arguments(parser: Parser, example: str) -> None:
    """The arguments of every script that reads the results of a training: which, where to compute, where to write.

    Args: example, the name of such a folder.
    """
    parser.add_argument("folder", help=f"a results folder, such as {example}")
    parser.add_argument("--device", choices=DEVICES, default="auto",
                        help="where to compute; auto takes a GPU where there is one")
    parser.add_argument("--data_dir", default="data", help="where data sets are, or are downloaded to")
    parser.add_argument("--output_dir", default=None, help="where to write; by default the results folder")


def settings_of(args: argparse.Namespace) -> dict:
    """The arguments that decide what a run computes: all but where its files are, how far it goes, what it prints."""
    return {name: value for name, value in vars(args).items()
            if name not in ("epochs", "resume", "data_dir", "output_dir", "verbose")}


def script(main: Callable[..., int | None] | None = None, *, smaller: str = "size") -> Callable:
    """Turn `main(argv)` into one that returns its exit code and reports what a user can mend in one line.

    0: done. 2: wrong input, an unusable file, a diverged loss, an empty gap, a package that is not installed, too
    little memory. 130 and 143: Ctrl-C and SIGTERM.
    1: an error in the code; where the traceback passes through a gap, a line below it names the innermost.

    Args: smaller, the flags whose smaller values need less memory, in words.
    """
    if main is None:
        return functools.partial(script, smaller=smaller)

    @functools.wraps(main)
    def guarded(argv: list[str] | None = None) -> int:
        with patient_streams():
            try:
                return main(argv) or 0
            except SystemExit as exit_request:  # argparse, after --help
                return exit_request.code or 0
            except UserError as error:
                return _report(error, 2)
            except Interrupted as error:
                return _report(f"{error} Go on with: {_resume_command(argv)}", 128 + error.signal_number)
            except KeyboardInterrupt:
                return _report("interrupted", 130)
            except Exception as error:
                exit_code = _report_unforeseen(error, smaller)
                if exit_code is None:
                    raise
                return exit_code
    return guarded


def _report_unforeseen(error: Exception, smaller: str) -> int | None:
    """The exit code of an error that no code of ours has raised, or None where there is nothing to add to it."""
    if isinstance(error, NotImplementedError):
        return _report(said, 2) if (said := in_words(error)) else None
    if isinstance(error, ModuleNotFoundError):
        return _report(f"{error.name} is not installed for this Python, {sys.executable}: activate your virtual "
                       "environment (README.md), or python -m pip install -r requirements.txt", 2)
    if isinstance(error, MemoryError) or isinstance(error, RuntimeError) and _OUT_OF_MEMORY.search(str(error)):
        return _report(f"out of memory: a smaller {smaller} needs less", 2)
    if isinstance(error, OSError) and error.filename is not None:
        return _report(f"{_shortened(str(error.filename))}: {error.strerror}", 2)
    gap = _gap_behind(error)
    if gap is None:
        return None
    traceback.print_exception(error)
    return _report(f"the error came up in the gap {gap}; to see whether it is solved: "
                   f"python -m exercise check {gap}", 1)


def _report(message: object, exit_code: int) -> int:
    print(f"{Path(sys.argv[0]).name}: {message}", file=sys.stderr)
    return exit_code


def _gap_behind(error: Exception) -> str | None:
    """The id of the innermost gap that the error's traceback passes through."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        for line in map(str.strip, reversed(linecache.getlines(frame.filename)[:frame.lineno])):
            if _END.fullmatch(line):
                break
            if start := _START.fullmatch(line):
                return start[1]
    return None


def _resume_command(argv: list[str] | None) -> str:
    arguments = list(sys.argv[1:] if argv is None else argv)
    if "--resume" not in arguments:
        arguments.append("--resume")
    return command("python", Path(sys.argv[0]).name, *arguments)
