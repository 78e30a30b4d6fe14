"""`torch.compile`, for the inner part of a training step."""

import functools
from collections.abc import Callable

import torch

from lib.support.errors import UserError

__all__ = ["compiled"]


def compiled(function: Callable) -> Callable:
    """`function`, translated to machine code on its first call; it draws the same random numbers as before.

    Its results are the same up to rounding. Source: https://docs.pytorch.org/docs/stable/torch.compiler.html

    Args:
        function: computes tensors from tensors and modules; modules keep their parameters and the names of these.
    Raises: UserError on the first call, if this computer has no C++ compiler that works (for a GPU: no Triton).
    """
    translated = torch.compile(function, options={"fallback_random": True})

    @functools.wraps(function)
    def call(*args):
        try:
            return translated(*args)
        except torch._dynamo.exc.TorchDynamoException as error:
            raise UserError(f"--compile does not work on this computer ({str(error).splitlines()[0]}): "
                            "install a C++ compiler, g++ or clang (for a GPU: Triton), or leave it out") from error
    return call
