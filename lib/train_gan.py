"""Training a GAN: in each step one update of the discriminator D, then one of the generator G.

    D minimises  -E_x[ln D(x)] - E_z[ln(1 - D(G(z)))],   G minimises  -E_z[ln D(G(z))]

Both are binary cross-entropies between the output of D and a label, 1 for real and 0 for generated images. The
generator's loss is the non-saturating one: where D is sure that an image is generated, the gradient of ln(1 - D(G(z)))
is almost 0, and the gradient of -ln D(G(z)) is large.

Source: Goodfellow et al., Generative Adversarial Nets, 2014, https://arxiv.org/abs/1406.2661, algorithm 1 and the
remark on its loss in section 3.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn  # noqa: F401  (nn is offered to the gaps)
from torch.optim import Adam, Optimizer

from lib.support.data.image_sets import Loader
from lib.support.runs.no_run import NoRun
from lib.support.runs.run import Run
from lib.support.speed.precision import InPrecision

__all__ = ["discriminator_error_fake", "discriminator_error_real", "generator_error", "train_epoch", "train_gan",
           "update_discriminator", "update_generator"]

METRICS = ("loss_d_real", "loss_d_fake", "loss_g", "D_x", "D_G_z1", "D_G_z2")


def discriminator_error_real(discriminator: nn.Module, real_images: Tensor, label: Tensor) -> tuple[Tensor, float]:
    """D's loss on real images.

    Args:
        real_images: shape (batch, channels, height, width).
        label: ones, shape (batch,).
    Returns: errD_real, the mean binary cross-entropy, a scalar with a gradient; and D_x, D's mean output, a float.
    """
    # START TODO gan_discriminator_error_real ########################
    # Apply the discriminator to `real_images`; its output has the shape (batch, 1, 1, 1), `label` has (batch,).
    # `errD_real`: the binary cross-entropy between output and `label`, averaged. `D_x`: the mean output, as a float.

    output = discriminator(real_images).flatten()
    errD_real = F.binary_cross_entropy(output, label)
    D_x = output.mean().item()
    # END TODO ########################
    return errD_real, D_x


def discriminator_error_fake(discriminator: nn.Module, generator: nn.Module, noise: Tensor,
                             label: Tensor) -> tuple[Tensor, float, Tensor]:
    """D's loss on generated images.

    Args:
        noise: z, shape (batch, latent_size, 1, 1).
        label: ones, shape (batch,), as for real images.
    Returns: errD_fake, the mean binary cross-entropy, a scalar with a gradient to D alone; D_G_z1, D's mean output, a
        float; and fake_images, G(z), with a gradient to G, which the update of the generator needs.
    """
    # START TODO gan_discriminator_error_fake ########################
    # Generate `fake_images` from `noise`, and apply the discriminator to them, such that no gradient flows back to the
    # generator. `errD_fake`: the mean binary cross-entropy; these images are generated, so their label is 1 - label.
    # `D_G_z1`: the mean output, as a float.

    fake_images = generator(noise)
    output = discriminator(fake_images.detach()).flatten()
    errD_fake = F.binary_cross_entropy(output, 1 - label)
    D_G_z1 = output.mean().item()
    # END TODO ########################
    return errD_fake, D_G_z1, fake_images


def generator_error(discriminator: nn.Module, fake_images: Tensor, label: Tensor) -> tuple[Tensor, float]:
    """G's loss: how little D takes its images for real ones.

    Args:
        fake_images: G(z), with a gradient to G.
        label: ones, shape (batch,).
    Returns: errG, the mean binary cross-entropy, a scalar with a gradient to G; and D_G_z2, D's mean output, a float.
    """
    # START TODO gan_generator_error ########################
    # Apply the discriminator to `fake_images`. `errG`: the non-saturating loss of the formula at the top of the file,
    # which is the mean binary cross-entropy with the label that the generator wants to see. `D_G_z2`: the mean
    # output, as a float.

    output = discriminator(fake_images).flatten()
    errG = F.binary_cross_entropy(output, label)
    D_G_z2 = output.mean().item()
    # END TODO ########################
    return errG, D_G_z2


def update_discriminator(discriminator: nn.Module, generator: nn.Module, real_images: Tensor, noise: Tensor,
                         label: Tensor, optimizerD: Optimizer) -> tuple[Tensor, float, Tensor, float, Tensor]:
    """One step of the discriminator; the generator's parameters stay, and get no gradient.

    Args: as for the two errors; optimizerD holds the discriminator's parameters.
    Returns: errD_real, D_x, errD_fake, D_G_z1, fake_images.
    """
    errD_real, D_x = discriminator_error_real(discriminator, real_images, label)
    errD_fake, D_G_z1, fake_images = discriminator_error_fake(discriminator, generator, noise, label)
    optimizerD.zero_grad()
    (errD_real + errD_fake).backward(inputs=list(discriminator.parameters()))
    optimizerD.step()
    return errD_real.detach(), D_x, errD_fake.detach(), D_G_z1, fake_images


def update_generator(discriminator: nn.Module, generator: nn.Module, fake_images: Tensor, label: Tensor,
                     optimizerG: Optimizer) -> tuple[Tensor, float]:
    """One step of the generator; the discriminator's parameters stay, and get no gradient.

    Args: as for the generator's error; optimizerG holds the generator's parameters.
    Returns: errG, D_G_z2.
    """
    errG, D_G_z2 = generator_error(discriminator, fake_images, label)
    optimizerG.zero_grad()
    errG.backward(inputs=list(generator.parameters()))  # not to the discriminator's, through which it passes
    optimizerG.step()
    return errG.detach(), D_G_z2


def train_gan(discriminator: nn.Module, generator: nn.Module, loader: Loader, num_epochs: int = 500, lr: float = 2e-4,
              *, device: str = "cpu", precision: str = "float32", observe: Callable | None = None,
              run: Run | None = None) -> list[dict]:
    """Train both networks with Adam, betas (0.5, 0.999).

    Args:
        discriminator, generator: a `lib.model_gan.Discriminator` and a `Generator`.
        loader: gives (images, labels) batches, images in [-1, 1]; the labels are not used.
        lr: learning rate of both optimisers.
        precision: the number format of the convolutions, "float32" or "bfloat16".
        observe: called as observe(epoch, row) after each epoch, gives further metrics for the row.
        run: a `lib.support.runs.run.Run` for progress, metrics and resume.
    Returns: the history, a row (dictionary) for each epoch: means over its steps, losses in nats, D(x) and D(G(z))
        before (1) and after (2) the discriminator's update as probabilities.
    """
    D, G = (InPrecision(network, device, precision) for network in (discriminator, generator))
    optimizerD, optimizerG = (Adam(network.parameters(), lr, betas=(0.5, 0.999), fused=True) for network in (D, G))
    with run or NoRun("GAN") as run:
        for epoch in run.epochs(num_epochs, model_g=generator, model_d=discriminator, optimizer_g=optimizerG,
                                optimizer_d=optimizerD, order=getattr(loader, "generator", None)):
            row = train_epoch(D, G, loader, optimizerD, optimizerG, device, run)
            run.record(**row, **(observe(epoch, row) if observe else {}))
    return run.history


def train_epoch(discriminator: nn.Module, generator: nn.Module, loader: Loader, optimizerD: Optimizer,
                optimizerG: Optimizer, device: str, run: Run | NoRun) -> dict[str, float]:
    """One pass over `loader`; returns the row of metrics, see `train_gan`."""
    discriminator.train()
    generator.train()
    totals, num_steps = dict.fromkeys(METRICS, 0.0), 0
    for images, _ in run.steps(loader):
        num_steps += 1
        label = torch.ones(len(images), device=device)
        noise = torch.randn(len(images), generator.latent_size, 1, 1).to(device)
        errD_real, D_x, errD_fake, D_G_z1, fake_images = update_discriminator(
            discriminator, generator, images.to(device), noise, label, optimizerD)
        errG, D_G_z2 = update_generator(discriminator, generator, fake_images, label, optimizerG)
        for name, value in zip(METRICS, (errD_real, errD_fake, errG, D_x, D_G_z1, D_G_z2), strict=True):
            totals[name] += float(value)
        run.show(loss_d=errD_real + errD_fake, loss_g=errG, D_x=D_x, D_G_z=D_G_z1)
    return {name: total / num_steps for name, total in totals.items()}
