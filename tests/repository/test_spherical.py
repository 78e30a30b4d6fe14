"""The path between two vectors: on the arc where there is one, straight elsewhere, its ends exact."""

import math

import pytest
import torch
from torch import nn

from lib.explore_code_space import interpolate_spherical
from lib.sample_gan import interpolate

PAIRS = 100
STEPS = torch.linspace(0, 1, 8, dtype=torch.float64)
RELATED = {"equal": lambda a: a, "multiples": lambda a: 3 * a, "opposite": lambda a: -a,
           "opposite multiples": lambda a: -0.3 * a, "to zero": torch.zeros_like}


def pairs(size, dtype, seed=0):
    """Noise vectors, and as many others, both of shape (PAIRS, size)."""
    return torch.randn(2, PAIRS, size, dtype=dtype, generator=torch.Generator().manual_seed(seed))


def exact(start, end):
    """The formula in float64, with the ends for s = 0 and 1."""
    start, end, s = start.double(), end.double(), STEPS.double().unsqueeze(1)
    angle = math.acos(float(start @ end / (start.norm() * end.norm())))
    return (torch.sin((1 - s) * angle) * start + torch.sin(s * angle) * end) / math.sin(angle)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("size", [2, 3, 64])
def test_the_path_follows_the_formula(size, dtype):
    """Between any two noise vectors, and exactly from the one to the other."""
    for start, end in zip(*pairs(size, dtype), strict=True):
        path = interpolate_spherical(start, end, len(STEPS))
        assert path.dtype == dtype and torch.equal(path[0], start) and torch.equal(path[-1], end)
        # Rounding in the angle moves a point by as much, times the lengths, over the square of its sine.
        sine = (1 - torch.cosine_similarity(start.double(), end.double(), dim=0) ** 2).sqrt()
        tolerance = 30 * torch.finfo(dtype).eps / float(sine) ** 2 * float(start.norm() + end.norm())
        assert torch.allclose(path.double(), exact(start, end), rtol=0, atol=tolerance)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("size", [1, 2, 64])
@pytest.mark.parametrize("relation", RELATED)
def test_where_there_is_no_single_arc_the_path_is_straight(relation, size, dtype):
    """Vectors of the same or of opposite directions, and the zero vector."""
    for start in pairs(size, dtype)[0]:
        for ends in ((start, RELATED[relation](start)), (RELATED[relation](start), start)):
            path = interpolate_spherical(*ends, len(STEPS))
            assert torch.equal(path[0], ends[0]) and torch.equal(path[-1], ends[1])
            straight = torch.lerp(*ends, STEPS.to(dtype).unsqueeze(1))
            assert torch.allclose(path, straight, rtol=0, atol=3e-3 * float(start.norm()))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_in_one_dimension_the_path_is_straight(dtype):
    """With a latent size of 1, all vectors have the same direction or opposite ones."""
    for start, end in zip(*pairs(1, dtype), strict=True):
        straight = torch.lerp(start, end, STEPS.to(dtype).unsqueeze(1))
        assert torch.allclose(interpolate_spherical(start, end, len(STEPS)), straight, atol=1e-6)


@pytest.mark.parametrize("distance", [0, 1e-9, 1e-7, 1e-5, 1e-4, 3e-4, 4e-4, 1e-3, 1e-2])
@pytest.mark.parametrize("towards", [1, -1], ids=["nearly equal", "nearly opposite"])
def test_nearly_parallel_vectors(towards, distance):
    """Close to the limit of the arc: between vectors of equal length no point is NaN or longer than they are."""
    for start, other in zip(*pairs(64, torch.float32), strict=True):
        end = towards * start + distance * other
        end *= start.norm() / end.norm()
        path = interpolate_spherical(start, end, len(STEPS))
        assert torch.equal(path[0], start) and torch.equal(path[-1], end)
        assert path.norm(dim=1).max() < 1.01 * start.norm()


def test_images_begin_and_end_with_those_of_the_given_noise():
    """A generator of whatever latent size is given the two vectors themselves, and finite ones in between."""
    for size in (1, 5):
        generator = nn.Sequential(nn.BatchNorm2d(size), nn.ConvTranspose2d(size, 3, 4))
        start, end = pairs(size, torch.float32)[:, 0]
        images = interpolate(generator, start, end, 4)
        assert images.shape == (4, 3, 4, 4) and images.isfinite().all() and not images.requires_grad
        for image, z in ((images[0], start), (images[-1], end)):
            assert torch.allclose(image, generator(z.view(1, -1, 1, 1))[0], atol=1e-6)
