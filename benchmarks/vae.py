"""One epoch of training the VAE on MNIST: in the usual way, ours, ours compiled, and its matrix products alone."""

import contextlib
import functools
import io
import itertools
import sys
from pathlib import Path

from benchmarks.harness import Contender, Script, benchmark_parser, compare
from benchmarks.products import multiply, training_products
from lib.support.errors import UserError
from lib.support.scripts.command_line import script

BATCH_SIZE, STEPS = 128, 469
PIXELS, HIDDEN, LATENT = 784, 100, 2


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


def check_mnist(data_dir):
    """Raises: UserError if a file of MNIST is missing. A benchmark downloads nothing."""
    for part, what in itertools.product(("train", "t10k"), ("images-idx3", "labels-idx1")):
        if not (Path(data_dir) / "MNIST" / "raw" / f"{part}-{what}-ubyte").is_file():
            raise UserError(f"MNIST is not, or not complete, in {data_dir}: name its folder with --data_dir, or "
                            "download it with python run_vae_training.py --dataset mnist --epochs 1")


def usual(data_dir):
    """Training as most tutorials have it, with torch's own cross-entropy."""
    import torch
    from torch.nn.functional import binary_cross_entropy
    from torch.utils.data import DataLoader
    from torchvision.datasets import MNIST
    from torchvision.transforms import ToTensor

    from lib.model_vae import VAE

    torch.manual_seed(0)
    loader = DataLoader(MNIST(data_dir, transform=ToTensor()), BATCH_SIZE, shuffle=True)
    model = VAE()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def epoch():
        total = 0.0
        for x, _ in loader:
            x_reconstructed, mu, logvar = model(x)
            kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
            loss = binary_cross_entropy(x_reconstructed, x, reduction="sum") + kl
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        return total / len(loader.dataset)
    return epoch


def ours(data_dir, compile=False):
    """Training as `lib.train_vae` has it, all that a run does in each step included."""
    import torch

    from lib.loss_vae import VAELoss
    from lib.model_vae import VAE
    from lib.support.data.datasets import Batches, load
    from lib.support.runs.run import Run
    from lib.support.speed.compiling import compiled
    from lib.train_autoencoder import backpropagate, train_epoch
    from lib.train_vae import vae_terms

    torch.manual_seed(0)
    train_set, _ = load("mnist", data_dir)
    loader = Batches(train_set, BATCH_SIZE, generator=torch.Generator().manual_seed(0))
    model, terms = VAE(), vae_terms(VAELoss())
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    gradients = compiled(backpropagate) if compile else backpropagate
    run = Run("unused")  # a run that is not entered writes nothing

    def epoch():
        with contextlib.redirect_stderr(io.StringIO()):  # where it is no terminal, the run draws no bar
            return train_epoch(model, loader, terms, optimizer, "cpu", run, gradients)[0].item()
    return epoch


def floor():
    """The products of all layers."""
    layers = [(PIXELS, HIDDEN), (HIDDEN, LATENT), (HIDDEN, LATENT), (LATENT, HIDDEN), (HIDDEN, PIXELS)]
    return multiply(training_products(layers, BATCH_SIZE), STEPS)


if __name__ == "__main__":
    sys.exit(main())
