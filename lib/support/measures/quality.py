"""How far samples are from data: distances between two sets of points, each with its floor between two sets of data."""

import numpy as np

__all__ = ["mmd", "outside", "quality_report", "sliced_wasserstein"]

POINTS, DRAWS, DIRECTIONS = 2_000, 20, 200
WIDTH = 0.25  # of the kernel, for standardised points: about that of the strokes of moons and circles


def sliced_wasserstein(first: np.ndarray, second: np.ndarray, random: np.random.Generator) -> float:
    """The W1 distance of two sets of points in the plane, averaged over 200 random directions.

    Args: first, second: shape (n, 2) and (m, 2).
    Source: Bonneel et al., Sliced and Radon Wasserstein Barycenters, 2015, https://doi.org/10.1007/s10851-014-0506-3
    """
    from scipy.stats import wasserstein_distance
    angles = random.uniform(0, np.pi, DIRECTIONS)
    directions = np.stack([np.cos(angles), np.sin(angles)])
    return float(np.mean([wasserstein_distance(p, q) for p, q in
                          zip((first @ directions).T, (second @ directions).T, strict=True)]))


def mmd(first: np.ndarray, second: np.ndarray) -> float:
    """The squared maximum mean discrepancy of two sets of points, unbiased, under a Gaussian kernel.

    Unbiased, so it can be a little below 0.

    Args: first, second: standardised points, shape (n, 2) and (m, 2).
    Source: Gretton et al., A Kernel Two-Sample Test, 2012, https://jmlr.org/papers/v13/gretton12a.html, equation 3
    """
    from scipy.spatial.distance import cdist, pdist

    def similarity(squared_distances: np.ndarray) -> float:
        return np.exp(squared_distances / (-2 * WIDTH**2)).mean()
    return float(similarity(pdist(first, "sqeuclidean")) + similarity(pdist(second, "sqeuclidean"))
                 - 2 * similarity(cdist(first, second, "sqeuclidean")))


def outside(samples: np.ndarray, data: np.ndarray, margin: float = 0.1) -> float:
    """The share of samples outside of the data's bounding box, enlarged by `margin` of its size on each side."""
    lower, upper = data.min(0), data.max(0)
    room = margin * (upper - lower)
    return float(((samples < lower - room) | (samples > upper + room)).any(1).mean())


def quality_report(samples: np.ndarray, data: np.ndarray, seed: int = 0) -> dict[str, float]:
    """Distances between random points of both, standardised by the data, and the same between points of the data.

    Args: samples, data: shape (n, 2) and (m, 2), with n of at least 2,000, m of at least 4,000.
    Returns: sliced_w1, sliced_w1_floor, mmd, mmd_floor, outside; means of 20 draws of 2,000 points.
    """
    mean, deviation = data.mean(0), data.std(0)
    samples, data = (samples - mean) / deviation, (data - mean) / deviation
    random, rows = np.random.default_rng(seed), []
    for _ in range(DRAWS):
        drawn = samples[random.choice(len(samples), POINTS, replace=False)]
        one, other = data[random.choice(len(data), 2 * POINTS, replace=False)].reshape(2, POINTS, -1)
        rows.append([sliced_wasserstein(drawn, one, random), sliced_wasserstein(other, one, random),
                     mmd(drawn, one), mmd(other, one)])
    names = ["sliced_w1", "sliced_w1_floor", "mmd", "mmd_floor"]
    return {**dict(zip(names, np.mean(rows, 0).tolist(), strict=True)), "outside": outside(samples, data)}
