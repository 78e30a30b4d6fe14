"""The solutions of the sheets and the derivations: all questions, with their points; links and commands that work."""

import importlib.util
import re
import shlex
from fractions import Fraction
from pathlib import Path

import pytest

from exercise.source import table

ROOT = Path(__file__).resolve().parents[2]
COURSE = table.load(ROOT)
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
         for folder in ("derivations", "solutions") for path in sorted((ROOT / "sheets" / folder).glob("*.md"))}
SOLUTIONS = {name: text for name, text in TEXTS.items() if name.startswith("sheets/solutions/")}
ASKED = re.compile(r"^\*\*Question (\d+\.\d+) \(([\d.]+) points?\)\.\*\*", re.MULTILINE)
ANSWERED = re.compile(r"^### Question (\d+\.\d+) \(([\d.]+) points?\)$", re.MULTILINE)
COMMANDS = sorted({command for text in SOLUTIONS.values() for command in re.findall(r"`(python [^`]+)`", text)})


def sheet(name):
    """The text of the sheet to which a solution belongs."""
    return (ROOT / "sheets" / Path(name).name).read_text(encoding="utf-8")


def test_every_sheet_has_a_solution():
    assert [int(Path(name).name[0]) for name in SOLUTIONS] == [sheet.number for sheet in COURSE.sheets]


@pytest.mark.parametrize("name", [name for name in SOLUTIONS if (ROOT / "sheets" / Path(name).name).is_file()])
def test_every_question_is_answered_and_has_the_points_of_the_sheet(name):
    assert ANSWERED.findall(SOLUTIONS[name]) == ASKED.findall(sheet(name))


@pytest.mark.parametrize("name", SOLUTIONS)
def test_the_steps_of_an_answer_make_its_points(name):
    parts = re.split(r"^##+ ", SOLUTIONS[name], flags=re.MULTILINE)
    steps = {part.splitlines()[0]: sum(map(Fraction, re.findall(r"\*\*\[([\d.]+)\]\*\*", part))) for part in parts}
    assert {title: made for title, made in steps.items() if made} == {
        f"Question {number} ({points} points)".replace("(1 points", "(1 point"): Fraction(points)
        for number, points in ANSWERED.findall(SOLUTIONS[name])}


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_to_what_is_there(name):
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", re.sub(r"\$`[^`]*`\$", "", TEXTS[name]))
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_are_up_to_date(command):
    """A script and its flags, or a module."""
    _, program, *flags = shlex.split(command)
    if program == "-m":
        assert importlib.util.find_spec(flags[0])
    else:
        importlib.import_module(program.removesuffix(".py")).parse_arguments(flags)
