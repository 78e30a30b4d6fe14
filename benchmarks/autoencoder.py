"""One epoch of training the fully connected autoencoder on MNIST: the usual way, ours, ours compiled, its products."""

import functools
import sys

from benchmarks.harness import Contender, Script, benchmark_parser, compare
from benchmarks.images import BATCH_SIZE, PIXELS, STEPS, check_mnist, our_epoch, usual_epoch
from benchmarks.products import multiply, training_products
from lib.support.scripts.command_line import script

HIDDEN, LATENT = 512, 16


@script
def main(argv=None) -> int:
    args = benchmark_parser("Time an epoch of training the autoencoder on MNIST, without the test after it."
                            ).parse_args(argv)
    check_mnist(args.data_dir)
    contenders = [
        Contender("usual", "torchvision's MNIST in a DataLoader, a sigmoid and the squared error, loss.item() in each "
                           "step, plain Adam", functools.partial(usual, args.data_dir)),
        Contender("ours", "run_autoencoder_training.py", functools.partial(ours, args.data_dir)),
        Contender("compiled", "run_autoencoder_training.py --compile",
                  functools.partial(ours, args.data_dir, compile=True), optional=True),
        Contender("floor", "the 11 matrix products of each step, nothing else", floor),
    ]
    compare("autoencoder", f"Autoencoder on MNIST, an epoch of {STEPS} steps", contenders,
            Script("run_autoencoder_training", ("--dataset", "mnist", "--data_dir", args.data_dir)), args)
    return 0


def usual(data_dir):
    """The model of most tutorials, with the same layers."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(PIXELS, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, LATENT),
                          nn.Linear(LATENT, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, PIXELS), nn.Sigmoid())
    return usual_epoch(data_dir, model, lambda model, x: (model(x) - x.flatten(1)).pow(2).sum())


def ours(data_dir, compile=False):
    """The autoencoder as the script trains it by default."""
    import torch

    from lib.model_autoencoder import MLPAutoencoder
    from lib.train_autoencoder import squared_error

    torch.manual_seed(0)
    return our_epoch(data_dir, MLPAutoencoder(hidden_size=HIDDEN, latent_size=LATENT), squared_error, compile)


def floor():
    """The products of all layers."""
    layers = [(PIXELS, HIDDEN), (HIDDEN, LATENT), (LATENT, HIDDEN), (HIDDEN, PIXELS)]
    return multiply(training_products(layers, BATCH_SIZE), STEPS)


if __name__ == "__main__":
    sys.exit(main())
