"""The latent space of any trained VAE: its structure, inference without the encoder, completion, and their scripts."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

import complete_images
from lib import infer_latents
from lib.infer_latents import (
    HIDDEN_PARTS,
    WINDOW,
    complete_image,
    elbo_of,
    infer_psi,
    masked_log_likelihood,
    psi_optimise,
    visible_part,
)
from lib.latent_structure import decode_path, interpolate_samples, latent_pca
from lib.likelihoods import LIKELIHOODS, Gaussian, likelihood_named
from lib.model_conv_vae import ConvVAE
from lib.model_vae import VAE
from lib.support.data.image_sets import DataError, ImageSet
from lib.support.errors import UserError
from lib.support.figures.grids import labelled_rows
from lib.support.figures.latent_plane import class_style
from lib.support.figures.latent_scatter import latent_scatter
from lib.trained_vaes import BernoulliVAE, load_vae
from tests.repository.scripts import call, enter, one_line_of
from tests.repository.test_elbo import Linear

SIX_SIGMA = 6.0
SETTINGS = {"likelihood": "beta", "variance": "fixed", "bins": 16, "channels": 2, "latent_size": 3}


def images(count, *shape, seed=0):
    return torch.rand(count, *shape, generator=torch.Generator().manual_seed(seed))


# Any trained VAE -----------------------------------------------------------------------------------------------------

def saved(folder, model, settings=None):
    """A results folder with these weights."""
    torch.save(model.state_dict(), folder / "model.pth")
    if settings:
        (folder / "run.json").write_text(json.dumps({"id": "0", "settings": settings, "files": ["model.pth"]}))
    return folder


def test_a_fully_connected_vae_has_the_parts_of_any_other(tmp_path):
    """The log-likelihood is minus the binary cross-entropy, the mean is what it decodes; also without run.json."""
    vae, x, z = VAE(3, 2, 5, 7, 4), images(6, 3, 2, 5), torch.randn(6, 4)
    model = load_vae(saved(tmp_path, vae), (3, 2, 5))
    assert isinstance(model, BernoulliVAE) and not model.training and model.latent_size == 4
    assert all(map(torch.equal, model.encode(x), vae.encode(x)))
    entropy = torch.nn.functional.binary_cross_entropy(vae.decode(z), x, reduction="none").flatten(1).sum(1)
    assert torch.allclose(model.likelihood.log_prob(x, model.decode(z)), -entropy, rtol=1e-4)
    assert torch.allclose(model.likelihood.mean(model.decode(z)), vae.decode(z), atol=1e-5)


def test_a_certain_pixel_has_a_finite_likelihood():
    """Where the sigmoid is exactly 0 or 1, in float32."""
    vae = VAE(1, 1, 2, 3, 1)
    vae.decode_output.bias.data = torch.tensor([200.0, -200.0])
    theta = BernoulliVAE(vae).decode(torch.zeros(1, 1))
    assert BernoulliVAE(vae).likelihood.log_prob(torch.tensor([0.0, 1.0]).view(1, 1, 1, 2), theta).isfinite().all()


def test_a_convolutional_vae_is_made_from_its_settings(tmp_path):
    vae = ConvVAE(1, 6, 5, 2, 3, likelihood_named("beta"))
    model = load_vae(saved(tmp_path, vae, SETTINGS), (1, 6, 5))
    z = torch.randn(2, 3)
    assert torch.equal(model.decode(z), vae.decode(z)) and not model.training


@pytest.mark.parametrize(("model", "settings", "shape", "says"), [
    (torch.nn.Linear(2, 3), None, (1, 2, 2), "not the weights of a VAE"),
    (VAE(1, 2, 2), None, (1, 2, 3), "images of 4 pixels"),
    (ConvVAE(1, 6, 5, 2, 3, likelihood_named("bernoulli")), SETTINGS, (1, 6, 5), "not the weights of a conv"),
    (ConvVAE(1, 6, 5, 2, 3), {"channels": 2}, (1, 6, 5), "there is no likelihood")],
    ids=["another model", "another size", "another likelihood", "half the settings"])
def test_a_folder_of_something_else_is_refused(tmp_path, model, settings, shape, says):
    with pytest.raises(UserError, match=says):
        load_vae(saved(tmp_path, model, settings), shape)


def test_a_folder_without_weights_says_which_command_makes_them(tmp_path):
    with pytest.raises(UserError, match="run_conv_vae_training.py"):
        load_vae(tmp_path, (1, 2, 2))


# Structure -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("means", "says"), [
    (torch.randn(9, 1), "no 2 principal"), (torch.randn(1, 3), "no 2 principal"), (torch.ones(9, 3), "all means are")])
def test_means_without_components(means, says):
    with pytest.raises(ValueError, match=says):
        latent_pca(means)


def test_components_of_many_dimensions_do_not_depend_on_chance():
    """scikit-learn has a faster way for these, which draws random numbers."""
    means = torch.randn(600, 550, generator=torch.Generator().manual_seed(0))
    first, again = latent_pca(means), latent_pca(means)
    assert all(map(torch.equal, first, again))


def test_a_path_is_decoded_to_means_or_to_draws():
    model = ConvVAE(1, 6, 5, 2, 3, likelihood_named("bernoulli"))
    path = interpolate_samples(model, *images(2, 1, 6, 5), 4, torch.Generator().manual_seed(0))
    means, draws = decode_path(model, path), decode_path(model, path, torch.Generator().manual_seed(0))
    assert torch.allclose(means, model.likelihood.mean(model.decode(path)))
    assert means.shape == draws.shape == (4, 1, 6, 5) and set(draws.unique().tolist()) <= {0.0, 1.0}
    assert not means.requires_grad and not draws.requires_grad


def test_each_point_of_the_scatter_has_the_colour_of_its_class():
    """On axes of equal scale, with a legend of the classes that are there."""
    points, labels = np.random.default_rng(0).normal(size=(60, 2)), np.arange(60) % 12
    labels[labels == 3] = 4
    names = [f"class {number}" for number in range(12)]
    figure = latent_scatter(points, labels, names, ("across", "up"))
    [axes] = figure.axes
    assert axes.get_aspect() == 1 and (axes.get_xlabel(), axes.get_ylabel()) == ("across", "up")
    [legend] = figure.legends
    present = [number for number in range(12) if number != 3]
    assert [text.get_text() for text in legend.get_texts()] == [names[number] for number in present]
    import matplotlib.colors
    for cloud, number in zip(axes.collections, present, strict=True):
        assert np.allclose(cloud.get_offsets(), points[labels == number])
        assert matplotlib.colors.to_hex(cloud.get_facecolor()[0]).upper() == class_style(number)[0]


def test_titles_stand_above_their_columns():
    """And never make a picture narrower than its titles."""
    row = torch.zeros(3, 1, 4, 4)
    plain = labelled_rows([("a", row), ("b", row)])
    titled = labelled_rows([("a", row), ("b", row)], titles=["original", "an optimised reconstruction"])
    assert titled.shape[1] > plain.shape[1] and (titled[:20] < 100).any()
    columns = np.flatnonzero((titled[:20] < 100).any((0, 2)))
    assert columns.min() > 20 and columns.max() < titled.shape[1]
    assert np.array_equal(labelled_rows([("a", row)]), labelled_rows([("a", row)], titles=[]))


# Inference -----------------------------------------------------------------------------------------------------------

@pytest.fixture
def x():
    return torch.randn(3, 1, 2, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


class Known(Linear, torch.nn.Module):
    """The linear model of the ELBO's tests as a module, whose encoder must not be asked."""

    def __init__(self):
        torch.nn.Module.__init__(self)
        Linear.__init__(self)
        self.latent_size = 3

    def encode(self, x):
        raise AssertionError("the encoder was asked")


