"""What the judges of diffusion share: schedules drawn at random, the forward process step by step, and comparisons."""

from collections.abc import Mapping

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


def combination(found: object, parts: Mapping[str, tuple[Tensor, Tensor]]) -> str:
    """A sentence with the factors in a linear combination; "" if `found` is none.

    Args:
        parts: from the name of a tensor to the tensor, and the factor that it should have.
    """
    columns = torch.stack([part.flatten().double() for part, _ in parts.values()], 1)
    if not isinstance(found, Tensor) or found.numel() != len(columns) or not bool(found.isfinite().all()):
        return ""
    values = found.double().flatten()
    factors = torch.linalg.lstsq(columns, values.unsqueeze(1)).solution.flatten()
    if len(values) <= len(parts) or float((columns @ factors - values).abs().max()) > 1e-4 * float(values.abs().max()):
        return ""
    return f"It is {_sum(parts, factors)}, where {_sum(parts, [right for _, right in parts.values()])} is expected."


def _sum(names, factors) -> str:
    terms = (f"{float(factor):.4g} {name}" for name, factor in zip(names, factors, strict=True))
    return " + ".join(terms).replace("+ -", "- ")
