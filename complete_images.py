"""Complete test images of which a part is hidden, with the decoder of a trained VAE."""

import sys

from lib.support.errors import UserError
from lib.support.scripts.command_line import LARGEST_SEED, Parser, add_results_arguments, script, whole_number

PARTS = ("right", "left", "top", "bottom", "centre")


def parse_arguments(argv):
    parser = Parser("Hide a part of test images, find q(z|psi) from what is visible by gradient ascent on its ELBO, "
                    "and draw the hidden part. Writes completion_<part>.png to the results folder: originals, visible "
                    "parts, and completions.")
    parser.add_argument("--hide", choices=PARTS, default="right", help="the part that is hidden")
    parser.add_argument("--samples", type=whole_number(1, 50), default=5, help="completions of each image")
    parser.add_argument("--images", type=whole_number(0), nargs="+", default=None, metavar="NUMBER",
                        help="numbers of test images, from 0 on; by default the first five")
    parser.add_argument("--seed", type=whole_number(0, LARGEST_SEED), default=0,
                        help="the same seed gives the same completions")
    add_results_arguments(parser, "results_kl1.0")
    return parser.parse_args(argv)


@script(smaller="number of --images or --samples")
def main(argv=None) -> int:
    args = parse_arguments(argv)

    from pathlib import Path

    import torch

    from lib.infer_latents import MAX_STEPS, complete_image, infer_psi, visible_part
    from lib.support.runs.results import Results, make_folder
    from lib.support.speed.devices import choose_device
    from lib.trained_vaes import load_vae_and_images

    device, folder, name = choose_device(args.device), Path(args.folder), f"completion_{args.hide}.png"
    model, test_set = load_vae_and_images(folder, args.data_dir, device)
    numbers = args.images or range(min(5, len(test_set)))
    x, visible = test_set.numbered(numbers).to(device), visible_part(args.hide, *test_set.shape[1:]).to(device)
    try:
        psi = infer_psi(model, x, MAX_STEPS, args.seed, numbers, visible)
    except ValueError as error:
        raise UserError(f"--hide {args.hide}, of images of {x.shape[2]} x {x.shape[3]} pixels: {error}") from error
    generator = torch.Generator(device).manual_seed(args.seed)
    completed = complete_image(model, x, visible, psi.mean, psi.logvar, args.samples, generator)
    results = Results(make_folder(Path(args.output_dir)) if args.output_dir else folder)
    results.save_image(name, picture(numbers, torch.stack([x, x * visible, *completed], 1)))
    print(f"{results.folder / name}: originals, what is visible of them, and {args.samples} completions of each")
    if remark := psi.remark(numbers):
        raise UserError(remark)
    return 0


def picture(numbers, rows):
    """A row for each image."""
    from lib.support.figures.grids import labelled_rows
    return labelled_rows([(f"image {number}", images) for number, images in zip(numbers, rows, strict=True)],
                         titles=["original", "visible", *(f"draw {number}" for number in range(1, rows.shape[1] - 1))])


if __name__ == "__main__":
    sys.exit(main())
