"""`python -m exercise`: where you stand, hints, and tests of single gaps, for whoever does the exercises."""

import argparse
import os
import sys
import textwrap
import time
from pathlib import Path

from exercise import ready
from exercise.commands import hints, resetting, watching
from exercise.problem import Problem
from exercise.source import gaps, places, table
from exercise.source.places import Places
from exercise.source.table import Course

ROOT = Path(__file__).resolve().parent.parent
ABOUT = """\
Your way through the exercises. A gap is what you write between two marker lines in a file of lib/:

    # START TODO vae_encode ########################
    # what to compute, and under which names
    # END TODO ########################

Read the instruction in the gap and the docstring above it, replace the line `raise NotImplementedError(...)`
by your code, and check it. The tests say what is wrong in words; a hint leads one step further.

    python -m exercise                           where you stand: every gap, your points, what to do next
    python -m exercise check vae_encode          run the tests of one gap, and read all that they say
    python -m exercise check 2.1                 ... of all gaps of a task, by the number in the table
    python -m exercise check lib/model_vae.py    ... of all gaps in a file
    python -m exercise check vae                 ... of all gaps whose names begin with vae_
    python -m exercise hint vae_encode           the next of two or three hints
    python -m exercise reset vae_encode          begin anew; your text is kept in .exercise/
    python -m exercise reset lib/model_vae.py    restore a file outside of its gaps; what is in them stays
    python -m exercise watch                     run the tests of what you change, whenever you save a file
    python -m exercise style                     the code style of your files, as it is graded

To see what your code prints, or to stop at a breakpoint() in it: python -m pytest -s --gap vae_encode
Nothing here needs a network, and hints cost no points."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str):
        raise Problem(f"{message} (python -m exercise --help explains all commands)")


def main(argv: list[str] | None = None, root: Path = ROOT) -> int:
    """0: every gap asked for is solved, or the command is done. 1: some gap is not. 2: wrong input. 130: Ctrl-C."""
    try:
        args = _arguments(argv)
        return args.command(root, args)
    except Problem as error:
        print(f"exercise: {error}", file=sys.stderr)
    except ModuleNotFoundError as error:
        print(f"exercise: {ready.not_installed(error.name)}", file=sys.stderr)
    except BrokenPipeError:  # the reader, `head` for one, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"exercise: {error.filename}: {error.strerror}", file=sys.stderr)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    return 2


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = _Parser(prog="python -m exercise", description=ABOUT,
                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.set_defaults(command=_overview)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, command, about in (("check", _check, "run the tests of one gap, of some gaps, or of all"),
                                 ("hint", _hint, "give the next hint for a gap"),
                                 ("reset", _reset, "restore a gap, or a file outside of its gaps, as handed out"),
                                 ("watch", _watch, "run the tests of what changed, whenever a file is saved"),
                                 ("style", _style, "check the code style: pycodestyle --max-line-length=120")):
        parser_of_command = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
        parser_of_command.set_defaults(command=command)
        if name == "check":
            parser_of_command.add_argument("target", nargs="?", metavar="GAP|FILE",
                                           help="a gap, a task such as 2.1, a file of lib/, or the word that names "
                                                "begin with, such as gan; by default all gaps")
        elif name == "hint":
            parser_of_command.add_argument("gap", metavar="GAP", help="a gap, such as vae_encode, or a task: 2.1")
        elif name == "reset":
            parser_of_command.add_argument("target", metavar="GAP|FILE", help=(
                "a gap, such as vae_encode; or a file, which is restored outside of its gaps"))
    return parser.parse_args(argv)


def _overview(root: Path, args: argparse.Namespace) -> int:
    return _judge(root, table.read(root).gaps, in_full=False)


def _check(root: Path, args: argparse.Namespace) -> int:
    course = table.read(root)
    return _judge(root, course.gaps if args.target is None else _targets(root, course, args.target))


def _hint(root: Path, args: argparse.Namespace) -> int:
    course = table.read(root)
    found = places.find(root)
    entry = course.gaps[_one(course, args.gap, found)]
    gap = found.gaps.get(entry.id)
    given = hints.next_hints(root, entry)
    print(f"{entry.id}, {course.where(entry.id)}" + (f": {gap.path}, line {gap.start}" if gap else ""))
    for number, hint in given:
        print(textwrap.fill(f"hint {number} of {len(entry.hints)}: {hint}", 100, subsequent_indent="  ",
                            break_long_words=False, break_on_hyphens=False))
    if given[-1][0] == len(entry.hints):
        print(f"There are no more. What your code does wrong: python -m exercise check {entry.id}")
    return 0


def _reset(root: Path, args: argparse.Namespace) -> int:
    course = table.read(root)
    if args.target in course.gaps:
        kept = resetting.reset(root, args.target)
        print(f"{args.target} is as it was handed out")
    elif path := resetting.kept_path(root, args.target):
        kept = resetting.reset_file(root, path)
        print(f"{path} is as it was handed out" + (", but for what is in its gaps" if gaps.may_have_gaps(path) else ""))
    else:
        raise Problem(f"reset takes one gap, or one file: choose {', '.join(course.named(args.target))}")
    if kept:
        print(f"What you had written: {kept.relative_to(root).as_posix()}")
    return 0


def _watch(root: Path, args: argparse.Namespace) -> int:
    course = table.read(root)
    print("Watching lib/: save a file, and the tests of what you changed run. Ctrl-C ends.", flush=True)
    for changed in watching.changes(watching.snapshots(root)):
        listed = [gap for gap in course.gaps if gap in changed]
        if listed:
            print(f"\n{time.strftime('%H:%M:%S')}  {', '.join(listed)}", flush=True)
            _judge(root, listed)
    return 0


def _style(root: Path, args: argparse.Namespace) -> int:
    from exercise.commands.styling import check_style  # no other command needs pycodestyle
    places_found = check_style(root)
    print(f"code style: {places_found or 'nothing'} to mend")
    return 1 if places_found else 0


def _judge(root: Path, names, in_full: bool = True) -> int:
    """Run the tests of some gaps and print what they say; exit code 1 unless all are solved."""
    from exercise.commands.judging import judge  # no other command needs pytest
    found = judge(root, names)
    for text in found.failures if in_full else ():
        print(f"{text}\n")
    print("\n".join(found.standing.lines(_has_colours())), flush=True)
    return 0 if all(row.state == "solved" for row in found.standing) else 1


def _targets(root: Path, course: Course, target: str) -> list[str]:
    """The gaps that a word on the command line means: a gap, a file of lib/ by its path or name, or a first word."""
    if target in course.gaps:
        return [target]
    found, path = places.find(root), _path_in(root, target)
    listed = [name for name in course.gaps if found.path_of(name) == path]
    if listed and not any(name in found.gaps for name in listed):
        raise found.trouble(listed[0])
    if not listed and (root / path).is_file():
        raise Problem(f"{path} has no gaps: name one of "
                      f"{', '.join(sorted({gap.path for gap in found.gaps.values()}))}")
    return listed or course.named(target)


def _path_in(root: Path, target: str) -> str:
    """A path as the table of gaps knows it: relative to the root, or that of the only such name in lib/."""
    path = Path(target).resolve()
    if path.is_file() and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return f"lib/{Path(target).name}"


def _one(course: Course, word: str, found: Places) -> str:
    """The gap that a word means; of several the first that is still empty."""
    names = course.named(word)
    empty = [name for name in names if name in found.gaps and gaps.stubbed(found.gaps[name].body)]
    if len(names) > 1 and not empty:
        raise Problem(f"{word} means {len(names)} gaps: choose {', '.join(names)}")
    return (empty or names)[0]


def _has_colours() -> bool:
    modern = os.name != "nt" or "WT_SESSION" in os.environ
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and modern


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal may not know all characters of an error message
    sys.exit(main())
