"""The sheets agree with the course, their commands work, links and pictures are there, and they give nothing away.

What README.md says of commands, flags and paths is held to the same.
"""

import ast
import contextlib
import functools
import importlib
import importlib.util
import io
import re
import shlex
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from course import __main__ as course_command
from course.grade import outputs
from course.handout import leaks
from course.handout.chosen import choose
from course.handout.command import write
from course.handout.contents import build
from course.pictures import PICTURES, RUNS
from exercise import __main__ as exercise_command
from exercise.source import gaps, table
from exercise.source.table import points_text
from tests.repository.scripts import SCRIPTS

ROOT = Path(__file__).resolve().parents[2]
COURSE = table.read(ROOT)
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
         for path in [*sorted((ROOT / "sheets").glob("[0-9]_*.md")), ROOT / "README.md"]}
SHEETS = {int(Path(name).name[0]): text for name, text in TEXTS.items() if name.startswith("sheets/")}
NUMBERS = [sheet.number for sheet in COURSE.sheets]
HEADING = re.compile(r"^## Task (\d+): (.+) \(([\d.]+) (bonus )?points?\)$", re.MULTILINE)
GAP = re.compile(r"^\| `(\w+)` \| `([\w.]+)` in \[(\S+)\]\(\.\./(\S+)\) \| ([\d.]+) \|$", re.MULTILINE)
QUESTION = re.compile(r"^\*\*Question (\d+)\.(\d+) \(([\d.]+) points?\)\.\*\*", re.MULTILINE)
SECTIONS = ["What you will learn", "What the result should look like", "Explore further", "References"]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FORMULA = re.compile(r"\$`([^`\n]+)`\$")
PATH = re.compile(r"[\w.-]+(/[\w.-]*)*")
OTHER_PROGRAMS = ("source", "uv", "conda", "git", "python3", "pip")
PROGRAMS = ("./", *(f"{program} " for program in ("python", *OTHER_PROGRAMS)))  # what begins a line of a block
SMALL = {  # what makes a command of a sheet cheap
    "run_autoencoder_training": "--epochs 1 --hidden_size 4 --dataset digits",
    "explore_code_space": "--components 3",
    "run_vae_training": "--epochs 1 --dataset digits",
    "run_conv_vae_training": "--epochs 1 --channels 4 --dataset digits",
    "compare_likelihoods": "--images 2 --k 2 --dataset digits",
    "infer_without_encoder": "--max_steps 3",
    "run_diffusion_training": "--epochs 1 --n_samples 100 --batch_size 50 --n_blocks 1 --diffusion_steps 6",
    "run_gan_training": "--epochs 1 --multiplier_g 1 --multiplier_d 1"}


def sections(text):
    """The text below each heading of a task, by its number."""
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    return {int(found[1]): part for part in parts if (found := HEADING.match(f"## {part}".splitlines()[0]))}


def prose(text):
    """A text without its blocks of code and formulas."""
    return FENCE.sub("", text)


def spans(text):
    """What stands between backticks in a line, formulas aside."""
    return re.findall(r"`([^`\n]+)`", FORMULA.sub("", prose(text)))


def commands_in_blocks(text):
    """The words of each command line in blocks of code, without comments."""
    lines = [line for language, block in FENCE.findall(text) if language in ("", "sh") for line in block.splitlines()]
    words = [shlex.split(part, comments=True) for line in lines if line.startswith(PROGRAMS)
             for part in line.split(" && ")]
    return list(filter(None, words))


def commands(text):
    """Those in blocks, then those in sentences and tables."""
    return commands_in_blocks(text) + [shlex.split(span) for span in spans(text) if re.match(r"python |\./", span)]


