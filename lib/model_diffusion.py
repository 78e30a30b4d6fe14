"""The noise predictor: a small fully connected network that is told a noised point and the time step."""

import torch
from torch import Tensor, nn

__all__ = ["SimpleDiffusion", "simple_diffusion"]


class SimpleDiffusion(nn.Module):
    """eps(x_t, t), the predicted noise in x_t.

    Args:
        nfeatures: dimensions of a point.
        nblocks: hidden layers, each linear then ReLU.
        nunits: units of each of them.
    """

    def __init__(self, nfeatures: int, nblocks: int = 2, nunits: int = 64):
        super().__init__()
        self.linear_projection = nn.Linear(nfeatures + 1, nunits)
        self.linear_layers = nn.ModuleList(nn.Linear(nunits, nunits) for _ in range(nblocks))
        self.outblock = nn.Linear(nunits, nfeatures)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        """Args: x, shape (batch, nfeatures); t, the time steps as integers, (batch, 1). Returns: (batch, nfeatures)."""
        hidden = self.linear_projection(torch.cat([x, t.to(x.dtype)], dim=1))
        for layer in self.linear_layers:
            hidden = layer(hidden).relu_()  # in place: one pass less over memory
        return self.outblock(hidden)


def simple_diffusion(nfeatures: int, nblocks: int, diffusion_steps: int) -> SimpleDiffusion:
    """A SimpleDiffusion that can begin to learn, however many steps there are.

    It is given t as it is, beside points of the order of 1. Up to about 100 that works. With t up to 1000 all hidden
    units begin as functions of t alone, and the loss stays at 1, so there the weights of t begin smaller.
    """
    model = SimpleDiffusion(nfeatures, nblocks)
    with torch.no_grad():
        model.linear_projection.weight[:, -1] *= min(1.0, 100 / diffusion_steps)
    return model
