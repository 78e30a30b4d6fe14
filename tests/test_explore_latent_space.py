"""A look inside the latent space: codes of a data set, images decoded from a grid."""

import math
import sys

import pytest
import torch

from exercise.probes import latent_space as probes
from tests.judge import expect, require

IMAGE, GREY = (2, 2, 3), (1, 3, 2)
SQUEEZED = "an axis of size one is lost: squeeze() drops the axis of the images or of the latent dimensions where " \
           "there is one only"


# latent_mu_logvar ----------------------------------------------------------------------------------------------------

@pytest.fixture
def batches(draw):
    """Twelve batches of (images, labels), the last one a single image, and the two matrices of a linear encoder."""
    return _batches(draw, [3] * 11 + [1], IMAGE, 3)


def _batches(draw, sizes, image, latent):
    loader = [[draw.uniform(size, *image), torch.zeros(size, dtype=torch.int64)] for size in sizes]
    return [loader, *(10 * draw.normal(math.prod(image), latent) for _ in range(2))]


@pytest.mark.gap("latent_mu_logvar")
@pytest.mark.parametrize("sizes, image, latent", [([3] * 11 + [1], IMAGE, 3), ([4, 4, 2], GREY, 1), ([1], IMAGE, 4)],
                         ids=["twelve batches", "one channel, one latent dimension", "one image"])
def test_all_batches_are_encoded_in_order(answer, draw, sizes, image, latent):
    """mu and logvar hold a row for each image of each batch, in the loader's order."""
    loader, to_mu, to_logvar = _batches(draw, sizes, image, latent)
    seen = answer(probes.mu_logvar, loader, to_mu, to_logvar)
    images = [x.flatten(1) for x, _ in loader]
    for name, kind in seen["kinds"].items():
        require(kind == "Tensor", f"{name} should be a tensor, but is a {kind}")
    for name, matrix, other_name, other in (("mu", to_mu, "logvar", to_logvar), ("logvar", to_logvar, "mu", to_mu)):
        rows = [x @ matrix for x in images]
        expect(seen[name], torch.cat(rows), name, {
            "it holds the last batch only": rows[-1], "it holds the first batch only": rows[0],
            "the last, smaller batch is missing": torch.cat(rows[:-1] or rows),
            "the batches are in reverse order": torch.cat(rows[::-1]),
            f"it holds {other_name}, are the two exchanged?": torch.cat([x @ other for x in images]),
            "sigma is returned where logvar is asked for": (torch.cat(rows) / 2).exp(),
            "the variance is returned where logvar is asked for": torch.cat(rows).exp(),
            SQUEEZED: torch.cat(rows).squeeze(),
            "it is averaged over the images": torch.cat(rows).mean(0)}, hint="Is it limited?")


@pytest.mark.gap("latent_mu_logvar")
def test_codes_are_computed_in_evaluation_mode_without_gradients(answer, batches):
    """Nothing is learned here: evaluation mode, and no gradients are recorded."""
    seen = answer(probes.mu_logvar, *batches)
    require(len(seen["calls"]) > 0, "the model's encode is never called")
    for call in seen["calls"]:
        require(call["shape"][1:] == list(IMAGE) and len(call["shape"]) == 4,
                f"encode takes images of shape (batch, channels, height, width), not {tuple(call['shape'])}")
    require(not any(call["training"] for call in seen["calls"]), "the model is still in training mode: model.eval()")
    require(not any(seen["recorded"].values()), "mu and logvar still carry gradients: encode within torch.no_grad()")


@pytest.mark.gap("latent_mu_logvar")
def test_images_are_moved_to_the_device(answer, batches):
    """Each batch of images is moved to `device` (here a make-believe GPU) before it is encoded."""
    calls = answer(probes.mu_logvar, *batches, device="cuda")["calls"]
    require(all(call["device"] == "cuda" for call in calls), "the images are not moved to `device`")


# latent_grid ---------------------------------------------------------------------------------------------------------

@pytest.fixture
def ranges(draw):
    """Minimum and maximum of latent 0 and of latent 1; the second range is wider, and has no zero in it."""
    lower = draw.uniform(2, low=-3, high=-1) + torch.tensor([0.0, 4.0])
    width = draw.uniform(2, low=1.5, high=4) * torch.tensor([1.0, 3.0])
    return [float(lower[0]), float(lower[0] + width[0]), float(lower[1]), float(lower[1] + width[1])]


@pytest.mark.gap("latent_grid")
@pytest.mark.parametrize("grid_size, image", [(2, GREY), (6, IMAGE), (3, (1, 1, 2)), (4, (3, 1, 1))],
                         ids=["corners", "six", "one row", "one pixel of three channels"])
