"""Two-dimensional densities to practise on: functions of a number of points and a seed, to float64 arrays (n, 2)."""

import numpy as np

__all__ = ["DENSITIES", "ink_density"]


def moons(n: int, seed: int) -> np.ndarray:
    """Two half circles that reach into each other."""
    from sklearn.datasets import make_moons
    return make_moons(n, noise=0.05, random_state=seed)[0]


def swiss_roll(n: int, seed: int) -> np.ndarray:
    """A rolled-up sheet, seen from its side."""
    from sklearn.datasets import make_swiss_roll
    return make_swiss_roll(n, noise=0.5, random_state=seed)[0][:, [0, 2]]


def circles(n: int, seed: int) -> np.ndarray:
    """A small circle inside a large one."""
    from sklearn.datasets import make_circles
    return make_circles(n, noise=0.05, factor=0.5, random_state=seed)[0]


def spirals(n: int, seed: int) -> np.ndarray:
    """Two arms that wind about each other one and a half times."""
    random = np.random.default_rng(seed)
    angle = 3 * np.pi * np.sqrt(random.uniform(0.02, 1, n))
    arm = random.choice([-1.0, 1.0], n)
    points = (arm * angle)[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    return points + random.normal(0, 0.2, (n, 2))


def checkerboard(n: int, seed: int) -> np.ndarray:
    """The eight dark squares of a board of four by four."""
    random = np.random.default_rng(seed)
    row, half = random.integers(0, 4, n), random.integers(0, 2, n)
    corner = np.stack([2 * half + row % 2, row], 1)
    return corner + random.uniform(0, 1, (n, 2))


def eight_gaussians(n: int, seed: int) -> np.ndarray:
    """Eight narrow Gaussians on a circle."""
    random = np.random.default_rng(seed)
    angle = np.pi / 4 * random.integers(0, 8, n)
    return np.stack([np.cos(angle), np.sin(angle)], 1) + random.normal(0, 0.06, (n, 2))


def ink_density(ink: np.ndarray, n: int, seed: int) -> np.ndarray:
    """Points spread evenly over the ink of a picture, one unit a pixel.

    Args: ink, where there is some, bool, shape (height, width).
    """
    random = np.random.default_rng(seed)
    row, column = np.nonzero(ink)
    pixel = random.integers(0, len(row), n)
    return np.stack([column[pixel], -row[pixel]], 1) + random.uniform(0, 1, (n, 2))


DENSITIES = {"moons": moons, "swiss_roll": swiss_roll, "circles": circles, "spirals": spirals,
             "checkerboard": checkerboard, "eight_gaussians": eight_gaussians}
