"""What the diffusion exercises share: two-dimensional densities, noise schedules, and the forward process.

The forward process adds a little noise in each of T steps,

    q(x_t | x_{t-1}) = N(sqrt(alpha_t) x_{t-1}, beta_t I),   alpha_t = 1 - beta_t,   baralpha_t = alpha_1 ... alpha_t.

In code t runs from 0 to T - 1: `betas[0]` belongs to the first step.

Source: Ho, Jain and Abbeel, Denoising Diffusion Probabilistic Models, 2020, https://arxiv.org/abs/2006.11239
"""

import math

import torch
from torch import Tensor

from lib.support.data.densities import DENSITIES, ink_density
from lib.support.errors import UserError
from lib.support.figures.letters import drawn

__all__ = ["SCHEDULES", "add_noise", "cosine_schedule", "get_dataset", "linear_schedule"]


def get_dataset(dataset_name: str = "moons", n_samples: int = 10000, *, seed: int = 0) -> Tensor:
    """Points of a two-dimensional density, standardised: mean 0 and standard deviation 1 in each dimension.

    Those of a text have deviation 1 over both dimensions together, so that letters keep their proportions.

    Args:
        dataset_name: moons, swiss_roll, circles, spirals, checkerboard, eight_gaussians, or text:WORDS.
        n_samples: how many points.
        seed: the same seed gives the same points.
    Returns: float32, shape (n_samples, 2), in random order.
    Raises: UserError if there is no such density (it lists those there are), or the text cannot be drawn.
    """
    kind, _, words = dataset_name.partition(":")
    if kind == "text" and words.strip():
        points = ink_density(drawn(words), n_samples, seed)
    elif dataset_name in DENSITIES:
        points = DENSITIES[dataset_name](n_samples, seed)
    else:
        raise UserError(f"there is no density {dataset_name!r}; choose {', '.join(DENSITIES)} or text:WORDS")
    points = points - points.mean(0)
    points = points / (points.std() if kind == "text" else points.std(0))
    return torch.from_numpy(points).float()


def linear_schedule(diffusion_steps: int = 1000) -> tuple[Tensor, Tensor, Tensor]:
    """Noise that grows linearly from beta = 1e-4 to 0.02; meant for about 1000 steps.

    Returns: baralphas, alphas, betas, each of shape (diffusion_steps,).

    >>> baralphas, alphas, betas = linear_schedule(3)
    >>> print(betas.numpy().round(5), baralphas.numpy().round(3))
    [0.0001  0.01005 0.02   ] [1.   0.99 0.97]
    """
    return _schedule(torch.linspace(1e-4, 0.02, diffusion_steps, dtype=torch.float64))


def cosine_schedule(diffusion_steps: int = 1000) -> tuple[Tensor, Tensor, Tensor]:
    """Noise for which baralpha falls like a squared cosine, from 1 before the first step to 0 after the last.

    baralpha_t = f(t) / f(0),   f(t) = cos^2(pi/2 * (t/T + s) / (1 + s)),   s = 0.008,   t = 0, ..., T
    beta_t = 1 - baralpha_t / baralpha_{t-1},   t = 1, ..., T,   clipped to [1e-4, 0.9999]

    Returns: baralphas, alphas, betas, each of shape (diffusion_steps,).
    Source: Nichol and Dhariwal, Improved DDPM, 2021, https://arxiv.org/abs/2102.09672, equation 17
    """
    T, s, pi = diffusion_steps, 0.008, math.pi
    # START TODO diffusion_cosine_schedule ########################
    # Compute f at the T + 1 points t = 0, ..., T, in float64, and from it the T clipped `betas`. `T`, `s` and `pi` are
    # there already.

    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos(pi / 2 * (t / T + s) / (1 + s)) ** 2
    betas = (1 - f[1:] / f[:-1]).clamp(1e-4, 0.9999)
    # END TODO ########################
    return _schedule(betas)


def _schedule(betas: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    alphas = 1 - betas
    return alphas.cumprod(0).float(), alphas.float(), betas.float()


SCHEDULES = {"cosine": cosine_schedule, "linear": linear_schedule}


def add_noise(batch: Tensor, t: int | Tensor, baralphas: Tensor) -> tuple[Tensor, Tensor]:
    """Points of q(x_t | x_0) in one go, by its closed form, which composes the steps 0, ..., t.

    q(x_t | x_0) = N(sqrt(baralpha_t) x_0, (1 - baralpha_t) I)

    Args:
        batch: x_0, shape (batch, features).
        t: the time step, one for all points or an integer tensor of shape (batch, 1); from 0 to T - 1.
        baralphas: shape (T,).
    Returns: noised, the points x_t, and eps, the standard normal noise that is in them; both of the batch's shape.

    Where baralpha is 1 there is no noise yet, and where it is 0 there is nothing else:

    >>> noised, eps = add_noise(torch.ones(2, 3), t=torch.tensor([[0], [1]]), baralphas=torch.tensor([1.0, 0.0]))
    >>> noised[0], torch.equal(noised[1], eps[1])
    (tensor([1., 1., 1.]), True)
    """
    # START TODO diffusion_add_noise ########################
    # Draw `eps`, standard normal noise of the batch's shape, in one call. Combine it with the batch to `noised`, and
    # leave the batch itself as it is.

    eps = torch.randn_like(batch)
    noised = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * eps
    # END TODO ########################
    return noised, eps
