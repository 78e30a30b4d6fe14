"""One epoch of training the VAE on MNIST: in the usual way, ours, ours compiled, and its matrix products alone."""

import functools
import sys

from benchmarks.harness import Contender, Script, benchmark_parser, compare
from benchmarks.images import BATCH_SIZE, PIXELS, STEPS, check_mnist, our_epoch, usual_epoch
from benchmarks.products import multiply, training_products
from lib.support.scripts.command_line import script

HIDDEN, LATENT = 100, 2


@script
def main(argv=None) -> int:
    args = benchmark_parser("Time an epoch of training the VAE on MNIST, without the test after it.").parse_args(argv)
    check_mnist(args.data_dir)
    contenders = [
        Contender("usual", "torchvision's MNIST in a DataLoader, torch's cross-entropy, loss.item() in each step, "
                           "plain Adam", functools.partial(usual, args.data_dir)),
        Contender("ours", "run_vae_training.py", functools.partial(ours, args.data_dir)),
        Contender("compiled", "run_vae_training.py --compile", functools.partial(ours, args.data_dir, compile=True),
                  optional=True),
        Contender("floor", "the 14 matrix products of each step, nothing else", floor),
    ]
    compare("vae", f"VAE on MNIST, an epoch of {STEPS} steps", contenders,
            Script("run_vae_training", ("--dataset", "mnist", "--data_dir", args.data_dir)), args)
    return 0


def usual(data_dir):
    """Training as most tutorials have it, with torch's own cross-entropy."""
    import torch
    from torch.nn.functional import binary_cross_entropy

    from lib.model_vae import VAE

    def loss_of(model, x):
        x_reconstructed, mu, logvar = model(x)
        kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
        return binary_cross_entropy(x_reconstructed, x, reduction="sum") + kl

    torch.manual_seed(0)
    return usual_epoch(data_dir, VAE(), loss_of)


def ours(data_dir, compile=False):
    """Training as `lib.train_vae` has it."""
    import torch

    from lib.loss_vae import VAELoss
    from lib.model_vae import VAE
    from lib.train_vae import vae_terms

    torch.manual_seed(0)
    return our_epoch(data_dir, VAE(), vae_terms(VAELoss()), compile)


def floor():
    """The products of all layers."""
    layers = [(PIXELS, HIDDEN), (HIDDEN, LATENT), (HIDDEN, LATENT), (LATENT, HIDDEN), (HIDDEN, PIXELS)]
    return multiply(training_products(layers, BATCH_SIZE), STEPS)


if __name__ == "__main__":
    sys.exit(main())
