"""Train a convolutional VAE whose pixels have a distribution of your choice, until it no longer improves."""

import sys

from lib.support.errors import UserError
from lib.support.scripts.command_line import Parser, add_run_arguments, script, settings_of, whole_number
from lib.support.scripts.image_training import add_data_arguments, load_images, loaders
from lib.support.speed.memory import check_memory

LIKELIHOODS = ("gaussian", "bernoulli", "beta", "categorical", "continuous_bernoulli", "logistic")
EPOCHS, PATIENCE = 200, 5
STEPS, PATIENT_STEPS = 10_000, 500  # at least: an epoch of a small set teaches little
HELD_OUT = 6  # of so many images one, where nobody says how many: 10,000 of MNIST's 60,000
SMALLER = "--channels, --latent_size, --batch_size or --image_size"  # needs less memory


def parse_arguments(argv):
    parser = Parser("Train a convolutional VAE by its ELBO and stop by itself, when the ELBO of the validation images "
                    "no longer rises. Writes curves, pictures and weights to results_conv_vae/<likelihood>_<size>/.")
    parser.add_argument("--likelihood", choices=LIKELIHOODS, default="gaussian",
                        help="the distribution of a pixel, p(x|z)")
    parser.add_argument("--variance", choices=["fixed", "learned", "per_pixel"], default=None,
                        help="of a gaussian: fixed, 0.01; learned, one number for all pixels; per_pixel, an output of "
                             "the decoder for each; by default per_pixel")
    parser.add_argument("--bins", type=whole_number(2, 256), default=None,
                        help="of a categorical likelihood; by default 16")
    parser.add_argument("--latent_size", type=whole_number(1, 10_000), default=10, help="dimensions of z")
    parser.add_argument("--channels", type=whole_number(1, 4096), default=16, help="of the first convolution")
    parser.add_argument("--binarise", action="store_true",
                        help="make the images black and white, once: a pixel x becomes 1 with probability x")
    parser.add_argument("--validation_size", type=whole_number(1), default=None,
                        help="the last images of the training set, which decide when to stop; by default one in "
                             f"{HELD_OUT}")
    parser.add_argument("--patience", type=whole_number(1), default=None,
                        help="epochs in a row without a better validation ELBO after which to stop; by default "
                             f"{PATIENCE}, and on a small set as many as make {PATIENT_STEPS} steps")
    parser.add_argument("--epochs", type=whole_number(1, 1_000_000), default=None,
                        help=f"epochs at most; by default {EPOCHS}, and on a small set as many as make {STEPS:,} steps")
    add_run_arguments(parser, folder="results_conv_vae/<likelihood>_<latent size>", batch_size=128, lr=1e-3)
    add_data_arguments(parser)
    args = parser.parse_args(argv)
    for flag, name in (("variance", "gaussian"), ("bins", "categorical")):
        if getattr(args, flag) and args.likelihood != name:
            raise UserError(f"--{flag} is a part of --likelihood {name}: name that likelihood, or leave --{flag} out")
    args.variance, args.bins = args.variance or "per_pixel", args.bins or 16
    return args


@script(smaller=SMALLER)
def main(argv=None) -> int:
    args = parse_arguments(argv)

    from lib.likelihoods import likelihood_named
    from lib.model_conv_vae import ConvVAE
    from lib.support.data.image_sets import Batches
    from lib.support.runs.run import Run
    from lib.train_conv_vae import EarlyStopping, train_conv_vae

    train_set, validation_set, test_set = image_sets(args)
    check_sizes(args, train_set)
    train_loader, validation_loader = loaders(train_set, validation_set, args)
    args.patience = args.patience or max(PATIENCE, -(-PATIENT_STEPS // len(train_loader)))
    epochs = args.epochs or max(EPOCHS, -(-STEPS // len(train_loader)))
    likelihood = likelihood_named(args.likelihood, args.variance, args.bins)
    model = ConvVAE(*train_set.shape, args.channels, args.latent_size, likelihood)
    stopping, folder = EarlyStopping(args.patience), f"results_conv_vae/{args.likelihood}_{args.latent_size}"
    settings = settings_of(args) | {"image_shape": list(train_set.shape)}
    with Run(args.output_dir or folder, settings, resume=args.resume) as run:
        train_conv_vae(model, train_loader, validation_loader, epochs, stopping, args.lr, args.device, run=run)
        report(run, model, Batches(test_set, 1000, device=args.device), stopping, args)
    return 0


def image_sets(args):
    """Images to train on, to decide by when to stop, and to test on."""
    train_set, test_set = load_images(args)
    args.validation_size = args.validation_size or max(1, len(train_set) // HELD_OUT)
    if args.validation_size >= len(train_set):
        raise UserError(f"--validation_size {args.validation_size}: {args.dataset} has {len(train_set):,} images, and "
                        "some have to be left to train on")
    if args.binarise:
        train_set, test_set = train_set.binarised(args.seed), test_set.binarised(args.seed + 1)
    return *train_set.split(args.validation_size), test_set


def report(run, model, test_loader, stopping, args) -> None:
    """Curves and pictures of the best epoch, and its ELBO of the test images."""
    from lib.explore_latent_space import reconstruct_through_posterior, sample_from_prior
    from lib.support.figures.curves import elbo_curves
    from lib.support.figures.distribution_grids import mean_and_draw
    from lib.train_autoencoder import first_images
    from lib.train_conv_vae import best_epoch, elbo_of_loader
    images, best = first_images(test_loader, 32).cpu(), best_epoch(run.history)
    reconstructed = reconstruct_through_posterior(model, images, args.seed)
    run.save_figure("elbo.png", elbo_curves(run.history, best))
    run.save_image("reconstructions.png", mean_and_draw(model.likelihood, reconstructed, images))
    run.save_image("samples.png", mean_and_draw(model.likelihood, sample_from_prior(model, 64, args.seed)))
    why = f"no better ELBO in {args.patience} epochs" if stopping.is_over else "all its epochs are done"
    test = elbo_of_loader(model, test_loader, args.device)
    run.save_json("summary.json", {"epochs": len(run.history), "why": why, "best_epoch": best, "test": test})
    print(f"{run.folder}: stopped after epoch {len(run.history)}, {why}; the weights are those of epoch {best}\n"
          f"test ELBO {test['elbo']:.2f} nats per image = {test['log_likelihood']:.2f} (log-likelihood) - "
          f"{test['kl']:.2f} (KL); see elbo.png, reconstructions.png, samples.png")


def check_sizes(args, images) -> None:
    """Raises: UserError if z has more numbers than an image, or the training needs more memory than there is."""
    pixels, batch_size = images[0][0].numel(), min(args.batch_size, len(images))
    if args.latent_size > pixels:
        raise UserError(f"--latent_size {args.latent_size}: an image of {args.dataset} has {pixels} numbers, and z "
                        "should not have more")
    # Of the images and a shuffled copy; in float32 of the weights, their gradients and Adam's two moments, and of what
    # the layers make of a batch.
    weights = 64 * args.channels * pixels + 36 * args.channels**2
    made = batch_size * pixels * (2 * args.channels + 4 * (args.bins if args.likelihood == "categorical" else 2))
    check_memory(2 * len(images) * pixels + 4 * (4 * weights + made), SMALLER)


if __name__ == "__main__":
    sys.exit(main())
