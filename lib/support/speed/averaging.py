"""Learning-rate decay and EMA weights for any training loop, which stays as it is: both are hooks of the optimiser."""

import math

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

__all__ = ["DecayAndAverage"]


class DecayAndAverage:
    """After each step of `optimizer`, a lower learning rate and an update of the exponential moving average (EMA).

    The learning rate follows half a cosine from its value down to 0.

        average <- decay * average + (1 - decay) * weights

    Args:
        num_steps: after which the learning rate is 0.
    Attributes: `average`, the model with the averaged weights.

    Sources: Loshchilov and Hutter, SGDR, 2017, https://arxiv.org/abs/1608.03983, for the decay;
    Polyak and Juditsky, 1992, https://doi.org/10.1137/0330046, for averaging.
    """

    def __init__(self, model: torch.nn.Module, optimizer: torch.optim.Optimizer, num_steps: int, decay: float = 0.998):
        def share(step: int) -> float:
            return (1 + math.cos(math.pi * min(1.0, step / num_steps))) / 2
        self._schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, share)
        self._average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))
        self._model = model
        optimizer.register_step_post_hook(self._after_step)

    @property
    def average(self) -> torch.nn.Module:
        return self._average.module

    def _after_step(self, *_: object) -> None:
        self._schedule.step()
        self._average.update_parameters(self._model)

    def state_dict(self) -> dict:
        return {"schedule": self._schedule.state_dict(), "average": self._average.state_dict()}

    def load_state_dict(self, state: dict) -> None:
        self._schedule.load_state_dict(state["schedule"])
        self._average.load_state_dict(state["average"])
