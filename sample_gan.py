"""Draw images from a generator that run_gan_training.py, or another script of this exercise, has trained."""

import sys

from lib.support.errors import UserError
from lib.support.scripts.command_line import DEVICES, LARGEST_SEED, Parser, real_number, script, whole_number

COLUMNS = 8  # of the pictures


def parse_arguments(argv):
    parser = Parser("Draw images from a trained generator. Writes generated_samples.png beside its weights, and shows "
                    "it where there is a display.")
    parser.add_argument("weights", help="the generator's state dict, such as results_gan/blossoms/model_g.pth")
    parser.add_argument("--temperature", type=real_number(minimum=0, maximum=100), default=1.0,
                        help="variance of the noise: below 1 images are more typical and more alike, above 1 wilder")
    parser.add_argument("--number", type=whole_number(1, 10_000), default=64, help="how many images")
    parser.add_argument("--interpolate", action="store_true",
                        help=f"also write interpolation.png, {COLUMNS} paths from one image to another")
    parser.add_argument("--seed", type=whole_number(0, LARGEST_SEED), default=0,
                        help="the same seed gives the same images")
    parser.add_argument("--device", choices=DEVICES, default="auto",
                        help="where to compute; auto takes a GPU where there is one")
    parser.add_argument("--output_dir", default=None, help="where to write; by default the folder of the weights")
    return parser.parse_args(argv)


@script(smaller="--number")
def main(argv=None) -> int:
    args = parse_arguments(argv)

    from pathlib import Path

    import torch

    from lib.sample_gan import sample, to_pixels
    from lib.support.figures.grids import image_grid
    from lib.support.figures.window import show_picture
    from lib.support.runs.results import Results, make_folder
    from lib.support.speed.devices import choose_device

    device = choose_device(args.device)
    path = Path(args.weights)
    generator = load_generator(path).to(device)
    noise = torch.Generator().manual_seed(args.seed)
    results = Results(make_folder(Path(args.output_dir)) if args.output_dir else path.parent)
    pictures = {"generated_samples.png": sample(generator, args.number, args.temperature, noise)}
    if args.interpolate:
        pictures["interpolation.png"] = paths(generator, args.temperature, noise)
    for name, images in pictures.items():
        results.save_image(name, image_grid(to_pixels(images), COLUMNS))
    print(*[results.folder / name for name in pictures], sep="\n")
    show_picture(results.folder / next(iter(pictures)))
    return 0


def load_generator(path):
    """The generator of a weights file, whoever made it; its sizes are read off the weights."""
    from lib.model_gan import generator_from_weights
    from lib.support.runs.weights import load_weights
    weights = load_weights(path)
    try:
        generator = generator_from_weights(weights)
    except ValueError as error:
        raise UserError(f"{path}: {error}") from error
    if generator.num_channels not in (1, 3):
        raise UserError(f"{path} makes images of {generator.num_channels} channels, and only 1 (grey) and 3 (colour) "
                        "can be drawn")
    return generator


def paths(generator, temperature: float, noise):
    """Images along COLUMNS paths between random points, one path after the other."""
    import torch

    from lib.sample_gan import interpolate
    ends = temperature**0.5 * torch.randn(COLUMNS, 2, generator.latent_size, generator=noise)
    return torch.cat([interpolate(generator, start, end, COLUMNS) for start, end in ends])


if __name__ == "__main__":
    sys.exit(main())
