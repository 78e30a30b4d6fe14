"""Flow matching: the same data and the same network, with a straight path from data to noise and a velocity to learn.

    x_tau = (1 - tau) x_0 + tau eps,   v = d x_tau / d tau = eps - x_0,   tau from 0 (data) to 1 (noise)

The network learns the mean of v at (x_tau, tau); to sample, follow it from noise at tau = 1 back to tau = 0.

Source: Lipman et al., Flow Matching for Generative Modeling, 2023, https://arxiv.org/abs/2210.02747;
Liu et al., Flow Straight and Fast, 2023, https://arxiv.org/abs/2209.03003
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from lib.sample_diffusion import predict_noise

__all__ = ["flow_sampler", "flow_training_step", "interpolate"]


def interpolate(batch: Tensor, tau: float | Tensor) -> tuple[Tensor, Tensor]:
    """Points x_tau on the straight paths from the batch to noise.

    Args:
        batch: x_0, shape (batch, features).
        tau: from 0 (data) to 1 (noise), one for all points or of shape (batch, 1).
    Returns: x_tau, and eps, the noise at the end of the paths; both of the batch's shape.
    """
    eps = torch.randn_like(batch)
    return (1 - tau) * batch + tau * eps, eps


def flow_training_step(model, batch: Tensor, baralphas: Tensor, diffusion_steps: int) -> Tensor:
    """The loss of one batch, with the arguments of `lib.train_diffusion.training_step` (baralphas are not needed).

    The network is told the time as tau * diffusion_steps, in the range that it knows from diffusion.
    """
    tau = torch.rand(len(batch), 1).to(batch.device)
    x_tau, eps = interpolate(batch, tau)
    return F.mse_loss(model(x_tau, tau * diffusion_steps), eps - batch)


@torch.no_grad()
def flow_sampler(model, x: Tensor, diffusion_steps: int, sampling_steps: int) -> Iterator[tuple[int, Tensor]]:
    """Heun's method along the learned velocity, in `sampling_steps` steps of two evaluations each.

    Args: x: where to start, standard normal noise of shape (batch, features).
    Yields: (steps that are left - 1, x), as the other samplers do.
    """
    width = 1 / sampling_steps
    for left in reversed(range(sampling_steps)):
        yield left, x
        now, then = (left + 1) * width * diffusion_steps, left * width * diffusion_steps
        velocity = predict_noise(model, x, now)
        corrected = predict_noise(model, x - width * velocity, then)
        x = x - width * (velocity + corrected) / 2
    yield -1, x
