"""The plane that a latent space is shown in."""

from dataclasses import dataclass

import torch
from torch import Tensor

from lib.latent_structure import latent_pca

__all__ = ["Plane", "plane_of"]


@dataclass(frozen=True)
class Plane:
    """Places (a, b) in a plane of the latent space: z = origin + a axes[0] + b axes[1].

    Args:
        origin: shape (latent_size,).
        axes: orthonormal, shape (2, latent_size).
        name: what it is.
        axis_names: of its two axes.
        remarks: what the label of an axis says besides its name.
    """

    origin: Tensor
    axes: Tensor
    name: str
    axis_names: tuple[str, str]
    remarks: tuple[str, str] = ("", "")

    def places(self, z: Tensor) -> Tensor:
        """The places that are nearest to z, shape (N, 2). Args: z, shape (N, latent_size)."""
        return (z - self.origin) @ self.axes.T

    def latent(self, places: Tensor) -> Tensor:
        """z at these places, shape (N, latent_size). Args: places, shape (N, 2)."""
        return self.origin + places @ self.axes

    def square(self, places: Tensor) -> tuple[Tensor, Tensor]:
        """Two corners, lower and upper, of a square with almost all `places`, and the prior up to 2 deviations."""
        prior = self.places(torch.zeros_like(self.origin).unsqueeze(0))[0]
        lower = torch.minimum(places.quantile(0.005, 0), prior - 2)
        upper = torch.maximum(places.quantile(0.995, 0), prior + 2)
        middle, half = (lower + upper) / 2, 0.54 * (upper - lower).max()
        return middle - half, middle + half


def plane_of(means: Tensor) -> Plane:
    """The latent space itself where it has two dimensions, else the plane of the first two principal components.

    In that plane all other components are at their mean.

    Args: means, of q(z|x) for many images, shape (N, latent_size).
    Raises: ValueError if there are less than two dimensions, or no two components.
    """
    if means.shape[1] < 2:
        raise ValueError("the page shows a plane, and this latent space has one dimension: train with --latent_size 2 "
                         "or more")
    if means.shape[1] == 2:
        return Plane(torch.zeros(2), torch.eye(2), "Latent plane", ("latent 0", "latent 1"))
    _, directions, shares = latent_pca(means)
    remarks = tuple(f", {100 * share:.0f}% of the variance of the means" for share in shares.tolist())
    return Plane(means.mean(0), directions, "Plane of the first two principal components, all others at their mean",
                 ("PC 1", "PC 2"), remarks)
