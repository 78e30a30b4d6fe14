"""What the scripts share that train on images: which images, in which batches, for how many epochs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from lib.support.scripts.command_line import Parser, whole_number

if TYPE_CHECKING:  # nothing here imports torch before it is needed
    from lib.support.data.image_sets import Batches, ImageSet

__all__ = ["add_data_arguments", "add_epochs_argument", "default_epochs", "load_images", "loaders"]

EPOCHS = 15
SMALL_SET = 50_000
STEPS_ON_A_SMALL_SET = 7_000  # 15 epochs of the 1,500 digits are 180 steps, after which every image is the same blob


def add_data_arguments(parser: Parser) -> None:
    """The arguments that `lib.support.data.datasets.load` takes."""
    parser.add_argument("--dataset", default=None,
                        help="mnist, fashion_mnist, cifar10, digits and blossoms (need no network) or folder:PATH; "
                             "by default mnist, or digits without a network")
    parser.add_argument("--image_size", type=whole_number(1, 4096), default=None,
                        help="resize images to this height and width; by default those of the set, 28 for a folder")
    parser.add_argument("--data_dir", default="data", help="where data sets are, or are downloaded to")


def add_epochs_argument(parser: Parser) -> None:
    """--epochs, which is None where it is not given: see `default_epochs`."""
    parser.add_argument("--epochs", type=whole_number(1, 1_000_000), default=None,
                        help=f"passes over the training images; by default {EPOCHS}, and on a set of less than "
                             f"{SMALL_SET:,} images as many as make {STEPS_ON_A_SMALL_SET:,} steps")


def load_images(args: argparse.Namespace) -> tuple[ImageSet, ImageSet]:
    """The images that the arguments ask for, to train and to test on.

    Args: args, with those of `add_data_arguments` and device; its dataset and device become those that are taken.
    Raises: UserError if there are no such images, or no such device.
    """
    from lib.support.data import datasets
    from lib.support.speed.devices import choose_device
    args.device = choose_device(args.device)
    train_set, test_set = datasets.load(args.dataset, args.data_dir, args.image_size)
    args.dataset = train_set.name
    return train_set, test_set


def loaders(train_set: ImageSet, test_set: ImageSet, args: argparse.Namespace) -> tuple[Batches, Batches]:
    """Batches to train on, in a new order in each epoch, and batches to test on, in theirs. Seeds torch.

    Args: args, with batch_size, device and seed.
    """
    import torch

    from lib.support.data.image_sets import Batches
    torch.manual_seed(args.seed)
    order = torch.Generator().manual_seed(args.seed)
    return (Batches(train_set, args.batch_size, generator=order, device=args.device),
            Batches(test_set, 1000, device=args.device))


def default_epochs(num_images: int, steps_per_epoch: int) -> int:
    """How many epochs to train where nobody says: few, but on a small set enough steps to learn something."""
    if num_images >= SMALL_SET:
        return EPOCHS
    return max(EPOCHS, -(-STEPS_ON_A_SMALL_SET // steps_per_epoch))
