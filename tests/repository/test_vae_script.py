"""What is special about run_vae_training.py and plot_latent_space.py."""

import functools
import json
import math
from pathlib import Path

import imageio.v3 as iio
import pytest
import torch

import plot_latent_space
from lib.support.scripts.image_training import default_epochs
from tests.repository.pickles import Malicious
from tests.repository.scripts import call, enter, one_line_of, rows_of


@pytest.fixture
def train(tmp_path, monkeypatch):
    """Train for two epochs of two steps, in a folder with some pictures; returns the exit code."""
    enter("run_vae_training", tmp_path, monkeypatch)
    return functools.partial(call, "run_vae_training", "--epochs", "2")


def test_the_loss_is_the_sum_of_its_weighted_terms(train):
    """In each row of metrics, also in the folder named after the weight."""
    assert train("--kl_loss_weight", "30") == 0
    for row in rows_of("results_kl30.0"):
        for part in ("train", "test"):
            total = row[f"{part}_reconstruction"] + 30 * row[f"{part}_kl"]
            assert math.isclose(row[f"{part}_loss"], total, rel_tol=1e-4)
    assert json.loads(Path("results_kl30.0/run.json").read_text())["settings"]["kl_loss_weight"] == 30.0


def test_the_weights_have_the_agreed_names(train):
    assert train() == 0
    assert set(torch.load("results_kl1.0/model.pth", weights_only=True)) == {
        f"{layer}.{part}" for layer in ("encode_hidden", "encode_mu", "encode_logvar", "decode_hidden", "decode_output")
        for part in ("weight", "bias")}


def test_sizes_of_the_model_are_flags(train):
    """--hidden_size and --latent_size decide the shapes of the weights."""
    assert train("--hidden_size", "5", "--latent_size", "3", "--output_dir", "small") == 0
    assert torch.load("small/model.pth", weights_only=True)["encode_mu.weight"].shape == (3, 5)


def test_a_batch_larger_than_the_set_is_one_batch(train):
    """More images asked for than there are: one step an epoch."""
    assert train("--batch_size", "5000", "--output_dir", "one") == 0
    assert len(rows_of("one")) == 2


def test_off_a_terminal_there_is_a_line_per_epoch(train, capsys):
    """A log file gets one line for each epoch, with the losses."""
    assert train() == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("epoch ")]
    assert len(lines) == 2 and all("test_loss" in line for line in lines)


def test_small_sets_are_trained_for_7000_steps():
    """15 epochs of a small set leave every image the same blob; MNIST keeps its 15, whatever the batch size."""
    assert default_epochs(60_000, 469) == 15
    assert default_epochs(60_000, 60) == 15
    for steps in (1, 12, 100, 467):
        assert default_epochs(1_500, steps) * steps >= 7_000
    assert default_epochs(1_500, 3_000) == 15


def test_the_latent_space_is_drawn_from_the_settings_of_the_run(train):
    """plot_latent_space.py finds data set and sizes by itself, and lists its picture in run.json."""
    assert train("--kl_loss_weight", "0.5") == 0
    assert plot_latent_space.main(["--kl_loss_weight", "0.5", "--device", "cpu"]) == 0
    assert iio.imread("results_kl0.5/latent_space.png").shape[1] > 500
    assert "latent_space.png" in json.loads(Path("results_kl0.5/run.json").read_text())["files"]


@pytest.mark.parametrize("lr", ["1e5", "1e30"])
def test_a_diverged_run_stops_and_names_the_epoch(lr, train, capsys):
    """A loss that is no number ends the run: exit code 2, and no results of an epoch that never was."""
    assert train("--lr", lr, "--epochs", "50", "--output_dir", "diverged") == 2
    line = one_line_of(capsys)
    assert "in epoch" in line and "NaN" in line
    finished = rows_of("diverged") if Path("diverged").exists() else []
    assert len(finished) < 50 and all(math.isfinite(value) for row in finished for value in row.values())


