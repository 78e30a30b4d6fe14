"""Networks for two-dimensional diffusion that need fewer epochs: Fourier features, residual blocks, v-prediction."""

import torch
from torch import Tensor, nn

__all__ = ["EmbeddedDiffusion", "VelocityDiffusion"]


class EmbeddedDiffusion(nn.Module):
    """A network of residual blocks with Fourier features of time and place, which tell close ones apart.

    Args:
        nfeatures, nblocks, nunits: as in SimpleDiffusion.
        diffusion_steps: T, the largest time there is.

    The features are sines and cosines of pi/2 * 2^k * t/T for k = 0, ..., 3, and of pi/2 * 2^k * x for k = 0, 1, 2.

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
    """A noise predictor by v-prediction: the network's output is v, and the noise follows from it.

        eps(x_t, t) = sqrt(1 - baralpha_t) x_t + sqrt(baralpha_t) v(x_t, t)

    Near T the sampler divides by sqrt(baralpha_t), which is close to 0. There x_t is nearly all noise, so the first
    term is nearly the answer, and an error of the network counts little.

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
