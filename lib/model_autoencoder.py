"""The autoencoder: an encoder from an image x to a code z, and a decoder from z to a distribution over images.

    z = encode(x),   theta = decode(z),   the loss of an image is -ln p(x|theta)

The code has far fewer numbers than the image has pixels, so the two networks have to find out what the images of a data
set have in common. No distribution of codes is asked for, which is why an autoencoder is no generative model yet.

Source: Hinton and Salakhutdinov, Reducing the Dimensionality of Data with Neural Networks, 2006,
https://doi.org/10.1126/science.1127647
"""

import math

import torch  # noqa: F401  (offered to the gaps)
from torch import Tensor, nn

from lib.likelihoods import Gaussian, Likelihood, likelihood_named

__all__ = ["ARCHITECTURES", "Autoencoder", "ConvAutoencoder", "MLPAutoencoder",
           "autoencoder_from"]


class Autoencoder(nn.Module):
    """An encoder and a decoder, of any kind, for images with pixels in [0, 1].

    Args:
        encoder: from images, (batch, channels, height, width), to codes, (batch, latent_size).
        decoder: from codes to `likelihood.outputs_per_pixel` real numbers for each pixel and channel, of shape
            (batch, outputs_per_pixel, channels, height, width).
        likelihood: says what these numbers mean.
        latent_size: dimensions of a code.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module, likelihood: Likelihood, latent_size: int):
        super().__init__()
        self.encoder, self.decoder, self.likelihood = encoder, decoder, likelihood
        self.latent_size = latent_size

    def encode(self, x: Tensor) -> Tensor:
        """The codes of images, shape (batch, latent_size)."""
        return self.encoder(x)

    def decode(self, z: Tensor) -> Tensor:
        """The parameters theta of p(x|z) for given codes, see `lib.likelihoods`."""
        return self.likelihood.theta(self.decoder(z))

    def forward(self, x: Tensor) -> Tensor:
        """The parameters theta of p(x|z), with z the code of x.

        Args: x, images, shape (batch, channels, height, width).
        Returns: shape (batch, parameters per pixel, channels, height, width).
        """
        # START TODO autoencoder_forward ########################
        # Encode the images, and decode their codes, with the two methods above: `theta`.

        z = self.encode(x)
        theta = self.decode(z)
        # END TODO ########################
        return theta


class MLPAutoencoder(Autoencoder):
    """A fully connected autoencoder.

    Args:
        in_channels, in_height, in_width: the shape of one image.
        hidden_size: units of the hidden layers.
        latent_size: dimensions of a code.
        likelihood: of the images; by default Gaussian with a fixed variance.

    >>> autoencoder = MLPAutoencoder(in_channels=3, in_height=8, in_width=10)
    >>> x = torch.rand(5, 3, 8, 10)
    >>> autoencoder.encode(x).shape, autoencoder.likelihood.mean(autoencoder(x)).shape
    (torch.Size([5, 16]), torch.Size([5, 3, 8, 10]))
    """

    def __init__(self, in_channels: int = 1, in_height: int = 28, in_width: int = 28, hidden_size: int = 512,
                 latent_size: int = 16, likelihood: Likelihood | None = None):
        likelihood, image_shape = likelihood or Gaussian(), (in_channels, in_height, in_width)
        super().__init__(mlp_encoder(image_shape, hidden_size, latent_size),
                         mlp_decoder(latent_size, hidden_size, (likelihood.outputs_per_pixel, *image_shape)),
                         likelihood, latent_size)


def mlp_encoder(image_shape: tuple[int, ...], hidden_size: int, latent_size: int) -> nn.Module:
    """A fully connected network from images to codes.

    Args: image_shape, (channels, height, width) of one image.
    Returns: a module that maps (batch, channels, height, width) to (batch, latent_size).
    """
    num_pixels = math.prod(image_shape)
    # START TODO autoencoder_encoder ########################
    # `encoder`: an nn.Sequential (or another nn.Module) that makes a row of the `num_pixels` numbers of each image
    # (nn.Flatten), and has one or more hidden layers of `hidden_size` units, each a linear layer with a ReLU (or
    # another nonlinear function) after it; at last a linear layer gives the code, which may be any real numbers.

    encoder = nn.Sequential(
        nn.Flatten(),
        nn.Linear(num_pixels, hidden_size), nn.ReLU(),
        nn.Linear(hidden_size, latent_size))
    # END TODO ########################
    return encoder


def mlp_decoder(latent_size: int, hidden_size: int, output_shape: tuple[int, ...]) -> nn.Module:
    """A fully connected network from codes to what a likelihood asks for.

    Args: output_shape, (outputs per pixel, channels, height, width).
    Returns: a module that maps (batch, latent_size) to (batch, outputs per pixel, channels, height, width).
    """
    num_outputs = math.prod(output_shape)
    # START TODO autoencoder_decoder ########################
    # `decoder`: an nn.Sequential (or another nn.Module) with the way back: one or more hidden layers of `hidden_size`
    # units, each with a nonlinear function after it, a linear layer with `num_outputs` outputs, which may be any real
    # numbers (the likelihood makes parameters of them), and at last nn.Unflatten, which gives each row of them the
    # shape `output_shape`.

    decoder = nn.Sequential(
        nn.Linear(latent_size, hidden_size), nn.ReLU(),
        nn.Linear(hidden_size, num_outputs),
        nn.Unflatten(1, output_shape))
    # END TODO ########################
    return decoder


class ConvAutoencoder(Autoencoder):
    """A convolutional autoencoder, for images of any height and width.

    Two convolutions, each followed by a pooling that halves height and width, and a linear layer; the way back enlarges
    by repeating pixels, each time followed by a convolution.

    Args:
        in_channels, in_height, in_width: the shape of one image.
        hidden_size: channels of the inner convolutions; the outer ones have half of them.
        latent_size, likelihood: as for `MLPAutoencoder`.
    Source: Odena et al., Deconvolution and Checkerboard Artifacts, 2016, https://doi.org/10.23915/distill.00003, for
        enlarging before a convolution.

    >>> autoencoder = ConvAutoencoder(in_channels=3, in_height=7, in_width=10, hidden_size=4)
    >>> autoencoder(torch.rand(5, 3, 7, 10)).shape
    torch.Size([5, 2, 3, 7, 10])
    """

    def __init__(self, in_channels: int = 1, in_height: int = 28, in_width: int = 28, hidden_size: int = 32,
                 latent_size: int = 16, likelihood: Likelihood | None = None):
        likelihood = likelihood or Gaussian()
        outer, inner = max(1, hidden_size // 2), hidden_size
        full, half, quarter = ((math.ceil(in_height / n), math.ceil(in_width / n)) for n in (1, 2, 4))
        encoder = nn.Sequential(
            nn.Conv2d(in_channels, outer, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True),
            nn.Conv2d(outer, inner, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True),
            nn.Flatten(), nn.Linear(inner * math.prod(quarter), latent_size))
        decoder = nn.Sequential(
            nn.Linear(latent_size, inner * math.prod(quarter)), nn.ReLU(), nn.Unflatten(1, (inner, *quarter)),
            nn.Upsample(half), nn.Conv2d(inner, outer, 3, padding=1), nn.ReLU(),
            nn.Upsample(full), nn.Conv2d(outer, likelihood.outputs_per_pixel * in_channels, 3, padding=1),
            nn.Unflatten(1, (likelihood.outputs_per_pixel, in_channels)))
        super().__init__(encoder, decoder, likelihood, latent_size)


ARCHITECTURES = {"mlp": MLPAutoencoder, "conv": ConvAutoencoder}


def autoencoder_from(settings: dict, weights: dict[str, Tensor], image_shape: tuple[int, int, int]) -> Autoencoder:
    """A trained autoencoder.

    Args:
        settings: of its training: architecture, hidden_size, latent_size, likelihood, variance, bins.
        weights: its state dict.
        image_shape: (channels, height, width) of its images.
    Raises: ValueError if the settings are not those of an autoencoder, or the weights do not fit them.
    """
    try:
        likelihood = likelihood_named(settings["likelihood"] or "gaussian", settings["variance"], settings["bins"])
        model = ARCHITECTURES[settings["architecture"]](*image_shape, settings["hidden_size"], settings["latent_size"],
                                                        likelihood)
    except KeyError as error:
        raise ValueError(f"these are not the settings of an autoencoder: there is no {error.args[0]}") from error
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError("these are not the weights of such an autoencoder: "
                         f"{' '.join(str(error).split())}") from error
    return model
