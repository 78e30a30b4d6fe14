"""What every root script shares: arguments that explain themselves, errors in one line, exit codes.

Nothing here imports torch, so that `--help` answers at once.
"""

import argparse
import functools
import linecache
import math
import re
import shlex
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from lib.support.errors import Interrupted, UserError

DEVICES = ("auto", "cpu", "cuda", "mps")
_START = re.compile(r"# START TODO (\w+)(?: #*)?")  # the marker lines of a gap; other such lines are somebody's comments
_END = re.compile(r"# END TODO(?: #*)?")


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


def whole_number(minimum: int) -> Callable[[str], int]:
    """An argparse type: an integer of at least `minimum`."""
    def parse(text: str) -> int:
        if not re.fullmatch(r"\s*[+-]?\d+\s*", text) or int(text) < minimum:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {minimum}")
        return int(text)
    return parse


def real_number(*, above: float = -math.inf, minimum: float = -math.inf) -> Callable[[str], float]:
    """An argparse type: a finite number greater than `above` and not less than `minimum`."""
    bound = f"above {above:g}" if above > -math.inf else f"of at least {minimum:g}"

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and value > above and value >= minimum):
            raise argparse.ArgumentTypeError(f"{text!r} is not a number {bound}")
        return value
    return parse


def add_run_arguments(parser: Parser, *, folder: str, batch_size: int, lr: float, rate: str = "lr") -> None:
    """The arguments of every training script: where to compute, from which random numbers, where to write.

    Args:
        folder: in words, the default of --output_dir.
        batch_size, lr: their defaults.
        rate: the argument's name of the learning rate, "lr" or "learning_rate"; on the command line both names work.
    """
    parser.add_argument("--batch_size", type=whole_number(1), default=batch_size, help="examples in one step")
    names = sorted(["--lr", "--learning_rate"], key=lambda name: name != f"--{rate}")
    parser.add_argument(*names, dest=rate, type=real_number(above=0), default=lr, help="learning rate of Adam")
    parser.add_argument("--seed", type=whole_number(0), default=0, help="the same seed gives the same run")
    parser.add_argument("--device", choices=DEVICES, default="auto",
                        help="where to compute; auto takes a GPU where there is one")
    parser.add_argument("--output_dir", default=None, help=f"the results folder; by default {folder}")
    parser.add_argument("--resume", action="store_true",
                        help="go on after the last finished epoch of an interrupted run with the same settings")


def settings_of(args: argparse.Namespace) -> dict:
    """The arguments that decide what a run computes: all but where its files are, how far it goes, what it prints."""
    return {name: value for name, value in vars(args).items()
            if name not in ("epochs", "resume", "data_dir", "output_dir", "verbose")}


def script(main: Callable[..., int | None]) -> Callable[..., int]:
    """Turn `main(argv)` into one that returns its exit code and reports what a user can mend in one line.

    0: done. 2: wrong input, an unusable file, a diverged loss, an empty gap, a package that is not installed. 130 and 143: Ctrl-C and SIGTERM.
    1: an error in the code; where the traceback passes through a gap, a line below it names the innermost.
    """
    @functools.wraps(main)
    def guarded(argv: list[str] | None = None) -> int:
        try:
            return main(argv) or 0
        except SystemExit as exit_request:  # argparse, after --help
            return exit_request.code or 0
        except UserError as error:
            return _report(error, 2)
        except NotImplementedError as error:
            if not str(error).startswith("TODO "):
                raise
            return _report(_empty_gap(str(error)), 2)
        except Interrupted as error:
            return _report(f"{error} Go on with: {_resume_command(argv)}", 128 + error.signal_number)
        except KeyboardInterrupt:
            return _report("interrupted", 130)
        except ModuleNotFoundError as error:
            return _report(f"{error.name} is not installed for this Python, {sys.executable}: activate your virtual "
                           "environment (README.md), or python -m pip install -r requirements.txt", 2)
        except Exception as error:
            gap = _gap_behind(error)
            if gap is None:
                raise
            traceback.print_exception(error)
            return _report(f"the error came up in the gap {gap}; to see whether it is solved: "
                           f"python -m exercise check {gap}", 1)
    return guarded


def _report(message: object, exit_code: int) -> int:
    print(f"{Path(sys.argv[0]).name}: {message}", file=sys.stderr)
    return exit_code


def _empty_gap(todo: str) -> str:
    gap, _, place = todo.removeprefix("TODO ").partition(":")
    return f"the gap {gap} is still empty ({place.strip()}). A hint: python -m exercise hint {gap}"


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
    return shlex.join(["python", Path(sys.argv[0]).name, *arguments])
