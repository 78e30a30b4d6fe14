"""Draw where images lie in the latent space of a trained VAE, and walk from one image to another."""

import sys

from lib.support.errors import UserError
from lib.support.scripts.command_line import LARGEST_SEED, Parser, add_results_arguments, script, whole_number

IMAGES = 1_000  # test images whose means are drawn


def parse_arguments(argv):
    parser = Parser(f"Draw the means of q(z|x) of the first {IMAGES:,} test images in the plane, coloured by class: as "
                    "they are for two latent dimensions, and after principal component analysis for more. Writes "
                    "latent_means.png to the results folder.")
    parser.add_argument("--interpolate", type=whole_number(1, 100), default=None, metavar="PAIRS",
                        help="also walk between so many pairs of test images of different classes, and write "
                             "latent_interpolation.png; by default none")
    parser.add_argument("--steps", type=whole_number(2, 100), default=10, help="images of a walk")
    parser.add_argument("--mean", action="store_true",
                        help="show the means of p(x|z) on the walk; by default images are drawn from p(x|z)")
    parser.add_argument("--seed", type=whole_number(0, LARGEST_SEED), default=0,
                        help="the same seed gives the same pairs and samples")
    add_results_arguments(parser, "results_kl1.0")
    return parser.parse_args(argv)


@script(smaller="--interpolate or --steps")
def main(argv=None) -> int:
    args = parse_arguments(argv)

    from pathlib import Path

    from lib.support.runs.results import Results, make_folder
    from lib.support.speed.devices import choose_device
    from lib.trained_vaes import load_vae_and_images

    device, folder = choose_device(args.device), Path(args.folder)
    model, test_set = load_vae_and_images(folder, args.data_dir, device)
    if model.latent_size < 2:
        raise UserError(f"the VAE in {folder} has one latent dimension, and a plane needs two: train with "
                        "--latent_size 2, or more")
    pairs = test_set.pairs_of_classes(args.interpolate, args.seed) if args.interpolate else []
    figure, said = means_in_the_plane(model, test_set.select(slice(IMAGES)), device)
    walks = list(walks_between(pairs, model, args, device))
    results = Results(make_folder(Path(args.output_dir)) if args.output_dir else folder)
    results.save_figure("latent_means.png", figure)
    print(f"{results.folder / 'latent_means.png'}: {said}")
    if walks:
        save_walks(walks, results, args.mean)
    return 0


def means_in_the_plane(model, images, device):
    """The figure of the posterior means, and what its axes are, in words."""
    from lib.explore_latent_space import get_mu_logvar
    from lib.latent_structure import latent_pca
    from lib.support.data.datasets import Batches
    from lib.support.figures.latent_scatter import latent_scatter

    means = get_mu_logvar(model, Batches(images, 1000, device=device), device)[0].cpu()
    if model.latent_size == 2:
        points, axis_names, said = means, ("latent 0", "latent 1"), "latent 0 to the right, latent 1 upwards"
    else:
        try:
            points, _, shares = latent_pca(means)
        except ValueError as error:
            raise UserError(f"the latent space cannot be drawn: {error}") from error
        axis_names = tuple(f"component {number}, {share:.1%} of the variance" for number, share in enumerate(shares, 1))
        said = (f"two principal components of {model.latent_size} latent dimensions explain {shares.sum():.1%} of the "
                f"variance of the means, {' and '.join(f'{share:.1%}' for share in shares)}")
    return latent_scatter(points.numpy(), images.labels.numpy(), list(images.classes), axis_names), said


def walks_between(pairs, model, args, device):
    """For each pair of test images the two, and between them images on the way from a sample to a sample."""
    import torch

    from lib.latent_structure import decode_path, interpolate_samples
    from lib.support.figures.code_report import apart
    noise = torch.Generator().manual_seed(args.seed)
    pixels = None if args.mean else torch.Generator(device).manual_seed(args.seed)
    for pair in pairs:
        path = interpolate_samples(model, *pair.to(device), args.steps, noise)
        yield apart(torch.cat([pair[:1], decode_path(model, path, pixels), pair[1:]]))


def save_walks(walks, results, mean) -> None:
    from lib.support.figures.grids import labelled_rows
    results.save_image("latent_interpolation.png", labelled_rows([(f"pair {number}", images) for number, images
                                                                  in enumerate(walks, 1)]))
    print(f"{results.folder / 'latent_interpolation.png'}: from one test image, on the left, to another, on the right; "
          f"in between {'means of p(x|z)' if mean else 'images drawn from p(x|z)'}, z on the line between two samples")


if __name__ == "__main__":
    sys.exit(main())
