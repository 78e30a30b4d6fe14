"""Draw codes of a trained autoencoder at random and decode them, and walk from one image to another."""

import sys

from lib.support.errors import UserError
from lib.support.scripts.command_line import LARGEST_SEED, Parser, add_results_arguments, script, whole_number
from lib.support.scripts.empty_gaps import left_out_if_empty

CODES = ("prior", "uniform", "gaussian_diagonal", "gaussian_full", "better", "gmm", "kde")
PATHS = ("linear", "spherical", "geodesic")


def parse_arguments(argv):
    parser = Parser("Draw codes of an autoencoder that run_autoencoder_training.py has trained, decode them, and "
                    "measure how far the images are from real ones; and interpolate between test images. Writes "
                    "pictures and codes.json to the results folder.")
    parser.add_argument("--codes", nargs="+", choices=CODES, default=None, metavar="WAY",
                        help=f"ways of drawing codes: {', '.join(CODES)}; by default all whose gaps are filled")
    parser.add_argument("--components", type=whole_number(1, 1000), default=10, help="Gaussians of the mixture, gmm")
    parser.add_argument("--interpolate", nargs="+", choices=PATHS, default=None, metavar="PATH",
                        help=f"paths from one image to another: {', '.join(PATHS)}; by default all whose gaps are "
                             "filled")
    parser.add_argument("--pairs", type=whole_number(1, 100), default=6, help="pairs of images to interpolate between")
    parser.add_argument("--steps", type=whole_number(2, 100), default=10, help="images of a path, with both ends")
    parser.add_argument("--seed", type=whole_number(0, LARGEST_SEED), default=0,
                        help="the same seed gives the same codes and pairs")
    add_results_arguments(parser, "results_autoencoder/mnist_mlp")
    return parser.parse_args(argv)


@script(smaller="--pairs or --steps")
def main(argv=None) -> int:
    args = parse_arguments(argv)

    from pathlib import Path

    from lib.support.data import datasets
    from lib.support.runs.results import Results, make_folder
    from lib.support.speed.devices import choose_device

    device, folder = choose_device(args.device), Path(args.folder)
    settings = settings_in(folder)
    train_set, test_set = datasets.load(settings["dataset"], args.data_dir, settings["image_size"])
    model = load_model(folder / "model.pth", settings, train_set.shape).to(device)
    pairs = test_set.pairs_of_classes(args.pairs, args.seed)
    if args.components > len(train_set):
        raise UserError(f"--components {args.components}: there are only {len(train_set)} codes to fit them to")
    results = Results(make_folder(Path(args.output_dir)) if args.output_dir else folder)
    draw_codes(model, train_set, test_set, results, args, device)
    interpolate(model, test_set, pairs, results, args, device)
    return 0


def settings_in(folder) -> dict:
    """The settings of the training of an autoencoder."""
    from lib.support.runs.results import Results
    settings = Results(folder).about["settings"]
    if not (folder / "model.pth").exists() or not {"architecture", "dataset", "image_size"} <= set(settings):
        raise UserError(f"there is no trained autoencoder in {folder}: make one with "
                        "python run_autoencoder_training.py, which names its folder in its last line")
    return settings


def load_model(path, settings: dict, image_shape):
    from lib.model_autoencoder import autoencoder_from
    from lib.support.runs.weights import load_weights
    try:
        return autoencoder_from(settings, load_weights(path), image_shape)
    except ValueError as error:
        raise UserError(f"{path}: {error}") from error


def draw_codes(model, train_set, test_set, results, args, device) -> None:
    """Codes drawn in each way: a picture, and how far the images are from real ones."""
    from lib.explore_code_space import collect_codes, decode_means, reconstruct_means
    from lib.extras.code_densities import ways_of_drawing
    from lib.support.data.datasets import Batches
    from lib.support.figures.code_report import CodeReport
    from lib.support.measures.classifier import classifier_for
    from lib.support.measures.distances import Distances

    distances = Distances(classifier_for(train_set, test_set, device), test_set, train_set, args.seed)
    codes = collect_codes(model, Batches(train_set, 1000, device=device), device)
    report = CodeReport(results, codes, distances)
    report.add_reconstructions(reconstruct_means(model, distances.others, device))
    for way, draw in ways_of_drawing(args.components).items():
        if way in (args.codes or CODES):
            with left_out_if_empty(way, asked=args.codes is not None):
                drawn = draw(codes, distances.count, args.seed)
                report.add(way, decode_means(model, drawn, device), drawn)
    print(report.write())


def interpolate(model, test_set, pairs, results, args, device) -> None:
    """Strips of images between pairs of test images, with the two originals at their ends."""
    from lib.explore_code_space import path_length, walk
    from lib.extras.geodesic import ways_to_walk
    from lib.support.figures.code_report import apart
    from lib.support.figures.grids import labelled_rows

    strips = []
    for way, path in ways_to_walk(model).items():
        if way in (args.interpolate or PATHS):
            with left_out_if_empty(way, asked=args.interpolate is not None):
                walks = [walk(model, originals, path, args.steps, device) for originals in pairs]
                strips.append([(f"{way} {path_length(images[1:-1]):.1f}", apart(images)) for images in walks])
    if strips:
        rows = [strip for of_pair in zip(*strips, strict=True) for strip in of_pair]
        results.save_image("interpolation.png", labelled_rows(rows, group=len(strips)))
        print(f"{results.folder / 'interpolation.png'}: from one test image, on the left, to another, on the right; in "
              "between the decoded path, with its length in pixel space")


if __name__ == "__main__":
    sys.exit(main())
