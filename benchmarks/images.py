"""What the benchmarks of models of MNIST share: the usual way to train one, and ours."""

import contextlib
import io
import itertools
from pathlib import Path

from lib.support.errors import UserError

__all__ = ["BATCH_SIZE", "PIXELS", "STEPS", "check_mnist", "our_epoch", "usual_epoch"]

BATCH_SIZE, STEPS = 128, 469
PIXELS, ALL = 784, 60_000


def check_mnist(data_dir):
    """Raises: UserError if a file of MNIST is missing. A benchmark downloads nothing."""
    for part, what in itertools.product(("train", "t10k"), ("images-idx3", "labels-idx1")):
        if not (Path(data_dir) / "MNIST" / "raw" / f"{part}-{what}-ubyte").is_file():
            raise UserError(f"MNIST is not, or not complete, in {data_dir}: name its folder with --data_dir, or "
                            "download it with python run_vae_training.py --dataset mnist --epochs 1")


def usual_epoch(data_dir, model, loss_of, images=ALL):
    """Training as most tutorials have it: torchvision's MNIST in a DataLoader, plain Adam, loss.item() in each step.

    Args:
        loss_of: from the model and images to the loss, summed over the batch.
        images: how many of the training images, the first ones.
    Returns: the work, an epoch, which returns the loss per image.
    """
    import torch
    from torch.utils.data import DataLoader, Subset
    from torchvision.datasets import MNIST
    from torchvision.transforms import ToTensor

    mnist = Subset(MNIST(data_dir, transform=ToTensor()), range(images))
    loader = DataLoader(mnist, BATCH_SIZE, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def epoch():
        total = 0.0
        for x, _ in loader:
            loss = loss_of(model, x)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        return total / len(loader.dataset)
    return epoch


def our_epoch(data_dir, model, terms, compile=False, images=ALL):
    """Training as `lib.train_autoencoder.train_epoch` has it, all that a run does in each step included.

    Args:
        terms: as for `train_epoch`.
        images: how many of the training images, the first ones.
    """
    import torch

    from lib.support.data.datasets import Batches, load
    from lib.support.runs.run import Run
    from lib.support.speed.compiling import compiled
    from lib.train_autoencoder import backpropagate, train_epoch

    train_set, _ = load("mnist", data_dir)
    loader = Batches(train_set.select(slice(images)), BATCH_SIZE, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    gradients = compiled(backpropagate) if compile else backpropagate
    run = Run("unused")  # a run that is not entered writes nothing

    def epoch():
        with contextlib.redirect_stderr(io.StringIO()):  # where it is no terminal, the run draws no bar
            return train_epoch(model, loader, terms, optimizer, "cpu", run, gradients)[0].item()
    return epoch
