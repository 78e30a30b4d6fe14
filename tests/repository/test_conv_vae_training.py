"""Training a convolutional VAE: what its history says, when it stops, what is kept, how it is resumed."""

import json
from pathlib import Path

import pytest
import torch

import run_conv_vae_training
from lib.elbo import elbo_terms
from lib.likelihoods import LIKELIHOODS, Bernoulli, Gaussian, likelihood_named
from lib.model_conv_vae import ConvVAE, conv_vae_from
from lib.support.data.image_sets import Batches, ImageSet
from lib.support.runs.weights import load_weights
from lib.train_conv_vae import EarlyStopping, best_epoch, elbo_of_loader, train_conv_vae
from tests.repository.scripts import SCRIPTS, call, enter, one_line_of, rows_of


def images(count=20, shape=(1, 6, 5), seed=0):
    pixels = torch.randint(64, (count, *shape), generator=torch.Generator().manual_seed(seed), dtype=torch.uint8)
    return ImageSet("dark noise", pixels, torch.arange(count) % 2, ("even", "odd"))


def trained(tmp_path, epochs, patience=100, lr=1e-3, likelihood=None):
    torch.manual_seed(0)
    model = ConvVAE(1, 6, 5, channels=2, latent_size=3, likelihood=likelihood)
    stopping = EarlyStopping(patience)
    order = torch.Generator().manual_seed(0)
    history = train_conv_vae(model, Batches(images(), 8, generator=order), Batches(images(7, seed=1), 4), epochs,
                             stopping, lr, output_dir=tmp_path / "run")
    return model, stopping, history


def test_the_history_has_the_terms_of_the_elbo(tmp_path):
    """Means over all images, the last and smaller batch included: here the batches have very different ELBOs."""
    model, _, (row,) = trained(tmp_path, 1, lr=1e-30, likelihood=Gaussian())
    x = torch.stack([image for image, _ in images(7, seed=1)])
    values = torch.stack([torch.stack(elbo_terms(model, x)).mean(1) for _ in range(100)])
    error = 6 * values.std(0)
    assert row["validation_elbo"] == pytest.approx(row["validation_log_likelihood"] - row["validation_kl"], rel=1e-5)
    assert abs(row["validation_log_likelihood"] - values[:, 0].mean()) < error[0]
    assert row["validation_kl"] == pytest.approx(values[0, 1].item(), rel=1e-4)
    assert {f"train_{name}" for name in ("elbo", "log_likelihood", "kl")} < set(row)


def test_validation_is_on_the_same_noise_and_leaves_no_trace():
    """Twice the same, also for another order of random numbers outside; no gradients, no draw from outside."""
    torch.manual_seed(0)
    model, loader = ConvVAE(1, 6, 5, channels=2, latent_size=3), Batches(images(7), 4)
    state = torch.get_rng_state()
    first = elbo_of_loader(model, loader)
    assert torch.equal(torch.get_rng_state(), state)
    torch.randn(5)
    assert elbo_of_loader(model, loader) == first
    assert all(weight.grad is None for weight in model.parameters())


def test_training_stops_by_itself_and_keeps_the_best_weights(tmp_path):
    """On noise the validation ELBO soon falls; model, file and measured ELBO are those of the best epoch."""
    model, stopping, history = trained(tmp_path, 500, patience=5, lr=1e-2)
    best = best_epoch(history)
    assert stopping.is_over and len(history) == best + 5 < 500
    found = elbo_of_loader(model, Batches(images(7, seed=1), 4))["elbo"]
    assert found == pytest.approx(history[best - 1]["validation_elbo"]) and found > history[-1]["validation_elbo"]
    weights = load_weights(tmp_path / "run/model.pth")
    assert all(torch.equal(weight, weights[name]) for name, weight in model.state_dict().items())


@pytest.mark.parametrize("name", LIKELIHOODS)
def test_training_raises_the_elbo_with_each_likelihood(tmp_path, name):
    _, _, history = trained(tmp_path, 15, lr=1e-2, likelihood=likelihood_named(name, "per_pixel"))
    assert history[-1]["train_elbo"] > history[0]["train_elbo"] + 1


