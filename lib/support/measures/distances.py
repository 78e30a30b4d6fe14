"""How far a set of images is from real ones: by their distribution, and by their nearest neighbours."""

import torch
from torch import Tensor

from lib.support.data.image_sets import Batches, DataError, ImageSet
from lib.support.measures.classifier import Classifier
from lib.support.measures.frechet import frechet_distance

__all__ = ["Distances", "nearest_distances"]

COMPARED = 1_000  # images whose nearest training image is looked for
FEWEST = 4


class Distances:
    """Measures sets of images, each of the same number.

    One random half of the test images stands for the real ones. The other half shows how far real images are from each
    other, which is as near as any can come.

    Args:
        classifier: gives the features.
        test_set, train_set: real images; the nearest is looked for among the training images.
        seed: of the halves.
    Attributes:
        count: how many images a set should have.
        others: the other half, shape (count, channels, height, width).
    Raises: DataError if there are fewer than four test images.
    """

    def __init__(self, classifier: Classifier, test_set: ImageSet, train_set: ImageSet, seed: int = 0):
        if len(test_set) < FEWEST:
            raise DataError(f"{test_set.name} has {len(test_set)} test images, and {FEWEST} or more are needed to "
                            "compare with")
        self.count = len(test_set) // 2
        order = torch.randperm(len(test_set), generator=torch.Generator().manual_seed(seed))
        halves = Batches(test_set.select(order[:2 * self.count]), self.count)
        real, self.others = (images for images, _ in halves)
        self._classifier, self._train = classifier, train_set
        self._features = classifier.features(real)

    def of(self, images: Tensor) -> dict[str, float]:
        """`frechet`: the Fréchet distance to real images; `nearest`: the mean distance to the nearest training image.

        Args: images, on the CPU, shape (count, channels, height, width).
        """
        return {"frechet": frechet_distance(self._classifier.features(images), self._features),
                "nearest": float(nearest_distances(images[:COMPARED], self._train).mean())}


def nearest_distances(images: Tensor, reference: ImageSet) -> Tensor:
    """The Euclidean distance of each image to the nearest one of `reference`, in pixel space, shape (n,).

    Args: images, pixels in [0, 1], on the CPU, shape (n, channels, height, width).
    """
    nearest = torch.full((len(images),), torch.inf)
    for others, _ in Batches(reference, 1000):
        nearest = torch.minimum(nearest, torch.cdist(images.flatten(1), others.flatten(1)).amin(1))
    return nearest
