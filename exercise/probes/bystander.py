"""A layer that nobody uses, and so nobody should touch: it makes a module of few parts worth watching."""

from torch import nn

__all__ = ["with_bystander"]


def with_bystander(module: nn.Module) -> nn.Module:
    """The module, with two parameters and three buffers more, in the mode that it is in."""
    module.add_module("bystander", nn.BatchNorm1d(2).train(module.training))
    return module
