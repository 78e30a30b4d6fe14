"""What the judges of diffusion share: schedules drawn at random, the forward process step by step."""

import torch
from torch import Tensor

from tests.judge import Draw


def schedule(draw: Draw, steps: int) -> tuple[Tensor, Tensor, Tensor]:
    """baralphas, alphas and betas of at most 15 noisy steps, in float64, with betas of which no two are close."""
    spread = 0.03 * torch.randperm(steps, generator=draw.generator)
    betas = (0.05 + spread + draw.uniform(steps, high=0.02)).double()
    return (1 - betas).cumprod(0), 1 - betas, betas


def composed(t: int, alphas: Tensor, betas: Tensor) -> tuple[Tensor, Tensor]:
    """What the single steps 0, ..., t make of a point: the factor of its mean, and the variance around that."""
    factor, variance = torch.tensor(1.0, dtype=torch.float64), torch.tensor(0.0, dtype=torch.float64)
    for alpha, beta in zip(alphas[:t + 1].double(), betas[:t + 1].double(), strict=True):
        factor, variance = alpha ** 0.5 * factor, alpha * variance + beta
    return factor, variance
