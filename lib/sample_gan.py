"""Sampling from a trained generator: images from noise, and the path between two of them.

Noise of variance T is called noise of temperature T: below 1 it stays near the middle of what the generator was
trained on, where images are typical and alike; above 1 it leaves that region.
"""

import torch
from torch import Tensor, nn

from lib.explore_code_space import interpolate_spherical

__all__ = ["interpolate", "sample", "to_pixels"]


def sample(generator: nn.Module, n: int, temperature: float = 1.0,
           generator_of_noise: torch.Generator | None = None) -> Tensor:
    """Draw images, G(z) with z ~ N(0, T I).

    Args:
        generator: a `lib.model_gan.Generator`; it is asked in evaluation mode, and may stay in it.
        n: how many images.
        temperature: T, the variance of z.
        generator_of_noise: where the random numbers come from, on the CPU; by default torch's global generator.
    Returns: images in [-1, 1], shape (n, channels, 32, 32), on the generator's device, without gradients.
    Raises: ValueError if the temperature is negative.

    >>> from lib.model_gan import Generator
    >>> sample(Generator(channels_multiplier=4, latent_size=8), n=5, temperature=0.7).shape
    torch.Size([5, 3, 32, 32])
    """
    if temperature < 0:
        raise ValueError(f"the temperature is the variance of the noise, so 0 or more, not {temperature:g}")
    device = next(generator.parameters()).device
    # START TODO gan_sample ########################
    # Draw `z` of shape (n, generator.latent_size, 1, 1) with `torch.randn(..., generator=generator_of_noise)`, give it
    # the variance `temperature`, and move it to `device`. `images`: what the generator makes of it in evaluation mode
    # (so that an image does not depend on the others of its batch; it may stay in it), without recording gradients (to
    # detach the result is enough).

    z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
    generator.eval()
    with torch.no_grad():
        images = generator(z.to(device))
    # END TODO ########################
    return images


@torch.no_grad()
def interpolate(generator: nn.Module, start: Tensor, end: Tensor, steps: int) -> Tensor:
    """Images along the great circle from one noise vector to another, both ends included.

    A straight line would pass through vectors shorter than noise ever is in so many dimensions.

    Args:
        generator: a `lib.model_gan.Generator`; it is in evaluation mode afterwards.
        start, end: noise, each of shape (latent_size,).
        steps: how many images, at least 2.
    Returns: images in [-1, 1], shape (steps, channels, 32, 32).
    """
    z = interpolate_spherical(start, end, steps).view(steps, -1, 1, 1)
    return generator.eval()(z.to(next(generator.parameters())))


def to_pixels(images: Tensor) -> Tensor:
    """Images in [-1, 1], as a GAN makes and reads them, to pixels in [0, 1].

    >>> to_pixels(torch.tensor([-1.0, 0.0, 1.0]))
    tensor([0.0000, 0.5000, 1.0000])
    """
    return (images + 1) / 2
