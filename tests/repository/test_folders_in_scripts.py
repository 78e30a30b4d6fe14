"""Odd folders of pictures, given to the scripts: one line, and exit code 0 or 2."""

import pytest
from PIL import Image

import run_gan_training
import run_vae_training
from tests.repository.test_folder_layout import fill


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fill(tmp_path / "capitals", "Train/rose/4", "Validation/rose/2", "Train/rose/a.heic")
    fill(tmp_path / "one", "rose/1")
    for number in range(4):
        (tmp_path / "alike" / "rose").mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), "red").save(tmp_path / "alike" / "rose" / f"{number}.png")
    fill(tmp_path / "twice", "Train/rose/2", "training/rose/2")


@pytest.mark.parametrize("folder, complaint", [
    ("one", "holds one picture"), ("alike", "holds 4 pictures, all alike"), ("twice", "the same part")])
def test_a_gan_refuses_what_has_no_variety_before_it_writes_anything(folders, tmp_path, capsys, folder, complaint):
    before = set(tmp_path.iterdir())
    assert run_gan_training.main(["--dataset", f"folder:{folder}", "--epochs", "1", "--device", "cpu"]) == 2
    printed = capsys.readouterr()
    assert complaint in printed.err and printed.err.count("\n") == 1
    assert "times as diverse" not in printed.out and set(tmp_path.iterdir()) == before


def test_a_vae_refuses_one_picture(folders, capsys):
    assert run_vae_training.main(["--dataset", "folder:one", "--epochs", "1", "--device", "cpu"]) == 2
    assert "one class needs two" in (error := capsys.readouterr().err) and error.count("\n") == 1


@pytest.mark.slow
def test_a_vae_says_what_it_reads(folders, capsys):
    assert run_vae_training.main(["--dataset", "folder:capitals", "--epochs", "1", "--device", "cpu"]) == 0
    assert capsys.readouterr().out.startswith(
        "read 6 pictures of 1 class (4 to train, 2 to test) from capitals/Train, capitals/Validation; "
        "left out: 1 in a format that is not read here (Train/rose/a.heic)\n")
