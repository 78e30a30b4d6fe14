"""Draw the latent space of a VAE that run_vae_training.py has trained."""

import sys

from lib.support.errors import UserError
from lib.support.scripts.command_line import DEVICES, Parser, real_number, script
from lib.support.scripts.commands import command


def parse_arguments(argv):
    parser = Parser("Draw the latent plane of a trained VAE: images decoded from a grid, and where the classes are. "
                    "Writes latent_space.png to the results folder, and shows it where there is a display.")
    parser.add_argument("--kl_loss_weight", type=real_number(minimum=0), default=1.0,
                        help="the weight the VAE was trained with: names the results folder, results_kl<weight>")
    parser.add_argument("--output_dir", default=None, help="the results folder; by default results_kl<weight>")
    parser.add_argument("--dataset", default=None, help="images to place in the plane; by default those of the run")
    parser.add_argument("--data_dir", default="data", help="where data sets are, or are downloaded to")
    parser.add_argument("--device", choices=DEVICES, default="auto",
                        help="where to compute; auto takes a GPU where there is one")
    return parser.parse_args(argv)


@script(smaller="--dataset")
def main(argv=None) -> int:
    args = parse_arguments(argv)

    from pathlib import Path

    folder = Path(args.output_dir or f"results_kl{args.kl_loss_weight}")
    if not (folder / "model.pth").exists():
        raise UserError(f"there is no trained model in {folder}: make one with {training_command(args)}")

    from lib.explore_latent_space import plot_latent_space
    from lib.support.data import datasets
    from lib.support.figures.window import show_picture
    from lib.support.runs.results import Results
    from lib.support.speed.devices import choose_device

    device = choose_device(args.device)
    results = Results(folder)
    settings = results.about["settings"]
    _, test_set = datasets.load(args.dataset or settings.get("dataset"), args.data_dir, settings.get("image_size"))
    model = load_model(folder / "model.pth", test_set.shape).to(device)
    figure = plot_latent_space(model, datasets.Batches(test_set, 1000, device=device), device)
    results.save_figure("latent_space.png", figure)
    print(f"{folder / 'latent_space.png'}: latent 0 to the right, latent 1 downwards")
    show_picture(folder / "latent_space.png")
    return 0


def load_model(path, image_shape):
    """The VAE of a weights file, for two-dimensional plots."""
    from lib.model_vae import vae_from_weights
    from lib.support.runs.weights import load_weights

    weights = load_weights(path)
    try:
        model = vae_from_weights(weights, image_shape)
    except ValueError as error:
        raise UserError(f"{path}: {error}") from error
    if model.latent_size != 2:
        raise UserError(f"{path} has {model.latent_size} latent dimensions, and only 2 can be drawn: train with "
                        "--latent_size 2; principal components of more come with sheet 3")
    return model


def training_command(args) -> str:
    folder = ["--output_dir", args.output_dir] if args.output_dir else []
    return command("python", "run_vae_training.py", "--kl_loss_weight", args.kl_loss_weight, *folder)


if __name__ == "__main__":
    sys.exit(main())
