"""Training a diffusion model: predict the noise that was added, at a time step drawn anew for each point.

    L = E_{x_0, t, eps} || eps - eps_theta(x_t, t) ||^2,   x_t = sqrt(baralpha_t) x_0 + sqrt(1 - baralpha_t) eps

Source: Ho, Jain and Abbeel, Denoising Diffusion Probabilistic Models, 2020, https://arxiv.org/abs/2006.11239,
section 3.4
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Optimizer

from lib.support.runs.no_run import NoRun
from lib.support.runs.run import Run
from lib.utils import add_noise

__all__ = ["minimise", "train", "training_step"]


def training_step(model: Callable, batch: Tensor, baralphas: Tensor, diffusion_steps: int) -> Tensor:
    """The loss of one batch.

    Args:
        model: called as model(x, t) with x of the batch's shape and t integers of shape (batch, 1).
        batch: points x_0, shape (batch, features).
        baralphas: shape (diffusion_steps,).
    Returns: the mean squared error between the noise and its prediction, a scalar with a gradient.
    """
    # START TODO diffusion_training_step ########################
    # Draw a time step for each point with `torch.randint(0, diffusion_steps, size=[len(batch), 1])`, and move it to the
    # batch's device. Noise the batch with `add_noise`, let the model predict the noise from the noised points and the
    # time steps, and set `loss` to the mean squared error between the noise and the prediction.

    t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
    noised, eps = add_noise(batch, t, baralphas)
    loss = F.mse_loss(model(noised, t), eps)
    # END TODO ########################
    return loss


def train(dataset: Tensor | np.ndarray, config: Any, model: nn.Module, optimizer: Optimizer, baralphas: Tensor, *,
          run: Run | None = None) -> Tensor:
    """Train `model` to predict noise in the points of `dataset`, see `training_step`.

    Args:
        baralphas: shape (config.diffusion_steps,).
        dataset, config, model, optimizer, run: as for `minimise`; config has diffusion_steps, too.
    Returns: the loss of the last batch, a scalar tensor.
    """
    baralphas = baralphas.to(config.device)

    def loss(model: nn.Module, batch: Tensor) -> Tensor:
        return training_step(model, batch, baralphas, config.diffusion_steps)
    return minimise(loss, dataset, config, model, optimizer, run=run)


def minimise(loss: Callable, dataset: Tensor | np.ndarray, config: Any, model: nn.Module, optimizer: Optimizer, *,
             run: Run | None = None) -> Tensor:
    """Minimise a loss over batches of `dataset`, in their order.

    Args:
        loss: called as loss(model, batch), gives a scalar with a gradient.
        dataset: points, shape (N, features), as `lib.utils.get_dataset` returns them.
        config: has batch_size, epochs, device, dataset (its name) and verbose (print each epoch's loss).
        optimizer: over the model's parameters.
        run: a `lib.support.runs.run.Run` for progress, metrics and resume.
    Returns: the loss of the last batch, a scalar tensor.
    """
    model.to(config.device).train()
    batches = torch.as_tensor(dataset, dtype=torch.float32).to(config.device).split(config.batch_size)
    with run or NoRun(f"diffusion on {config.dataset}", config.verbose) as run:
        last = torch.tensor(torch.inf)
        for _ in run.epochs(config.epochs, model=model, optimizer=optimizer):
            total = torch.zeros((), device=config.device)
            for batch in run.steps(batches):
                error = loss(model, batch)
                optimizer.zero_grad()
                error.backward()
                optimizer.step()
                last = error.detach()
                total += last
                run.show(loss=last)
            run.record(train_loss=total / len(batches))
    return last
