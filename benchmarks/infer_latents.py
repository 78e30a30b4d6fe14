"""Inference without the encoder for 100 digits, each to its stop: in one batch, and one image after the other."""

import functools
import sys

from benchmarks.harness import Contender, benchmark_parser, compare
from lib.support.scripts.command_line import script

IMAGES = 100
STEPS, BATCH_SIZE = 300, 128  # of the training before


@script
def main(argv=None) -> int:
    args = benchmark_parser("Time inference without the encoder for 100 digits, with a convolutional VAE.").parse_args(
        argv)
    contenders = [
        Contender("batch", "infer_without_encoder.py, all images at once, each with its own stop",
                  functools.partial(inference, IMAGES)),
        Contender("one by one", "the same, an image at a time", functools.partial(inference, 1))]
    compare("infer_latents", f"Inference without the encoder for {IMAGES} digits, each to its stop", contenders, None,
            args)
    return 0


def inference(at_a_time):
    """Inference for all images, so many at a time; it reaches the mean ELBO."""
    import torch

    from lib.infer_latents import elbo_of, infer_psi
    model, x = _trained()

    def infer():
        parts = [range(start, start + at_a_time) for start in range(0, IMAGES, at_a_time)]
        found = [infer_psi(model, x[part.start:part.stop], numbers=part) for part in parts]
        mean, logvar = (torch.cat([getattr(psi, name) for psi in found]) for name in ("mean", "logvar"))
        return elbo_of(model, x, mean, logvar, samples=100).mean().item()
    return infer


def _trained():
    """A convolutional VAE that has learned a little, and the images."""
    import torch

    from lib.elbo import elbo
    from lib.likelihoods import Bernoulli
    from lib.model_conv_vae import ConvVAE
    from lib.support.data.datasets import Batches, load
    torch.manual_seed(0)
    train_set, test_set = load("digits")
    model = ConvVAE(*train_set.shape, likelihood=Bernoulli())
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    batches = Batches(train_set, BATCH_SIZE, generator=torch.Generator().manual_seed(0))
    for _ in range(STEPS // len(batches)):
        for x, _ in batches:
            optimizer.zero_grad()
            (-elbo(model, x).mean()).backward()
            optimizer.step()
    return model, test_set.numbered(range(IMAGES))


if __name__ == "__main__":
    sys.exit(main())
