"""What every root script promises: it explains itself, refuses what is wrong in one line, repeats and resumes a run.

What is special about one of them has a file of its own.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch.optim.optimizer import register_optimizer_step_pre_hook

from exercise.asking import overlay
from exercise.source import gaps, table
from tests.repository.scripts import ROOT, SCRIPTS, call, ctrl_c, enter, numbers_of, one_line_of, rows_of

EPOCHS = 3


def each(chosen, quick=False):
    """A parameter for each chosen script; those that take seconds are slow tests."""
    return pytest.mark.parametrize("script", [
        pytest.param(name, marks=pytest.mark.slow if row.slow and not quick else ())
        for name, row in SCRIPTS.items() if chosen(row)])


every_script = each(lambda row: True)
every_command_line = each(lambda row: True, quick=True)
every_training = each(lambda row: row.trains)


@pytest.fixture(scope="module")
def helps():
    """The help text of each script, and whether printing it imported torch."""
    code = ("import runpy, sys; sys.argv = [sys.argv[1], '--help']\n"
            "try: runpy.run_path(sys.argv[0], run_name='__main__')\n"
            "finally: print('torch was imported:', 'torch' in sys.modules)")
    running = {name: subprocess.Popen([sys.executable, "-c", code, f"{name}.py"], cwd=ROOT, text=True,
                                      stdout=subprocess.PIPE) for name in SCRIPTS}
    return {name: process.communicate()[0] for name, process in running.items()}


@pytest.fixture
def here(tmp_path, monkeypatch, request):
    """A folder with what the script reads, as the working folder."""
    enter(request.getfixturevalue("script"), tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A straight run of each training script, made when it is first asked for."""
    return tmp_path_factory.mktemp("straight")


@pytest.fixture
def straight(here, runs, script, capsys):
    """The results of a run of three epochs with the seed 0, to be changed at will."""
    if not (runs / script).exists():
        assert train(script, "made") == 0
        shutil.move("made", runs / script)
    capsys.readouterr()
    return Path(shutil.copytree(runs / script, here / "straight"))


def train(script, folder, *arguments):
    return call(script, "--epochs", str(EPOCHS), "--output_dir", str(folder), *arguments)


def files_in(folder):
    """When each was written; locks are no results."""
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
            for path in Path(folder).rglob("*") if path.is_file() and path.name != ".lock"}


def options_of(help_text):
    """What the help text says of each flag that takes or is a choice: {"--epochs": "EPOCHS passes over …"}."""
    parts = re.split(r"\n  (?:-\w, )?(?=--\w)", help_text.partition("torch was imported")[0])[1:]
    return {part.split(maxsplit=1)[0].rstrip(","): " ".join(part.split()[1:]) for part in parts}


# the command line ----------------------------------------------------------------------------------------------------

def test_every_script_has_a_row():
    """A new root script is listed in tests/repository/scripts.py, and thereby held to all this."""
    assert {path.stem for path in ROOT.glob("*.py")} == set(SCRIPTS)


@every_command_line
def test_help_explains_every_flag_and_needs_no_torch(script, helps):
    """Each flag is explained, with its default, or with words of what happens without it."""
    assert "torch was imported: False" in helps[script]
    options = options_of(helps[script])
    assert {"--device", "--output_dir"} <= options.keys()
    for flag, text in options.items():
        assert flag == "--help" or "(default: " in text or "by default" in text, (flag, text)


@every_command_line
def test_each_number_and_choice_is_checked(script, helps, here, capsys):
    """Every flag whose help text shows a number or choices refuses anything else, in a line that names it."""
    before = files_in(".")
    capsys.readouterr()
    checked = [flag for flag, text in options_of(helps[script]).items()
               if text.startswith("{") or re.search(r"\(default: [\d.e-]+\)", text)]
    assert "--device" in checked
    for flag in [*checked, "--no_such_flag"]:
        assert call(script, flag, "nonsense") == 2
        assert flag in one_line_of(capsys)
    assert files_in(".") == before


@pytest.mark.parametrize(("script", "arguments", "named"), [
    pytest.param(name, arguments.split(), named, id=f"{name} {arguments}")
    for name, row in SCRIPTS.items() for arguments, named in row.wrong.items()])