def test_inference_comes_to_the_posterior_and_stops(x):
    """Its ELBO is the log-evidence, up to the noise of single steps."""
    model = Known()
    found = infer_psi(model, x)
    mu, logvar = Linear.encode(model, x)
    assert torch.allclose(found.mean, mu, atol=0.1) and torch.allclose(found.logvar, logvar, atol=0.3)
    assert torch.allclose(elbo_of(model, x, found.mean, found.logvar), model.exact(x), atol=0.15)
    assert (found.steps < infer_latents.MAX_STEPS).all() and not found.diverged.any() and found.remark([4, 5, 6]) == ""
    assert (found.steps % WINDOW == 0).all()


def test_the_elbo_of_the_posterior_is_the_log_evidence(x):
    """And that of another q(z) lacks the divergence from it; the same seed takes the same noise."""
    model, (mu, logvar) = Known(), Linear.encode(Known(), x)
    exact = elbo_of(model, x, mu, logvar, samples=4_000)
    assert torch.allclose(exact, model.exact(x), atol=SIX_SIGMA * math.sqrt(3 / 2) / math.sqrt(4_000) * 2)
    other = elbo_of(model, x, mu, logvar + math.log(4), samples=4_000)
    assert torch.allclose(model.exact(x) - other, torch.tensor(3 * (4 - 1 - math.log(4)) / 2).double(), atol=1)
    assert torch.equal(elbo_of(model, x, mu, logvar, 50, seed=3), elbo_of(model, x, mu, logvar, 50, seed=3))


