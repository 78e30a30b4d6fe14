"""The Fréchet distance between two sets of features."""

import numpy as np
from torch import Tensor

__all__ = ["frechet_distance"]


def frechet_distance(first: Tensor, second: Tensor) -> float:
    """The squared Fréchet distance of two sets of features, each taken for a Gaussian with its mean m and covariance C.

        d^2 = |m_1 - m_2|^2 + tr(C_1 + C_2 - 2 (C_1 C_2)^(1/2))

    Few images make it larger, so only distances of equally many can be compared.

    Args: first, second: each of shape (n, features), with the same n of at least 2.
    Raises: ValueError if the shapes differ, or n is less.
    Source: Heusel et al., GANs Trained by a Two Time-Scale Update Rule, 2017, https://arxiv.org/abs/1706.08500
    """
    if first.shape != second.shape or len(first) < 2:
        raise ValueError(f"both sets need the same number of features, two or more, not {tuple(first.shape)} and "
                         f"{tuple(second.shape)}")
    first, second = (features.double().numpy() for features in (first, second))
    one, other = (np.cov(features, rowvar=False).reshape(features.shape[1], -1) for features in (first, second))
    # The eigenvalues of a product of two covariances are real and not negative; rounding makes some a little complex.
    roots = np.sqrt(np.linalg.eigvals(one @ other).real.clip(min=0))
    return float(np.square(first.mean(0) - second.mean(0)).sum() + np.trace(one) + np.trace(other) - 2 * roots.sum())
