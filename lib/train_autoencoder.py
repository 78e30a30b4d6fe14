"""Training an autoencoder: Adam on its loss, a row of metrics and a picture per epoch.

The passes over the data, `train_epoch` and `evaluate`, know nothing of the model but a function of its terms, so other
models of this course are trained by them too.
"""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from tqdm import tqdm

from lib.support.data.image_sets import Loader
from lib.support.figures.grids import image_grid, labelled_rows
from lib.support.figures.video import evenly_spread
from lib.support.runs.no_run import NoRun
from lib.support.runs.run import Run
from lib.support.speed.compiling import compiled

__all__ = ["backpropagate", "evaluate", "first_images", "negative_log_likelihood", "reconstruct", "squared_error",
           "train_autoencoder", "train_epoch"]

PICTURES = 15  # of reconstructions, about

Terms = Callable[[nn.Module, Tensor], Tensor]
"""From a model and images to sums over the batch, shape (terms,); the first is the loss."""


def negative_log_likelihood(model: nn.Module, x: Tensor) -> Tensor:
    """-ln p(x|z) of an autoencoder, in nats, summed over the images of a batch, shape (1,)."""
    return -model.likelihood.log_prob(x, model(x)).sum().unsqueeze(0)


def squared_error(model: nn.Module, x: Tensor) -> Tensor:
    """The loss from the shelf: the squared distance of x from its reconstruction, summed over the batch, shape (1,)."""
    return (model.likelihood.mean(model(x)) - x).square().sum().unsqueeze(0)


def train_autoencoder(model: nn.Module, train_loader: Loader, test_loader: Loader, num_epochs: int = 15,
                      lr: float = 1e-3, loss: Terms = negative_log_likelihood, save_images: bool = True,
                      device: str = "cpu", output_dir: str | Path = "results", *, run: Run | None = None,
                      compile: bool = False) -> list[dict]:
    """Train `model` on the images of `train_loader`, and test it after each epoch.

    Args:
        model: a `lib.model_autoencoder.Autoencoder`.
        train_loader, test_loader: give (images, labels) batches, pixels in [0, 1]; the labels are not used.
        lr: learning rate of Adam.
        loss: `negative_log_likelihood` or `squared_error`. Adam's steps do not depend on the scale of a loss, so its
            sum over a batch teaches the same as its mean.
        save_images: write pictures of training images and, at about 15 epochs, of reconstructions.
        output_dir: the results folder of the run that is opened where no `run` is given.
        compile: let torch.compile translate `backpropagate`; that takes a while before the first step.
    Returns: the history, a row (dictionary) for each epoch: train_loss and test_loss, per image; test_error, the
        squared difference of a pixel from its reconstruction, on average.
    Raises: ValueError if the likelihood of the model is not defined on the first images of a loader.
    """
    for loader in (train_loader, test_loader):
        model.likelihood.check(first_images(loader, 64))
    model.to(device)
    gradients = compiled(backpropagate) if compile else backpropagate
    optimizer, remark = torch.optim.Adam(model.parameters(), lr=lr, fused=True), ""
    with run or Run(output_dir) as run:
        if save_images:
            run.save_image("training_samples_0.png", image_grid(first_images(train_loader, 64), columns=16))
        for epoch in run.epochs(num_epochs, model=model, optimizer=optimizer,
                                order=getattr(train_loader, "generator", None)):
            (train_loss,) = train_epoch(model, train_loader, loss, optimizer, device, run, gradients)
            (test_loss,) = evaluate(model, test_loader, loss, device)
            test_error = evaluate(model, test_loader, squared_error, device) / first_images(test_loader, 1).numel()
            images = first_images(test_loader, 8)
            theta = reconstruct(model, images, device)
            if save_images and epoch in evenly_spread(num_epochs, PICTURES):
                rows = [("test images", images), ("reconstructions", model.likelihood.mean(theta))]
                run.save_image(f"reconstruction_{epoch}.png", labelled_rows(rows))
            if not remark and (remark := model.likelihood.remark(theta)):
                tqdm.write(f"epoch {epoch}: {remark}")
            run.record(train_loss=train_loss, test_loss=test_loss, test_error=test_error)
    return run.history


def train_epoch(model: nn.Module, loader: Loader, terms: Terms, optimizer: Optimizer, device: str,
                run: Run | NoRun, gradients: Callable[[nn.Module, Terms, Tensor], Tensor]) -> Tensor:
    """One pass over `loader`; returns the terms per image, shape (terms,).

    Args:
        gradients: `backpropagate`, or the same compiled.
    """
    model.train()
    totals, num_images = 0, 0
    for x, _ in run.steps(loader):
        optimizer.zero_grad()
        totals = totals + gradients(model, terms, x.to(device))
        optimizer.step()
        num_images += len(x)
        run.show(loss=totals[0], per=num_images)
    return totals / num_images


def backpropagate(model: nn.Module, terms: Terms, x: Tensor) -> Tensor:
    """Add the gradient of the loss of the images `x` to the `grad` of each parameter.

    Returns: the terms, summed over the batch, without gradients.
    """
    sums = terms(model, x)
    sums[0].backward()
    return sums.detach()


@torch.no_grad()
def evaluate(model: nn.Module, loader: Loader, terms: Terms, device: str = "cpu") -> Tensor:
    """The terms per image in evaluation mode, shape (terms,)."""
    model.eval()
    totals, num_images = 0, 0
    for x, _ in loader:
        totals = totals + terms(model, x.to(device))
        num_images += len(x)
    return totals / num_images


@torch.no_grad()
def reconstruct(model: nn.Module, images: Tensor, device: str = "cpu") -> Tensor:
    """What `model` says of `images` in evaluation mode, on the CPU: of an autoencoder, theta."""
    model.eval()
    return model(images.to(device)).cpu()


def first_images(loader: Loader, count: int) -> Tensor:
    """The first images of the data set, which leaves the loader's random generator as it is."""
    return torch.stack([loader.dataset[index][0] for index in range(min(count, len(loader.dataset)))])
