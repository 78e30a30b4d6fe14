"""What is special about run_diffusion_training.py."""

import functools
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

import run_diffusion_training
from lib.support.errors import UserError
from lib.support.figures import video
from tests.repository.scripts import call, ctrl_c, enter, numbers_of, one_line_of, rows_of
from tests.repository.videos import read_video

pytestmark = pytest.mark.slow


@pytest.fixture
def train(tmp_path, monkeypatch):
    """Train for two epochs of two steps, in an empty folder; returns the exit code."""
    enter("run_diffusion_training", tmp_path, monkeypatch)
    return functools.partial(call, "run_diffusion_training", "--epochs", "2")


@pytest.fixture
def without_pictures(monkeypatch):
    """Where pictures and videos are not the point, they cost too much time."""
    monkeypatch.setattr("lib.support.runs.run.Run.save_figure", lambda *_: None)
    monkeypatch.setattr(video, "encode_video", lambda frames: b"")


def test_the_results_are_as_agreed(train, capsys):
    """Measures of quality in the last row only, all settings, names of weights, as many samples as frames show."""
    assert train() == 0
    folder = Path("results_diffusion/moons")
    first, last = rows_of(folder)
    assert list(first) == ["epoch", "train_loss", "seconds"] and "sliced_w1" in last
    settings = json.loads((folder / "run.json").read_text())["settings"]
    assert settings["schedule"] == "cosine" and settings["diffusion_steps"] == 6
    assert set(torch.load(folder / "model.pth", weights_only=True)) == {
        f"{layer}.{part}" for layer in ("linear_projection", "linear_layers.0", "outblock")
        for part in ("weight", "bias")}
    assert np.load(folder / "generated_samples.npy").shape == (400, 2)
    for part in ("forward", "generation"):
        assert len(read_video(folder / f"moons_{part}.mp4")) == 7 * 15 + 25
    assert "sliced W1" in capsys.readouterr().out


VARIANTS = {
    "ddim": ["--sampler", "ddim", "--sampling_steps", "3", "--eta", "0.5"],
    "flow": ["--method", "flow"],
    "fast": ["--preset", "fast"],
    "fast flow": ["--preset", "fast", "--method", "flow", "--sampling_steps", "2"],
    "one step": ["--diffusion_steps", "1"],
    "a text": ["--dataset", "text:HI/YOU"],
}


@pytest.mark.parametrize("arguments", VARIANTS.values(), ids=VARIANTS)
def test_variants_give_samples(arguments, train, without_pictures):
    """Each way to train and sample ends in as many finite samples; names of files are names of files."""
    assert train(*arguments) == 0
    folder, = Path("results_diffusion").iterdir()
    assert folder.name in ("moons", "text_HI_YOU") and (folder / f"{folder.name}_generation.mp4").exists()
    samples = np.load(folder / "generated_samples.npy")
    assert samples.shape == (400, 2) and np.isfinite(samples).all()


def test_a_preset_gives_way_to_flags():
    """--preset fast changes defaults only."""
    fast = run_diffusion_training.parse_arguments(["--preset", "fast", "--n_blocks", "7"])
    plain = run_diffusion_training.parse_arguments([])
    assert fast.n_blocks == 7 and fast.epochs < plain.epochs == 250
    assert (plain.dataset, plain.batch_size, plain.learning_rate, plain.schedule, plain.n_samples, plain.n_blocks,
            plain.diffusion_steps) == ("moons", 2048, 1e-3, "cosine", 100_000, 8, 100)


def test_a_preset_is_resumed_with_its_average(train, without_pictures):
    """Stopped in its second epoch and resumed, a run gives the numbers of one that was not."""
    arguments = ("--preset", "fast", "--epochs", "3")
    assert train(*arguments, "--output_dir", "whole") == 0
    with ctrl_c(2):
        assert train(*arguments, "--output_dir", "parts") == 130
    assert train(*arguments, "--output_dir", "parts", "--resume") == 0
    assert numbers_of("parts") == numbers_of("whole")


def test_the_preset_samples_from_averaged_weights(train, without_pictures):
    """model.pth holds the average, not the weights that the optimiser left."""
    from lib.support.runs import checkpoints
    assert train("--preset", "fast", "--output_dir", "fast") == 0
    state = checkpoints.load(Path("fast"))["state"]
    saved = torch.load("fast/model.pth", weights_only=True)
    average = state["refined"]["average"]
    assert all(torch.equal(saved[name], average[f"module.{name}"]) for name in saved)
    assert not all(torch.equal(saved[name], state["model"][name]) for name in saved)


