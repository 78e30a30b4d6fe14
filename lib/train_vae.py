"""Training a VAE: Adam on the negative ELBO, a row of metrics and a picture of reconstructions per epoch."""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from lib.loss_vae import VAELoss
from lib.support.data.image_sets import Loader
from lib.support.figures.grids import image_grid, labelled_rows
from lib.support.figures.video import evenly_spread
from lib.support.runs.run import Run
from lib.support.speed.compiling import compiled
from lib.train_autoencoder import PICTURES, backpropagate, evaluate, first_images, train_epoch

__all__ = ["reconstruct", "train_vae", "vae_terms"]


def train_vae(model: nn.Module, train_loader: Loader, test_loader: Loader, num_epochs: int = 15, lr: float = 1e-3,
              kl_loss_weight: float = 1., save_images: bool = True, device: str = "cpu",
              output_dir: str | Path = "results", *, run: Run | None = None, compile: bool = False) -> list[dict]:
    """Train `model` on the images of `train_loader`, and test it after each epoch.

    Args:
        model: a `lib.model_vae.VAE`.
        train_loader, test_loader: give (images, labels) batches, pixels in [0, 1]; the labels are not used.
        lr: learning rate of Adam.
        save_images: write pictures of training images and, at about 15 epochs, of reconstructions.
        output_dir: the results folder of the run that is opened where no `run` is given.
        compile: let torch.compile translate `backpropagate`; that takes a while before the first step.
    Returns: the history, a row (dictionary) for each epoch, in nats per image.
    """
    model.to(device)
    terms = vae_terms(VAELoss(kl_loss_weight))
    gradients = compiled(backpropagate) if compile else backpropagate
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, fused=True)
    with run or Run(output_dir) as run:
        if save_images:
            run.save_image("training_samples_0.png", image_grid(first_images(train_loader, 64), columns=16))
        for epoch in run.epochs(num_epochs, model=model, optimizer=optimizer,
                                order=getattr(train_loader, "generator", None)):
            train = train_epoch(model, train_loader, terms, optimizer, device, run, gradients)
            test = evaluate(model, test_loader, terms, device)
            if save_images and epoch in evenly_spread(num_epochs, PICTURES):
                images = first_images(test_loader, 8)
                rows = [("test images", images), ("reconstructions", reconstruct(model, images, device))]
                run.save_image(f"reconstruction_{epoch}.png", labelled_rows(rows))
            run.record(**_named("train", train), **_named("test", test))
    return run.history


def vae_terms(criterion: VAELoss) -> Callable[[nn.Module, Tensor], Tensor]:
    """A function of a VAE and images: loss, reconstruction and KL term in nats, summed over the batch, shape (3,)."""
    def of_batch(model: nn.Module, x: Tensor) -> Tensor:
        x_reconstructed, mu, logvar = model(x)
        return torch.stack(criterion.terms(x_reconstructed, x, mu, logvar))
    return of_batch


@torch.no_grad()
def reconstruct(model: nn.Module, images: Tensor, device: str = "cpu") -> Tensor:
    """The reconstructions of `images` in evaluation mode, on the CPU, shape (batch, channels, height, width)."""
    model.eval()
    return model(images.to(device))[0].cpu()


def _named(prefix: str, values: Tensor) -> dict[str, float]:
    return dict(zip([f"{prefix}_loss", f"{prefix}_reconstruction", f"{prefix}_kl"], values.tolist(), strict=True))