def test_images_are_decoded_from_a_regular_grid(answer, ranges, grid_size, image):
    """images[i, j] is decoded from the i-th value of latent 0 and the j-th of latent 1, both ends included."""
    seen = answer(probes.grid, ranges, grid_size, image)
    _expect_grid_of_images(seen, grid_size, image)
    latent0, latent1 = (torch.linspace(*ranges[2 * axis:2 * axis + 2], grid_size) for axis in (0, 1))
    first, second = latent0[:, None].expand(-1, grid_size), latent1.expand(grid_size, -1)
    points = torch.stack([first, second], -1)
    shown = torch.stack([seen["images"][:, :, 0, 0, 0], seen["images"][:, :, -1, -1, -1]], -1).double()
    expect(4 * shown.logit(eps=1e-9), points,
           "the latent point behind images[i, j]", {
               "the axes are exchanged: the first axis runs over latent 0": points.transpose(0, 1),
               "the latent variables are exchanged within a point":
                   torch.stack([latent1[:, None].expand(-1, grid_size), latent0.expand(grid_size, -1)], -1),
               "the latent variables of each point are in the wrong order": points.flip(-1),
               "latent 0 runs from its maximum to its minimum": points.flip(0),
               "latent 1 runs from its maximum to its minimum": points.flip(1),
               "both run from maximum to minimum": points.flip(0, 1),
               "the upper ends are not reached: grid_size values include both ends": _open_ended(ranges, grid_size),
               "both latent variables use the range of latent 0":
                   torch.stack([first, latent0.expand(grid_size, -1)], -1),
               "both latent variables have the same value, only the diagonal is decoded":
                   torch.stack([first, latent1[:, None].expand(-1, grid_size)], -1)})


@pytest.mark.gap("latent_grid")
def test_any_range_gives_as_many_values_as_asked_for(answer, draw):
    """Rounding never adds a value to the grid, nor takes one away."""
    for grid_size in range(2, 17):
        lower, width = draw.uniform(2, low=-3, high=3), draw.uniform(2, low=0.1, high=4)
        ranges = torch.stack([lower, lower + width], 1).flatten().tolist()
        _expect_grid_of_images(answer(probes.grid, ranges, grid_size, (1, 1, 2)), grid_size, (1, 1, 2))


@pytest.mark.gap("latent_grid")
def test_step_size_is_the_distance_of_neighbours(answer, ranges):
    """step_size = (max - min) / (grid_size - 1), for latent 0 and latent 1."""
    seen = answer(probes.grid, ranges, 6, IMAGE)
    width = torch.tensor([ranges[1] - ranges[0], ranges[3] - ranges[2]], dtype=torch.float64)
    require(seen["kinds"]["step_size"] == "ndarray", "step_size should be a numpy array of shape (2,)")
    expect(seen["step_size"], width / 5, "step_size", {
        "n points have n - 1 steps between them: divide by grid_size - 1": width / 6,
        "it divides by grid_size + 1, where grid_size - 1 belongs": width / 7,
        "its two elements are exchanged": width.flip(0) / 5,
        "it is the whole range, not a step": width, "its sign is wrong": -width / 5})


@pytest.mark.gap("latent_grid")
def test_grid_is_decoded_in_evaluation_mode_without_gradients(answer, ranges):
    """The decoder is called in evaluation mode, on float32, without recording gradients."""
    calls = answer(probes.grid, ranges, 4, IMAGE)["calls"]
    require(len(calls) > 0, "the model's decode is never called")
    require(all(call["shape"][-1] == 2 and len(call["shape"]) == 2 for call in calls),
            f"decode takes z of shape (batch, 2), not {calls[0]['shape']}")
    require(not any(call["training"] for call in calls), "the model is still in training mode: model.eval()")
    require(all(call["dtype"] == "torch.float32" for call in calls),
            f"decode is given {calls[0]['dtype']}, where the weights are torch.float32")


@pytest.mark.gap("latent_grid")
def test_grid_is_moved_to_the_device(answer, ranges):
    """The latent points are moved to `device` (here a make-believe GPU), and the images come back from there."""
    calls = answer(probes.grid, ranges, 3, IMAGE, device="cuda")["calls"]
    require(all(call["device"] == "cuda" for call in calls), "the latent points are not moved to `device`")


def _expect_grid_of_images(seen, grid_size, image):
    require(seen["kinds"]["images"] == "ndarray", "images should be a numpy array")
    require(tuple(seen["images"].shape) == (grid_size, grid_size, *image),
            "images should have the shape (grid, grid, channels, height, width), here "
            f"{(grid_size, grid_size, *image)}, but has {tuple(seen['images'].shape)}")


def _open_ended(ranges, grid_size):
    """The grid whose values stop one step short of the maximum."""
    steps = torch.arange(grid_size) / grid_size
    latent0, latent1 = (ranges[2 * axis] + (ranges[2 * axis + 1] - ranges[2 * axis]) * steps for axis in (0, 1))
    return torch.stack([latent0[:, None].expand(-1, grid_size), latent1.expand(grid_size, -1)], -1)


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
