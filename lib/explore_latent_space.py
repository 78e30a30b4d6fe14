"""A look inside a two-dimensional latent space: where the data lie in it, and what the decoder makes of each place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from lib.likelihoods import from_noise
from lib.support.data.image_sets import Loader
from lib.support.figures.latent_plane import latent_plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["get_mu_logvar", "plot_latent_space", "reconstruct_through_posterior", "sample_from_prior",
           "sample_on_grid"]


def get_mu_logvar(model: nn.Module, test_loader: Loader, device: str = "cpu") -> tuple[Tensor, Tensor]:
    """The parameters of q(z|x) for each image of `test_loader`.

    Args:
        model: a `lib.model_vae.VAE`.
        test_loader: gives (images, labels) batches; the last one may be smaller.
    Returns: mu and logvar, each a tensor of shape (N, latent_size), in the loader's order, without gradients.
    """
    # START TODO latent_mu_logvar ########################
    # With the model in evaluation mode (it may stay in it) and without recording gradients (to detach the results is
    # enough), encode each batch of images, moved to `device`. Join the results of all batches: `mu` and `logvar`.

    model.eval()
    with torch.no_grad():
        parameters = [model.encode(x.to(device)) for x, _ in test_loader]
    mu = torch.cat([batch_mu for batch_mu, _ in parameters])
    logvar = torch.cat([batch_logvar for _, batch_logvar in parameters])
    # END TODO ########################
    return mu, logvar


def sample_on_grid(model: nn.Module, latent0_min: float, latent0_max: float, latent1_min: float, latent1_max: float,
                   grid_size: int, device: str = "cpu") -> tuple[np.ndarray, np.ndarray]:
    """Images decoded from a regular grid of latent points, both ends of each range included.

    Args:
        model: a `lib.model_vae.VAE` with two latent dimensions.
        latent0_min, latent0_max, latent1_min, latent1_max: the ranges of the two latent variables.
        grid_size: number of points along each of them, at least 2.
    Returns:
        images: numpy array of shape (grid_size, grid_size, channels, height, width); the first axis runs over
            latent 0, the second over latent 1.
        step_size: numpy array of shape (2,), the distance of two neighbours: (max - min) / (grid_size - 1).
    Raises: ValueError if grid_size is less than 2.

    >>> from lib.model_vae import VAE
    >>> images, step_size = sample_on_grid(VAE(), -2, 2, -1, 1, grid_size=5)
    >>> images.shape, step_size.tolist()
    ((5, 5, 1, 28, 28), [1.0, 0.5])
    """
    if grid_size < 2:
        raise ValueError(f"grid_size must be at least 2, to include both ends, not {grid_size}")
    # START TODO latent_grid ########################
    # Place `grid_size` values from the minimum to the maximum of each latent variable, form all pairs of them, and
    # decode the pairs, as float32, on `device`, in evaluation mode (the model may stay in it), without recording
    # gradients (to detach the result is enough). Give it the shape of the docstring: `images`. Compute `step_size`.

    values0 = torch.linspace(latent0_min, latent0_max, grid_size)
    values1 = torch.linspace(latent1_min, latent1_max, grid_size)
    z = torch.cartesian_prod(values0, values1).to(device)
    model.eval()
    with torch.no_grad():
        decoded = model.decode(z)
    images = decoded.unflatten(0, (grid_size, grid_size)).cpu().numpy()
    step_size = np.array([latent0_max - latent0_min, latent1_max - latent1_min]) / (grid_size - 1)
    # END TODO ########################
    return images, step_size


def plot_latent_space(model: nn.Module, test_loader: Loader, device: str = "cpu") -> Figure:
    """The decoded latent plane with the classes in it, as a matplotlib figure; nothing is shown or saved.

    Latent 0 runs to the right, latent 1 downwards. A grid of 20 x 20 images covers all class means +- 2 standard
    deviations. Each class's label stands at the mean of its mu; the arms of its cross are as long as its mean standard
    deviation of q(z|x).

    Raises: ValueError if the latent space of `model` does not have two dimensions.
    """
    mu, logvar = (parameter.cpu() for parameter in get_mu_logvar(model, test_loader, device))
    if mu.shape[1] != 2:
        raise ValueError(f"only a two-dimensional latent space can be drawn, and this one has {mu.shape[1]} dimensions")
    labels = torch.cat([batch_labels for _, batch_labels in test_loader]).cpu()
    present = labels.unique()
    means = torch.stack([mu[labels == label].mean(0) for label in present])
    deviations = torch.stack([(0.5 * logvar[labels == label]).exp().mean(0) for label in present])

    lower = (means - 2 * deviations).amin(0).tolist()
    upper = (means + 2 * deviations).amax(0).tolist()
    images, step_size = sample_on_grid(model, lower[0], upper[0], lower[1], upper[1], 20, device)
    return latent_plot(images, lower, step_size, _names(test_loader, present), means.numpy(), deviations.numpy())


@torch.no_grad()
def sample_from_prior(model: nn.Module, count: int, seed: int = 0) -> Tensor:
    """What `count` draws of z ~ N(0, I) are decoded to, on the CPU: images, or the parameters of p(x|z)."""
    z = torch.randn(count, model.latent_size, generator=torch.Generator().manual_seed(seed))
    model.eval()
    return model.decode(z.to(next(model.parameters()).device)).cpu()


@torch.no_grad()
def reconstruct_through_posterior(model: nn.Module, images: Tensor, seed: int = 0) -> Tensor:
    """The parameters theta of p(x|z) for one draw of z from q(z|x) of each image, on the CPU.

    Args: model, a `lib.model_conv_vae.ConvVAE`.
    """
    model.eval()
    mu, logvar = model.encode(images.to(next(model.parameters()).device))
    noise = torch.randn(mu.shape, generator=torch.Generator().manual_seed(seed)).to(mu)
    return model.decode(from_noise(mu, logvar, noise)).cpu()


def _names(loader: Loader, labels: Tensor) -> list[str]:
    classes = getattr(loader.dataset, "classes", None)
    return [str(classes[label]) if classes else str(label) for label in labels.tolist()]
