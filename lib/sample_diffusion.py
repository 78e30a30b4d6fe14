"""Samplers: from noise back to data, one step of the reverse process at a time.

A sampler is a generator of (time, x), from (T, x_T), noise, to (0, x_0), samples. The time is that of a clock between
the steps: step t, from 0 to T - 1, leads from time t + 1 back to time t.

Sources: Ho, Jain and Abbeel, DDPM, 2020, https://arxiv.org/abs/2006.11239, algorithm 2;
Song, Meng and Ermon, DDIM, 2021, https://arxiv.org/abs/2010.02502, equation 12.
"""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

import torch
from torch import Tensor

__all__ = ["ancestral_sampler", "ddim_sampler", "posterior", "predict_noise", "sampling_step", "step_at"]

CHUNK = 4096  # points at a time: what one layer writes then stays in the processor's cache


def step_at(time: int) -> int:
    """The step t = time - 1, from 0 to T - 1, between `time` and the time before it; time is from 1 to T."""
    return time - 1


def posterior(x_0: Tensor, x_t: Tensor, t: int, baralphas: Tensor, alphas: Tensor, betas: Tensor
              ) -> tuple[Tensor, Tensor]:
    """Mean and variance of q(x_{t-1} | x_t, x_0), the step back for one whose end is known.

    Both follow from Bayes' rule, q(x_{t-1} | x_t, x_0) ~ q(x_t | x_{t-1}) q(x_{t-1} | x_0).

    Args:
        x_0, x_t: shape (batch, features).
        t: the time step, from 0 to T - 1.
        baralphas, alphas, betas: the schedule, each of shape (T,).
    Returns: mean, shape (batch, features), and variance, a scalar tensor. For t = 0 they are x_0 and 0.
    """
    # START TODO diffusion_posterior ########################
    # Write the product of the two Gaussians as one Gaussian over x_{t-1}: its `mean`, a weighted sum of x_0 and x_t,
    # and its `variance`. Before the step t = 0 nothing has been added to x_0, so that baralpha_{t-1} is 1 there.

    baralpha_before = baralphas[t - 1] if t > 0 else torch.tensor(1.0)
    weight_x_0 = baralpha_before.sqrt() * betas[t] / (1 - baralphas[t])
    weight_x_t = alphas[t].sqrt() * (1 - baralpha_before) / (1 - baralphas[t])
    mean = weight_x_0 * x_0 + weight_x_t * x_t
    variance = (1 - baralpha_before) / (1 - baralphas[t]) * betas[t]
    # END TODO ########################
    return mean, variance


def sampling_step(model: Callable, x: Tensor, t: int, baralphas: Tensor, alphas: Tensor, betas: Tensor) -> Tensor:
    """One step of ancestral sampling, from x_t to x_{t-1}.

    x_{t-1} = 1 / sqrt(alpha_t) * (x_t - beta_t / sqrt(1 - baralpha_t) * eps(x_t, t)) + sigma_t z,   z ~ N(0, I)

    Args:
        model: the noise predictor, called as model(x, t) with integers t of shape (batch, 1).
        x: x_t, shape (batch, features).
        t: the time step, from T - 1 down to 0.
        baralphas, alphas, betas: the schedule, each of shape (T,).
    Returns: x_{t-1}, of the same shape.
    """
    # START TODO diffusion_sampling_step ########################
    # Compute `x_before` by the formula above, with sigma_t^2 = beta_t and noise `z` of its own for each point. The last
    # step, t = 0, adds no noise. `predict_noise(model, x, t)` calls the model with `t` in the shape that it needs.

    eps = predict_noise(model, x, t)
    x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
    if t > 0:
        x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
    # END TODO ########################
    return x_before


def predict_noise(model: Callable, x: Tensor, t: int) -> Tensor:
    """The model's prediction at one time step for all points, shape (batch, features)."""
    return torch.cat([model(part, torch.full((len(part), 1), t, device=x.device)) for part in x.split(CHUNK)])


@torch.no_grad()
def ancestral_sampler(model: Callable, x: Tensor, baralphas: Tensor, alphas: Tensor, betas: Tensor
                      ) -> Iterator[tuple[int, Tensor]]:
    """DDPM: all steps from T - 1 to 0, with fresh noise in each but the last.

    Args:
        x: where to start, standard normal noise of shape (batch, features).
    """
    for time in range(len(betas), 0, -1):
        yield time, x
        x = sampling_step(model, x, step_at(time), baralphas, alphas, betas)
    yield 0, x


@torch.no_grad()
def ddim_sampler(model: Callable, x: Tensor, baralphas: Tensor, sampling_steps: int, eta: float = 0.0,
                 limit: float = math.inf) -> Iterator[tuple[int, Tensor]]:
    """DDIM: some of the steps, and as much noise as is wanted.

    With s the step visited after t, predict x_0 and go to s in one stride:

        x_0 = (x_t - sqrt(1 - baralpha_t) eps) / sqrt(baralpha_t)
        sigma^2 = eta^2 (1 - baralpha_s) / (1 - baralpha_t) * (1 - baralpha_t / baralpha_s)
        x_s = sqrt(baralpha_s) x_0 + sqrt(1 - baralpha_s - sigma^2) eps + sigma z,   z ~ N(0, I)

    Args:
        sampling_steps: how many steps, evenly spread over the T of the schedule, the first and the last included.
        eta: 0 draws no noise; 1 with all T steps draws as much as the posterior q(x_{t-1} | x_t, x_0) has.
        limit: clip the predicted x_0 to +-limit, the largest coordinate of the data, and compute eps from that. Where
            baralpha_t is almost 0, as at the end of the cosine schedule, x_0 is a quotient by almost 0.
    Raises: ValueError, with the first state, if there are not as many steps.
    """
    if not 1 <= sampling_steps <= len(baralphas):
        raise ValueError(f"of {len(baralphas)} diffusion steps 1 to {len(baralphas)} can be taken, "
                         f"not {sampling_steps}")
    times = torch.linspace(len(baralphas), 1, sampling_steps).round().int().tolist()
    for time, then in pairwise([*times, 0]):
        yield time, x
        baralpha_t = baralphas[step_at(time)]
        baralpha_s = baralphas[step_at(then)] if then > 0 else torch.ones_like(baralpha_t)
        eps = predict_noise(model, x, step_at(time))
        x_0 = (x - (1 - baralpha_t).sqrt() * eps) / baralpha_t.sqrt()
        if limit < math.inf:
            x_0 = x_0.clamp(-limit, limit)
            eps = (x - baralpha_t.sqrt() * x_0) / (1 - baralpha_t).sqrt()
        variance = eta**2 * (1 - baralpha_s) / (1 - baralpha_t) * (1 - baralpha_t / baralpha_s)
        x = baralpha_s.sqrt() * x_0 + (1 - baralpha_s - variance).clamp_min(0).sqrt() * eps
        if float(variance) > 0:
            x = x + variance.sqrt() * torch.randn_like(x)
    yield 0, x
