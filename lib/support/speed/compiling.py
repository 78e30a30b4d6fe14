"""`torch.compile`, for the inner part of a training step: from the model's input to the gradients."""

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
            It may call `backward()`.
    Raises: UserError on the first call, if this computer has no C++ compiler that works (for a GPU: no Triton), or
        the function does what cannot be translated, such as printing; an error that is the function's own.
    """
    from torch._dynamo.exc import BackendCompilerFailed, TorchDynamoException  # takes a second, so not before

    torch._dynamo.config.trace_autograd_ops = True  # backward() too, else half of the work would stay as it is
    # As a whole, or not at all: a backward() that is translated apart from its forward pass finds no gradients.
    translated = torch.compile(function, fullgraph=True, dynamic=False, options={"fallback_random": True})

    @functools.wraps(function)
    def call(*args: object) -> object:
        try:
            return translated(*args)
        except BackendCompilerFailed as error:
            raise UserError(f"--compile does not work on this computer ({_first_line(error)}): "
                            "install a C++ compiler, g++ or clang (for a GPU: Triton), or leave it out") from error
        except TorchDynamoException as error:
            function(*args)  # raises what is wrong with the function itself, with a traceback that shows where
            raise UserError(f"--compile does not work with this code ({_first_line(error)}): take out what prints, or "
                            "branches on the values of tensors, or leave it out") from error
    return call


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
