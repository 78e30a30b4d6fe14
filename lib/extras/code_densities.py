"""Two descriptions of the distribution of codes that come with scikit-learn: a mixture of Gaussians, a kernel density.

They go beyond `lib.explore_code_space` and are used in the same way; see there for arguments and results.

Source: Bishop, Pattern Recognition and Machine Learning, 2006, sections 9.2 and 2.5.1
"""

import functools
import math
import warnings
from collections.abc import Callable

import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity, NearestNeighbors
from torch import Tensor

from lib.explore_code_space import SAMPLERS

__all__ = ["COMPONENTS", "gmm_codes", "kde_codes", "ways_of_drawing"]

COMPONENTS = 10
REFERENCES = 1_000  # codes whose neighbours say how wide the kernel is
LARGEST_SEED = 2**32  # that NumPy's older generator takes, less one


def gmm_codes(codes: Tensor, count: int, seed: int, components: int = COMPONENTS) -> Tensor:
    """Codes drawn from a mixture of Gaussians, each with a covariance matrix of its own, fitted by EM.

    Raises: ValueError if there are more components than codes.
    """
    if components > len(codes):
        raise ValueError(f"a mixture of {components} components needs as many codes, and there are {len(codes)}")
    mixture = GaussianMixture(components, random_state=seed % LARGEST_SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # after 100 steps of EM it is good enough to draw from
        mixture.fit(codes.double().numpy())
    drawn, _ = mixture.sample(count)
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))  # they come sorted by component
    return torch.from_numpy(drawn).float()[order]


def kde_codes(codes: Tensor, count: int, seed: int) -> Tensor:
    """Codes drawn from a kernel density: a training code, and Gaussian noise of the same width around each.

    The width is such that the noise is as long as the way from a code to its nearest neighbour usually is.
    """
    chosen = torch.randperm(len(codes), generator=torch.Generator().manual_seed(seed))[:REFERENCES]
    neighbours = NearestNeighbors(n_neighbors=min(2, len(codes))).fit(codes)  # the nearest is the code itself
    distance = float(torch.from_numpy(neighbours.kneighbors(codes[chosen])[0])[:, -1].median())
    width = max(distance / math.sqrt(codes.shape[1]), 1e-6)
    density = KernelDensity(bandwidth=width).fit(codes.double().numpy())
    return torch.from_numpy(density.sample(count, random_state=seed % LARGEST_SEED)).float()


def ways_of_drawing(components: int = COMPONENTS) -> dict[str, Callable[[Tensor, int, int], Tensor]]:
    """All ways of drawing codes, by name. Args: components, of the mixture."""
    return {**SAMPLERS, "gmm": functools.partial(gmm_codes, components=components), "kde": kde_codes}