def test_wrong_arguments_get_one_line(script, arguments, named, here, capsys):
    """Exit code 2, one line that says what would be right, and nothing is written."""
    before = files_in(".")
    capsys.readouterr()
    assert call(script, *arguments) == 2
    assert named in one_line_of(capsys)
    assert files_in(".") == before


@pytest.mark.skipif(torch.cuda.is_available(), reason="this computer has a GPU")
@every_command_line
def test_a_device_that_is_not_there(script, here, capsys):
    """--device cuda without a GPU: one line that names it."""
    capsys.readouterr()
    assert call(script, "--device", "cuda") == 2
    assert "--device cuda" in one_line_of(capsys)


@every_command_line
def test_a_file_in_place_of_the_results_folder(script, here, capsys):
    """The results folder cannot be made: one line that says to name another."""
    Path("taken").write_text("not a folder")
    capsys.readouterr()
    assert call(script, "--output_dir", "taken") == 2
    assert "--output_dir" in one_line_of(capsys)
    assert Path("taken").read_text() == "not a folder"


# gaps ----------------------------------------------------------------------------------------------------------------

@every_command_line
def test_an_empty_gap_is_named_with_its_sheet_and_a_way_on(script, here, capsys):
    """A script that meets an empty gap says which, where it stands in the course, and how to get a hint."""
    before, name = files_in("."), SCRIPTS[script].gap
    gap, where = gaps.read(ROOT)[name], table.read(ROOT).where(name)
    emptied = gaps.compose(gaps.read_text(ROOT / gap.path), {name: gaps.stub(gap, where)}, gap.path)
    capsys.readouterr()
    with overlay.install(ROOT, {gap.path: emptied}):
        assert call(script) == 2
    line = one_line_of(capsys)
    assert name in line and where in line and f"python -m exercise hint {name}" in line
    assert files_in(".") == before


# runs ----------------------------------------------------------------------------------------------------------------

@every_script
def test_it_writes_what_it_promises(script, here):
    """The files that the README and --help name, in the folder they name, and metrics with the agreed columns."""
    row = SCRIPTS[script]
    assert call(script, *(["--epochs", "2"] if row.trains else [])) == 0
    assert set(files_in(row.folder)) >= row.writes
    if row.trains:
        rows = rows_of(row.folder)
        assert [line["epoch"] for line in rows] == [1, 2] and list(rows[-1]) == row.columns


@every_script
def test_a_seed_repeats_a_run(script, here, helps):
    """The same seed, 0 by default, gives the same numbers, and where there is a choice another seed gives others."""
    epochs = ["--epochs", "1"] if SCRIPTS[script].trains else []
    seed = ["--seed"] if "--seed" in helps[script] else []

    def numbers(*arguments):
        assert call(script, *epochs, *arguments) == 0
        return numbers_of(SCRIPTS[script].folder)
    found = numbers()
    assert numbers(*seed, *["0"] * len(seed)) == found
    assert not seed or numbers(*seed, "1") != found


@every_training
def test_a_resumed_run_ends_like_one_that_was_not_interrupted(script, straight, capsys):
    """Ctrl-C in the second epoch ends the run with exit code 130; --resume gives the numbers of a straight run."""
    steps_of_an_epoch = []
    with register_optimizer_step_pre_hook(lambda *_: steps_of_an_epoch.append(None)):
        assert train(script, "one", "--epochs", "1") == 0
    capsys.readouterr()
    with ctrl_c(len(steps_of_an_epoch)):
        assert train(script, "parts") == 130
    assert "--resume" in one_line_of(capsys) and len(rows_of("parts")) == 1
    assert train(script, "parts", "--resume") == 0
    assert numbers_of("parts") == numbers_of(straight)


@every_training
def test_other_settings_are_not_resumed(script, straight, capsys):
    """One line that names what is there and what is wanted, and the results stay as they are."""
    before = files_in(straight)
    assert train(script, straight, "--resume", "--seed", "5") == 2
    assert "seed 0 there, 5 here" in one_line_of(capsys)
    assert files_in(straight) == before


@every_training
def test_a_second_run_replaces_the_first(script, straight):
    """Nothing of the earlier run remains, whose results would be taken for those of the new one."""
    before = files_in(straight)
    assert train(script, straight, "--epochs", "1") == 0
    assert len(rows_of(straight)) == 1
    assert not files_in(straight).items() & before.items()
