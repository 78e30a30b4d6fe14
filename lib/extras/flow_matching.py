"""Flow matching: straight paths between data and noise, and a network that learns the velocity along them.

    x_tau = (1 - tau) x_0 + tau eps,   v = d x_tau / d tau = eps - x_0,   tau from 0 (data) to 1 (noise)

The network learns the mean of v at (x_tau, tau); to sample, follow it from noise at tau = 1 back to tau = 0.

Source: Lipman et al., Flow Matching for Generative Modeling, 2023, https://arxiv.org/abs/2210.02747;
Liu et al., Flow Straight and Fast, 2023, https://arxiv.org/abs/2209.03003
"""

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from lib.sample_diffusion import predict_noise as predict_velocity  # the same call; here the network learns a velocity

__all__ = ["FlowMatching"]


class FlowMatching:
    """Flow matching on the clock of diffusion: time = tau T, from 0 (data) to T (noise).

    Args:
        T: the time at which all is noise; the network is told times, so that it works as for diffusion.
        sampling_steps: steps back from noise to data, each of two evaluations of the network; by default T / 2.
    """

    def __init__(self, T: int, sampling_steps: int | None = None):
        self.T, self.sampling_steps = T, sampling_steps or -(-T // 2)

    def noised(self, x_0: Tensor, time: float | Tensor) -> Tensor:
        """Points at `time` on the straight paths from x_0 to fresh noise.

        Args:
            x_0: shape (batch, features).
            time: from 0 to T, one for all points or of shape (batch, 1).
        """
        return self._path(x_0, time)[0]

    def loss(self, model: Callable, batch: Tensor) -> Tensor:
        """The mean squared error of the velocity, at a time drawn anew for each point; a scalar with a gradient."""
        time = self.T * torch.rand(len(batch), 1).to(batch.device)
        x, eps = self._path(batch, time)
        return F.mse_loss(model(x, time), eps - batch)

    @torch.no_grad()
    def sample(self, model: Callable, x_T: Tensor) -> Iterator[tuple[float, Tensor]]:
        """Heun's method along the learned velocity.

        Args: x_T, standard normal noise of shape (batch, features).
        Yields: (time, x), from (T, x_T) to (0, samples).
        """
        x, width = x_T, 1 / self.sampling_steps
        for left in range(self.sampling_steps, 0, -1):
            now, then = (part * width * self.T for part in (left, left - 1))
            yield now, x
            velocity = predict_velocity(model, x, now)
            corrected = predict_velocity(model, x - width * velocity, then)
            x = x - width * (velocity + corrected) / 2
        yield 0.0, x

    def _path(self, x_0: Tensor, time: float | Tensor) -> tuple[Tensor, Tensor]:
        tau, eps = time / self.T, torch.randn_like(x_0)
        return x_0 + tau * (eps - x_0), eps