def test_an_image_comes_to_the_same_psi_in_any_batch(x):
    """Each has noise of its own, by its number, and its own stop."""
    model = Known()
    together = infer_psi(model, x, numbers=[7, 2, 9])
    for place, number in ((0, 7), (2, 9)):
        alone = infer_psi(model, x[[place]], numbers=[number])
        assert torch.allclose(alone.mean, together.mean[[place]], atol=1e-6) and alone.steps == together.steps[place]
    copies = infer_psi(model, x[[0, 0]], max_steps=20, numbers=[1, 2])
    assert not torch.allclose(copies.mean[0], copies.mean[1])
    assert not torch.equal(infer_psi(model, x, 20, seed=1).mean, infer_psi(model, x, 20, seed=2).mean)


def test_the_elbo_may_be_taken_of_one_image_after_the_other(x, monkeypatch):
    model, psi_elbo = Known(), infer_latents.psi_elbo
    together = infer_psi(model, x)

    def one_by_one(model, x, mean, logvar, noise, visible):
        return torch.cat([psi_elbo(model, *(part[i:i + 1] for part in (x, mean, logvar, noise)), visible)
                          for i in range(len(x))])
    monkeypatch.setattr(infer_latents, "psi_elbo", one_by_one)
    found = infer_psi(model, x)
    assert torch.allclose(found.mean, together.mean, atol=1e-6) and torch.equal(found.steps, together.steps)


def test_psi_is_the_mean_over_the_best_window(monkeypatch):
    """An image stops after the first window that is not better, the others go on; what is left over counts too."""
    monkeypatch.setattr(infer_latents, "WINDOW", 2)
    elbos = torch.tensor([[1.0, 1], [3, 1], [1, 2], [2, 2], [9, 3], [9, 4], [9, 8]])

    def told(model, x, noise, lr, after_step, visible):
        for step, elbo in enumerate(elbos):
            psi = torch.full((2, 3), float(step))
            if after_step(elbo, psi, -psi):
                raise AssertionError("it stops too early")
    monkeypatch.setattr(infer_latents, "psi_optimise", told)
    found = infer_psi(Known(), torch.zeros(2, 1, 2, 3))
    assert found.steps.tolist() == [4, 7]
    assert found.mean[:, 0].tolist() == [0.5, 6.0] and found.logvar[:, 0].tolist() == [-0.5, -6.0]


@pytest.mark.parametrize("steps", [1, WINDOW - 1, WINDOW + 1])
def test_any_number_of_steps_gives_a_psi(x, steps):
    found = infer_psi(Known(), x, max_steps=steps)
    assert (found.steps == steps).all() and (found.mean != 0).any()