@functools.cache
def flags_of(script):
    """The flags that a script's --help names."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), pytest.raises(SystemExit):
        importlib.import_module(script).parse_arguments(["--help"])
    return set(re.findall(r"--\w+", shown.getvalue()))


def enclosing(path, gap):
    """The names of the class and the function that a gap lies in: "VAE.encode"."""
    def names(node):
        for child in getattr(node, "body", []):
            if isinstance(child, ast.ClassDef | ast.FunctionDef) and child.lineno <= gap.start <= child.end_lineno:
                return [child.name, *names(child)]
        return []
    return ".".join(names(ast.parse((ROOT / path).read_text(encoding="utf-8"))))


# Tasks, points, gaps, questions --------------------------------------------------------------------------------------

def test_there_is_a_sheet_for_each_part_of_the_course_and_one_on_setting_up():
    assert sorted(SHEETS) == [0, *NUMBERS]


@pytest.mark.parametrize("number", NUMBERS)
def test_tasks_have_the_numbers_titles_and_points_of_the_course(number):
    sheet = COURSE.sheets[NUMBERS.index(number)]
    expected = [(str(task.number), task.title, points_text(task.points), "bonus " * (task.kind == "bonus"))
                for task in sheet.tasks]
    assert HEADING.findall(SHEETS[number]) == expected
    bonus = sum(task.points for task in sheet.tasks if task.kind == "bonus")
    lines = SHEETS[number].splitlines()
    assert lines[0] == f"# Sheet {number}: {sheet.title}"
    assert lines[2].startswith(f"{points_text(sheet.points)} points, and {points_text(bonus)} bonus points")


@pytest.mark.parametrize("number", NUMBERS)
def test_each_gap_stands_in_its_task_with_its_place_and_its_points(number):
    found = gaps.read(ROOT)
    for task in COURSE.sheets[NUMBERS.index(number)].tasks:
        expected = [(entry.id, enclosing(found[entry.id].path, found[entry.id]), *2 * (found[entry.id].path,),
                     points_text(entry.points)) for entry in task.gaps]
        assert GAP.findall(sections(SHEETS[number])[task.number]) == expected


@pytest.mark.parametrize("number", NUMBERS)
def test_the_points_of_a_manual_task_are_those_of_its_questions(number):
    """Questions are numbered by their task; other tasks have none that earn points."""
    for task in COURSE.sheets[NUMBERS.index(number)].tasks:
        questions = QUESTION.findall(sections(SHEETS[number])[task.number])
        assert [(int(of), int(n)) for of, n, _ in questions] == [(task.number, n + 1) for n in range(len(questions))]
        assert sum(Fraction(points) for *_, points in questions) == (task.points if task.kind == "manual" else 0)


@pytest.mark.parametrize("number", NUMBERS)
def test_what_a_sheet_has(number):
    """It says what there is to learn, what comes out, how to go on, and where to read, with years and links."""
    headings = re.findall(r"^## (.+)$", SHEETS[number], re.MULTILINE)
    assert [heading for heading in headings if heading in SECTIONS] == SECTIONS
    references = re.split(r"^- ", SHEETS[number].split("## References\n")[1], flags=re.MULTILINE)[1:]
    assert len(references) >= 5
    for reference in references:
        assert re.search(r"\*.+\*.*\b(19|20)\d\d\b.*<https://\S+>", " ".join(reference.split()))


def test_the_readme_leads_to_every_sheet():
    for number, name in enumerate(name for name in TEXTS if name.startswith("sheets/")):
        title = SHEETS[number].splitlines()[0].partition(": ")[2]
        points = [points_text(sheet.points) for sheet in COURSE.sheets if sheet.number == number] or [""]
        assert re.sub(" +", " ", f"| [{number}. {title}]({name}) | {points[0]} |") in TEXTS["README.md"]


# Commands, flags, paths, links ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", TEXTS)
def test_commands_can_be_run(name, capsys):
    """Scripts know their flags, gaps and tasks exist, modules are there."""
    for program, *words in commands(TEXTS[name]):
        if program.startswith("./"):
            assert (ROOT / program).is_file(), program
        elif program == "python" and words[0] == "-m":
            assert importlib.util.find_spec(words[1]), words
            check_arguments(words[1], ["vae_loss" if word == "GAP" else word for word in words[2:]])
        elif program == "python" and words[0].startswith("notebooks/"):
            assert (ROOT / words[0]).is_file() and len(words) == 1, words  # it runs in test_notebooks.py
        elif program == "python":
            check_script(words[0].removesuffix(".py"), words[1:])
        else:
            assert program in OTHER_PROGRAMS, program
    capsys.readouterr()


def check_script(script, flags):
    assert script in SCRIPTS, script
    assert {flag for flag in flags if flag.startswith("--")} <= flags_of(script), flags  # argparse takes shorter ones
    try:
        importlib.import_module(script).parse_arguments(flags)
    except SystemExit:
        assert flags == ["--help"]


def check_arguments(module, words):
    if module == "exercise":
        arguments = exercise_command._arguments(words)
        target = getattr(arguments, "target", None) or getattr(arguments, "gap", None)
        assert target is None or (ROOT / target).is_file() or COURSE.named(target)
    elif module == "pytest" and "--gap" in words:
        assert words[words.index("--gap") + 1] in COURSE.gaps
    elif module == "course.pictures":
        assert set(words) <= set(RUNS)


@pytest.mark.parametrize("name", TEXTS)
def test_flags_exist(name):
    """Those that stand together belong to one script."""
    for span in spans(TEXTS[name]):
        if span.startswith("--") and span not in ("--isolated", "--require-confinement"):  # of pytest
            named = set(re.findall(r"--[\w-]+", span))
            assert any(named <= flags for flags in [*map(flags_of, SCRIPTS), *flags_of_the_course()]), span


def flags_of_the_course():
    """Those of each of the instructor's commands."""
    commands = next(action for action in course_command._parser()._actions if action.choices)
    return [set(command._option_string_actions) for command in commands.choices.values()]