def test_the_linear_schedule_warns_when_it_is_short(train, without_pictures, capsys):
    """With 100 linear steps x_T still holds signal: the warning says how much; with 500 there is none."""
    assert train("--schedule", "linear", "--diffusion_steps", "100") == 0
    line = one_line_of(capsys)
    assert "warning" in line and "0.36" in line and "1000" in line
    assert train("--schedule", "linear", "--diffusion_steps", "500", "--output_dir", "long") == 0
    assert capsys.readouterr().err == ""


def test_a_video_that_cannot_be_written_costs_no_samples(train, without_pictures, monkeypatch, capsys):
    """The line says where the samples are; the metrics are there too, and --resume writes the videos."""
    def broken(frames):
        raise UserError("the video cannot be encoded (no ffmpeg)")
    with monkeypatch.context() as patch:
        patch.setattr(video, "encode_video", broken)
        assert train() == 2
    line = one_line_of(capsys)
    assert "no ffmpeg" in line and "results are saved" in line and "moons_forward.mp4" in line
    folder = Path("results_diffusion/moons")
    samples = np.load(folder / "generated_samples.npy")
    assert "sliced_w1" in rows_of(folder)[-1]
    monkeypatch.setattr(video, "encode_video", lambda frames: b"a video")
    assert train("--resume") == 0
    assert (folder / "moons_generation.mp4").read_bytes() == b"a video"
    assert (np.load(folder / "generated_samples.npy") == samples).all()


def test_a_folder_in_place_of_a_video(train, without_pictures, capsys):
    """Nothing can be written there: the samples are saved all the same."""
    assert train() == 0
    folder = Path("results_diffusion/moons")
    for name in ("moons_generation.mp4", "generated_samples.npy"):
        (folder / name).unlink()
    (folder / "moons_generation.mp4").mkdir()
    capsys.readouterr()
    assert train("--resume") == 2
    line = one_line_of(capsys)
    assert "moons_generation.mp4" in line and "results are saved" in line
    assert (folder / "generated_samples.npy").exists()


def test_samples_that_are_not_finite_are_refused(train, without_pictures, monkeypatch, capsys):
    """A sampler that goes wrong gives a line, not pictures of nothing."""
    from lib import sample_diffusion
    monkeypatch.setattr(sample_diffusion, "sampling_step", lambda model, x, *rest: x * torch.inf)
    assert train() == 2
    assert "infinite or NaN" in one_line_of(capsys)


def test_a_thousand_steps_can_be_learned_too():
    """t is up to 1000 beside points of the order of 1; the loss leaves 1, that of a network that knows nothing."""
    from lib.model_diffusion import simple_diffusion
    from lib.train_diffusion import training_step
    from lib.utils import get_dataset, linear_schedule
    torch.manual_seed(0)
    data, baralphas = get_dataset("eight_gaussians", 1000), linear_schedule(1000)[0]
    model = simple_diffusion(2, 2, 1000)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    losses = []
    for _ in range(200):
        loss = training_step(model, data, baralphas, 1000)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert sum(losses[-20:]) / 20 < 0.6


def test_a_hundred_steps_have_the_plain_network():
    """The default run begins with the weights of a SimpleDiffusion made from the same seed."""
    from lib.model_diffusion import SimpleDiffusion, simple_diffusion
    torch.manual_seed(0)
    plain = SimpleDiffusion(2, 2).state_dict()
    torch.manual_seed(0)
    assert all(torch.equal(plain[name], part) for name, part in simple_diffusion(2, 2, 100).state_dict().items())


def test_training_without_a_run_leaves_no_trace(tmp_path, monkeypatch, capsys):
    """A script of one's own calls train without a run: it writes nothing, prints where asked to, returns the loss."""
    from lib.model_diffusion import SimpleDiffusion
    from lib.train_diffusion import train as train_model
    from lib.utils import cosine_schedule, get_dataset
    monkeypatch.chdir(tmp_path)
    for verbose, lines in ((False, 0), (True, 3)):
        config = SimpleNamespace(batch_size=40, epochs=3, diffusion_steps=5, device="cpu", dataset="moons",
                                 verbose=verbose)
        model = SimpleDiffusion(2)
        loss = train_model(get_dataset("moons", 100), config, model, torch.optim.Adam(model.parameters()),
                           cosine_schedule(5)[0])
        assert loss.shape == () and loss.isfinite() and not loss.requires_grad
        printed = capsys.readouterr().out.splitlines()
        assert len(printed) == lines and all("moons" in line and "train_loss" in line for line in printed)
    assert list(tmp_path.iterdir()) == []