def test_one_image_that_diverges_does_not_stop_the_others(x):
    """Its psi is finite, it is named, and the others come to what they come to without it."""
    class Exploding(Gaussian):
        def log_prob(self, x, theta):
            return super().log_prob(x, theta) * torch.where(x.flatten(1)[:, 0] > 50, torch.inf, 1.0)
    model, spoilt = Known(), x.clone()
    model.likelihood, spoilt[1] = Exploding(), 100
    found, right = infer_psi(model, spoilt, 50), infer_psi(Known(), x, 50)
    assert found.diverged.tolist() == [False, True, False] and found.mean.isfinite().all()
    assert torch.allclose(found.mean[[0, 2]], right.mean[[0, 2]])
    assert "image 8" in found.remark([3, 8, 5]) and "3" not in found.remark([3, 8, 5])


def test_inference_of_nothing(x):
    for visible, what in ((torch.ones(2, 3).bool(), "none"), (torch.zeros(2, 3).bool(), "all")):
        with pytest.raises(ValueError, match=f"not {what} of them"):
            infer_psi(Known(), x, visible=visible)
    with pytest.raises(ValueError, match="1 step or more"):
        infer_psi(Known(), x, max_steps=0)


def test_weights_and_their_gradients_stay(x):
    """Also those of a real network."""
    model = ConvVAE(1, 6, 5, 2, 3, likelihood_named("bernoulli"))
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    infer_psi(model, images(2, 1, 6, 5), max_steps=3)
    assert all(torch.equal(weight, before[name]) for name, weight in model.state_dict().items())
    assert all(weight.grad is None and weight.requires_grad for weight in model.parameters())


# Completion ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", LIKELIHOODS)
def test_pixels_of_every_likelihood_can_be_hidden(name):
    """The visible pixels add up to the whole with the hidden ones, and these change nothing."""
    likelihood, x = likelihood_named(name, "per_pixel", bins=5), images(3, 2, 4, 5)
    theta = likelihood.theta(torch.randn(3, likelihood.outputs_per_pixel, 2, 4, 5))
    visible = torch.rand(4, 5, generator=torch.Generator().manual_seed(0)) < 0.5
    seen, unseen = (masked_log_likelihood(likelihood, x, theta, part) for part in (visible, ~visible))
    assert torch.allclose(seen + unseen, likelihood.log_prob(x, theta), rtol=1e-4)
    other = torch.where(visible, x, images(3, 2, 4, 5, seed=1))
    assert torch.equal(masked_log_likelihood(likelihood, other, theta, visible), seen)


@pytest.mark.parametrize("name", LIKELIHOODS)
def test_images_of_every_likelihood_are_completed(name):
    model = ConvVAE(1, 6, 5, 2, 3, likelihood_named(name, "learned", bins=5))
    x, visible = images(2, 1, 6, 5), visible_part("top", 6, 5)
    psi = infer_psi(model, x, 2, visible=visible)
    completed = complete_image(model, x, visible, psi.mean, psi.logvar, 4, torch.Generator().manual_seed(0))
    assert completed.shape == (4, 2, 1, 6, 5)
    assert torch.equal(completed[..., 3:, :], x[..., 3:, :].expand(4, 2, 1, 3, 5))
    assert not completed.requires_grad


def test_completion_without_the_encoder_is_inference_from_what_is_visible(x):
    """The posterior of a linear model, given the visible pixels alone."""
    model, visible = Known(), torch.tensor([[True, True, False], [True, False, False]])
    found = infer_psi(model, x, visible=visible)
    weight, rest = model.weight[visible.flatten()], (x.flatten(1) - model.bias)[:, visible.flatten()]
    precision = torch.eye(3).double() + weight.T @ weight / 0.3
    assert torch.allclose(found.mean, torch.linalg.solve(precision, weight.T @ rest.T / 0.3).T, atol=0.15)


def test_parts_of_an_image():
    """True is visible. The square in the centre is half as high and as wide, up to a pixel."""
    shown = {part: visible_part(part, 4, 6) for part in HIDDEN_PARTS}
    assert shown["right"].all(0).tolist() == [True] * 3 + [False] * 3 and torch.equal(shown["left"], ~shown["right"])
    assert shown["bottom"].all(1).tolist() == [True] * 2 + [False] * 2 and torch.equal(shown["top"], ~shown["bottom"])
    assert (~shown["centre"]).nonzero().tolist() == [[1, 2], [1, 3], [2, 2], [2, 3]]
    assert visible_part("left", 3, 5).all(0).tolist() == [False, False, True, True, True]
    assert visible_part("right", 1, 1).all()
    assert complete_images.PARTS == HIDDEN_PARTS


