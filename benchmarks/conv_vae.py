"""One epoch of training the convolutional VAE on 50,000 images of MNIST: the usual way, ours, its layers alone."""

import functools
import sys

from benchmarks.convolutions import convolution
from benchmarks.harness import Contender, Script, benchmark_parser, compare
from benchmarks.images import BATCH_SIZE, check_mnist, our_epoch, usual_epoch
from benchmarks.products import training_products
from lib.support.scripts.command_line import script

TRAINING = 50_000
STEPS = -(-TRAINING // BATCH_SIZE)


@script
def main(argv=None) -> int:
    args = benchmark_parser("Time an epoch of training the convolutional VAE on MNIST, without the validation after "
                            "it.").parse_args(argv)
    check_mnist(args.data_dir)
    contenders = [
        Contender("usual", "torchvision's MNIST in a DataLoader, loss.item() in each step, plain Adam",
                  functools.partial(usual, args.data_dir)),
        Contender("ours", "run_conv_vae_training.py --likelihood bernoulli", functools.partial(ours, args.data_dir)),
        Contender("floor", "the convolutions and matrix products of each step, forward and backward, nothing else",
                  floor),
    ]
    compare("conv_vae", f"Convolutional VAE on MNIST, an epoch of {STEPS} steps", contenders,
            Script("run_conv_vae_training", ("--dataset", "mnist", "--data_dir", args.data_dir)), args)
    return 0


def usual(data_dir):
    """Training as most tutorials have it."""
    from torch.nn.functional import binary_cross_entropy_with_logits

    def loss_of(model, x):
        mu, logvar = model.encode(x)
        logits = model.decoder(mu + (0.5 * logvar).exp() * logvar.new_empty(logvar.shape).normal_())
        cross_entropy = binary_cross_entropy_with_logits(logits.squeeze(1), x, reduction="sum")
        return cross_entropy - 0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum()
    return usual_epoch(data_dir, _model(), loss_of, TRAINING)


def ours(data_dir):
    """The VAE as the script trains it, without a validation."""
    from lib.train_conv_vae import loss_and_terms
    return our_epoch(data_dir, _model(), loss_and_terms(), images=TRAINING)


def floor():
    """Each layer: forward, and the gradients of its weights and of its input where somebody asks for that."""
    import torch
    calls = list(_layers(_model()))

    @torch.no_grad()
    def epoch():
        for _ in range(STEPS):
            for call in calls:
                call()
    return epoch


def _layers(model):
    """The calls of one step."""
    import torch
    x, z = torch.rand(BATCH_SIZE, 1, 28, 28), torch.rand(BATCH_SIZE, model.latent_size)
    for network, inputs, reads_data in ((model.encoder, x, True), (model.decoder, z, False)):
        for number, layer in enumerate(network):
            outputs = layer(inputs)
            if hasattr(layer, "kernel_size"):
                yield from convolution(layer, inputs, outputs, (number > 0 or not reads_data, True, True))
            elif hasattr(layer, "in_features"):
                pairs = training_products([(1, 1), (layer.in_features, layer.out_features)], BATCH_SIZE)[2:]
                yield from (functools.partial(torch.matmul, left, right) for left, right in pairs)
            inputs = outputs


def _model():
    """The VAE of the script, with its default sizes."""
    import torch

    from lib.likelihoods import Bernoulli
    from lib.model_conv_vae import ConvVAE
    torch.manual_seed(0)
    return ConvVAE(likelihood=Bernoulli())


if __name__ == "__main__":
    sys.exit(main())
