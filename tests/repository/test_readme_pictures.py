"""The pictures of README.md, sheets and docs are those that scripts write, small, and in full colour."""

import importlib
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks import invented_class
from course import __main__ as command
from course import pictures
from course.browser import BrowserError
from course.pictures import PICTURES, RUNS, Picture

ROOT = Path(__file__).resolve().parents[2]


def test_these_pictures_are_shown_and_no_others():
    """Each picture in the folder is on a page, and can be made anew."""
    pages = [ROOT / "README.md", *ROOT.glob("sheets/*.md"), *ROOT.glob("docs/*.md")]
    shown = {(page.parent / path).resolve() for page in pages
             for path in re.findall(r"!\[[^]]+\]\(((?:\.\./)?pictures/[^)]+)\)", page.read_text(encoding="utf-8"))}
    assert shown == {ROOT / name for name in PICTURES} == {*ROOT.glob("pictures/*"), *ROOT.glob("docs/pictures/*")}
    assert {picture.run for picture in PICTURES.values()} == set(RUNS)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_small_by_their_size_not_by_a_palette(name):
    """All of their colours are there, and no more pixels than `PICTURES` says."""
    with Image.open(ROOT / name) as image:
        assert image.mode == "RGB"
        assert image.width == (PICTURES[name].width or image.width)
        assert image.height == (PICTURES[name].height or image.height)


def test_all_pictures_together_are_small():
    """Students are given no more than two megabytes of them."""
    assert sum(path.stat().st_size for path in (ROOT / "pictures").iterdir()) < 2e6


@pytest.mark.parametrize("line", [line for lines in RUNS.values() for line in lines if not line.startswith("-m")])
def test_scripts_know_the_flags_that_they_are_given(line):
    """The command lines of the runs are up to date."""
    script, *flags = line.split()
    importlib.import_module(script.removesuffix(".py")).parse_arguments(flags)


def test_commands_know_the_flags_that_they_are_given(capsys):
    """The invented class is refused only since its folder is there."""
    invented, *lines = RUNS["grades"]
    for line in lines:
        command._parser().parse_args(line.removeprefix("-m course ").split())
    flags = invented.removeprefix("-m benchmarks.invented_class {results}/submissions ").split()
    assert invented_class.main([str(ROOT), *flags]) == 2 and "is there already" in capsys.readouterr().err


def test_a_picture_is_reduced_to_a_width_or_cut_off_below(tmp_path):
    """Sizes keep their proportions; colours stay."""
    pixels = np.zeros((60, 40, 3), np.uint8)
    pixels[:30] = (200, 100, 50)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    whole, small, upper = (np.asarray(Picture("", "", **more).taken_from(tmp_path / "a.png"))
                           for more in ({}, {"width": 20}, {"height": 30}))
    assert (whole == pixels).all() and small.shape == (30, 20, 3) and (upper == pixels[:30]).all()
    assert (small[5, 5] == (200, 100, 50)).all() and (small[-5, 5] == 0).all()


@pytest.fixture
def calls(monkeypatch, tmp_path):
    """The command lines of scripts, which are not run: they write their pictures, or fail as `failing` says."""
    calls, failing = [], {}

    def run(command, cwd):
        results = next(tmp_path / path for path in (f"results_pictures/{run}" for run in RUNS)
                       if any(str(tmp_path / path) in word for word in command))
        for picture in PICTURES.values():
            (results / picture.file).parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (1000, 600)).save(results / picture.file, format="png")
        calls.append(command[1:])
        return type("Done", (), {"returncode": failing.get(command[1], 0)})

    (tmp_path / "pictures").mkdir()
    (tmp_path / "docs" / "pictures").mkdir(parents=True)
    monkeypatch.setattr(pictures, "_ROOT", tmp_path)
    monkeypatch.setattr(pictures.subprocess, "run", run)
    monkeypatch.setattr(pictures, "missing", lambda: "")
    monkeypatch.setattr(pictures, "photograph", lambda path, *size: Image.open(path))  # no page that a browser shows
    return calls, failing


def test_one_command_makes_all_pictures(calls, tmp_path):
    """Each script runs once, one after the other, and all pictures are there."""
    assert pictures.main(["--data_dir", "elsewhere"]) == 0
    assert [call[0] for call in calls[0]] == [line.split()[0] for lines in RUNS.values() for line in lines]
    assert all("elsewhere" in call for call in calls[0] if call[0] not in ("run_diffusion_training.py", "-m"))
    assert all((tmp_path / name).is_file() for name in PICTURES)


def test_some_of_the_pictures(calls, tmp_path):
    """Those of the runs that are named, and no others."""
    assert pictures.main(["diffusion"]) == 0 and len(calls[0]) == 1
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {"diffusion_generation.png",
                                                                         "diffusion_samples.png"}


def test_a_script_that_fails_ends_it(calls, tmp_path):
    """Its exit code comes out, and old pictures stay."""
    calls[1]["plot_latent_space.py"] = 2
    assert pictures.main(["vae_kl30"]) == 2
    assert len(calls[0]) == 2 and not list((tmp_path / "pictures").iterdir())


def test_a_class_is_graded_anew_each_time(calls, tmp_path):
    """What an earlier run has left would be refused, as no folder of submissions and no grades are written over."""
    old = tmp_path / "results_pictures" / "grades" / "submissions"
    old.mkdir(parents=True)
    assert pictures.main(["grades"]) == 0 and not old.exists()


def test_a_page_without_a_browser_is_told_before_anything_is_trained(calls, monkeypatch, capsys):
    """Other pictures need none; one that does not start is told in one line too."""
    monkeypatch.setattr(pictures, "missing", lambda: "there is no Chromium")
    for words in ([], ["diffusion", "vae_kl1"]):
        with pytest.raises(SystemExit) as caught:
            pictures.main(words)
        assert caught.value.code == 2 and "there is no Chromium" in capsys.readouterr().err and not calls[0]
    assert pictures.main(["diffusion"]) == 0

    def broken(path, *size):
        raise BrowserError("the browser does not start: no display")
    monkeypatch.setattr(pictures, "missing", lambda: "")
    monkeypatch.setattr(pictures, "photograph", broken)
    with pytest.raises(SystemExit) as caught:
        pictures.main(["grades"])
    assert caught.value.code == 2 and "no display" in capsys.readouterr().err


def test_a_run_that_there_is_not(capsys):
    """One line, which names those that there are."""
    with pytest.raises(SystemExit) as caught:
        pictures.main(["vae"])
    assert caught.value.code == 2 and "choose autoencoder, vae_kl1, vae_kl30" in capsys.readouterr().err