# The scripts ---------------------------------------------------------------------------------------------------------

def test_images_have_numbers():
    few = ImageSet("numbers", torch.arange(10, dtype=torch.uint8).view(10, 1, 1, 1), torch.zeros(10).long(), ("a",))
    assert (few.numbered([3, 0, 3]) * 255).flatten().tolist() == [3, 0, 3]
    with pytest.raises(DataError, match="no image 10: those of numbers have the numbers from 0 to 9"):
        few.numbered([1, 10])


@pytest.fixture
def trained(tmp_path, monkeypatch):
    enter("infer_without_encoder", tmp_path, monkeypatch)


def test_the_table_is_that_of_the_file(trained, capsys):
    """A row for each image and their mean; the gap is the difference of the two ELBOs."""
    assert call("infer_without_encoder") == 0
    printed = capsys.readouterr().out
    found = json.loads(Path("results_kl1.0/inference.json").read_text())
    assert found["image"] == [0, 2] and found["steps"] == [3, 3]
    for ours, its, gap in zip(found["elbo_psi"], found["elbo_encoder"], found["amortisation_gap"], strict=True):
        assert math.isclose(ours - its, gap, abs_tol=1e-3) and f"{ours:.2f}" in printed and f"{its:.2f}" in printed
    assert f"{sum(found['amortisation_gap']) / 2:.2f}" in printed


def test_a_divergence_is_told_in_one_line_after_all_else(trained, monkeypatch, capsys):
    def diverging(model, x, noise, *rest):
        noise[0, 1] = torch.nan
        return psi_optimise(model, x, noise, *rest)
    monkeypatch.setattr(infer_latents, "psi_optimise", diverging)
    monkeypatch.setattr(infer_latents, "MAX_STEPS", 3)
    for script, picture in (("infer_without_encoder", "inference.png"), ("complete_images", "completion_right.png")):
        assert call(script) == 2
        line = one_line_of(capsys)
        assert "diverged for image 2," in line and Path("results_kl1.0", picture).exists()


def test_all_dimensions_but_two_are_left_to_components(trained, capsys):
    """One dimension has no plane; for more than two the plane is that of two components."""
    train = ["run_vae_training", "--epochs", "1"]
    assert call(*train, "--latent_size", "1", "--output_dir", "one") == 0
    assert call(*train, "--latent_size", "5", "--output_dir", "five") == 0
    capsys.readouterr()
    assert call("plot_latent_structure", "--output_dir", "out") == 0
    assert "latent 0 to the right" in capsys.readouterr().out
    import plot_latent_space
    import plot_latent_structure
    assert plot_latent_structure.main(["five", "--device", "cpu"]) == 0
    assert "components of 5 latent dimensions" in capsys.readouterr().out
    assert plot_latent_structure.main(["one", "--device", "cpu"]) == 2
    assert "--latent_size 2" in one_line_of(capsys)
    assert plot_latent_space.main(["--output_dir", "five", "--device", "cpu"]) == 2
    assert "principal components of more come with sheet 3" in one_line_of(capsys)


def test_images_of_one_class_are_not_interpolated(trained, monkeypatch, capsys):
    monkeypatch.setattr("lib.support.data.datasets.load", lambda *_: (None, ImageSet(
        "one", torch.zeros(4, 3, 8, 8).byte(), torch.zeros(4).long(), ("a", "b"))))
    capsys.readouterr()
    assert call("plot_latent_structure") == 2
    assert "one class" in one_line_of(capsys)


def test_a_folder_of_another_model(trained, capsys):
    assert call("run_autoencoder_training", "--epochs", "1", "--output_dir", "other") == 0
    capsys.readouterr()
    import infer_without_encoder
    assert infer_without_encoder.main(["other", "--device", "cpu"]) == 2
    assert "not the weights of a VAE" in one_line_of(capsys)
    assert infer_without_encoder.main(["pictures", "--device", "cpu"]) == 2
    assert "python run_vae_training.py" in one_line_of(capsys)
