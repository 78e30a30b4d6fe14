"""A class whose answers are those that the repository knows: solutions, alternatives, wrong answers, stubs, cheats.

`python -m benchmarks.invented_class SUBMISSIONS` writes one, to try out the grader before the first deadline.
"""

import argparse
import random
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from course.handout import contents
from course.handout.chosen import HandoutError, choose
from course.verify import answers, cheats
from exercise.source import gaps, table
from exercise.source.gaps import Gap
from lib.support.errors import UserError
from lib.support.scripts.command_line import Parser, script, whole_number

__all__ = ["hand_in", "main", "make", "sheets"]

_ROOT = Path(__file__).resolve().parents[1]
_SHARES = {"solution": 30, "right": 40, "wrong": 15, "stub": 10, "cheat": 5}  # percent of the gaps


@script
def main(argv: list[str] | None = None) -> int:
    parser = Parser("Write the submissions of an invented class, to try out `python -m course grade`.")
    parser.add_argument("folder", metavar="SUBMISSIONS", type=Path, help="where to write them; there must be nothing")
    parser.add_argument("--teams", type=whole_number(1, 1000), default=10, help="how many there are")
    parser.add_argument("--sheets", type=sheets, default=None, metavar="N[-M]",
                        help="the sheets whose gaps they fill; all by default")
    parser.add_argument("--seed", type=int, default=0, help="draws what each team knows")
    args = parser.parse_args(argv)
    if args.folder.exists():
        raise UserError(f"{args.folder} is there already: name a new folder")
    make(_ROOT, args.folder, args.teams, args.seed, args.sheets)
    print(f"{args.teams} submissions: {args.folder}")
    return 0


def sheets(words: str) -> str:
    """An argparse type: sheets that the course has, such as 2 or 1-3."""
    try:
        choose(table.load(_ROOT), words)
    except HandoutError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix("--sheets ")) from None
    return words


def make(root: Path, folder: Path, teams: int, seed: int = 0, sheets: str | None = None) -> None:
    """Write the submissions of a class into a new folder, every third one as a zip.

    No two teams have the same text in a gap, unless it is empty: each writes its name above what it has.

    Args: seed, draws what each team knows.
    """
    chosen, draw = choose(table.load(root), sheets), random.Random(seed)
    known = {name: gap for name, gap in gaps.read(root).items() if chosen.first <= chosen.sheet_of(name) <= chosen.last}
    files = {path: file.data.decode() for path, file in contents.build(root, chosen).items()
             if path.startswith("lib/") and path.endswith(".py")}
    choices = _choices(root, known)
    for number in range(1, teams + 1):
        name = f"team {number:03}"
        bodies = {gap: f"{known[gap].indent}# {name}\n{body}" for gap in known
                  if (body := draw.choice(choices[gap][_kind(draw, choices[gap])]))}
        hand_in(folder, name, files, bodies, zipped=number % 3 == 0)


def hand_in(folder: Path, name: str, files: Mapping[str, str], bodies: Mapping[str, str], zipped: bool = False) -> Path:
    """Write one submission: the files of a handout, by path, with these bodies in its gaps."""
    place = folder / (f"{name}.zip" if zipped else name)
    place.parent.mkdir(parents=True, exist_ok=True)
    filled = {path: _filled(text, path, bodies) for path, text in files.items()}
    if zipped:
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, text in filled.items():
                archive.writestr(path, text)
        return place
    for path, text in filled.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text, encoding="utf-8", newline="")
    return place


def _filled(text: str, path: str, bodies: Mapping[str, str]) -> str:
    own = {gap.id for gap in gaps.parse(text, path)} if gaps.may_have_gaps(path) else set()
    return gaps.compose(text, {name: body for name, body in bodies.items() if name in own}, path) if own else text


def _choices(root: Path, known: Mapping[str, Gap]) -> dict[str, dict[str, list[str]]]:
    """From gap and kind to the bodies there are; that of a stub is "", as it stays what it was."""
    every = gaps.read(root)
    found, tricks = answers.read(root, every), cheats.read(root, every)
    return {name: {kind: bodies for kind, bodies in {
        "solution": [gap.body], "right": [answer.body for answer in found[name].right],
        "wrong": [answer.body for answer in found[name].wrong], "stub": [""],
        "cheat": [cheat.body for cheat in tricks if cheat.gap == name]}.items() if bodies}
        for name, gap in known.items()}


def _kind(draw: random.Random, choices: Mapping[str, list[str]]) -> str:
    return draw.choices(list(choices), [_SHARES[kind] for kind in choices])[0]


if __name__ == "__main__":
    sys.exit(main())
