"""A path from one code to another that is short in the space of images, not in that of codes.

Source: Shao, Kumar and Fletcher, The Riemannian Geometry of Deep Generative Models, 2018,
https://arxiv.org/abs/1711.08014, section 3.1, with an optimiser in place of their own descent
"""

import functools
from collections.abc import Callable

import torch
from torch import Tensor, nn

from lib.explore_code_space import interpolate_linear, interpolate_spherical

__all__ = ["interpolate_geodesic", "ways_to_walk"]

ITERATIONS = 200


def interpolate_geodesic(model: nn.Module, start: Tensor, end: Tensor, steps: int) -> Tensor:
    """Codes on a discretised geodesic; both ends included.

    It begins with the straight line and moves the inner codes until the energy of the path is least,

        E = sum_i || g(z_{i+1}) - g(z_i) ||^2,   g(z) the mean of p(x|z),

    which makes the path of images short and its steps equally long. The weights of the model stay as they are.

    Args:
        model: a `lib.model_autoencoder.Autoencoder`; it is in evaluation mode afterwards.
        start, end, steps: as for `lib.explore_code_space.interpolate_linear`.
    Returns: shape (steps, latent_size), without gradients.
    """
    model.eval()
    path = interpolate_linear(start, end, steps).detach()
    if steps == 2:
        return path
    inner = path[1:-1].clone().requires_grad_()
    optimizer = torch.optim.LBFGS([inner], max_iter=ITERATIONS, line_search_fn="strong_wolfe")

    def energy() -> Tensor:
        optimizer.zero_grad()
        images = model.likelihood.mean(model.decode(torch.cat([path[:1], inner, path[-1:]])))
        found = (images[1:] - images[:-1]).square().sum()
        found.backward(inputs=[inner])
        return found

    optimizer.step(energy)
    return torch.cat([path[:1], inner.detach(), path[-1:]])


def ways_to_walk(model: nn.Module) -> dict[str, Callable[[Tensor, Tensor, int], Tensor]]:
    """All paths from one code to another, by name."""
    return {"linear": interpolate_linear, "spherical": interpolate_spherical,
            "geodesic": functools.partial(interpolate_geodesic, model)}
