"""Autoencoders of any size, their training, and how a trained one is found again."""

import json
import math
from pathlib import Path

import pytest
import torch

import run_autoencoder_training
from lib.likelihoods import LIKELIHOODS, Bernoulli, Gaussian, likelihood_named
from lib.model_autoencoder import ARCHITECTURES, ConvAutoencoder, MLPAutoencoder, autoencoder_from
from lib.support.data.image_sets import Batches, ImageSet
from lib.train_autoencoder import negative_log_likelihood, squared_error, train_autoencoder
from tests.repository.scripts import call, enter, rows_of

SHAPES = [(1, 28, 28), (3, 32, 32), (1, 1, 1), (3, 7, 10), (1, 13, 2), (2, 5, 64)]


def images(count=20, shape=(1, 6, 5), seed=0):
    pixels = torch.randint(256, (count, *shape), generator=torch.Generator().manual_seed(seed), dtype=torch.uint8)
    return ImageSet("noise", pixels, torch.arange(count) % 2, ("even", "odd"))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(("likelihood", "parameters"), [(Gaussian("per_pixel"), 2), (Bernoulli(), 1)])
def test_images_of_any_shape_go_in_and_come_out(architecture, shape, likelihood, parameters):
    """Codes have the latent size; theta has what the likelihood asks for, for each pixel; every parameter learns."""
    model = ARCHITECTURES[architecture](*shape, hidden_size=4, latent_size=3, likelihood=likelihood)
    x = torch.rand(2, *shape)
    theta = model(x)
    assert model.encode(x).shape == (2, 3) and theta.shape == (2, parameters, *shape)
    likelihood.log_prob(x, theta).sum().backward()
    assert all(weight.grad is not None for weight in model.parameters())


def test_all_that_a_convolutional_decoder_knows_is_the_code():
    """Two images with one code have one reconstruction."""
    model = ConvAutoencoder(1, 6, 6, hidden_size=4, latent_size=2)
    model.encoder[-1].weight.data.zero_()
    assert torch.allclose(*model(torch.rand(2, 1, 6, 6)), atol=1e-6)


def test_a_convolutional_encoder_sees_every_pixel():
    x = torch.rand(1, 2, 7, 5, requires_grad=True)
    ConvAutoencoder(2, 7, 5, hidden_size=64, latent_size=8).encode(x).square().sum().backward()
    assert (x.grad != 0).double().mean() > 0.9


@pytest.mark.parametrize("loss", [negative_log_likelihood, squared_error])
def test_the_history_has_the_losses_of_the_images(loss, tmp_path):
    """Means over all images, the last and smaller batch included; the error is that of a pixel."""
    torch.manual_seed(0)
    train, test = images(), images(7, seed=1)
    model = MLPAutoencoder(1, 6, 5, 8, 2)
    (row,) = train_autoencoder(model, Batches(train, 8), Batches(test, 4), 1, lr=1e-30, loss=loss,
                               output_dir=tmp_path / "run")
    for name, image_set in (("train_loss", train), ("test_loss", test)):
        x = torch.stack([image for image, _ in image_set])
        assert math.isclose(row[name], loss(model, x).item() / len(x), rel_tol=1e-4)
    assert math.isclose(row["test_error"], (model(x)[:, 0] - x).square().mean().item(), rel_tol=1e-4)


def test_training_reduces_the_loss(tmp_path):
    torch.manual_seed(0)
    loader = Batches(images(), 8)
    history = train_autoencoder(MLPAutoencoder(1, 6, 5, 32, 8), loader, loader, 60, lr=1e-2, save_images=False,
                                output_dir=tmp_path / "run")
    assert history[-1]["test_error"] < 0.5 * history[0]["test_error"]


def test_images_that_a_likelihood_is_not_for_are_refused_before_anything_is_written(tmp_path):
    x = 2 * torch.rand(4, 1, 2, 2) + 0.5
    loader = torch.utils.data.DataLoader(list(zip(x, torch.zeros(4), strict=True)))
    with pytest.raises(ValueError, match=r"pixels in \[0, 1\]"):
        train_autoencoder(MLPAutoencoder(1, 2, 2, 4, 1, Bernoulli()), loader, loader, 1, output_dir=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_learned_variance_that_reaches_its_bound_is_named_once(tmp_path, capsys):
    """On images that are all alike nothing keeps the variance from falling."""
    grey = ImageSet("grey", torch.full((64, 1, 2, 2), 128, dtype=torch.uint8), torch.zeros(64).long(), ("grey",))
    model, loader = MLPAutoencoder(1, 2, 2, 4, 1, Gaussian("learned", 1e-3)), Batches(grey, 4)
    train_autoencoder(model, loader, loader, 30, lr=0.05, save_images=False, output_dir=tmp_path / "run")
    assert capsys.readouterr().out.count("lower bound, 0.0001") == 1


SETTINGS = {"architecture": "mlp", "hidden_size": 5, "latent_size": 2, "likelihood": "gaussian", "variance": "learned",
            "bins": 16}


def test_a_trained_model_is_found_again_by_its_settings():
    """Its weights, and a learned variance, which is one of them."""
    model = MLPAutoencoder(1, 3, 4, 5, 2, likelihood_named("gaussian", "learned"))
    model.likelihood.raw.data.fill_(-1.5)
    again = autoencoder_from(SETTINGS, model.state_dict(), (1, 3, 4))
    x = torch.rand(2, 1, 3, 4)
    assert torch.equal(again(x), model(x)) and again.likelihood.raw == -1.5


@pytest.mark.parametrize(("settings", "shape", "named"), [
    ({}, (1, 3, 4), "there is no"), (SETTINGS, (1, 4, 4), "not the weights"),
    (SETTINGS | {"variance": "fixed"}, (1, 3, 4), "likelihood.raw"),
    (SETTINGS | {"latent_size": 3}, (1, 3, 4), "[3, 5]"),
    (SETTINGS | {"architecture": "conv"}, (1, 3, 4), "encoder.0.weight")])
def test_settings_and_weights_that_do_not_fit_are_refused(settings, shape, named):
    weights = MLPAutoencoder(1, 3, 4, 5, 2, likelihood_named("gaussian", "learned")).state_dict()
    with pytest.raises(ValueError, match="not the (settings|weights) of") as caught:
        autoencoder_from(settings, weights, shape)
    assert named in str(caught.value)


def test_the_script_offers_all_likelihoods():
    assert set(run_autoencoder_training.LIKELIHOODS) == set(LIKELIHOODS)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_each_likelihood_trains_an_autoencoder_that_is_found_again(likelihood, tmp_path, monkeypatch):
    """The loss falls, and explore_code_space.py can read the results."""
    enter("run_autoencoder_training", tmp_path, monkeypatch)
    assert call("run_autoencoder_training", "--likelihood", likelihood, "--bins", "5", "--epochs", "8", "--output_dir",
                "run", "--lr", "0.003") == 0
    losses = [row["train_loss"] for row in rows_of("run")]
    assert losses[-1] < losses[0]
    settings = json.loads(Path("run/run.json").read_text())["settings"]
    model = autoencoder_from(settings, torch.load("run/model.pth", weights_only=True), (3, 8, 8))
    assert model(torch.rand(1, 3, 8, 8)).shape[1:] == (
        {"gaussian": 2, "beta": 2, "logistic": 2, "categorical": 5}.get(likelihood, 1), 3, 8, 8)
