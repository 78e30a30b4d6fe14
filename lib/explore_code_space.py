"""Where the codes of an autoencoder lie, codes drawn at random, and paths from one code to another.

An autoencoder learns which code belongs to which image, and nothing of how codes are distributed. To draw images from
it, somebody has to describe that distribution afterwards. The functions here are such descriptions, from the simplest
to better ones; each is fitted on the codes of all training images and draws new ones.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from sklearn import cluster, mixture, neighbors  # noqa: F401  (offered to the gaps)
from torch import Tensor, nn

from lib.support.data.image_sets import Loader

__all__ = ["SAMPLERS", "angle_between", "better_codes", "collect_codes", "decode_means", "diagonal_gaussian_codes",
           "gaussian_codes", "interpolate_linear", "interpolate_spherical", "path_length", "prior_codes",
           "reconstruct_means", "uniform_codes", "walk"]


@torch.no_grad()
def collect_codes(model: nn.Module, loader: Loader, device: str = "cpu") -> Tensor:
    """The codes of all images of `loader`, in its order, on the CPU, shape (N, latent_size)."""
    model.eval()
    return torch.cat([model.encode(x.to(device)).cpu() for x, _ in loader])


@torch.no_grad()
def decode_means(model: nn.Module, codes: Tensor, device: str = "cpu", batch_size: int = 1000) -> Tensor:
    """The images that codes are decoded to, the means of p(x|z), on the CPU.

    Args: codes, shape (N, latent_size).
    Returns: shape (N, channels, height, width).
    """
    model.eval()
    return torch.cat([model.likelihood.mean(model.decode(z.to(device))).cpu() for z in codes.split(batch_size)])


@torch.no_grad()
def reconstruct_means(model: nn.Module, images: Tensor, device: str = "cpu", batch_size: int = 1000) -> Tensor:
    """The reconstructions of images, the means of p(x|z), on the CPU.

    Args: images, shape (N, channels, height, width).
    Returns: of the same shape.
    """
    model.eval()
    return torch.cat([model.likelihood.mean(model(x.to(device))).cpu() for x in images.split(batch_size)])


# Codes drawn at random -----------------------------------------------------------------------------------------------

def uniform_codes(codes: Tensor, count: int, seed: int) -> Tensor:
    """Codes drawn uniformly from the box that the training codes lie in, each dimension by itself.

    Args:
        codes: of all training images, shape (N, latent_size), float32. They stay as they are.
        count: how many to draw, more than N or fewer.
        seed: the same seed gives the same codes, another seed other ones. The global random numbers of torch, NumPy and
            Python are neither used nor seeded.
    Returns: shape (count, latent_size), float32.
    """
    generator = torch.Generator().manual_seed(seed)
    # START TODO codes_uniform ########################
    # Find the smallest and the largest value of each latent dimension, and draw `drawn` between them, for each code and
    # each dimension by itself. Random numbers come from `generator`: torch.rand(..., generator=generator).

    lower, upper = codes.amin(0), codes.amax(0)
    drawn = lower + (upper - lower) * torch.rand(count, codes.shape[1], generator=generator)
    # END TODO ########################
    return torch.as_tensor(drawn).float()


def diagonal_gaussian_codes(codes: Tensor, count: int, seed: int) -> Tensor:
    """Codes drawn from a Gaussian with the mean and the variance of each dimension: N(m, diag(s^2)).

    Arguments and result: as for `uniform_codes`.
    """
    noise = torch.randn(count, codes.shape[1], generator=torch.Generator().manual_seed(seed))
    return codes.mean(0) + codes.std(0, correction=0) * noise


def gaussian_codes(codes: Tensor, count: int, seed: int) -> Tensor:
    """Codes drawn from a Gaussian with the mean and the whole covariance matrix of the training codes: N(m, C).

    Arguments and result: as for `uniform_codes`.
    """
    # START TODO codes_gaussian ########################
    # Compute the mean m, shape (latent_size,), and the covariance matrix C, shape (latent_size, latent_size), of the
    # codes, and draw `drawn`, shape (count, latent_size), from N(m, C). NumPy has such a function:
    # np.random.default_rng(seed).multivariate_normal. `drawn` may be a NumPy array or a tensor. C may be singular: one
    # dimension may be constant, or the sum of others. With latent_size 1 it is a matrix of one row and one column.

    x = codes.double().numpy()
    mean = x.mean(0)
    covariance = (x - mean).T @ (x - mean) / len(x)
    drawn = np.random.default_rng(seed).multivariate_normal(mean, covariance, size=count)
    # END TODO ########################
    return torch.as_tensor(drawn).float()


def better_codes(codes: Tensor, count: int, seed: int) -> Tensor:
    """Codes drawn in a better way than uniformly: they lie where training codes lie, but are not the same.

    Arguments and result: as for `uniform_codes`.
    """
    generator = torch.Generator().manual_seed(seed)
    # START TODO codes_better ########################
    # Your own idea: `drawn`, shape (count, latent_size), a NumPy array or a tensor. Describe the distribution of the
    # codes better than by a box, and draw new codes from your description, not just old ones again. It should work for
    # any number of codes from 50 on and for any latent size; all random numbers should come from `generator` or `seed`.
    # The tests measure the energy distance to the true distribution for four made-up ones: it should be at most half
    # as large as that of the box, on average, and no clump of codes should be left out.

    # A training code, and noise around it: as much as its nearest neighbour is away from it.
    chosen = codes[torch.randint(len(codes), (count,), generator=generator)]
    nearest = neighbors.NearestNeighbors(n_neighbors=2).fit(codes)  # of two, as the first is the code itself
    distances, _ = nearest.kneighbors(chosen)
    noise = torch.randn(count, codes.shape[1], generator=generator) / math.sqrt(codes.shape[1])
    drawn = chosen + torch.from_numpy(distances[:, 1:]) * noise
    # END TODO ########################
    return torch.as_tensor(drawn).float()


def prior_codes(codes: Tensor, count: int, seed: int) -> Tensor:
    """Codes drawn from N(0, I), as from a VAE, although nothing has given an autoencoder's codes this distribution.

    Arguments and result: as for `uniform_codes`.
    """
    return torch.randn(count, codes.shape[1], generator=torch.Generator().manual_seed(seed))


SAMPLERS = {"prior": prior_codes, "uniform": uniform_codes, "gaussian_diagonal": diagonal_gaussian_codes,
            "gaussian_full": gaussian_codes, "better": better_codes}


# Paths from one code to another --------------------------------------------------------------------------------------

def interpolate_linear(start: Tensor, end: Tensor, steps: int) -> Tensor:
    """Codes on the straight line from one code to another, at equal distances; both ends included.

    Args:
        start, end: codes, each of shape (latent_size,), of the same type and on the same device.
        steps: how many codes, at least 2.
    Returns: shape (steps, latent_size), of their type and on their device; the first row is `start`, the last is `end`.
    """
    # START TODO interpolate_linear ########################
    # `path`: `steps` codes, the first of them `start` and the last `end`.

    s = torch.linspace(0, 1, steps, dtype=start.dtype, device=start.device).unsqueeze(1)
    path = (1 - s) * start + s * end
    # END TODO ########################
    return path


def interpolate_spherical(start: Tensor, end: Tensor, steps: int) -> Tensor:
    """Codes on the arc from one code to another; both ends included.

        z(s) = (sin((1 - s) w) start + sin(s w) end) / sin(w),   s from 0 to 1, w the angle between start and end

    Between codes of equal length, all codes have that length; a straight line would pass through shorter ones. Where
    there is no arc, or more than one, the path is the straight line: for codes of the same direction (also in one
    dimension), of opposite ones, and from or to zero.

    Arguments and result: as for `interpolate_linear`.
    Source: White, Sampling Generative Networks, 2016, https://arxiv.org/abs/1609.04468
    """
    # START TODO interpolate_spherical ########################
    # `path`: `steps` codes by the formula above, with s at equal distances. `angle_between` below gives w. Where
    # sin(w) is nearly 0 (take 1e-3 as the limit) or w is NaN, the path is the straight line instead.

    s = torch.linspace(0, 1, steps, dtype=start.dtype, device=start.device).unsqueeze(1)
    w = angle_between(start, end)
    if torch.sin(w) > 1e-3:
        path = torch.sin((1 - s) * w) / torch.sin(w) * start + torch.sin(s * w) / torch.sin(w) * end
    else:
        path = (1 - s) * start + s * end
    # END TODO ########################
    return path


def angle_between(a: Tensor, b: Tensor) -> Tensor:
    """The angle between two vectors, in [0, pi], without a dimension; NaN if one of them is zero.

    Not by arccos: rounding takes a cosine above 1, and near 1 it has lost half of the angle's digits.
    """
    a, b = a / a.norm(), b / b.norm()
    return 2 * torch.atan2((a - b).norm(), (a + b).norm())


def walk(model: nn.Module, originals: Tensor, path: Callable[[Tensor, Tensor, int], Tensor], steps: int,
         device: str = "cpu") -> Tensor:
    """The images on a path between the codes of two images, with the two originals before and after them.

    Args:
        originals: two images, shape (2, channels, height, width).
        path: such as `interpolate_linear`.
        steps: how many codes.
    Returns: on the CPU, shape (steps + 2, channels, height, width).
    """
    model.eval()
    with torch.no_grad():
        start, end = model.encode(originals.to(device))
    return torch.cat([originals[:1].cpu(), decode_means(model, path(start, end, steps), device), originals[1:].cpu()])


def path_length(images: Tensor) -> float:
    """The length of a path of images: the distances of neighbours in pixel space, added up.

    Args: images, shape (steps, channels, height, width).
    """
    return float((images[1:] - images[:-1]).flatten(1).norm(dim=1).sum())
