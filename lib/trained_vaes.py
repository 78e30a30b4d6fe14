"""A trained VAE from its results folder, fully connected or convolutional, with the same parts for whoever reads it.

| part | what it gives |
|---|---|
| `encode(x)` | mu and logvar of q(z|x), each of shape (batch, latent_size) |
| `decode(z)` | theta, the parameters of p(x|z), see `lib.likelihoods` |
| `decoder` | the network in `decode`, which ends in the real numbers that `likelihood.theta` takes |
| `likelihood`, `latent_size` | the distribution of an image, and the dimensions of z |
"""

from pathlib import Path

from torch import Tensor, nn

from lib.likelihoods import Bernoulli
from lib.model_conv_vae import conv_vae_from
from lib.model_vae import VAE, vae_from_weights
from lib.support.data import datasets
from lib.support.data.image_sets import ImageSet
from lib.support.errors import UserError
from lib.support.runs.results import Results
from lib.support.runs.weights import load_weights

__all__ = ["BernoulliVAE", "load_vae", "load_vae_and_images"]

EPSILON = 1e-6  # a probability keeps this distance from 0 and 1, so that its logit is finite


class BernoulliVAE(nn.Module):
    """A fully connected VAE with the parts of a `lib.model_conv_vae.ConvVAE`: its pixels are probabilities of white.

    Args: vae, whose decoder gives such probabilities.
    """

    def __init__(self, vae: VAE):
        super().__init__()
        self.vae, self.likelihood, self.latent_size = vae, Bernoulli(), vae.latent_size

    @property
    def decoder(self) -> nn.Module:
        """The layers from z to logits."""
        return nn.Sequential(self.vae.decode_hidden, nn.ReLU(), self.vae.decode_output,
                             nn.Unflatten(1, (1, *self.vae.image_shape)))

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """mu and logvar of q(z|x), each of shape (batch, latent_size). Args: x, (batch, channels, height, width)."""
        return self.vae.encode(x)

    def decode(self, z: Tensor) -> Tensor:
        """The logits theta of p(x|z), shape (batch, 1, channels, height, width). Args: z, (batch, latent_size)."""
        return self.vae.decode(z).unsqueeze(1).logit(eps=EPSILON)


def load_vae(folder: Path, image_shape: tuple[int, int, int]) -> nn.Module:
    """The VAE that a results folder holds, on the CPU, in evaluation mode.

    Args:
        folder: of run_vae_training.py or run_conv_vae_training.py, or any with the weights of a fully connected VAE.
        image_shape: (channels, height, width) of its images.
    Raises: UserError if there is no trained VAE for such images in the folder.
    """
    settings, weights = _settings(folder), load_weights(folder / "model.pth")
    try:
        if "channels" in settings:
            return conv_vae_from(settings, weights, image_shape).eval()
        return BernoulliVAE(vae_from_weights(weights, image_shape)).eval()
    except ValueError as error:
        raise UserError(f"{folder / 'model.pth'}: {error}") from error


def load_vae_and_images(folder: Path, data_dir: str, device: str) -> tuple[nn.Module, ImageSet]:
    """The VAE that a results folder holds, on a device, and the test images of the set that it was trained on.

    Raises: UserError as `load_vae`, and if the images are not there.
    """
    settings = _settings(folder)
    _, test_set = datasets.load(settings.get("dataset"), data_dir, settings.get("image_size"))
    if settings.get("binarise"):
        test_set = test_set.binarised(settings["seed"] + 1)
    return load_vae(folder, test_set.shape).to(device), test_set


def _settings(folder: Path) -> dict:
    """What run.json says; empty beside weights that another program has made."""
    if not (folder / "model.pth").exists():
        raise UserError(f"there is no trained VAE in {folder}: make one with python run_vae_training.py or "
                        "python run_conv_vae_training.py, which name their folder in their last line")
    return Results(folder).about["settings"]
