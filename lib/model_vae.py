"""The variational autoencoder (VAE): an encoder q(z|x), a decoder p(x|z), and the sampling step between them.

The encoder gives, for each image x, a Gaussian over the latent variables,

    q(z|x) = N(z; mu(x), diag(sigma(x)^2)),   logvar = ln sigma^2,

and the decoder turns a z into an image. Both are fully connected with one hidden layer.

Source: Kingma and Welling, Auto-Encoding Variational Bayes, 2014, https://arxiv.org/abs/1312.6114
"""

import math

import torch
import torch.nn.functional as F  # noqa: F401  (offered to the gaps)
from torch import Tensor, nn

__all__ = ["VAE", "vae_from_weights"]


class VAE(nn.Module):
    """A fully connected VAE for images with pixels in [0, 1].

    Args:
        in_channels, in_height, in_width: the shape of one image.
        hidden_size: units of the hidden layer, in the encoder and in the decoder.
        latent_size: dimensions of z.

    >>> x_reconstructed, mu, logvar = VAE(in_channels=3, in_height=8, in_width=10)(torch.rand(5, 3, 8, 10))
    >>> x_reconstructed.shape, mu.shape
    (torch.Size([5, 3, 8, 10]), torch.Size([5, 2]))
    """

    def __init__(self, in_channels: int = 1, in_height: int = 28, in_width: int = 28,
                 hidden_size: int = 100, latent_size: int = 2):
        super().__init__()
        self.image_shape = (in_channels, in_height, in_width)
        self.latent_size = latent_size
        num_pixels = math.prod(self.image_shape)
        # START TODO vae_layers ########################
        # Create the five linear layers. The other methods, and saved weights, rely on just these names:
        # `self.encode_hidden`  from num_pixels to hidden_size,
        # `self.encode_mu`      from hidden_size to latent_size,
        # `self.encode_logvar`  from hidden_size to latent_size,
        # `self.decode_hidden`  from latent_size to hidden_size,
        # `self.decode_output`  from hidden_size to num_pixels.

        self.encode_hidden = nn.Linear(num_pixels, hidden_size)
        self.encode_mu = nn.Linear(hidden_size, latent_size)
        self.encode_logvar = nn.Linear(hidden_size, latent_size)
        self.decode_hidden = nn.Linear(latent_size, hidden_size)
        self.decode_output = nn.Linear(hidden_size, num_pixels)
        # END TODO ########################

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The parameters of q(z|x): mean and natural logarithm of the variance.

        Args:
            x: images, shape (batch, channels, height, width).
        Returns: mu and logvar, each of shape (batch, latent_size).
        """
        # START TODO vae_encode ########################
        # Flatten each image into a row of pixels, pass the rows through `self.encode_hidden` with a ReLU after it,
        # then compute `mu` and `logvar` from the result with one layer each. Both may be any real number.

        hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
        mu = self.encode_mu(hidden)
        logvar = self.encode_logvar(hidden)
        # END TODO ########################
        return mu, logvar

    def reparameterize(self, mu: Tensor, logvar: Tensor) -> Tensor:
        """Draw z from q(z|x) such that gradients reach mu and logvar; in evaluation mode, z = mu.

        z = mu + sigma * eps,  eps ~ N(0, I)

        Args:
            mu, logvar: each of shape (batch, latent_size).
        Returns: z, of the same shape.

        >>> mu, logvar = torch.tensor([[1.0, -2.0]]), torch.zeros(1, 2)
        >>> VAE().eval().reparameterize(mu, logvar)
        tensor([[ 1., -2.]])
        >>> torch.equal(VAE().train().reparameterize(mu, logvar), mu)
        False
        """
        # START TODO vae_reparameterize ########################
        # In training mode (`self.training`) set `z` to a sample by the formula above, with noise of its own for each
        # element of the batch and each latent dimension. In evaluation mode set `z` to the mean.

        if self.training:
            sigma = torch.exp(0.5 * logvar)
            z = mu + sigma * torch.randn_like(sigma)
        else:
            z = mu
        # END TODO ########################
        return z

    def decode(self, z: Tensor) -> Tensor:
        """Images for given latent variables.

        Args:
            z: shape (batch, latent_size).
        Returns: images with pixels in [0, 1], shape (batch, channels, height, width).
        """
        # START TODO vae_decode ########################
        # Pass `z` through `self.decode_hidden` with a ReLU after it, then through `self.decode_output` with a sigmoid,
        # and give the rows of pixels the shape of images (`self.image_shape` is that of one): `x_reconstructed`.

        hidden = F.relu(self.decode_hidden(z))
        pixels = torch.sigmoid(self.decode_output(hidden))
        x_reconstructed = pixels.view(-1, *self.image_shape)
        # END TODO ########################
        return x_reconstructed

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Encode, sample, decode.

        Args:
            x: images, shape (batch, channels, height, width).
        Returns: the reconstructed images, of the same shape, and mu and logvar, each (batch, latent_size).
        """
        # START TODO vae_forward ########################
        # Compute `mu` and `logvar`, then z, then `x_reconstructed`, with the three methods above.

        mu, logvar = self.encode(x)
        z = self.reparameterize(mu, logvar)
        x_reconstructed = self.decode(z)
        # END TODO ########################
        return x_reconstructed, mu, logvar


def vae_from_weights(weights: dict[str, Tensor], image_shape: tuple[int, int, int]) -> VAE:
    """A VAE with the given weights; its hidden and latent sizes are those of the weights.

    Args:
        weights: the state dict of a VAE, whoever trained it.
        image_shape: (channels, height, width) of its images, which the weights tell only the product of.
    Raises: ValueError if these are not the weights of a VAE for such images.
    """
    try:
        hidden_size, num_pixels = weights["encode_hidden.weight"].shape
        latent_size = weights["encode_mu.weight"].shape[0]
    except (KeyError, ValueError, IndexError) as error:
        raise ValueError(f"these are not the weights of a VAE, but of {len(weights)} tensors: "
                         f"{', '.join(list(weights)[:3])}, …") from error
    if min(hidden_size, latent_size) == 0:
        raise ValueError(f"these weights have {hidden_size} hidden units and {latent_size} latent dimensions; "
                         "a VAE has 1 or more of each")
    if num_pixels != math.prod(image_shape):
        raise ValueError(f"these weights are for images of {num_pixels} pixels, not for {image_shape}")
    model = VAE(*image_shape, hidden_size, latent_size)
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(f"these are not the weights of a VAE: {' '.join(str(error).split())}") from error
    return model
