"""A small classifier, trained once for each image set: its features say what images have in common better than pixels.

It stands in for the Inception network by which images are usually compared, which would have to be downloaded and
knows photographs only.
"""

import hashlib
import itertools
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lib.support.data.image_sets import Batches, DataError, ImageSet
from lib.support.errors import UserError
from lib.support.runs.results import Results, folder_name
from lib.support.runs.run import Run
from lib.support.runs.weights import load_weights

__all__ = ["Classifier", "classifier_for"]

FOLDER = Path("results_classifier")
FEATURES = 64
STEPS, BATCH_SIZE, LR = 1_200, 128, 2e-3
ROUNDS = 4  # of so many steps, after each of which a line is printed
SMOOTHING = 0.1  # of the labels; without it the features of a class that is easy to tell grow and grow


class Classifier(nn.Module):
    """Two convolutions, a layer of features, and a layer that gives the logit of each class."""

    def __init__(self, channels: int, num_classes: int):
        super().__init__()
        self.to_features = nn.Sequential(
            nn.Conv2d(channels, 16, 3, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU(),
            nn.AdaptiveAvgPool2d(7), nn.Flatten(), nn.Linear(32 * 7 * 7, FEATURES), nn.ReLU())
        self.to_logits = nn.Linear(FEATURES, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Logits, shape (batch, classes), for images in [0, 1], shape (batch, channels, height, width)."""
        return self.to_logits(self.to_features(x))

    @torch.no_grad()
    def features(self, images: Tensor) -> Tensor:
        """The features of images, on the CPU, shape (n, FEATURES)."""
        device = next(self.parameters()).device
        return torch.cat([self.to_features(part.to(device)).cpu() for part in images.split(1000)])


def classifier_for(train_set: ImageSet, test_set: ImageSet, device: str = "cpu") -> Classifier:
    """The classifier of an image set, in evaluation mode; trained if there is none for just these training images.

    It is kept in results_classifier/<data set>_<height>x<width>/. A line says how many test images it recognises.
    Raises: DataError if the images are all of one class.
    """
    if len(train_set.labels.unique()) < 2:
        raise DataError(f"{train_set.name} has one class only, and images are compared by the features of a "
                        "classifier: take a data set with two classes or more")
    _, height, width = train_set.shape
    folder = FOLDER / f"{folder_name(train_set.name)}_{height}x{width}"
    settings = {"dataset": train_set.name, "images": _fingerprint(train_set), "features": FEATURES, "steps": STEPS}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = Classifier(train_set.shape[0], len(train_set.classes)).to(device)
        if not (_is_finished(folder, settings) and _is_loaded(model, folder / "model.pth")):
            print(f"training a classifier, by whose features images are compared, in {folder}")
            _train(model, train_set, device, Run(folder, settings))
    print(f"images are compared by the features of a classifier with a test accuracy of "
          f"{_accuracy(model.eval(), test_set, device):.1%}")
    return model


@torch.no_grad()
def _accuracy(model: Classifier, images: ImageSet, device: str) -> float:
    right = sum(int((model(x).argmax(1) == labels).sum()) for x, labels in Batches(images, 1000, device=device))
    return right / len(images)


def _is_finished(folder: Path, settings: dict) -> bool:
    """Whether all rounds of just this training were made: one that was interrupted leaves weights too."""
    metrics = folder / "metrics.jsonl"
    return (Results(folder).about["settings"] == settings and metrics.exists()
            and len(metrics.read_text(encoding="utf-8").splitlines()) == ROUNDS)


def _is_loaded(model: Classifier, path: Path) -> bool:
    """Whether the weights could be loaded; damaged or older ones cannot, and are trained again."""
    try:
        model.load_state_dict(load_weights(path))
    except (UserError, RuntimeError):
        return False
    return True


def _train(model: Classifier, train_set: ImageSet, device: str, run: Run) -> None:
    loader = Batches(train_set, BATCH_SIZE, generator=torch.Generator().manual_seed(0), device=device)
    optimizer = torch.optim.Adam(model.parameters(), lr=LR)
    batches = itertools.chain.from_iterable(itertools.repeat(loader))  # a new order each time; small sets many times
    with run:
        for _ in run.epochs(ROUNDS, model=model):
            total = torch.zeros((), device=device)
            for x, labels in run.steps(itertools.islice(batches, math.ceil(STEPS / ROUNDS))):
                optimizer.zero_grad()
                loss = F.cross_entropy(model(x), labels, label_smoothing=SMOOTHING)
                loss.backward()
                optimizer.step()
                total += loss.detach()
                run.show(loss=loss)
            run.record(train_loss=total / math.ceil(STEPS / ROUNDS))


def _fingerprint(images: ImageSet) -> str:
    """A short text that other images, or other labels, would not have."""
    found = hashlib.sha256(images.images.cpu().numpy().tobytes())
    found.update(images.labels.cpu().numpy().tobytes())
    return found.hexdigest()[:16]
