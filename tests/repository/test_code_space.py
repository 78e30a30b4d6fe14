"""Codes drawn by scikit-learn's densities, geodesics, and the measures of how far decoded images are from real ones."""

import json
import math
from pathlib import Path

import pytest
import torch
from torch import nn

import explore_code_space
from exercise.asking import overlay
from exercise.source import gaps, table
from lib.explore_code_space import (
    collect_codes,
    decode_means,
    interpolate_linear,
    path_length,
    reconstruct_means,
    walk,
)
from lib.extras.code_densities import gmm_codes, kde_codes, ways_of_drawing
from lib.extras.geodesic import interpolate_geodesic, ways_to_walk
from lib.likelihoods import Gaussian
from lib.model_autoencoder import Autoencoder, MLPAutoencoder
from lib.support.data.image_sets import Batches, DataError, ImageSet
from lib.support.errors import Interrupted
from lib.support.figures.code_report import codes_figure, distances_figure
from lib.support.measures import classifier as classifiers
from lib.support.measures.classifier import classifier_for
from lib.support.measures.distances import Distances, nearest_distances
from lib.support.measures.frechet import frechet_distance
from tests.repository.scripts import ROOT, call, ctrl_c, enter, one_line_of


def two_clumps(count=400, size=2, seed=0):
    """Codes around two points, far from each other, sorted by clump."""
    codes = torch.randn(count, size, generator=torch.Generator().manual_seed(seed))
    codes[count // 2:] += 30
    return codes


def stripes(count=64, seed=0):
    """An image set of two classes: horizontal and vertical stripes in noise."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.zeros(count, 1, 8, 8)
    x[::2, :, ::2], x[1::2, :, :, ::2] = 200, 200
    x = (x + 50 * torch.rand(x.shape, generator=generator)).to(torch.uint8)
    return ImageSet("stripes", x, torch.arange(count) % 2, ("horizontal", "vertical"))


# drawing codes -------------------------------------------------------------------------------------------------------

def test_the_script_knows_all_ways_and_their_order():
    model = MLPAutoencoder(1, 2, 2, 4, 1)
    assert tuple(ways_of_drawing()) == explore_code_space.CODES
    assert tuple(ways_to_walk(model)) == explore_code_space.PATHS


@pytest.mark.parametrize("way", ways_of_drawing(3))
@pytest.mark.parametrize("size", [1, 3])
def test_each_way_gives_as_many_codes_as_asked_for_by_its_seed(way, size):
    """The same seed the same codes, also the largest; another seed other codes; the global generator is left alone."""
    draw, codes = ways_of_drawing(3)[way], two_clumps(size=size)
    state = torch.random.get_rng_state()
    first, again, other = draw(codes, 11, 5), draw(codes, 11, 5), draw(codes, 11, 2**63)
    assert first.shape == (11, size) and first.dtype == torch.float32 and first.isfinite().all()
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert torch.equal(torch.random.get_rng_state(), state)


@pytest.mark.parametrize("draw", [gmm_codes, kde_codes])
def test_densities_keep_clumps_apart(draw):
    """Half of the codes are drawn near each clump, none between them; and not sorted."""
    codes = draw(two_clumps(), 1000, 0)
    near = torch.stack([(codes - middle).norm(dim=1) < 8 for middle in (0, 30)])
    assert near.any(0).all() and 400 < near[0].sum() < 600
    assert 150 < near[0][:500].sum() < 350


def test_kernels_are_as_wide_as_codes_are_apart():
    """Codes drawn are new, but no farther from training codes than these are from each other."""
    codes = two_clumps(2000, 4)
    nearest = torch.cdist(kde_codes(codes, 500, 0), codes).amin(1)
    between = (torch.cdist(codes[:500], codes) + 1e9 * torch.eye(500, 2000)).amin(1)
    assert nearest.min() > 0 and 0.5 < nearest.median() / between.median() < 1.5


@pytest.mark.parametrize("draw", [gmm_codes, kde_codes])
def test_codes_that_are_all_alike(draw):
    """Nothing divides by their width."""
    assert torch.allclose(draw(torch.full((20, 3), 2.0), 5, 0), torch.tensor(2.0), atol=0.1)


def test_more_components_than_codes():
    with pytest.raises(ValueError, match="as many codes, and there are 5"):
        gmm_codes(two_clumps(5), 3, 0, components=6)


# paths ---------------------------------------------------------------------------------------------------------------

class Circle(nn.Module):
    """Decodes a number to a place on a circle, two pixels, ever faster along the way."""

    def forward(self, z):
        angle = z[:, :1] ** 3
        return torch.cat([angle.cos(), angle.sin()], 1).view(-1, 1, 1, 1, 2)


def test_a_geodesic_has_steps_of_equal_length_in_image_space():
    """Also where those of a straight line are not; both ends stay, and so do the weights."""
    model = Autoencoder(nn.Flatten(), nn.Sequential(nn.Linear(1, 1), Circle()), Gaussian(), 1)
    model.decoder[0].weight.data.fill_(1)
    model.decoder[0].bias.data.zero_()
    path = interpolate_geodesic(model, torch.zeros(1), torch.ones(1), 9)
    steps = decode_means(model, path).diff(dim=0).flatten(1).norm(dim=1)
    assert path[0] == 0 and path[-1] == 1 and steps.max() < 1.05 * steps.min()
    straight = decode_means(model, interpolate_linear(torch.zeros(1), torch.ones(1), 9))
    assert steps.square().sum() < 0.7 * straight.diff(dim=0).square().sum()
    assert all(weight.grad is None for weight in model.parameters()) and not path.requires_grad


def test_a_geodesic_of_two_codes_is_its_ends():
    start, end = torch.randn(2, 3)
    assert torch.equal(interpolate_geodesic(MLPAutoencoder(1, 2, 2, 4, 3), start, end, 2), torch.stack([start, end]))


def test_a_walk_has_the_originals_at_its_ends_and_their_reconstructions_beside_them():
    model, originals = MLPAutoencoder(1, 3, 2, 4, 3), torch.rand(2, 1, 3, 2)
    images = walk(model, originals, interpolate_linear, 5)
    assert images.shape == (7, 1, 3, 2) and torch.equal(images[[0, -1]], originals)
    assert torch.allclose(images[[1, -2]], decode_means(model, model.encode(originals).detach()))


def test_the_length_of_a_path():
    images = torch.tensor([0.0, 1.0, 0.5]).view(3, 1, 1, 1).expand(3, 1, 2, 2)
    assert path_length(images) == pytest.approx(2 * 1 + 2 * 0.5)


def test_pairs_are_of_different_classes():
    """Drawn from all images, by a seed; as floats."""
    few = ImageSet("numbers", torch.arange(10, dtype=torch.uint8).view(10, 1, 1, 1), torch.tensor([0] * 8 + [1, 2]),
                   ("a", "b", "c"))
    pairs = few.pairs_of_classes(200, seed=0)
    numbers = (pairs * 255).round().long().view(200, 2)
    assert pairs.dtype == torch.float32 and (few.labels[numbers[:, 0]] != few.labels[numbers[:, 1]]).all()
    assert set(numbers.flatten().tolist()) == set(range(10))
    assert torch.equal(few.pairs_of_classes(200, seed=0), pairs)
    assert not torch.equal(few.pairs_of_classes(200, seed=1), pairs)
    with pytest.raises(DataError, match="all of one class"):
        few.select(slice(8)).pairs_of_classes(1, seed=0)


def test_codes_and_images_are_complete_and_in_order():
    """Whatever the size of the batches, in evaluation mode."""
    images, model = stripes(10), MLPAutoencoder(1, 8, 8, 4, 3).train()
    codes = collect_codes(model, Batches(images, 4))
    assert torch.allclose(codes, model.encode(next(iter(Batches(images, 10)))[0]), atol=1e-6)
    assert torch.allclose(decode_means(model, codes, batch_size=3), decode_means(model, codes), atol=1e-6)
    x = torch.stack([image for image, _ in images])
    reconstructed = reconstruct_means(model, x, batch_size=3)
    assert torch.allclose(reconstructed, decode_means(model, codes), atol=1e-6)
    assert not model.training and not codes.requires_grad and not reconstructed.requires_grad


# measures ------------------------------------------------------------------------------------------------------------

def test_the_frechet_distance_of_gaussians():
    """Known in closed form: between N(0, 1) and N(m, s^2) in each of d dimensions, d (m^2 + (1 - s)^2)."""
    x = torch.randn(200_000, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    x = (x - x.mean(0)) @ torch.linalg.inv(torch.linalg.cholesky(torch.cov(x.T))).T  # exactly N(0, I), in its moments
    for mean, deviation in ((0, 1), (2, 1), (0, 3), (1, 0.5), (0, 0)):
        expected = 3 * (mean**2 + (1 - deviation) ** 2)
        assert frechet_distance(x, mean + deviation * x) == pytest.approx(expected, abs=1e-6)
    mixed = x @ torch.tensor([[1.0, 2, 0], [0, 1, 1], [1, 0, 3]]).double()
    assert frechet_distance(mixed, mixed) == pytest.approx(0, abs=1e-4)
    assert frechet_distance(x, mixed) == pytest.approx(frechet_distance(mixed, x), rel=1e-6)


def test_the_frechet_distance_of_one_feature():
    x = torch.tensor([[0.0], [2.0]])
    assert frechet_distance(x, x + 3) == pytest.approx(9)


@pytest.mark.parametrize("shapes", [((5, 2), (4, 2)), ((5, 2), (5, 3)), ((1, 2), (1, 2))])
def test_sets_that_cannot_be_compared(shapes):
    with pytest.raises(ValueError, match="same number"):
        frechet_distance(*map(torch.zeros, shapes))


def test_the_nearest_of_all_images():
    """Also beyond the first batch of them."""
    images = stripes(2_500)
    some = torch.stack([images[index][0] for index in (0, 1200, 2499)])
    found = nearest_distances(some + 0.1, images)
    assert torch.allclose(found, torch.tensor(0.1 * 8), atol=1e-2)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(classifiers, "STEPS", 40)
    return tmp_path


def test_a_classifier_is_trained_once_for_the_same_images(here, capsys):
    """It learns, is kept, and says how good it is; other images, or damaged weights, are trained on anew."""
    images = stripes()
    first = classifier_for(images, images)
    assert "training" in capsys.readouterr().out and not first.training
    again = classifier_for(images, images)
    said = capsys.readouterr().out
    assert "training" not in said and "100.0%" in said
    x = torch.rand(3, 1, 8, 8)
    assert torch.equal(first.features(x), again.features(x)) and first.features(x).shape == (3, classifiers.FEATURES)
    Path("results_classifier/stripes_8x8/model.pth").write_bytes(b"damaged")
    classifier_for(images, images)
    assert "training" in capsys.readouterr().out
    classifier_for(stripes(seed=1), images)
    assert "training" in capsys.readouterr().out


def test_a_classifier_whose_training_was_interrupted_is_trained_anew(here, capsys):
    """The weights of a round that was finished are there, and would do as if they were the last."""
    with ctrl_c(25), pytest.raises(Interrupted):
        classifier_for(stripes(), stripes())
    assert Path("results_classifier/stripes_8x8/model.pth").exists()
    capsys.readouterr()
    first = classifier_for(stripes(), stripes())
    assert "training a classifier" in capsys.readouterr().out
    assert torch.equal(first.to_logits.weight, classifier_for(stripes(), stripes()).to_logits.weight)


def test_training_a_classifier_leaves_the_random_state(here):
    state = torch.random.get_rng_state()
    classifier_for(stripes(), stripes())
    assert torch.equal(torch.random.get_rng_state(), state)


def test_a_classifier_needs_two_classes(here):
    images = stripes().select(slice(0, None, 2))
    with pytest.raises(DataError, match="one class only"):
        classifier_for(images, images)


def test_real_images_are_nearest_to_real_images(here):
    """Images of one class, and noise, are far from them; the number of images is that of a half."""
    images = stripes(400)
    distances = Distances(classifier_for(images, images), stripes(401, seed=1), images)
    assert distances.count == len(distances.others) == 200
    floor = distances.of(distances.others)["frechet"]
    one_class = distances.of(torch.stack([images[2 * number][0] for number in range(200)]))["frechet"]
    noise = distances.of(torch.rand(200, 1, 8, 8))
    assert floor < 0.1 * min(one_class, noise["frechet"])
    assert noise["nearest"] > distances.of(distances.others)["nearest"]
    assert distances.of(torch.stack([images[number][0] for number in range(200)]))["nearest"] < 1e-2


def test_too_few_test_images(here):
    with pytest.raises(DataError, match="4 or more"):
        Distances(classifier_for(stripes(), stripes()), stripes(3), stripes())


# pictures and the script ---------------------------------------------------------------------------------------------

def test_codes_are_shown_in_the_two_dimensions_that_depend_most_on_each_other():
    codes = torch.randn(500, 4, generator=torch.Generator().manual_seed(0))
    codes[:, 3] = -codes[:, 1] + 0.1 * codes[:, 3]
    figure = codes_figure(codes, {"one": codes, "two": codes[:5]})
    assert figure.get_supxlabel().startswith("latent dimension 1 (it and 3 are the two with the strongest")
    assert figure.get_supylabel() == "latent dimension 3"
    assert [axes.get_title() for axes in figure.axes] == ["one", "two"]
    drawn = figure.axes[1].collections[1].get_offsets()
    assert torch.allclose(torch.as_tensor(drawn.data).float(), codes[:5, [1, 3]])


@pytest.mark.parametrize("codes", [torch.zeros(5, 3), torch.randn(5, 1), torch.randn(5, 2)], ids=["alike", "1", "2"])
def test_codes_without_dependence_are_shown_too(codes):
    assert codes_figure(codes, {str(number): codes for number in range(5)}).axes


def test_bars_are_in_order_and_labelled():
    found = {"far": {"frechet": 9.0, "nearest": 1.0}, "near": {"frechet": 0.5, "nearest": 2.0}}
    left, right = distances_figure(found).axes
    assert [label.get_text() for label in left.get_yticklabels()] == ["far", "near"]
    assert [bar.get_width() for bar in left.patches] == [9.0, 0.5]
    assert [text.get_text() for text in right.texts] == ["1", "2"]


@pytest.fixture
def trained(tmp_path, monkeypatch):
    enter("explore_code_space", tmp_path, monkeypatch)
    return "results_autoencoder/pictures_mlp"


def test_the_table_is_printed_and_kept(trained, capsys):
    """Only the ways asked for, with the number of images on both sides."""
    assert call("explore_code_space", "--codes", "uniform", "gmm", "--interpolate", "linear", "--pairs", "2") == 0
    printed = capsys.readouterr().out
    found = json.loads(Path(trained, "codes.json").read_text())
    assert found["images"] == 2 and set(found["distances"]) == {"test images", "reconstructions", "uniform", "gmm"}
    assert all(f"{row['frechet']:.2f}" in printed and math.isfinite(row["nearest"])
               for row in found["distances"].values())
    assert not Path(trained, "codes_kde.png").exists() and Path(trained, "interpolation.png").exists()


@pytest.fixture
def emptied():
    """The code with the gaps of three ways and a path not yet written."""
    names = ["codes_gaussian", "codes_better", "interpolate_spherical"]
    path, table_of_course = "lib/explore_code_space.py", table.read(ROOT)
    found = gaps.read(ROOT)
    stubs = {name: gaps.stub(found[name], table_of_course.where(name)) for name in names}
    with overlay.install(ROOT, {path: gaps.compose(gaps.read_text(ROOT / path), stubs, path)}):
        yield


def test_what_needs_an_empty_gap_is_left_out_unless_it_was_asked_for(trained, emptied, capsys):
    """A student sees the ways that are written, and reads which are not."""
    assert call("explore_code_space", "--pairs", "1") == 0
    printed = capsys.readouterr().out
    for name, gap in (("gaussian_full", "codes_gaussian"), ("better", "codes_better"),
                      ("spherical", "interpolate_spherical")):
        assert f"{name} is left out: the gap {gap} is still empty (sheet 1, task" in printed
    found = json.loads(Path(trained, "codes.json").read_text())["distances"]
    assert {"uniform", "gmm", "kde"} < set(found) and "better" not in found
    assert call("explore_code_space", "--codes", "better") == 2
    assert "exercise hint codes_better" in one_line_of(capsys)


@pytest.mark.parametrize(("folder", "named"), [("nowhere", "python run_autoencoder_training.py"),
                                               ("pictures", "python run_autoencoder_training.py")])
def test_a_folder_without_an_autoencoder(folder, named, trained, capsys):
    capsys.readouterr()
    assert explore_code_space.main([folder]) == 2
    assert named in one_line_of(capsys)


def test_images_of_one_class(trained, capsys):
    """Neither paths between classes nor a classifier: one line."""
    Path("pictures/class1").rename("elsewhere")
    assert call("run_autoencoder_training", "--epochs", "1", "--output_dir", "one") == 0
    capsys.readouterr()
    assert explore_code_space.main(["one", "--device", "cpu"]) == 2
    assert "all of one class" in one_line_of(capsys)


@pytest.mark.parametrize("wrong", [["--components", "13"], ["nowhere"]], ids=["components", "no autoencoder"])
def test_a_wrong_argument_makes_no_results_folder(wrong, trained, capsys):
    arguments = wrong if wrong[0] == "nowhere" else [trained, *wrong]
    assert explore_code_space.main([*arguments, "--output_dir", "new", "--device", "cpu"]) == 2
    assert not Path("new").exists()


def test_a_foreign_model(trained, capsys):
    """Weights of something else, in the folder of an autoencoder."""
    torch.save({"conv.weight": torch.zeros(3)}, Path(trained, "model.pth"))
    capsys.readouterr()
    assert explore_code_space.main([trained, "--device", "cpu"]) == 2
    assert "not the weights" in one_line_of(capsys)
