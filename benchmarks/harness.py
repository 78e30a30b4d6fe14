"""Contenders for the same work, measured in turn, so that a machine that drifts is fair to all of them.

Each repetition runs every contender once, one after the other, and a ratio is taken within a repetition. Reported are
the median of all repetitions, the smallest and the largest. Peak memory is measured in a process for each contender.

A benchmark names its contenders and calls `compare`; nothing here knows about models.
"""

import importlib
import itertools
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from tqdm import tqdm

from benchmarks import report
from lib.support.errors import UserError
from lib.support.scripts.command_line import Parser, whole_number

__all__ = ["Contender", "Script", "benchmark_parser", "compare"]


@dataclass(frozen=True)
class Contender:
    """One way to do the work.

    Args:
        name: a word.
        about: what it is, in half a line.
        prepare: does what is done only once, and returns the work: a function that does it one time and returns a
            number by which to tell that it was done well (a loss), or None. It must be a function of a module, or a
            `functools.partial` of one, because other processes call it too.
        optional: not every computer can run it; where it raises a UserError, it is left out.
    """

    name: str
    about: str
    prepare: Callable[[], Callable[[], float | None]]
    optional: bool = False


@dataclass(frozen=True)
class Script:
    """A training script, timed until it has answered `--help`, and until it has taken its first step.

    Args:
        name: a module in the root folder, with `main(argv)`; it trains within a `lib.support.runs.run.Run`.
        arguments: what follows its name on the command line, without --output_dir.
    """

    name: str
    arguments: tuple[str, ...]


def benchmark_parser(description: str) -> Parser:
    """A parser with the arguments that every benchmark has."""
    parser = Parser(description)
    parser.add_argument("--data_dir", default="data", help="where the data sets are")
    parser.add_argument("--epochs", type=whole_number(1), default=5, help="how often each measurement is repeated")
    parser.add_argument("--threads", type=whole_number(1), default=None,
                        help="threads that torch computes with; by default as many as it chooses by itself")
    parser.add_argument("--json", default="benchmarks/results.json", metavar="PATH",
                        help="the file with the results of all benchmarks, in which those of this one are replaced")
    return parser


def compare(name: str, work: str, contenders: list[Contender], script: Script | None, args) -> None:
    """Measure, print the table, and write the numbers to the file `args.json`.

    Args:
        name: of the benchmark; its key in the file.
        work: what each contender does.
        script: one that does the work, for the time to its first step; None for work that is no training.
        args: of a `benchmark_parser`.
    Raises: UserError if the file is not one of results or cannot be written, or a contender raises one.
    """
    earlier, load = report.read(args.json), report.load_average()
    # Before torch is imported here: on Linux a new process begins with the peak memory of the one that started it.
    memory = _memory_of_each(contenders, args.threads)
    contenders = [contender for contender in contenders if contender.name in memory]
    commands = _time_commands(script, args.epochs) if script else {}
    seconds, reached = _time_in_turn(contenders, args.epochs, args.threads)
    results = {
        "work": work,
        "repetitions": args.epochs,
        "machine": report.machine(),
        "load_average_before": load,
        "contenders": {contender.name: {"about": contender.about, "seconds": _spread(seconds[contender.name]),
                                        "reached": reached[contender.name],
                                        "peak_memory_bytes": memory[contender.name]} for contender in contenders},
        "ratios": _ratios(seconds),
        "commands": {command: {"seconds": _spread(taken)} for command, taken in commands.items()},
        "peak_memory_bytes_in_turn": _peak_memory(),
    }
    print(report.table(results))
    report.write(args.json, {**earlier, name: results})


def _time_in_turn(contenders: list[Contender], repetitions: int, threads: int | None) -> tuple[dict, dict]:
    """By the contender's name: its seconds in each repetition, and what it had reached after the last."""
    _set_threads(threads)
    work = {contender.name: contender.prepare() for contender in contenders}
    reached = {name: do() for name, do in _progress(work.items(), "warming up")}
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for name, do in _progress(list(work.items()) * repetitions, "measuring"):
        began = time.perf_counter()
        reached[name] = do()
        seconds[name].append(time.perf_counter() - began)
    return seconds, reached


def _memory_of_each(contenders: list[Contender], threads: int | None) -> dict[str, int | None]:
    """By the contender's name, its peak memory in bytes; without the optional ones that this computer cannot run."""
    memory = {}
    for contender in _progress(contenders, "memory"):
        try:
            memory[contender.name] = _in_new_process(_memory_to_work, contender.prepare, threads)
        except UserError as reason:
            if not contender.optional:
                raise
            tqdm.write(f"{contender.name} is left out: {reason}", file=sys.stderr)
    return memory


def _memory_to_work(prepare: Callable, threads: int | None) -> int | None:
    _set_threads(threads)
    prepare()()
    return _peak_memory()


def _peak_memory() -> int | None:
    """The most memory this process has had so far, in bytes; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # on Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def _time_commands(script: Script, repetitions: int) -> dict[str, list[float]]:
    to_help, to_first_step = [], []
    for _ in _progress(range(repetitions), "commands"):
        to_help.append(_seconds_to_help(script))
        to_first_step.append(_seconds_to_first_step(script))
    return {f"{script.name}.py --help": to_help, f"{script.name}.py to first step": to_first_step}


def _seconds_to_help(script: Script) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, f"{script.name}.py", "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _seconds_to_first_step(script: Script) -> float:
    with tempfile.TemporaryDirectory() as folder:
        began = time.time()
        return _in_new_process(_time_of_first_step, script.name, [*script.arguments, "--output_dir", folder]) - began


class _FirstStep(BaseException):
    """Leaves a script after a step of training: no handler on the way out takes it for an error."""


def _time_of_first_step(script: str, arguments: list[str]) -> float:
    main = importlib.import_module(script).main
    from lib.support.runs.run import Run
    all_steps = Run.steps

    def one_step(run, loader):
        yield next(iter(all_steps(run, loader)))
        raise _FirstStep(time.time())

    Run.steps = one_step
    try:
        sys.exit(main(arguments))
    except _FirstStep as step:
        return step.args[0]


def _in_new_process(function: Callable, *args):
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *args).result()


def _set_threads(threads: int | None) -> None:
    if threads is not None:
        import torch
        torch.set_num_threads(threads)


def _ratios(seconds: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """For each two contenders, the spread of how many times as long as the other the one takes in a repetition."""
    return {f"{one} / {other}": _spread([a / b for a, b in zip(seconds[one], seconds[other], strict=True)])
            for one, other in itertools.combinations(seconds, 2)}


def _spread(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def _progress(steps, what: str) -> tqdm:
    return tqdm(steps, what, leave=False, disable=None)