def test_images_that_the_likelihood_does_not_fit_are_refused(tmp_path, monkeypatch):
    loader = Batches(images(), 8)
    monkeypatch.setattr("lib.train_conv_vae.first_images", lambda *_: torch.full((2, 1, 6, 5), 1.5))
    with pytest.raises(ValueError, match="Bernoulli likelihood is for pixels in"):
        train_conv_vae(ConvVAE(1, 6, 5, 2, 3, Bernoulli()), loader, loader, 1, EarlyStopping(1), output_dir=tmp_path)


@pytest.mark.parametrize("patience", [0, -3])
def test_patience_is_at_least_one(patience):
    with pytest.raises(ValueError, match="from 1 on"):
        EarlyStopping(patience)


def test_nothing_is_restored_before_the_first_epoch():
    with pytest.raises(ValueError, match="update comes before restore"):
        EarlyStopping(3).restore(ConvVAE(1, 6, 5, 2, 3))


def test_a_trained_model_is_found_again(tmp_path):
    settings = {"likelihood": "beta", "variance": "per_pixel", "bins": 16, "channels": 2, "latent_size": 3}
    model = ConvVAE(3, 6, 5, 2, 3, likelihood_named("beta"))
    again = conv_vae_from(settings, model.state_dict(), (3, 6, 5))
    z = torch.randn(4, 3)
    assert torch.equal(again.decode(z), model.decode(z))
    with pytest.raises(ValueError, match="with a bernoulli likelihood and 3 latent dimensions: .*decoder"):
        conv_vae_from(settings | {"likelihood": "bernoulli"}, model.state_dict(), (3, 6, 5))
    with pytest.raises(ValueError, match="there is no channels"):
        del settings["channels"]
        conv_vae_from(settings, model.state_dict(), (3, 6, 5))


def test_black_and_white_images_are_drawn_once():
    """A pixel is white with the probability of its grey value; the same seed gives the same images."""
    grey = ImageSet("grey", torch.full((1_000, 1, 4, 4), 64, dtype=torch.uint8), torch.zeros(1_000).long(), ("all",))
    drawn = grey.binarised(0)
    assert set(drawn.images.unique().tolist()) == {0, 255}
    share, expected = (drawn.images == 255).double().mean().item(), 64 / 255
    assert abs(share - expected) < 6 * (expected * (1 - expected) / 16_000) ** 0.5
    assert torch.equal(drawn.images, grey.binarised(0).images)
    assert not torch.equal(drawn.images, grey.binarised(1).images)


# The script ----------------------------------------------------------------------------------------------------------

@pytest.fixture
def here(tmp_path, monkeypatch):
    enter("run_conv_vae_training", tmp_path, monkeypatch)


def test_a_training_that_has_stopped_has_nothing_left_to_do(here, capsys):
    """Resumed, it stays as it is, and says once more why it has stopped."""
    stop = ["--patience", "1", "--lr", "0.1"]
    assert call("run_conv_vae_training", "--epochs", "50", *stop) == 0
    folder = Path("results_conv_vae/gaussian_3")
    rows, weights = rows_of(folder), (folder / "model.pth").read_bytes()
    assert len(rows) < 50 and json.loads((folder / "summary.json").read_text())["why"] == "no better ELBO in 1 epochs"
    capsys.readouterr()
    assert call("run_conv_vae_training", "--epochs", "50", "--resume", *stop) == 0
    assert "no better ELBO" in capsys.readouterr().out
    assert rows_of(folder) == rows and (folder / "model.pth").read_bytes() == weights


def test_validation_images_are_the_last_ones_and_some_are_left(here, capsys):
    arguments = [*SCRIPTS["run_conv_vae_training"].arguments, "--validation_size", "3"]
    train, validation, test = run_conv_vae_training.image_sets(run_conv_vae_training.parse_arguments(arguments))
    assert (len(train), len(validation), len(test)) == (9, 3, 4)
    assert call("run_conv_vae_training", "--validation_size", "12") == 2
    assert "some have to be left" in one_line_of(capsys)
