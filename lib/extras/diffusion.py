"""Diffusion as a whole: the forward process, the loss and the way back, put together from the modules of its sheet.

Here and in `lib.extras.flow_matching` a method has three parts, `noised`, `loss` and `sample`, and one clock: time runs
from 0 (data) to T (noise).
"""

import math
from collections.abc import Callable, Iterator

from torch import Tensor

from lib.sample_diffusion import ancestral_sampler, ddim_sampler, step_at
from lib.train_diffusion import training_step
from lib.utils import add_noise

__all__ = ["Diffusion"]


class Diffusion:
    """Diffusion with a schedule of T steps.

    Args:
        baralphas, alphas, betas: the schedule, each of shape (T,).
        sampling_steps: sample by DDIM in this many steps; without it, by all T steps of the ancestral sampler.
        eta, limit: of DDIM, see `lib.sample_diffusion.ddim_sampler`.
    """

    def __init__(self, baralphas: Tensor, alphas: Tensor, betas: Tensor, sampling_steps: int | None = None,
                 eta: float = 0.0, limit: float = math.inf):
        self.baralphas, self.alphas, self.betas = baralphas, alphas, betas
        self.T, self.sampling_steps = len(betas), sampling_steps or len(betas)
        self._ddim, self._eta, self._limit = sampling_steps is not None, eta, limit

    def noised(self, x_0: Tensor, time: int) -> Tensor:
        """Points of q(x_t | x_0), drawn with fresh noise.

        Args:
            x_0: shape (batch, features).
            time: from 0 to T; at 0 they are x_0.
        """
        return add_noise(x_0, step_at(time), self.baralphas)[0] if time > 0 else x_0

    def loss(self, model: Callable, batch: Tensor) -> Tensor:
        """The mean squared error of the predicted noise, at a step drawn anew for each point; has a gradient."""
        return training_step(model, batch, self.baralphas, self.T)

    def sample(self, model: Callable, x_T: Tensor) -> Iterator[tuple[int, Tensor]]:
        """The way back from x_T, standard normal noise of shape (batch, features).

        Yields: (time, x), from (T, x_T) to (0, samples).
        """
        if self._ddim:
            return ddim_sampler(model, x_T, self.baralphas, self.sampling_steps, self._eta, self._limit)
        return ancestral_sampler(model, x_T, self.baralphas, self.alphas, self.betas)
