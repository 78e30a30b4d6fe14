"""What to look at while a GAN trains: samples from noise that stays the same, their variety, signs of collapse.

The losses of a GAN do not tell how good its images are. A generator that has collapsed, one that makes nearly the same
image of every z, can have a low loss; only its samples show it.
"""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torchvision.transforms.functional import center_crop
from tqdm import tqdm

from lib.model_gan import IMAGE_SIZE
from lib.sample_gan import sample, to_pixels
from lib.support.data.image_sets import ImageSet
from lib.support.figures.gan_report import GanReport
from lib.support.figures.video import evenly_spread
from lib.support.measures.coverage import diversity, mode_coverage

__all__ = ["Monitor", "monitor"]

LOOKS = 100  # at the samples, at most; their pictures are the frames of the video
REFERENCE = 500  # images of the data that the samples' variety is compared with
MEASURED = 500  # samples whose variety is measured
STEPS_TO_BEGIN = 400  # in which samples come to look like anything; before that few kinds are no collapse
LEAST = 1 / 3  # of the data's diversity, and of the modes, below which something is wrong
PATIENCE = 3  # signs of collapse in a row that are taken seriously


def monitor(report: GanReport, generator: nn.Module, images: ImageSet, num_epochs: int, steps_per_epoch: int,
            seed: int) -> "Monitor":
    """What looks at a generator while it trains on an image set.

    Args:
        report: has `save_samples(epoch, images)`, see `lib.support.figures.gan_report`.
        images: a `lib.support.data.image_sets.ImageSet`; of blossoms the kinds are counted, too.
    """
    reference = torch.stack([images[number][0] for number in range(0, len(images), -(-len(images) // REFERENCE))])
    return Monitor(generator, center_crop(reference, IMAGE_SIZE), evenly_spread(num_epochs, LOOKS),
                   judged_from=-(-STEPS_TO_BEGIN // steps_per_epoch), seed=seed, save_samples=report.save_samples,
                   warn=tqdm.write, coverage=mode_coverage if images.name == "blossoms" else None)


class Monitor:
    """Called as monitor(epoch, row) after an epoch of training; gives the metrics of variety, where it is their turn.

    Args:
        generator: a `lib.model_gan.Generator`.
        reference: images of the data, pixels in [0, 1], shape (n, channels, 32, 32).
        epochs: at which a picture is made and variety measured.
        judged_from: the epoch before which little has been learnt, so that nothing is taken for a collapse.
        seed: of the noise, which is the same each time.
        save_samples: called as save_samples(epoch, images) with the samples, in [0, 1].
        warn: called with one line when training seems to have collapsed.
        coverage: further metrics of variety, a function from samples (like `reference`) to a dictionary.
    """

    def __init__(self, generator: nn.Module, reference: Tensor, epochs: Iterable[int], *, judged_from: int, seed: int,
                 save_samples: Callable[[int, Tensor], None], warn: Callable[[str], None],
                 coverage: Callable[[Tensor], dict[str, float]] | None = None):
        self._generator, self._reference = generator, reference
        self._epochs, self._judged_from = set(epochs), judged_from
        self._seed, self._save_samples, self._warn, self._coverage = seed, save_samples, warn, coverage
        self._signs: dict[str, int] = {}

    def __call__(self, epoch: int, row: dict[str, float]) -> dict[str, float]:
        self._look_for("the discriminator has won, and the generator learns next to nothing: D(x) is above 0.99 and "
                       "D(G(z)) below 0.01. Another --seed, or a smaller --lr, may keep them in balance",
                       row["D_x"] > 0.99 and row["D_G_z1"] < 0.01, epoch)
        if epoch not in self._epochs:
            return {}
        images = to_pixels(sample(self._generator, MEASURED, 1.0, torch.Generator().manual_seed(self._seed))).cpu()
        self._save_samples(epoch, images)
        variety = {"diversity": diversity(images, self._reference)} | (self._coverage(images) if self._coverage else {})
        self._look_for("mode collapse: the samples are of few kinds, as the last pictures show. Another --seed, or a "
                       "smaller --lr, may help",
                       variety["diversity"] < LEAST or variety.get("coverage", 1.0) < LEAST, epoch)
        return variety

    def _look_for(self, sentence: str, seen: bool, epoch: int) -> None:
        """Warn once it was seen some times in a row."""
        self._signs[sentence] = self._signs.get(sentence, 0) + 1 if seen and epoch >= self._judged_from else 0
        if self._signs[sentence] == PATIENCE:
            self._warn(f"warning: epoch {epoch}: {sentence}")
