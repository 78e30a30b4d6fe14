"""run_gan_training.py and sample_gan.py, as a user calls them: what they write, and what they say."""

import json
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest
import torch
from PIL import Image

import run_gan_training
import sample_gan
from lib import monitor_gan
from lib.model_gan import Generator
from tests.repository.videos import read_video

pytestmark = pytest.mark.slow


@pytest.fixture
def train(tmp_path, monkeypatch):
    """Train tiny networks for two epochs, in an empty folder but for some pictures of several sizes and modes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(monitor_gan, "MEASURED", 16)
    random = np.random.default_rng(0)
    for number, mode in enumerate(["RGB", "L", "RGBA", "P"] * 4):
        Path(f"pictures/class{number % 2}").mkdir(parents=True, exist_ok=True)
        pixels = random.integers(0, 256, (40, 36 + number, 3), dtype=np.uint8)
        Image.fromarray(pixels).convert(mode).save(f"pictures/class{number % 2}/{number}.png")

    def run(*arguments, dataset="folder:pictures"):
        return run_gan_training.main(["--dataset", dataset, "--multiplier_g", "2", "--multiplier_d", "2",
                                      "--batch_size", "8", "--latent_size", "5", "--epochs", "2", "--device", "cpu",
                                      *arguments])
    return run


def one_line_of(capsys):
    """The one line that was written to standard error."""
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def weights(folder):
    return {name: torch.load(Path(folder) / f"{name}.pth", weights_only=True) for name in ("model_g", "model_d")}


def test_training_writes_what_it_promises(train, capsys):
    """Pictures, video, curves, weights of both networks, settings, a row of metrics per epoch."""
    assert train() == 0
    folder = Path("results_gan/pictures")
    assert {path.name for path in folder.iterdir()} >= {
        "training_images.png", "samples_0001.png", "samples_0002.png", "training.mp4", "losses.png", "metrics.jsonl",
        "model_g.pth", "model_d.pth", "run.json", "checkpoint.pt"}
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    assert [list(row) for row in rows] == [["epoch", "loss_d_real", "loss_d_fake", "loss_g", "D_x", "D_G_z1", "D_G_z2",
                                            "diversity", "seconds"]] * 2
    assert all(0 < row[name] < 1 for row in rows for name in ("D_x", "D_G_z1", "D_G_z2"))
    assert iio.imread(folder / "samples_0002.png").shape == (128, 512, 3)  # 16 samples
    assert len(read_video(folder / "training.mp4")) == 2 + 25
    assert "times as diverse as the data" in capsys.readouterr().out


def test_a_resumed_run_ends_like_one_that_was_not_interrupted(train, monkeypatch):
    """Stopped in its second epoch and resumed, a run gives the same weights; so do random crops and mirror images."""
    arguments = ("--epochs", "3", "--crop", "random")
    assert train(*arguments, "--output_dir", "whole") == 0
    from lib import train_gan
    calls, update = [], train_gan.update_generator

    def interrupted(*given):
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return update(*given)
    with monkeypatch.context() as patch:
        patch.setattr(train_gan, "update_generator", interrupted)
        assert train(*arguments, "--output_dir", "parts") == 130
    assert train(*arguments, "--output_dir", "parts", "--resume") == 0
    whole, parts = weights("whole"), weights("parts")
    assert all(torch.equal(whole[name][key], parts[name][key]) for name in whole for key in whole[name])


def test_blossoms_tell_of_their_modes(train, capsys, monkeypatch):
    """Without a folder of flowers the embedded images are used, whose factors are known."""
    monkeypatch.setattr(run_gan_training, "PICTURES", 1)
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
    assert one_line_of(capsys) == "warning: skipped 1 broken of 17 pictures: torn.png"


def test_what_cannot_be_made_is_refused(train, capsys):
    """One line, exit code 2, and no folder of results."""
    Path("empty").mkdir()
    for arguments, message in {
            ("--image_size", "64"): "make images of 32 x 32 pixels",
            ("--dataset", "folder:empty"): "there are no pictures in empty",
            ("--dataset", "folder:nowhere"): "there is no folder nowhere",
            ("--dataset", "roses"): "there is no image set 'roses'"}.items():
        assert train(*arguments) == 2
        assert message in one_line_of(capsys)
    assert not Path("results_gan").exists()


def test_other_sizes_are_not_resumed(train, capsys):
    assert train() == 0
    capsys.readouterr()
    assert train("--resume", "--latent_size", "6") == 2
    assert "latent_size 5 there, 6 here" in one_line_of(capsys)


def test_a_video_that_cannot_be_written_leaves_the_rest(train, capsys, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    assert train() == 2
    assert "training.mp4 is missing" in one_line_of(capsys)
    assert Path("results_gan/pictures/losses.png").exists()
    monkeypatch.delenv("IMAGEIO_FFMPEG_EXE")
    assert train("--resume") == 0 and Path("results_gan/pictures/training.mp4").exists()


@pytest.fixture
def foreign(tmp_path, monkeypatch):
    """Weights of a generator of unusual sizes, saved by another script."""
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    torch.save(Generator(3, 1, 7).state_dict(), "g.pth")


def picture(*arguments):
    assert sample_gan.main(["g.pth", "--number", "8", "--device", "cpu", *arguments]) == 0
    return iio.imread("generated_samples.png")


def test_weights_made_elsewhere_are_sampled(foreign):
    """Sizes are read off the weights; the same seed gives the same picture, another one another."""
    first, again, other = picture(), picture(), picture("--seed", "1")
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert picture("--interpolate").shape == first.shape
    assert iio.imread("interpolation.png").shape == (8 * 66 + 2, 8 * 66 + 2, 3)


def test_at_temperature_0_all_images_are_alike(foreign):
    found = picture("--temperature", "0")
    assert np.array_equal(found[:, 2:66], found[:, 68:132])
    assert not np.array_equal(picture()[:, 2:66], picture()[:, 68:132])


@pytest.mark.parametrize("arguments, message", [
    (("g.pth", "--temperature", "-1"), "'-1' is not a number of at least 0"),
    (("none.pth",), "there is no file none.pth"),
    (("d.pth",), "not the weights of a generator"),
    (("g.pth", "--output_dir", "g.pth/x"), "cannot write into g.pth/x")])
def test_what_cannot_be_sampled_is_refused(foreign, capsys, arguments, message):
    torch.save({"layers.0.weight": torch.zeros(4, 3, 4, 4)}, "d.pth")
    assert sample_gan.main(list(arguments)) == 2
    assert message in one_line_of(capsys)
