"""Train a GAN on small colour images, and watch noise become flowers."""

import re
import sys
from argparse import BooleanOptionalAction
from pathlib import Path

from lib.support.errors import UserError
from lib.support.scripts.command_line import Parser, add_run_arguments, script, settings_of, whole_number

FLOWERS = "dataset_flowers_64px"
SIZE = 32  # of the images that the networks make
SIZE_TO_CROP = 36  # of the images that random crops are taken from
PICTURES = 100  # of samples, at most; they are the frames of the video
REFERENCE = 500  # images of the data that the samples' variety is compared with
STEPS_TO_BEGIN = 400  # in which samples come to look like anything; before that few kinds are no collapse
UNMIRRORED = ("mnist", "digits")  # a mirrored 3 is no digit


def parse_arguments(argv):
    parser = Parser("Train a DCGAN and write samples, a video of how they came about, losses, measures of variety and "
                    "the weights of both networks to results_gan/<dataset>/.")
    parser.add_argument("--dataset", default=None,
                        help="blossoms (made by this project), mnist, fashion_mnist, cifar10, digits or folder:PATH; "
                             f"by default folder:{FLOWERS} where there is that folder, otherwise blossoms")
    parser.add_argument("--epochs", type=whole_number(1), default=500,
                        help="passes over the images; flowers show from about 80 on")
    add_run_arguments(parser, batch_size=128, lr=2e-4)
    parser.add_argument("--latent_size", type=whole_number(1), default=64, help="dimensions of the noise z")
    parser.add_argument("--multiplier_g", type=whole_number(1), default=32,
                        help="channels of the generator's last hidden layer; the first has 8 times as many")
    parser.add_argument("--multiplier_d", type=whole_number(1), default=32,
                        help="channels of the discriminator's first hidden layer; the last has 4 times as many")
    parser.add_argument("--image_size", type=whole_number(1), default=SIZE,
                        help=f"height and width of images; these networks make {SIZE} x {SIZE}")
    parser.add_argument("--crop", choices=["centre", "random"], default="centre",
                        help="cut images about their centre, or anew each time, somewhere")
    parser.add_argument("--mirror", action=BooleanOptionalAction, default=None,
                        help="exchange left and right half of the time; by default for all but digits")
    parser.add_argument("--precision", choices=["auto", "float32", "bfloat16"], default="auto",
                        help="number format of the convolutions; auto takes bfloat16 where the processor is fast in it")
    parser.add_argument("--data_dir", default="data", help="where data sets are, or are downloaded to")
    parser.add_argument("--output_dir", default=None, help="results folder; by default results_gan/<dataset>")
    args = parser.parse_args(argv)
    if args.image_size != SIZE:
        raise UserError(f"--image_size {args.image_size}: these networks make images of {SIZE} x {SIZE} pixels and no "
                        "others; pictures of any size are resized to that, so leave it out")
    args.dataset = args.dataset or default_dataset()
    args.mirror = args.dataset not in UNMIRRORED if args.mirror is None else args.mirror
    return args


def default_dataset() -> str:
    if Path(FLOWERS).is_dir():
        return f"folder:{FLOWERS}"
    print(f"using blossoms, painted by this project (photographs in a folder {FLOWERS} would be used instead)")
    return "blossoms"


@script
def main(argv=None) -> int:
    args = parse_arguments(argv)

    import torch

    from lib.model_gan import Discriminator, Generator, weights_init
    from lib.support.data import datasets
    from lib.support.data.augmentation import Augmented
    from lib.support.figures.gan import gan_curves
    from lib.support.runs.run import Run, choose_device
    from lib.support.speed.precision import choose_precision
    from lib.train_gan import train_gan

    args.device = choose_device(args.device)
    args.precision = choose_precision(args.precision, args.device)
    images = datasets.load_whole(args.dataset, args.data_dir, SIZE if args.crop == "centre" else SIZE_TO_CROP)
    torch.manual_seed(args.seed)
    order = torch.Generator().manual_seed(args.seed)
    batches = datasets.Batches(images, args.batch_size, generator=order, device=args.device)
    loader = Augmented(batches, SIZE, args.mirror)
    generator = Generator(args.multiplier_g, images.shape[0], args.latent_size).apply(weights_init)
    discriminator = Discriminator(args.multiplier_d, images.shape[0]).apply(weights_init)

    with Run(args.output_dir or f"results_gan/{folder_name(args.dataset)}", settings_of(args),
             resume=args.resume) as run:
        save_training_images(run, loader)
        observe = monitor(run, generator, images, args, len(loader))
        history = train_gan(discriminator, generator, loader, args.epochs, args.lr, device=args.device,
                            precision=args.precision, observe=observe, run=run)
        run.save_figure("losses.png", gan_curves(history))
        looks = [row for row in history if "diversity" in row]
        if looks:
            save_video(run, [row["epoch"] for row in looks])
    report(run.folder, looks)
    return 0


