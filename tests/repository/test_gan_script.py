"""What is special about run_gan_training.py and sample_gan.py."""

import functools
import json
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest
import torch

import run_gan_training
import sample_gan
from lib.extras import monitor_gan
from tests.repository.scripts import call, enter, one_line_of, rows_of
from tests.repository.videos import read_video

pytestmark = pytest.mark.slow


@pytest.fixture
def train(tmp_path, monkeypatch):
    """Train tiny networks for two epochs, in a folder with some pictures; returns the exit code."""
    enter("run_gan_training", tmp_path, monkeypatch)
    return functools.partial(call, "run_gan_training", "--epochs", "2")


def test_the_results_are_as_agreed(train, capsys):
    """Answers of the discriminator are probabilities; 64 samples a picture, a picture a frame; a line says the rest."""
    assert train() == 0
    folder = Path("results_gan/pictures")
    assert all(0 < row[name] < 1 for row in rows_of(folder) for name in ("D_x", "D_G_z1", "D_G_z2"))
    assert iio.imread(folder / "samples_0002.png").shape == (512, 512, 3)
    assert len(read_video(folder / "training.mp4")) == 100 + 25
    assert "times as diverse as the data" in capsys.readouterr().out


def test_blossoms_tell_of_their_modes(train, capsys, monkeypatch):
    """Without a folder of flowers the embedded images are used, whose factors are known."""
    monkeypatch.setattr(monitor_gan, "LOOKS", 1)
    assert run_gan_training.main(["--multiplier_g", "1", "--multiplier_d", "1", "--epochs", "1"]) == 0
    assert "using blossoms" in capsys.readouterr().out
    row = json.loads(Path("results_gan/blossoms/metrics.jsonl").read_text())
    assert 0 <= row["coverage"] <= 1 and 0 <= row["evenness"] <= 1


def test_a_folder_of_flowers_is_the_default(train):
    Path("pictures").rename(run_gan_training.FLOWERS)
    args = run_gan_training.parse_arguments([])
    assert args.dataset == "folder:dataset_flowers_64px" and args.mirror
    assert (args.epochs, args.batch_size, args.lr, args.latent_size, args.multiplier_g, args.multiplier_d) == (
        500, 128, 2e-4, 64, 32, 32)


def test_digits_are_not_mirrored():
    assert not run_gan_training.parse_arguments(["--dataset", "mnist"]).mirror
    assert run_gan_training.parse_arguments(["--dataset", "mnist", "--mirror"]).mirror


def test_a_broken_picture_is_skipped_with_its_name(train, capsys):
    Path("pictures/class0/torn.png").write_bytes(b"\x89PNG torn")
    assert train("--epochs", "1") == 0
    assert capsys.readouterr().out.startswith(
        "read 16 pictures of 2 classes from pictures; left out: 1 broken (class0/torn.png)\n")


def test_a_video_that_cannot_be_written_leaves_the_rest(train, capsys, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    assert train() == 2
    assert "training.mp4 is missing" in one_line_of(capsys)
    assert Path("results_gan/pictures/losses.png").exists()
    monkeypatch.delenv("IMAGEIO_FFMPEG_EXE")
    assert train("--resume") == 0 and Path("results_gan/pictures/training.mp4").exists()


@pytest.fixture
def picture(tmp_path, monkeypatch):
    """Draw samples of a generator of unusual sizes, whose weights another script saved."""
    enter("sample_gan", tmp_path, monkeypatch)

    def draw(*arguments):
        assert call("sample_gan", *arguments) == 0
        return iio.imread("generated_samples.png")
    return draw


def test_paths_are_drawn_as_well(picture):
    """Eight paths of eight images, and the samples just the same."""
    assert np.array_equal(picture("--interpolate"), picture())
    assert iio.imread("interpolation.png").shape == (8 * 66 + 2, 8 * 66 + 2, 3)


def test_at_temperature_0_all_images_are_alike(picture):
    found = picture("--temperature", "0")
    assert np.array_equal(found[:, 2:66], found[:, 68:132])
    assert not np.array_equal(picture()[:, 2:66], picture()[:, 68:132])


@pytest.mark.parametrize("arguments, message", [
    (("none.pth",), "there is no file none.pth"),
    (("d.pth",), "not the weights of a generator"),
    (("g.pth", "--output_dir", "g.pth/x"), "cannot write into g.pth/x")])
def test_what_cannot_be_sampled_is_refused(picture, capsys, arguments, message):
    torch.save({"layers.0.weight": torch.zeros(4, 3, 4, 4)}, "d.pth")
    assert sample_gan.main(list(arguments)) == 2
    assert message in one_line_of(capsys)
