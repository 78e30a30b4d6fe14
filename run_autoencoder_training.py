"""Train an autoencoder, and see what it makes of images."""

import sys

from lib.support.errors import UserError
from lib.support.scripts.command_line import Parser, add_run_arguments, script, settings_of, whole_number
from lib.support.scripts.image_training import (
    add_data_arguments,
    add_epochs_argument,
    default_epochs,
    load_images,
    loaders,
)
from lib.support.speed.memory import check_memory

HIDDEN = {"mlp": 512, "conv": 32}
LIKELIHOODS = ("gaussian", "bernoulli", "beta", "categorical", "continuous_bernoulli", "logistic")
SMALLER = "--hidden_size, --latent_size, --batch_size or --image_size"  # needs less memory


def parse_arguments(argv):
    parser = Parser("Train an autoencoder and write its losses, reconstructions and weights to "
                    "results_autoencoder/<dataset>_<architecture>/.")
    parser.add_argument("--architecture", choices=list(HIDDEN), default="mlp",
                        help="mlp: fully connected; conv: convolutional")
    parser.add_argument("--latent_size", type=whole_number(1, 10_000), default=16, help="dimensions of a code")
    parser.add_argument("--hidden_size", type=whole_number(1, 100_000), default=None,
                        help="units of the hidden layers, or channels of the inner convolutions; by default "
                             f"{HIDDEN['mlp']} and {HIDDEN['conv']}")
    parser.add_argument("--likelihood", choices=LIKELIHOODS, default=None,
                        help="minimise -ln p(x|z) of this distribution (which may be negative: densities exceed 1); "
                             "by default none is named, and the squared error is minimised")
    parser.add_argument("--variance", choices=["fixed", "learned", "per_pixel"], default=None,
                        help="of a gaussian: fixed, 0.01; learned, one number for all pixels; per_pixel, an output of "
                             "the decoder for each; by default fixed")
    parser.add_argument("--bins", type=whole_number(2, 256), default=16, help="of a categorical likelihood")
    add_epochs_argument(parser)
    add_run_arguments(parser, folder="results_autoencoder/<dataset>_<architecture>", batch_size=128, lr=1e-3)
    parser.add_argument("--compile", action="store_true",
                        help="compile the training step; needs a C++ compiler, and the first time about half a minute")
    add_data_arguments(parser)
    args = parser.parse_args(argv)
    if args.variance and args.likelihood != "gaussian":
        raise UserError("--variance is a part of --likelihood gaussian: name that likelihood, or leave --variance out")
    args.variance = args.variance or "fixed"
    args.hidden_size = args.hidden_size or HIDDEN[args.architecture]
    return args


@script(smaller=SMALLER)
def main(argv=None) -> int:
    args = parse_arguments(argv)

    from lib.likelihoods import likelihood_named
    from lib.model_autoencoder import ARCHITECTURES
    from lib.support.figures.curves import loss_curves
    from lib.support.runs.results import folder_name
    from lib.support.runs.run import Run
    from lib.train_autoencoder import negative_log_likelihood, squared_error, train_autoencoder

    train_set, test_set = load_images(args)
    check_sizes(args, train_set)
    train_loader, test_loader = loaders(train_set, test_set, args)
    likelihood = likelihood_named(args.likelihood or "gaussian", args.variance, args.bins)
    loss, unit = (negative_log_likelihood, "nats") if args.likelihood else (squared_error, "squared error")
    model = ARCHITECTURES[args.architecture](*train_set.shape, args.hidden_size, args.latent_size, likelihood)
    epochs = args.epochs or default_epochs(len(train_set), len(train_loader))

    folder = args.output_dir or f"results_autoencoder/{folder_name(args.dataset)}_{args.architecture}"
    with Run(folder, settings_of(args), resume=args.resume) as run:
        history = train_autoencoder(model, train_loader, test_loader, epochs, args.lr, loss, device=args.device,
                                    run=run, compile=args.compile)
        units = {"loss": f"{unit} per image", "error": "squared error of a pixel, in testing"}
        run.save_figure("losses.png", loss_curves(history, units))
    print(f"{run.folder}: test loss {history[-1]['test_loss']:.1f} ({unit} per image), squared error of a pixel "
          f"{history[-1]['test_error']:.4f}; see losses.png, reconstruction_{len(history)}.png")
    return 0


def check_sizes(args, images) -> None:
    """Raises: UserError if a code has more numbers than an image, or the training needs more memory than there is."""
    pixels, batch_size = images[0][0].numel(), min(args.batch_size, len(images))
    if args.latent_size > pixels:
        raise UserError(f"--latent_size {args.latent_size}: an image of {args.dataset} has {pixels} numbers, and a "
                        "code should not have more")
    if args.architecture == "mlp":
        weights, units = args.hidden_size * 2 * pixels, args.hidden_size
    else:  # of the linear layers, for which height and width are a quarter
        weights, units = args.hidden_size * args.latent_size * pixels // 8, args.hidden_size * pixels
    # Of the images and a shuffled copy; in float32 of the weights, their gradients and Adam's two moments, and of what
    # the layers make of a batch.
    check_memory(2 * len(images) * pixels + 4 * (4 * weights + batch_size * (6 * pixels + 4 * units)), SMALLER)


if __name__ == "__main__":
    sys.exit(main())
