"""Train a variational autoencoder, and see what it makes of images."""

import sys

from lib.support.scripts.command_line import Parser, add_run_arguments, real_number, script, settings_of, whole_number
from lib.support.scripts.image_training import (
    add_data_arguments,
    add_epochs_argument,
    default_epochs,
    load_images,
    loaders,
)
from lib.support.speed.memory import check_memory

TERMS = "loss", "reconstruction", "kl"
SMALLER = "--hidden_size, --latent_size, --batch_size or --image_size"  # needs less memory


def parse_arguments(argv):
    parser = Parser("Train a VAE and write its losses, reconstructions, samples and weights to a results folder.")
    parser.add_argument("--kl_loss_weight", type=real_number(minimum=0), default=1.0,
                        help="weight of the KL term: 1 gives the ELBO, 0 leaves it out")
    add_epochs_argument(parser)
    add_run_arguments(parser, folder="results_kl<weight>", batch_size=128, lr=1e-3)
    parser.add_argument("--hidden_size", type=whole_number(1, 100_000), default=100,
                        help="units of each hidden layer")
    parser.add_argument("--latent_size", type=whole_number(1, 10_000), default=2, help="latent dimensions")
    parser.add_argument("--compile", action="store_true",
                        help="compile the training step; needs a C++ compiler, and the first time about half a minute")
    add_data_arguments(parser)
    return parser.parse_args(argv)


@script(smaller=SMALLER)
def main(argv=None) -> int:
    args = parse_arguments(argv)

    from lib.explore_latent_space import sample_from_prior
    from lib.model_vae import VAE
    from lib.support.figures.curves import loss_curves
    from lib.support.figures.grids import image_grid
    from lib.support.runs.run import Run
    from lib.train_vae import train_vae

    train_set, test_set = load_images(args)
    check_memory(bytes_needed(args, train_set), SMALLER)
    train_loader, test_loader = loaders(train_set, test_set, args)
    model = VAE(*train_set.shape, args.hidden_size, args.latent_size)
    epochs = args.epochs or default_epochs(len(train_set), len(train_loader))

    with Run(args.output_dir or f"results_kl{args.kl_loss_weight}", settings_of(args), resume=args.resume) as run:
        history = train_vae(model, train_loader, test_loader, epochs, args.lr, args.kl_loss_weight,
                            device=args.device, run=run, compile=args.compile)
        run.save_figure("losses.png", loss_curves(history, dict.fromkeys(TERMS, "nats per image")))
        run.save_image("samples.png", image_grid(sample_from_prior(model, 64, args.seed), columns=16))
    print(f"{run.folder}: test loss {history[-1]['test_loss']:.1f} nats per image; see losses.png, "
          f"reconstruction_{len(history)}.png, samples.png")
    return 0


def bytes_needed(args, images) -> int:
    """Of the images and a shuffled copy; in float32 of the weights, their gradients and Adam's two moments, and of what
    the layers make of a batch."""
    pixels, batch_size = images[0][0].numel(), min(args.batch_size, len(images))
    weights = args.hidden_size * (2 * pixels + 3 * args.latent_size)
    made = batch_size * (3 * pixels + 4 * args.hidden_size + 4 * args.latent_size)
    return 2 * len(images) * pixels + 4 * (4 * weights + made)


if __name__ == "__main__":
    sys.exit(main())
