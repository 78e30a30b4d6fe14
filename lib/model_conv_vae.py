"""A convolutional VAE whose decoder ends in the parameters of any likelihood.

    q(z|x) = N(z; mu(x), diag(sigma(x)^2)),   logvar = ln sigma^2,   theta = decode(z),   p(x|z) = p(x|theta)

Source: Kingma and Welling, Auto-Encoding Variational Bayes, 2014, https://arxiv.org/abs/1312.6114
"""

import math

import torch  # noqa: F401  (offered to the gaps)
from torch import Tensor, nn

from lib.likelihoods import Gaussian, Likelihood, likelihood_named

__all__ = ["ConvVAE", "conv_decoder", "conv_encoder", "conv_vae_from"]


class ConvVAE(nn.Module):
    """A convolutional VAE for images with pixels in [0, 1], of any height and width.

    Args:
        in_channels, in_height, in_width: the shape of one image.
        channels: of the first convolution.
        latent_size: dimensions of z.
        likelihood: of the images; by default Gaussian with a variance for each pixel.

    >>> vae = ConvVAE(in_channels=3, in_height=8, in_width=10, channels=4)
    >>> mu, logvar = vae.encode(torch.rand(5, 3, 8, 10))
    >>> mu.shape, vae.likelihood.mean(vae.decode(mu)).shape
    (torch.Size([5, 10]), torch.Size([5, 3, 8, 10]))
    """

    def __init__(self, in_channels: int = 1, in_height: int = 28, in_width: int = 28, channels: int = 16,
                 latent_size: int = 10, likelihood: Likelihood | None = None):
        super().__init__()
        image_shape = (in_channels, in_height, in_width)
        self.latent_size, self.likelihood = latent_size, likelihood or Gaussian("per_pixel")
        self.encoder = conv_encoder(image_shape, channels, 2 * latent_size)
        self.decoder = conv_decoder(latent_size, channels, (self.likelihood.outputs_per_pixel, *image_shape))

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """mu and logvar of q(z|x), each of shape (batch, latent_size). Args: x, (batch, channels, height, width)."""
        mu, logvar = self.encoder(x).chunk(2, dim=1)
        return mu, logvar

    def decode(self, z: Tensor) -> Tensor:
        """The parameters theta of p(x|z), see `lib.likelihoods`. Args: z, (batch, latent_size)."""
        return self.likelihood.theta(self.decoder(z))


def conv_vae_from(settings: dict, weights: dict[str, Tensor], image_shape: tuple[int, int, int]) -> ConvVAE:
    """A trained convolutional VAE.

    Args:
        settings: of its training: likelihood, variance, bins, channels, latent_size.
        weights: its state dict.
        image_shape: (channels, height, width) of its images.
    Raises: ValueError if the settings are not those of a convolutional VAE, or the weights do not fit them.
    """
    try:
        likelihood = likelihood_named(settings["likelihood"], settings["variance"], settings["bins"])
        model = ConvVAE(*image_shape, settings["channels"], settings["latent_size"], likelihood)
    except KeyError as error:
        raise ValueError(f"these are not the settings of a convolutional VAE: there is no {error.args[0]}") from error
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(f"these are not the weights of a convolutional VAE with a {settings['likelihood']} likelihood "
                         f"and {settings['latent_size']} latent dimensions: {' '.join(str(error).split())}") from error
    return model


def conv_encoder(image_shape: tuple[int, int, int], channels: int, num_outputs: int) -> nn.Module:
    """A convolutional network from images to numbers, which are the parameters of q(z|x).

    Args:
        image_shape: (channels, height, width) of one image, any sizes from 1 on.
        channels: of the first convolution.
        num_outputs: how many numbers.
    Returns: a module that maps (batch, channels, height, width) to (batch, num_outputs).
    """
    in_channels, (quarter_height, quarter_width) = image_shape[0], quarter(image_shape)
    # START TODO conv_encoder ########################
    # `encoder`: an nn.Sequential (or another nn.Module) with one or more convolutions (nn.Conv2d), the first of them
    # from `in_channels` to `channels` channels, with nonlinear functions between the layers, and with `num_outputs`
    # numbers for each image at the end, which may be any real ones. Two convolutions with kernel 3, stride 2 and
    # padding 1 leave `quarter_height` times `quarter_width` pixels of an image.
    # q(z|x) is a function of x alone: the numbers of an image depend neither on the rest of the batch nor on chance, in
    # training too. So there is no batch norm and no dropout here.

    encoder = nn.Sequential(
        nn.Conv2d(in_channels, channels, 3, stride=2, padding=1), nn.ReLU(),
        nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1), nn.ReLU(),
        nn.Flatten(),
        nn.Linear(2 * channels * quarter_height * quarter_width, 256), nn.ReLU(),
        nn.Linear(256, num_outputs))
    # END TODO ########################
    return encoder


def conv_decoder(latent_size: int, channels: int, output_shape: tuple[int, int, int, int]) -> nn.Module:
    """A network of transposed convolutions from z to what a likelihood asks for.

    Args:
        channels: of the last convolution but one.
        output_shape: (outputs per pixel, channels, height, width).
    Returns: a module that maps (batch, latent_size) to (batch, outputs per pixel, channels, height, width).
    """
    (outputs, image_channels), (quarter_height, quarter_width) = output_shape[:2], quarter(output_shape)
    to_half, to_full = output_paddings(output_shape)
    # START TODO conv_decoder ########################
    # `decoder`: an nn.Sequential (or another nn.Module) with the way back. Linear layers make many channels of
    # `quarter_height` times `quarter_width` pixels of each z (nn.Unflatten), and transposed convolutions
    # (nn.ConvTranspose2d) enlarge them. The last one takes `channels` channels and gives `outputs` times
    # `image_channels`, any real numbers, which come out in the shape `output_shape`. With kernel 3, stride 2, padding 1
    # and the output_padding `to_half`, then `to_full`, two of them lead to the right height and width; nn.Upsample and
    # nn.Conv2d do so too. Nonlinear functions stand between the layers.
    # As in the encoder, the outputs for one z depend neither on the rest of the batch nor on chance, in training too.

    decoder = nn.Sequential(
        nn.Linear(latent_size, 256), nn.ReLU(),
        nn.Linear(256, 2 * channels * quarter_height * quarter_width), nn.ReLU(),
        nn.Unflatten(1, (2 * channels, quarter_height, quarter_width)),
        nn.ConvTranspose2d(2 * channels, channels, 3, stride=2, padding=1, output_padding=to_half), nn.ReLU(),
        nn.ConvTranspose2d(channels, outputs * image_channels, 3, stride=2, padding=1, output_padding=to_full),
        nn.Unflatten(1, (outputs, image_channels)))
    # END TODO ########################
    return decoder


def quarter(shape: tuple[int, ...]) -> tuple[int, int]:
    """Height and width after two convolutions of stride 2: a quarter of the last two of `shape`, rounded up."""
    return math.ceil(shape[-2] / 4), math.ceil(shape[-1] / 4)


def output_paddings(shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """What the two transposed convolutions add to height and width, so that these become the last two of `shape`.

    From n pixels, one with kernel 3, stride 2 and padding 1 makes 2 n - 1, and one more where the size is even.
    """
    half = [math.ceil(size / 2) for size in shape[-2:]]
    return [tuple(1 - size % 2 for size in sizes) for sizes in (half, shape[-2:])]