def test_no_trained_model(tmp_path, monkeypatch, capsys):
    """plot_latent_space.py without a model says which command makes one."""
    monkeypatch.chdir(tmp_path)
    assert plot_latent_space.main(["--kl_loss_weight", "30"]) == 2
    assert "python run_vae_training.py --kl_loss_weight 30" in one_line_of(capsys)


WRONG_WEIGHTS = {
    "for images of another size": ({"encode_hidden.weight": torch.zeros(4, 5), "encode_mu.weight": torch.zeros(2, 4)},
                                   "5 pixels"),
    "of another model": ({"conv.weight": torch.zeros(3)}, "conv.weight"),
    "with a layer missing": ({"encode_hidden.weight": torch.zeros(4, 192), "encode_mu.weight": torch.zeros(2, 4)},
                             "decode_output"),
    "that are no weights": ([1, 2, 3], "state dict"),
    "that are a malicious pickle": ({"weights": Malicious("stolen")}, "refused"),
    "that are no file of torch": (b"these are no weights", "cannot be read"),
    "of nothing at all": (b"", "cannot be read"),
}


@pytest.mark.parametrize(("weights", "named"), WRONG_WEIGHTS.values(), ids=WRONG_WEIGHTS)
def test_weights_that_are_not_right_are_refused(weights, named, train, capsys):
    """Weights for something else, and files that are no weights: one line, and none of their code is run."""
    assert train() == 0
    path = Path("results_kl1.0/model.pth")
    if isinstance(weights, bytes):
        path.write_bytes(weights)
    else:
        torch.save(weights, path)
    capsys.readouterr()
    assert plot_latent_space.main(["--device", "cpu"]) == 2
    line = one_line_of(capsys)
    assert named in line and "model.pth" in line
    assert not Path("stolen").exists() and not Path("results_kl1.0/latent_space.png").exists()


def test_three_latent_dimensions_cannot_be_drawn(train, capsys):
    """Only a plane can be drawn: the line says how to get one."""
    assert train("--latent_size", "3") == 0
    capsys.readouterr()
    assert plot_latent_space.main(["--device", "cpu"]) == 2
    assert "--latent_size 2" in one_line_of(capsys)


def test_weights_of_other_sizes_and_makers_are_drawn(train):
    """Weights alone, without run.json, are enough: the sizes are those of the weights."""
    assert train("--hidden_size", "6") == 0
    Path("results_kl1.0/run.json").unlink()
    settings = ["--dataset", "digits", "--device", "cpu"]
    torch.save({"encode_hidden.weight": torch.randn(6, 784), "encode_hidden.bias": torch.randn(6),
                "encode_mu.weight": torch.randn(2, 6), "encode_mu.bias": torch.randn(2),
                "encode_logvar.weight": torch.randn(2, 6), "encode_logvar.bias": torch.randn(2),
                "decode_hidden.weight": torch.randn(6, 2), "decode_hidden.bias": torch.randn(6),
                "decode_output.weight": torch.randn(784, 6), "decode_output.bias": torch.randn(784)},
               "results_kl1.0/model.pth")
    assert plot_latent_space.main(settings) == 0


def test_another_not_implemented_error_is_no_empty_gap(monkeypatch, train):
    """torch raises that class too: such an error keeps its traceback."""
    from lib.model_vae import VAE

    def unsupported(*arguments):
        raise NotImplementedError("the operator is not implemented for this device")
    monkeypatch.setattr(VAE, "encode", unsupported)
    with pytest.raises(NotImplementedError, match="operator"):
        train()


def test_an_error_within_a_gap_names_the_gap_below_the_traceback(monkeypatch, train, capsys):
    """The innermost gap that it came through; an error elsewhere just has its traceback."""
    def fail(*arguments):
        raise TypeError("not like this")
    with monkeypatch.context() as patch:
        patch.setattr("lib.model_vae.F.relu", fail)
        assert train() == 1
    *trace, line = capsys.readouterr().err.splitlines()
    assert "TypeError: not like this" in trace and "the gap vae_encode;" in line
    assert line.endswith("python -m exercise check vae_encode")
    monkeypatch.setattr("lib.train_vae.train_epoch", fail)
    with pytest.raises(TypeError, match="not like this"):
        train()
