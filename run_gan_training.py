"""Train a GAN on small colour images, and watch noise become flowers."""

import os
import sys

from lib.support.errors import UserError
from lib.support.figures.grids import batch_images_to_numpy  # noqa: F401  (other people's scripts import it from here)
from lib.support.scripts.command_line import Parser, add_run_arguments, script, settings_of, whole_number
from lib.support.scripts.commands import command
from lib.support.speed.memory import check_memory

FLOWERS = "dataset_flowers_64px"
SMALLER = "--multiplier_g, --multiplier_d, --latent_size or --batch_size"  # needs less memory
SIZE = 32  # of the images that the networks make
SIZE_TO_CROP = 36  # of the images that random crops are taken from
UNMIRRORED = ("mnist", "digits")  # a mirrored 3 is no digit


def parse_arguments(argv):
    from argparse import BooleanOptionalAction
    parser = Parser("Train a DCGAN and write generated images, a video of the training, losses, measures of variety "
                    "and the weights of both networks to results_gan/<dataset>/.")
    parser.add_argument("--dataset", default=None,
                        help="blossoms (drawn by this project), mnist, fashion_mnist, cifar10, digits or folder:PATH; "
                             f"by default folder:{FLOWERS} where there is that folder, otherwise blossoms")
    parser.add_argument("--epochs", type=whole_number(1, 1_000_000), default=500,
                        help="passes over the images; flowers show from about 80 on")
    add_run_arguments(parser, folder="results_gan/<dataset>", batch_size=128, lr=2e-4)
    parser.add_argument("--latent_size", type=whole_number(1, 10_000), default=64,
                        help="dimensions of the noise z")
    parser.add_argument("--multiplier_g", type=whole_number(1, 1024), default=32,
                        help="channels of the generator's last hidden layer; the first has 8 times as many")
    parser.add_argument("--multiplier_d", type=whole_number(1, 1024), default=32,
                        help="channels of the discriminator's first hidden layer; the last has 4 times as many")
    parser.add_argument("--image_size", type=whole_number(1, 4096), default=SIZE,
                        help=f"height and width of images; these networks make {SIZE} x {SIZE}")
    parser.add_argument("--crop", choices=["centre", "random"], default="centre",
                        help="centre: crop images around their centre; random: at a new random place in each epoch")
    parser.add_argument("--mirror", action=BooleanOptionalAction, default=None,
                        help="mirror images with probability 1/2; by default for all data sets but digits")
    parser.add_argument("--precision", choices=["auto", "float32", "bfloat16"], default="auto",
                        help="number format of the convolutions; auto takes bfloat16 where the processor is fast in it")
    parser.add_argument("--data_dir", default="data", help="where data sets are, or are downloaded to")
    args = parser.parse_args(argv)
    if args.image_size != SIZE:
        raise UserError(f"--image_size {args.image_size}: these networks make images of {SIZE} x {SIZE} pixels and no "
                        "others; pictures of any size are resized to that, so leave it out")
    args.dataset = args.dataset or default_dataset()
    args.mirror = args.dataset not in UNMIRRORED if args.mirror is None else args.mirror
    return args


def default_dataset() -> str:
    if os.path.isdir(FLOWERS):
        return f"folder:{FLOWERS}"
    print(f"using blossoms, drawn by this project (photographs in a folder {FLOWERS} would be used instead)")
    return "blossoms"


@script(smaller=SMALLER)
def main(argv=None) -> int:
    args = parse_arguments(argv)

    import torch

    from lib.extras.monitor_gan import monitor
    from lib.model_gan import Discriminator, Generator, weights_init
    from lib.support.data import datasets
    from lib.support.data.augmentation import Augmented
    from lib.support.figures.gan_report import GanReport
    from lib.support.runs.results import folder_name
    from lib.support.runs.run import Run
    from lib.support.speed.devices import choose_device
    from lib.support.speed.precision import choose_precision
    from lib.train_gan import train_gan

    args.device = choose_device(args.device)
    args.precision = choose_precision(args.precision, args.device)
    images = datasets.load_whole(args.dataset, args.data_dir, SIZE if args.crop == "centre" else SIZE_TO_CROP)
    check_memory(bytes_needed(args, len(images)), SMALLER)
    torch.manual_seed(args.seed)
    order = torch.Generator().manual_seed(args.seed)
    batches = datasets.Batches(images, args.batch_size, generator=order, device=args.device)
    loader = Augmented(batches, SIZE, args.mirror)
    generator = Generator(args.multiplier_g, images.shape[0], args.latent_size).apply(weights_init)
    discriminator = Discriminator(args.multiplier_d, images.shape[0]).apply(weights_init)

    with Run(args.output_dir or f"results_gan/{folder_name(args.dataset)}", settings_of(args),
             resume=args.resume) as run:
        report = GanReport(run)
        report.before_training(loader)
        observe = monitor(report, generator, images, args.epochs, len(loader), args.seed)
        train_gan(discriminator, generator, loader, args.epochs, args.lr, device=args.device,
                  precision=args.precision, observe=observe, run=run)
        report.after_training()
    print(report.in_words())
    print(f"more samples: {sampling_command(run.folder)}")
    return 0


def sampling_command(folder) -> str:
    return command("python", "sample_gan.py", folder / "model_g.pth", "--temperature", 0.7, "--interpolate")


def bytes_needed(args, num_images: int) -> int:
    """Of the weights, their gradients and Adam's two moments, and of what the layers make of a batch, in float32."""
    g, d = args.multiplier_g, args.multiplier_d
    weights = 128 * args.latent_size * g + 672 * g**2 + 160 * d**2
    return 4 * (4 * weights + min(args.batch_size, num_images) * (6000 * g + 3000 * d))


if __name__ == "__main__":
    sys.exit(main())
