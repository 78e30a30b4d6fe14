"""Functions of `torch.nn.functional` that take a fraction of the time on a processor: the binary cross-entropy.

torch computes the two logarithms of each pixel one number at a time, which is half of the work of training a small VAE;
here they are computed on whole tensors. Results are the same up to rounding.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import FunctionCtx

__all__ = ["binary_cross_entropy"]


def binary_cross_entropy(input: Tensor, target: Tensor, *args: object, reduction: str = "mean",
                         **kwargs: object) -> Tensor:
    """The binary cross-entropy of the probabilities `input` to `target`, as torch's; each logarithm is at least -100.

        -(target ln(input) + (1 - target) ln(1 - input))

    Raises: RuntimeError, torch's, if a number is NaN or not in [0, 1].
    """
    if args or kwargs or reduction not in ("sum", "mean") or not _can_be_fast(input, target):
        return F.binary_cross_entropy(input, target, *args, reduction=reduction, **kwargs)
    total = _SummedCrossEntropy.apply(input, target)
    if not torch.compiler.is_compiling() and math.isnan(total.item()):  # what is no probability has no logarithm
        return F.binary_cross_entropy(input, target, reduction=reduction)
    return total if reduction == "sum" else total / input.numel()


class _SummedCrossEntropy(torch.autograd.Function):
    """Its gradient to p is (p - x) / (p (1 - p)), finite also where p is 0 or 1."""

    @staticmethod
    def forward(ctx: FunctionCtx, p: Tensor, x: Tensor) -> Tensor:
        ctx.save_for_backward(p, x)
        ln_p = p.log().clamp_(min=-100)
        ln_1_p = (1 - p).log_().clamp_(min=-100)
        return -ln_1_p.lerp_(ln_p, x).sum()  # in place, because what has left the processor's cache comes back slowly

    @staticmethod
    def backward(ctx: FunctionCtx, gradient: Tensor) -> tuple[Tensor, None]:
        p, x = ctx.saved_tensors
        return torch.ops.aten.binary_cross_entropy_backward(gradient, p, x, None, _SUM), None


_SUM = 2  # what torch's own functions call reduction="sum" among themselves


def _can_be_fast(p: Tensor, x: Tensor) -> bool:
    """Whether torch would take its slow way, and not complain about the target."""
    if not (p.device.type == "cpu" and p.dtype == x.dtype == torch.float32 and p.shape == x.shape and p.numel()) \
            or x.requires_grad:
        return False
    return torch.compiler.is_compiling() or _are_shares(x)


def _are_shares(values: Tensor) -> bool:
    low, high = values.aminmax()
    return low.item() >= 0 and high.item() <= 1
