"""The structure of a latent space of any size: its principal components, and paths between samples of z.

Where an image x lies in the latent space is the mean of q(z|x); a sample from q(z|x) is a place that the decoder would
take for x as well.
"""

import torch
from sklearn import decomposition  # noqa: F401  (offered to the gaps)
from torch import Tensor, nn

__all__ = ["decode_path", "interpolate_samples", "latent_pca"]


def latent_pca(means: Tensor, components: int = 2) -> tuple[Tensor, Tensor, Tensor]:
    """The principal components of posterior means: the directions in which they vary most.

    Args:
        means: of q(z|x) for many images, shape (N, latent_size), N at least `components`. They stay as they are.
        components: how many, from 1 to latent_size.
    Returns:
        points: the coordinates of each mean in these directions, from the centre of all means, (N, components).
        directions: of length 1, orthogonal, from the one with the largest variance on, (components, latent_size).
        shares: which share of the variance of all means each of them explains, (components,).
        All three are float32, on the CPU.
    Raises: ValueError if there are too few means or dimensions, or all means are the same.
    """
    if components > min(means.shape):
        raise ValueError(f"{len(means)} means with {means.shape[1]} dimensions have no {components} principal "
                         "components")
    if (means == means[0]).all():
        raise ValueError("all means are the same, so that no direction explains more than another")
    means = means.detach().cpu().double()
    # START TODO latent_pca ########################
    # Find the first `components` principal components of the means with scikit-learn (`decomposition.PCA`) or by
    # yourself: `points`, `directions` and `shares`, as the docstring describes them, as tensors or NumPy arrays. The
    # sign of a direction is free. `means` is a tensor of float64, of which means.numpy() makes an array.

    pca = decomposition.PCA(components, svd_solver="full")
    points = pca.fit_transform(means.numpy())
    directions, shares = pca.components_, pca.explained_variance_ratio_
    # END TODO ########################
    return torch.as_tensor(points).float(), torch.as_tensor(directions).float(), torch.as_tensor(shares).float()


@torch.no_grad()
def interpolate_samples(model: nn.Module, x: Tensor, x_other: Tensor, steps: int,
                        generator: torch.Generator | None = None) -> Tensor:
    """Places in the latent space on the straight line from a sample for one image to a sample for another.

        z_lambda = lambda z + (1 - lambda) z',   z ~ q(z|x),   z' ~ q(z|x')

    Args:
        model: a `lib.model_conv_vae.ConvVAE`, or another model with its parts.
        x, x_other: the two images x and x', each of shape (channels, height, width).
        steps: how many places, at least 2.
        generator: where the noise comes from, on the CPU; by default torch's global generator.
    Returns: shape (steps, latent_size); the first row is z (lambda = 1), the last is z' (lambda = 0).
    """
    # START TODO interpolate_samples ########################
    # Encode both images, draw z and z' with noise of their own, and compute z_lambda for `steps` values of lambda at
    # equal distances, from 1 down to 0: `path`. Noise comes from torch.randn(..., generator=generator), which makes it
    # on the CPU; the images may lie on a GPU.

    mu, logvar = model.encode(torch.stack([x, x_other]))
    z, z_other = mu + (0.5 * logvar).exp() * torch.randn(mu.shape, generator=generator).to(mu)
    weight = torch.linspace(1, 0, steps).unsqueeze(1).to(mu)
    path = weight * z + (1 - weight) * z_other
    # END TODO ########################
    return path


@torch.no_grad()
def decode_path(model: nn.Module, path: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """An image for each place of a path, on the CPU, shape (steps, channels, height, width).

    Args:
        path: shape (steps, latent_size).
        generator: with one the images are drawn from p(x|z), with random numbers of this generator, which lies where
            the model does; without one they are the means of p(x|z).
    """
    theta = model.decode(path)
    return (model.likelihood.mean(theta) if generator is None else model.likelihood.sample(theta, generator)).cpu()
