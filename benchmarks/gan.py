"""An epoch of training the GAN on 800 pictures: in the usual way, ours, and its convolutions alone."""

import contextlib
import functools
import io
import sys
import tempfile
from pathlib import Path

from benchmarks.convolutions import convolution
from benchmarks.harness import Contender, Script, benchmark_parser, compare
from lib.support.scripts.command_line import script

BATCH_SIZE, PICTURES, SIZE = 128, 800, 32
M, LATENT = 32, 64
STEPS = -(-PICTURES // BATCH_SIZE)


@script
def main(argv=None) -> int:
    args = benchmark_parser("Time an epoch of training the GAN on 800 blossoms.").parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        write_pictures(Path(folder) / "blossoms")
        contenders = [
            Contender("usual", "ImageFolder with PIL's transforms in a DataLoader with 2 workers, float32, three "
                               "loss.item() in each step", functools.partial(usual, folder)),
            Contender("float32", "run_gan_training.py --precision float32", functools.partial(ours, folder, "float32")),
            Contender("ours", "run_gan_training.py, in the precision that suits this processor",
                      functools.partial(ours, folder, "auto")),
            Contender("floor", "the convolutions of each step, forward and backward, in the precision and layout of "
                               "ours, nothing else", floor),
        ]
        compare("gan", f"GAN on {PICTURES} pictures, an epoch of {STEPS} steps", contenders,
                Script("run_gan_training", ("--dataset", f"folder:{folder}")), args)
    return 0


def write_pictures(folder: Path):
    """Blossoms as JPEG files of 64 x 64 pixels, which the usual way decodes again in each epoch."""
    from torchvision.io import write_jpeg

    from lib.support.data.datasets import load_whole
    folder.mkdir()
    for number, image in enumerate(load_whole("blossoms").images[:PICTURES]):
        write_jpeg(image, str(folder / f"{number:03}.jpg"), quality=90)


def usual(folder):
    """Training as most tutorials have it."""
    import torch
    from torch.nn.functional import binary_cross_entropy
    from torch.utils.data import DataLoader
    from torchvision import transforms
    from torchvision.datasets import ImageFolder

    generator, discriminator = _networks()
    images = ImageFolder(folder, transforms.Compose([
        transforms.Resize(SIZE), transforms.RandomCrop(SIZE), transforms.RandomHorizontalFlip(),
        transforms.ToTensor(), transforms.Normalize((0.5,) * 3, (0.5,) * 3)]))
    loader = DataLoader(images, BATCH_SIZE, shuffle=True, num_workers=2)
    optimizers = [torch.optim.Adam(network.parameters(), 2e-4, (0.5, 0.999)) for network in (discriminator, generator)]

    def epoch():
        for x, _ in loader:
            real, made = torch.ones(len(x)), torch.zeros(len(x))
            discriminator.zero_grad()
            loss_real = binary_cross_entropy(discriminator(x).view(-1), real)
            loss_real.backward()
            fake = generator(torch.randn(len(x), LATENT, 1, 1))
            loss_fake = binary_cross_entropy(discriminator(fake.detach()).view(-1), made)
            loss_fake.backward()
            optimizers[0].step()
            generator.zero_grad()
            loss = binary_cross_entropy(discriminator(fake).view(-1), real)
            loss.backward()
            optimizers[1].step()
            loss_real.item(), loss_fake.item(), loss.item()
    return epoch


def ours(folder, precision):
    """Training as `lib.train_gan` has it, all that a run does in each step included."""
    import torch

    from lib.support.data.augmentation import Augmented
    from lib.support.data.datasets import Batches, load_whole
    from lib.support.runs.run import Run
    from lib.support.speed.precision import InPrecision, choose_precision
    from lib.train_gan import train_epoch

    generator, discriminator = (InPrecision(network, "cpu", choose_precision(precision, "cpu"))
                                for network in _networks())
    batches = Batches(load_whole(f"folder:{folder}", image_size=SIZE), BATCH_SIZE,
                      generator=torch.Generator().manual_seed(0))
    optimizers = [torch.optim.Adam(network.parameters(), 2e-4, (0.5, 0.999), fused=True)
                  for network in (discriminator, generator)]
    loader, run = Augmented(batches, SIZE), Run("unused")  # a run that is not entered writes nothing

    def epoch():
        with contextlib.redirect_stderr(io.StringIO()):  # where it is no terminal, the run draws no bar
            train_epoch(discriminator, generator, loader, *optimizers, "cpu", run)
    return epoch


def floor():
    """Each convolution: forward, and the gradients of its weight and of its input where somebody asks for them."""
    import torch

    from lib.support.speed.precision import choose_precision
    dtype = getattr(torch, choose_precision("auto", "cpu"))
    batches = [BATCH_SIZE] * (PICTURES // BATCH_SIZE) + [PICTURES % BATCH_SIZE]
    calls = {size: list(_convolutions(size, dtype)) for size in set(batches)}

    @torch.no_grad()
    def epoch():
        for size in batches:
            for call in calls[size]:
                call()
    return epoch


def _convolutions(batch, dtype):
    """The calls of one step. The discriminator is asked three times: about real images, made ones, and these again."""
    import torch
    generator, discriminator = _networks()
    z, x = torch.rand(batch, LATENT, 1, 1), torch.rand(batch, 3, SIZE, SIZE)
    for network, inputs, learns in [(discriminator, x, True), (discriminator, x, True), (generator, z, True),
                                    (discriminator, x, False)]:
        for number, layer in enumerate(network.layers):
            outputs = layer(inputs)
            if hasattr(layer, "kernel_size"):
                # Nobody asks for the gradient of noise or of the images that the discriminator learns from.
                masks = (number > 0 or not learns, learns, False)
                yield from convolution(layer, inputs, outputs, masks, dtype, torch.channels_last)
            inputs = outputs


def _networks():
    """The generator and the discriminator of run_gan_training.py."""
    import torch

    from lib.model_gan import Discriminator, Generator, weights_init
    torch.manual_seed(0)
    return Generator(M, 3, LATENT).apply(weights_init), Discriminator(M).apply(weights_init)


if __name__ == "__main__":
    sys.exit(main())
