"""The loss of the VAE: the negative evidence lower bound (ELBO), with a weight on its KL term.

    -ELBO(x) = -E_q(z|x)[ln p(x|z)] + KL(q(z|x) || p(z)),   p(z) = N(0, I)

The first term is estimated with one sample of z; with Bernoulli pixels it is the binary cross-entropy.
Only with weight 1 is the loss a bound on -ln p(x); other weights trade reconstructions against a tidy latent space.

Source: Kingma and Welling, Auto-Encoding Variational Bayes, 2014, https://arxiv.org/abs/1312.6114, appendix B;
Higgins et al., beta-VAE, 2017, https://openreview.net/forum?id=Sy2fzU9gl, for the weight.
"""

import torch
import torch.nn.functional as F  # noqa: F401  (offered to the gap)
from torch import Tensor, nn

from lib.support.speed.functional import binary_cross_entropy  # torch's, faster on a processor

__all__ = ["VAELoss"]


class VAELoss(nn.Module):
    """Binary cross-entropy plus `kl_loss_weight` times the KL divergence to N(0, I); both summed over the batch."""

    def __init__(self, kl_loss_weight: float = 1.0):
        super().__init__()
        self.kl_loss_weight = kl_loss_weight

    def terms(self, x_reconstructed: Tensor, x: Tensor, mu: Tensor, logvar: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The loss and the two terms it is made of, in nats, each summed over the batch.

        Args:
            x_reconstructed, x: images with pixels in [0, 1], shape (batch, channels, height, width).
            mu, logvar: parameters of q(z|x), each of shape (batch, latent_size).
        Returns: loss, reconstruction, kl: three scalars.

        Four grey pixels cost ln 2 = 0.693 nats each, and three means of 1 cost 1/2 each:

        >>> grey = torch.full((1, 1, 2, 2), 0.5)
        >>> loss, reconstruction, kl = VAELoss(kl_loss_weight=2).terms(grey, grey, torch.ones(1, 3), torch.zeros(1, 3))
        >>> print(f"{reconstruction:.3f} + 2 * {kl:.3f} = {loss:.3f}")
        2.773 + 2 * 1.500 = 5.773
        """
        # START TODO vae_loss ########################
        # `reconstruction`: the binary cross-entropy between `x_reconstructed` and `x`, summed over all pixels of all
        # images. `kl`: the KL divergence KL(N(mu, diag(exp(logvar))) || N(0, I)), summed over latent dimensions and
        # images, without the weight. `loss`: their sum, with the KL term weighted by `self.kl_loss_weight`.

        reconstruction = binary_cross_entropy(x_reconstructed, x, reduction="sum")
        kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
        loss = reconstruction + self.kl_loss_weight * kl
        # END TODO ########################
        return loss, reconstruction, kl

    def forward(self, x_reconstructed: Tensor, x: Tensor, mu: Tensor, logvar: Tensor) -> Tensor:
        """The loss alone; arguments as for `terms`."""
        return self.terms(x_reconstructed, x, mu, logvar)[0]
