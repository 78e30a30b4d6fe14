"""The two networks of a deep convolutional GAN (DCGAN) for images of 32 x 32 pixels in [-1, 1].

The generator G turns noise z into an image, doubling height and width from layer to layer; the discriminator D walks
the same way back, and ends in one number: the probability that an image is real.

Source: Radford, Metz and Chintala, Unsupervised Representation Learning with Deep Convolutional GANs, 2016,
https://arxiv.org/abs/1511.06434
"""

from torch import Tensor, nn

__all__ = ["IMAGE_SIZE", "Discriminator", "Generator", "generator_from_weights", "weights_init"]

IMAGE_SIZE = 32  # the only height and width that these layers make and read


class Generator(nn.Module):
    """G(z), from noise to images.

    Args:
        channels_multiplier: channels of the last hidden layer; the first has 8 times as many.
        num_input_channels: of an image, 3 for colour.
        latent_size: dimensions of z.

    >>> import torch
    >>> Generator(channels_multiplier=4)(torch.randn(5, 64, 1, 1)).shape
    torch.Size([5, 3, 32, 32])
    """

    def __init__(self, channels_multiplier: int = 32, num_input_channels: int = 3, latent_size: int = 64):
        super().__init__()
        self.latent_size, self.num_channels = latent_size, num_input_channels
        m = channels_multiplier
        # START TODO gan_generator ########################
        # `self.layers`: an `nn.ModuleList` of 14 layers, in this order; no convolution has a bias.
        #   ConvTranspose2d from latent_size to 8 m channels, kernel 4, stride 1, padding 0;   BatchNorm2d;  ReLU
        #   three times ConvTranspose2d to half the channels, kernel 4, stride 2, padding 1;   BatchNorm2d;  ReLU
        #   Conv2d to num_input_channels, kernel 3, stride 1, padding 1;                       Tanh
        # What is not named here has torch's default.

        self.layers = nn.ModuleList([
            nn.ConvTranspose2d(latent_size, 8 * m, 4, 1, 0, bias=False), nn.BatchNorm2d(8 * m), nn.ReLU(),
            nn.ConvTranspose2d(8 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.ReLU(),
            nn.ConvTranspose2d(4 * m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.ReLU(),
            nn.ConvTranspose2d(2 * m, m, 4, 2, 1, bias=False), nn.BatchNorm2d(m), nn.ReLU(),
            nn.Conv2d(m, num_input_channels, 3, 1, 1, bias=False), nn.Tanh(),
        ])
        # END TODO ########################

    def forward(self, z: Tensor) -> Tensor:
        """Args: z, shape (batch, latent_size, 1, 1). Returns: images in [-1, 1], (batch, channels, 32, 32)."""
        for layer in self.layers:
            z = layer(z)
        return z


class Discriminator(nn.Module):
    """D(x), the probability that the image x is real.

    Args:
        channels_multiplier: channels of the first hidden layer; the last has 4 times as many.
        num_input_channels: of an image, 3 for colour.

    >>> import torch
    >>> Discriminator(channels_multiplier=4, num_input_channels=1)(torch.zeros(5, 1, 32, 32)).shape
    torch.Size([5, 1, 1, 1])
    """

    def __init__(self, channels_multiplier: int = 64, num_input_channels: int = 3):
        super().__init__()
        m = channels_multiplier
        # START TODO gan_discriminator ########################
        # `self.layers`: an `nn.ModuleList` of 10 layers, in this order; no convolution has a bias.
        #   Conv2d from num_input_channels to m channels, kernel 4, stride 2, padding 1;                LeakyReLU
        #   two times Conv2d to double the channels, kernel 4, stride 2, padding 1;       BatchNorm2d;  LeakyReLU
        #   Conv2d to 1 channel, kernel 4, stride 1, padding 0;                                         Sigmoid
        # Each LeakyReLU has the negative slope 0.2. What is not named here has torch's default.

        self.layers = nn.ModuleList([
            nn.Conv2d(num_input_channels, m, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
            nn.Conv2d(m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.LeakyReLU(0.2),
            nn.Conv2d(2 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.LeakyReLU(0.2),
            nn.Conv2d(4 * m, 1, 4, 1, 0, bias=False), nn.Sigmoid(),
        ])
        # END TODO ########################

    def forward(self, x: Tensor) -> Tensor:
        """Args: x, images in [-1, 1], (batch, channels, 32, 32). Returns: probabilities, (batch, 1, 1, 1)."""
        for layer in self.layers:
            x = layer(x)
        return x


def weights_init(layer: nn.Module) -> None:
    """Draw the weights that DCGANs begin with; for `Module.apply`, which calls it for each layer.

    Weights of convolutions ~ N(0, 0.02^2); of batch norms, scale ~ N(1, 0.02^2) and shift 0. All else stays.
    """
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)
        nn.init.zeros_(layer.bias)


def generator_from_weights(weights: dict[str, Tensor]) -> Generator:
    """A generator with the given weights; its sizes are those of the weights.

    Args:
        weights: the state dict of a Generator, whoever trained it.
    Raises: ValueError if these are not the weights of a Generator.
    """
    try:
        latent_size = weights["layers.0.weight"].shape[0]
        num_channels, channels_multiplier = weights["layers.12.weight"].shape[:2]
    except (KeyError, ValueError, IndexError) as error:
        raise ValueError(f"these are not the weights of a generator, but of {len(weights)} tensors: "
                         f"{', '.join(list(weights)[:3])}, …") from error
    if min(latent_size, num_channels, channels_multiplier) == 0:
        raise ValueError(f"these weights have a latent size of {latent_size}, {num_channels} channels in an image and "
                         f"{channels_multiplier} in the last hidden layer; a generator has 1 or more of each")
    generator = Generator(channels_multiplier, num_channels, latent_size)
    try:
        generator.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(f"these are not the weights of a generator: {' '.join(str(error).split())}") from error
    return generator
