"""The noise predictor: a small fully connected network that is told a noised point and the time step."""

import torch
from torch import Tensor, nn

__all__ = ["EmbeddedDiffusion", "SimpleDiffusion", "VelocityDiffusion", "simple_diffusion"]


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


class EmbeddedDiffusion(nn.Module):
    """A network of residual blocks that sees time and place as waves too, by which close ones are told apart.

    Args:
        nfeatures, nblocks, nunits: as in SimpleDiffusion.
        diffusion_steps: T, the largest time there is.

    The waves are sines and cosines of pi/2 * 2^k * t/T for k = 0, ..., 3, and of pi/2 * 2^k * x for k = 0, 1, 2.

    Source: Tancik et al., Fourier Features Let Networks Learn High Frequency Functions, 2020,
    https://arxiv.org/abs/2006.10739
    """

    def __init__(self, nfeatures: int, nblocks: int = 3, nunits: int = 64, diffusion_steps: int = 100):
        super().__init__()
        frequencies = torch.pi / 2 * 2.0 ** torch.arange(4)
        self.register_buffer("time_frequencies", frequencies / diffusion_steps, persistent=False)
        self.register_buffer("place_frequencies", frequencies[:3], persistent=False)
        self.linear_projection = nn.Linear(nfeatures + 2 * 3 * nfeatures + 2 * 4, nunits)
        self.linear_layers = nn.ModuleList(nn.Linear(nunits, nunits) for _ in range(nblocks))
        self.outblock = nn.Linear(nunits, nfeatures)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        """Args: x, shape (batch, nfeatures); t, the time, (batch, 1). Returns: (batch, nfeatures)."""
        phase = torch.cat([(x.unsqueeze(2) * self.place_frequencies).flatten(1), t * self.time_frequencies], dim=1)
        hidden = self.linear_projection(torch.cat([x, phase.sin(), phase.cos()], dim=1)).relu_()
        for layer in self.linear_layers:
            hidden = hidden + layer(hidden).relu_()
        return self.outblock(hidden)


class VelocityDiffusion(EmbeddedDiffusion):
    """A noise predictor whose network adds to what x_t itself tells of the noise. With its output v(x_t, t)

        eps(x_t, t) = sqrt(1 - baralpha_t) x_t + sqrt(baralpha_t) v(x_t, t)

    so near T, where x_t is all but noise, and the sampler divides by sqrt(baralpha_t), a mistake in v does little harm.

    Args:
        nfeatures, nblocks, nunits: as in SimpleDiffusion.
        baralphas: the schedule, shape (T,).

    Source: Salimans and Ho, Progressive Distillation, 2022, https://arxiv.org/abs/2202.00512, appendix D.
    """

    def __init__(self, nfeatures: int, baralphas: Tensor, nblocks: int = 3, nunits: int = 64):
        super().__init__(nfeatures, nblocks, nunits, len(baralphas))
        self.register_buffer("share_of_x", (1 - baralphas).sqrt(), persistent=False)
        self.register_buffer("share_of_v", baralphas.sqrt(), persistent=False)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        """Args: x, shape (batch, nfeatures); t, the time steps as integers, (batch, 1). Returns: (batch, nfeatures)."""
        return self.share_of_x[t] * x + self.share_of_v[t] * super().forward(x, t)