def batch_images_to_numpy(image_batch, max_images=64, padding=2, normalize=True):
    """One grid of images, for matplotlib's imshow.

    Args:
        image_batch: shape (batch, channels, height, width), pixels in [-1, 1], or in [0, 1] without `normalize`.
        max_images: how many of them are shown, in rows of 8.
        padding: pixels between them.
        normalize: scale from [-1, 1] to [0, 1].
    Returns: float array in [0, 1] of shape (height, width, channels).
    """
    from torchvision.utils import make_grid
    grid = make_grid(image_batch[:max_images].detach().cpu().float(), padding=padding, normalize=normalize,
                     value_range=(-1, 1))
    return grid.permute(1, 2, 0).numpy()


def folder_name(dataset: str) -> str:
    """A name for the results of a data set: for a folder, its own."""
    kind, _, path = dataset.partition(":")
    return re.sub(r"\W+", "_", Path(path).resolve().name if kind == "folder" else dataset)


def save_training_images(run, loader) -> None:
    """A picture of training images as the networks see them; the loader's generator stays as it is."""
    import numpy as np
    before = loader.generator.get_state()
    images, _ = next(iter(loader))
    loader.generator.set_state(before)
    run.save_image("training_images.png", (batch_images_to_numpy(images) * 255).round().astype(np.uint8))


def monitor(run, generator, images, args, steps_per_epoch: int):
    """What looks at the samples while the networks train; the numbers of epochs at which it does are evenly spread."""
    import torch
    from torchvision.transforms.functional import center_crop
    from tqdm import tqdm

    from lib.monitor_gan import Monitor
    from lib.support.measures.coverage import mode_coverage
    reference = torch.stack([images[number][0] for number in range(0, len(images), -(-len(images) // REFERENCE))])
    reference = center_crop(reference, SIZE)
    return Monitor(generator, reference, spread(args.epochs), judged_from=-(-STEPS_TO_BEGIN // steps_per_epoch),
                   seed=args.seed, save_image=run.save_image, warn=tqdm.write,
                   coverage=mode_coverage if args.dataset == "blossoms" else None)


def spread(epochs: int) -> set[int]:
    """At most PICTURES numbers from 1 to `epochs`, evenly spread, the last included."""
    return {-(-epochs * number // PICTURES) for number in range(1, PICTURES + 1)}


def save_video(run, epochs: list[int]) -> None:
    """The pictures of samples after these epochs. Raises: UserError if the video cannot be made."""
    import imageio.v2

    from lib.monitor_gan import picture_name
    from lib.support.figures.video import captioned, encode_video
    frames = (captioned(imageio.v2.imread(run.folder / picture_name(epoch)), f"epoch {epoch}") for epoch in epochs)
    try:
        run.save("training.mp4", encode_video(frames))
    except UserError as error:
        raise UserError(f"training.mp4 is missing: {error}. All else is saved, in {run.folder}; once this is mended, "
                        "--resume writes the video") from error


def report(folder: Path, looks: list[dict]) -> None:
    """Say what the last look at the samples has shown, and where to go from here."""
    for row in looks[-1:]:
        coverage = f", and cover {row['coverage']:.0%} of the kinds of blossoms" if "coverage" in row else ""
        print(f"{folder}: the samples are {row['diversity']:.2f} times as diverse as the data{coverage}; see "
              f"samples_{row['epoch']:04}.png, training.mp4, losses.png")
    print(f"more samples: python sample_gan.py {folder / 'model_g.pth'} --temperature 0.7 --interpolate")


if __name__ == "__main__":
    sys.exit(main())
