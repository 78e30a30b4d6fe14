"""Compare the distributions that pixels may have: a convolutional VAE with each, on the same images, in one unit."""

import sys

from lib.support.errors import UserError
from lib.support.scripts.command_line import DEVICES, Parser, script, whole_number
from lib.support.scripts.image_training import add_data_arguments

LIKELIHOODS = ("gaussian", "bernoulli", "beta", "categorical", "continuous_bernoulli", "logistic")
TRAINING = "run_conv_vae_training.py"
SHOWN = 8  # images of each kind in a row
UNITS = """\
ELBO and bound are in nats per image, ± one standard error. They cannot be compared between rows: gaussian, beta and
continuous_bernoulli give densities, categorical the probability of bins, logistic that of 256 levels, and bernoulli, on
grey images, a negative cross-entropy. Bits per dimension can be compared: all are those of the same images with 256
levels. A density is integrated over the interval of each level, the probability of a bin is shared by its levels, and
z is integrated out by {k} importance weights, which gives an upper bound of the bits."""


def parse_arguments(argv):
    parser = Parser("Train a convolutional VAE with each likelihood, where there is none yet, and compare them: "
                    "likelihoods.png, a table, and comparison.json.")
    parser.add_argument("--likelihoods", nargs="+", choices=LIKELIHOODS, default=list(LIKELIHOODS), metavar="NAME",
                        help="which of them")
    parser.add_argument("--latent_size", type=whole_number(1, 10_000), default=10, help="dimensions of z")
    parser.add_argument("--images", type=whole_number(2, 1_000_000), default=1000,
                        help="test images to compare them on, the first ones; if there are fewer, all")
    parser.add_argument("--k", type=whole_number(1, 100_000), default=100, help="importance weights of each image")
    parser.add_argument("--epochs", type=whole_number(1, 1_000_000), default=None,
                        help="of a training, at most; by default as run_conv_vae_training.py has it")
    parser.add_argument("--channels", type=whole_number(1, 4096), default=16,
                        help="of the first convolution, in a training")
    parser.add_argument("--device", choices=DEVICES, default="auto",
                        help="where to compute; auto takes a GPU where there is one")
    parser.add_argument("--models", default="results_conv_vae",
                        help="the folder of the trained models, in which each has a results folder")
    parser.add_argument("--output_dir", default=None, help="where to write; by default comparison in that folder")
    add_data_arguments(parser)
    return parser.parse_args(argv)


@script(smaller="--images or --channels")
def main(argv=None) -> int:
    args = parse_arguments(argv)

    from pathlib import Path

    from lib.support.figures.likelihood_comparison import comparison_figure, comparison_table
    from lib.support.runs.results import Results, make_folder
    from lib.support.speed.devices import choose_device

    args.device, folders = choose_device(args.device), {}
    results = Results(make_folder(Path(args.output_dir or Path(args.models) / "comparison")))
    for name in dict.fromkeys(args.likelihoods):
        folders[name] = Path(args.models) / f"{name}_{args.latent_size}"
        train_if_missing(name, folders[name], args)
    models, images = compare(folders, args)
    results.save_figure("likelihoods.png", comparison_figure(models, images[:SHOWN], images[-SHOWN:]))
    results.save_json("comparison.json", {"images": len(images), "k": args.k,
                                          "models": {model.name: model.numbers for model in models}})
    print(f"the first {len(images):,} test images\n{comparison_table(models)}\n{UNITS.format(k=args.k)}\n"
          f"see {results.folder / 'likelihoods.png'}")
    return 0


def train_if_missing(name: str, folder, args) -> None:
    """Train a model, or go on with it where the training was interrupted."""
    import subprocess
    from pathlib import Path
    if (folder / "summary.json").exists():
        return
    flags = {"likelihood": name, "latent_size": args.latent_size, "channels": args.channels, "device": args.device,
             "output_dir": folder, "data_dir": args.data_dir, "dataset": args.dataset, "image_size": args.image_size,
             "epochs": args.epochs}
    words = [word for flag, value in flags.items() if value is not None for word in (f"--{flag}", str(value))]
    print(f"{folder}: training", flush=True)
    if subprocess.run([sys.executable, Path(__file__).with_name(TRAINING), *words, "--resume"]).returncode:
        raise UserError(f"the training of {name} has ended early, for the reason above; the next call goes on with it")


def compare(folders: dict, args):
    """What is known of each model, and the images that they are compared on."""
    import torch

    from lib.explore_latent_space import reconstruct_through_posterior, sample_from_prior
    from lib.extras.image_levels import measured
    from lib.support.figures.likelihood_comparison import Compared
    from lib.trained_vaes import load_vae_and_images

    models, sets = [], {}
    for name, folder in folders.items():
        model, test_set = load_vae_and_images(folder, args.data_dir, args.device)
        sets[test_set.name, *test_set.shape] = name
        images = test_set.numbered(range(min(args.images, len(test_set))))
        torch.manual_seed(0)
        numbers, why = measured(model, images, args.k, args.device)
        thetas = reconstruct_through_posterior(model, images[:SHOWN]), sample_from_prior(model, SHOWN)
        pictures = model.likelihood.mean(thetas[0]), *map(model.likelihood.sample, thetas)
        models.append(Compared(name, numbers | training_of(folder), why, *pictures))
    if len(sets) > 1:
        raise UserError(f"the models in {args.models} were trained on different images: "
                        f"{', '.join(f'{name} on {of[0]}' for of, name in sets.items())}; name other --models")
    return models, images


def training_of(folder) -> dict[str, float]:
    import json
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    return {"seconds": sum(row["seconds"] for row in rows), "epochs": len(rows)}


if __name__ == "__main__":
    sys.exit(main())