@pytest.mark.parametrize("name", TEXTS)
def test_paths_exist_or_are_what_scripts_write(name):
    written = {generic(file) for script in SCRIPTS.values() for file in script.writes}
    written |= {outputs.DATA, outputs.FOR_YOU, outputs.TABLE, "course.json"}
    folders = ("results_", "results/", "data/", "dataset_flowers_64px/", "train/", "val/", "test/", ".exercise/",
               ".venv", "submission.pdf", "handout.json", "html/", "junit/", "gradescope/", "classroom50/")
    for span in spans(TEXTS[name]):
        if PATH.fullmatch(span) and ("/" in span or re.search(r"\.(py|md|png|pdf|json|jsonl|mp4|toml|txt|pth)$", span)):
            known = (ROOT / span).exists() or span.startswith(folders) or generic(span) in written
            assert known, span


def generic(file):
    """The name of a file that scripts write, whatever the number in it."""
    return re.sub(r"\d+", "0", Path(file).name)


def anchors(file):
    """The places in a text that a link can lead to: its headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", TEXTS)
def test_links_hold(name):
    for text, target in re.findall(r"\[([^\]]*)\]\(([^)\s]+)\)", FORMULA.sub("", prose(TEXTS[name]))):
        if not target.startswith("https://"):
            path, _, anchor = target.partition("#")
            goal = ((ROOT / name).parent / path).resolve()
            assert goal.exists() and goal.is_relative_to(ROOT), target
            assert "/" not in text or (ROOT / text).resolve() == goal, f"[{text}] leads to {target}"
            assert not anchor or anchor in anchors(goal), target


@pytest.mark.parametrize("number", NUMBERS)
def test_pictures_are_there_with_the_command_that_makes_them(number):
    shown = re.findall(r"!\[[^\]]+\]\(\.\./(pictures/[^)]+)\)", SHEETS[number])
    assert shown and set(shown) <= set(PICTURES)
    made = " ".join(" ".join(command) for command in commands(SHEETS[number]))
    for name in shown:
        run, file = PICTURES[name].run, generic(PICTURES[name].file)
        assert re.search(rf"python -m course\.pictures[\w ]* {run}\b", made), f"nothing says how {name} is made"
        scripts = [line.split()[0] for line in RUNS[run]]
        writes = [script for script in scripts if file in map(generic, SCRIPTS[script.removesuffix(".py")].writes)]
        assert any(f"python {script}" in made for script in writes), f"nothing says which script makes {name}"


# Formulas, solutions -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("number", SHEETS)
def test_formulas_are_in_the_form_that_github_shows(number):
    """In a line a dollar and a backtick before and after, and blocks of maths; each has as many { as }."""
    for formula in FORMULA.findall(prose(SHEETS[number])) + [block for kind, block in FENCE.findall(SHEETS[number])
                                                             if kind == "math"]:
        assert formula.replace(r"\{", "").count("{") == formula.replace(r"\}", "").count("}") and formula.strip()
    left = re.sub(r"`[^`\n]*`", "", FORMULA.sub("", prose(SHEETS[number])))
    assert "$" not in left and "`" not in left and "\\" not in left


def test_no_sheet_gives_a_gap_away(tmp_path):
    """And the search would find one that did."""
    for name, text in TEXTS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert leaks.find(tmp_path, ROOT) == []
    body = gaps.read(ROOT)["vae_reparameterize"].body
    (tmp_path / "sheets/2_vae.md").write_text(f"{SHEETS[2]}\n```\n{body}```\n", encoding="utf-8")
    assert leaks.find(tmp_path, ROOT) == ["sheets/2_vae.md: gives away the gap vae_reparameterize"]


def test_students_are_given_the_sheets_without_what_is_for_the_instructor():
    files = build(ROOT)
    for name in TEXTS:
        text = files[name].data.decode()
        assert "course.pictures" not in text and "<!--" not in text


# All commands of a sheet, one after the other ------------------------------------------------------------------------

@pytest.mark.slow
def test_commands_of_the_engine_run_in_a_handout(tmp_path):
    """That of the first sheet. Not watch, which never ends, nor checks of whole tasks, which are parsed above."""
    files, student = build(ROOT, choose(COURSE, "1")), tmp_path / "student"
    write(files, student)
    found = {tuple(words[2:]) for name in TEXTS if name in files for words in commands(files[name].data.decode())
             if words[:2] == ["python", "-m"] and words[2].startswith(("exercise", "tests."))}
    ran = sorted(words for words in found if "watch" not in words and not re.search(r"check 1(\.|$)", " ".join(words)))
    assert {words[1] for words in ran if len(words) > 1} == {"check", "hint", "reset", "style"}
    assert ("exercise",) in ran and any(words[0].startswith("tests.") for words in ran)
    for words in ran:
        module, *rest = ("codes_uniform" if word == "GAP" else word for word in words)
        done = subprocess.run([sys.executable, "-m", module, *rest], cwd=student, capture_output=True, encoding="utf-8")
        expected = 0 if {"hint", "reset", "style"} & {*words} else 1  # in the beginning, no gap is solved
        assert done.returncode == expected and not done.stderr, f"{words}: {done.stdout[-500:]}{done.stderr}"


@pytest.mark.slow
@pytest.mark.parametrize("number", NUMBERS)
def test_the_scripts_of_a_sheet_run_in_its_order(number, tmp_path, monkeypatch, capsys):
    """On small data, for an epoch; the files that it names are then there."""
    monkeypatch.chdir(tmp_path)
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    text = on_digits(SHEETS[number].split("\n## What the result")[0])
    for program, *words in commands_in_blocks(text):
        if program == "python" and words[0] != "-m":
            script = words[0].removesuffix(".py")
            for constant, value in SCRIPTS[script].smaller.items():
                monkeypatch.setattr(constant, value)
            smaller = SMALL.get(script, "").split()
            assert importlib.import_module(script).main([*words[1:], *smaller, "--device", "cpu"]) == 0, words
    named = [span for span in spans(text) if PATH.fullmatch(span)]
    assert all(Path(span).exists() for span in named if span.startswith("results_"))
    made = {generic(path) for path in tmp_path.rglob("*.*")}
    assert {generic(span) for span in named if span.endswith((".png", ".mp4", ".json", ".jsonl"))} <= made
    capsys.readouterr()


def on_digits(text):
    """A sheet that names the embedded digits in place of sets that have to be downloaded."""
    return re.sub(r"fashion_mnist|mnist|cifar10", "digits", text)
