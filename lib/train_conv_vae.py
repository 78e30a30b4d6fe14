"""Training a VAE with any likelihood: Adam on the negative ELBO, until that of held-out images no longer rises.

Three sets of images, each for one purpose: weights are fitted to the training images, when to stop is decided by the
validation images, and the test images tell how good the model is in the end, so no decision may depend on them.

Source for early stopping: Prechelt, Early Stopping - But When?, 1998, https://doi.org/10.1007/3-540-49430-8_3
"""

import copy
import math
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from lib.elbo import elbo_terms
from lib.support.data.image_sets import Loader
from lib.support.runs.run import Run
from lib.train_autoencoder import backpropagate, evaluate, first_images, train_epoch

__all__ = ["TERMS", "EarlyStopping", "best_epoch", "elbo_of_loader", "train_conv_vae"]

TERMS = ("elbo", "log_likelihood", "kl")
_VALIDATION_SEED = 0


class EarlyStopping:
    """Stops a training whose validation ELBO has not risen for some epochs, and keeps the weights of its best epoch.

    Args: patience, after how many epochs in a row that are not better than the best one to stop.
    Attributes:
        best: the highest validation ELBO so far, in nats per image; minus infinity before the first epoch.
        waited: how many epochs have passed since then.
        weights: the model's weights after the best epoch, by name as in its state dict; None before the first epoch.
    Raises: ValueError if patience is less than 1.
    """

    def __init__(self, patience: int):
        if patience < 1:
            raise ValueError(f"patience is a number of epochs from 1 on, not {patience}")
        self.patience, self.waited = patience, 0
        self.best, self.weights = -math.inf, None

    @property
    def is_over(self) -> bool:
        """Whether the training should stop."""
        return self.waited >= self.patience

    def update(self, elbo: float, model: nn.Module) -> bool:
        """Take note of one more epoch.

        Args:
            elbo: of the validation images after this epoch, in nats per image.
            model: with its weights after this epoch.
        Returns: whether the training should stop.
        """
        # START TODO early_stopping ########################
        # Where this epoch is better than the best one so far, `self.best` becomes its ELBO, `self.waited` becomes 0,
        # and `self.weights` a copy of the model's state dict, which has to stay as it is while the model is trained
        # on. Otherwise one more epoch has been waited for. The model itself stays as it is.

        if elbo > self.best:
            self.best, self.waited = elbo, 0
            self.weights = copy.deepcopy(model.state_dict())
        else:
            self.waited += 1
        # END TODO ########################
        return self.is_over

    def restore(self, model: nn.Module) -> None:
        """Give the model the weights of the best epoch.

        Raises: ValueError if there was no epoch with an ELBO above minus infinity.
        """
        if self.weights is None:
            raise ValueError("there is no best epoch yet: update comes before restore")
        model.load_state_dict(self.weights)

    def state_dict(self) -> dict:
        """All that changes from epoch to epoch, so that a resumed run stops when the uninterrupted one would have."""
        return {"best": self.best, "waited": self.waited, "weights": self.weights}

    def load_state_dict(self, state: dict) -> None:
        """Go on from there."""
        self.best, self.waited, self.weights = state["best"], state["waited"], state["weights"]


def train_conv_vae(model: nn.Module, train_loader: Loader, validation_loader: Loader, num_epochs: int,
                   stopping: EarlyStopping, lr: float = 1e-3, device: str = "cpu", output_dir: str | Path = "results",
                   *, run: Run | None = None) -> list[dict]:
    """Train `model` until `stopping` says so, at most `num_epochs`; it then has the weights of its best epoch.

    Args:
        model: a `lib.model_conv_vae.ConvVAE`.
        train_loader, validation_loader: give (images, labels) batches, pixels in [0, 1]; the labels are not used.
        lr: learning rate of Adam.
        output_dir: the results folder of the run that is opened where no `run` is given.
    Returns: the history, a row (dictionary) for each epoch, with the ELBO and its two terms in nats per image:
        train_elbo, train_log_likelihood, train_kl, measured while the weights change, and validation_elbo, ..., after
        it, with the same noise in each epoch: a difference between epochs is one of the weights.
    Raises: ValueError if the likelihood of the model is not defined on the first images of a loader.
    """
    for loader in (train_loader, validation_loader):
        model.likelihood.check(first_images(loader, 64))
    model.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, fused=True)
    with run or Run(output_dir) as run:
        for _ in run.epochs(num_epochs, model=model, optimizer=optimizer, stopping=stopping,
                            order=getattr(train_loader, "generator", None)):
            if stopping.is_over:
                break
            train = train_epoch(model, train_loader, loss_and_terms(), optimizer, device, run, backpropagate)
            validation = elbo_of_loader(model, validation_loader, device)
            stopping.update(validation["elbo"], model)
            run.record(**_named("train", _terms(train)), **_named("validation", validation))
        stopping.restore(model)
        run.save_weights("model.pth", model)
    return run.history


def loss_and_terms(generator: torch.Generator | None = None) -> Callable[[nn.Module, Tensor], Tensor]:
    """A function of a VAE and images: loss, log-likelihood, KL divergence, summed over the batch, shape (3,).

    Args: generator, where the noise comes from; by default torch's global generator.
    """
    def of_batch(model: nn.Module, x: Tensor) -> Tensor:
        log_likelihood, kl = elbo_terms(model, x, generator=generator)
        return torch.stack([(kl - log_likelihood).sum(), log_likelihood.sum(), kl.sum()])
    return of_batch


def elbo_of_loader(model: nn.Module, loader: Loader, device: str = "cpu") -> dict[str, float]:
    """The ELBO of the images of `loader` and its two terms, in nats per image, from one sample of z for each.

    The noise is the same in each call, and torch's global generator is left as it is.
    """
    generator = torch.Generator(device).manual_seed(_VALIDATION_SEED)
    return _terms(evaluate(model, loader, loss_and_terms(generator), device))


def best_epoch(history: list[dict]) -> int:
    """The number of the epoch with the highest validation ELBO, the first of them if there are several."""
    return max(history, key=lambda row: row["validation_elbo"])["epoch"]


def _terms(values: Tensor) -> dict[str, float]:
    loss, log_likelihood, kl = values.tolist()
    return dict(zip(TERMS, (-loss, log_likelihood, kl), strict=True))


def _named(prefix: str, terms: dict[str, float]) -> dict[str, float]:
    return {f"{prefix}_{name}": value for name, value in terms.items()}
