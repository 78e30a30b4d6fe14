"""Inference without the encoder: q(z) of each image by gradient ascent on its ELBO, and the completion of images.

An encoder answers for all images at once. Here each image has parameters psi of its own,

    q(z|psi) = N(z; mean, diag(exp(logvar))),   psi = (mean, logvar),

and they are chosen such that they maximise

    ELBO(psi) = E_q(z|psi)[ln p(x|z)] - KL(q(z|psi) || p(z)),   p(z) = N(0, I).

The decoder stays as it is. How much larger this ELBO is than the one of the encoder's q(z|x) is the amortisation gap.
Where only a part of x is visible, ln p(x_visible|z) stands in place of ln p(x|z), and the hidden part can be drawn.

Sources: Kingma and Welling, Auto-Encoding Variational Bayes, 2014, https://arxiv.org/abs/1312.6114; Cremer, Li and
Duvenaud, Inference Suboptimality in Variational Autoencoders, 2018, https://arxiv.org/abs/1801.03558, for the gap
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from lib.elbo import kl_to_prior, log_likelihoods
from lib.likelihoods import Likelihood, from_noise

__all__ = ["HIDDEN_PARTS", "MAX_STEPS", "Inferred", "complete_image", "elbo_of", "infer_psi", "log_likelihood",
           "masked_log_likelihood", "psi_elbo", "psi_optimise", "visible_part"]

MAX_STEPS = 1_000
LEARNING_RATE = 0.05
WINDOW = 100  # steps over which the ELBO is smoothed
CHUNK = 20  # samples of z of each image that are decoded at a time
HIDDEN_PARTS = ("right", "left", "top", "bottom", "centre")


# The ELBO of psi, and how it is maximised ----------------------------------------------------------------------------

def log_likelihood(model: nn.Module, x: Tensor, z: Tensor, visible: Tensor | None = None) -> Tensor:
    """ln p(x|z) of each image, or ln p(x_visible|z) where only a part of the pixels is visible.

    Args:
        model: a `lib.model_conv_vae.ConvVAE`, or another model with its `decode` and its `likelihood`.
        x: images, shape (batch, channels, height, width).
        z: one for each image, shape (batch, latent_size).
        visible: True where a pixel is visible, shape (height, width); without it all are.
    Returns: shape (batch,).
    """
    theta = model.decode(z)
    if visible is None:
        return model.likelihood.log_prob(x, theta)
    return masked_log_likelihood(model.likelihood, x, theta, visible)


def masked_log_likelihood(likelihood: Likelihood, x: Tensor, theta: Tensor, visible: Tensor) -> Tensor:
    """ln p(x_visible|theta) of each image: the pixels that are hidden do not count at all.

    Args:
        likelihood: with independent pixels; its `log_prob(x, theta)` takes images of any height and width.
        x: images, shape (batch, channels, height, width).
        theta: shape (batch, parameters per pixel, channels, height, width).
        visible: True where a pixel is visible, in all channels and images, shape (height, width).
    Returns: shape (batch,).
    """
    # START TODO masked_log_likelihood ########################
    # Compute the log-likelihood of the visible pixels of each image: `log_prob`, shape (batch,).

    # The visible pixels of an image are an image too, one pixel high.
    seen, its_theta = x[..., visible].unsqueeze(-2), theta[..., visible].unsqueeze(-2)
    log_prob = likelihood.log_prob(seen, its_theta)
    # END TODO ########################
    return log_prob


def psi_elbo(model: nn.Module, x: Tensor, mean: Tensor, logvar: Tensor, noise: Tensor,
             visible: Tensor | None = None) -> Tensor:
    """The ELBO of each image for its own psi, estimated from one sample of z.

        ELBO(psi) = ln p(x|z) - KL(q(z|psi) || N(0, I)),   z = mean + sigma * noise,   logvar = ln sigma^2

    Args:
        model, x, visible: as for `log_likelihood`.
        mean, logvar: psi of each image, each of shape (batch, latent_size).
        noise: standard normal, of the same shape.
    Returns: shape (batch,), such that gradients reach mean and logvar.
    """
    # START TODO psi_elbo ########################
    # Compute z, then the ELBO of each image: `elbo`, shape (batch,). `log_likelihood(model, x, z, visible)`, above,
    # gives ln p of what is visible of each image, and `kl_to_prior(mean, logvar)` the KL divergence of each image.

    z = mean + (0.5 * logvar).exp() * noise
    elbo = log_likelihood(model, x, z, visible) - kl_to_prior(mean, logvar)
    # END TODO ########################
    return elbo


def psi_optimise(model: nn.Module, x: Tensor, noise: Tensor, lr: float,
                 after_step: Callable[[Tensor, Tensor, Tensor], bool], visible: Tensor | None = None
                 ) -> tuple[Tensor, Tensor]:
    """Stochastic gradient ascent on the ELBO of psi, for each image of a batch by itself.

    All images begin with mean = 0 and logvar = 0, which is the prior: the encoder is never asked.

    Args:
        model, x, visible: as for `log_likelihood`. Neither the model's parameters nor their `.grad` change.
        noise: standard normal, shape (steps, batch, latent_size).
        lr: the learning rate.
        after_step: is called after each step, with the ELBO, shape (batch,), whose gradient was taken, and the new mean
            and logvar. If it returns True, this was the last step.
    Returns: mean and logvar after the last step, each of shape (batch, latent_size), without gradients.
    """
    mean, logvar = (torch.zeros_like(noise[0]).requires_grad_() for _ in range(2))
    # START TODO psi_optimise ########################
    # Change `mean` and `logvar` step by step, such that the ELBO of each image rises: with Adam (`torch.optim.Adam`)
    # and the learning rate `lr`. Step number t uses noise[t], so that there are len(noise) steps at most. `psi_elbo`,
    # above, gives the ELBO of each image; one image must not affect another one's psi. Call `after_step(elbo, mean,
    # logvar)` after each step, and end the loop where it returns True.

    optimizer = torch.optim.Adam([mean, logvar], lr)
    for noise_of_step in noise:
        elbo = psi_elbo(model, x, mean, logvar, noise_of_step, visible)
        optimizer.zero_grad()
        (-elbo.sum()).backward(inputs=[mean, logvar])
        optimizer.step()
        if after_step(elbo, mean, logvar):
            break
    # END TODO ########################
    return mean.detach(), logvar.detach()


# Each image to its own stop ------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Inferred:
    """What was found for a batch of images.

    Args:
        mean, logvar: psi of each image, each of shape (batch, latent_size).
        steps: how many it took, int64, shape (batch,).
        diverged: True where the ELBO or psi came to hold NaN or infinite numbers, shape (batch,); mean and logvar are
            those of the best time before.
    """
    mean: Tensor
    logvar: Tensor
    steps: Tensor
    diverged: Tensor

    def remark(self, numbers: Sequence[int]) -> str:
        """Says which images diverged, a sentence, or "". Args: numbers, of all images."""
        found = [str(number) for number, diverged in zip(numbers, self.diverged.tolist(), strict=True) if diverged]
        return found and f"the optimisation diverged for image {', '.join(found)}, and for no other: the ELBO or psi " \
                         "came to hold NaN or infinite numbers" or ""


def infer_psi(model: nn.Module, x: Tensor, max_steps: int = MAX_STEPS, seed: int = 0,
              numbers: Sequence[int] | None = None, visible: Tensor | None = None) -> Inferred:
    """psi of each image, by `psi_optimise`, until its smoothed ELBO no longer rises, or for `max_steps` steps.

    The ELBO is smoothed by its mean over WINDOW steps, and an image stops after the first window whose mean is not
    larger than that of the window before. Its psi is the mean over the best window, in which the noise of single steps
    averages out.

    Args:
        model, x, visible: as for `log_likelihood`. x lies where the model does.
        max_steps: at least 1.
        seed: of the noise.
        numbers: of the images, by default 0, 1, 2, …: each has noise that depends on the seed and its number alone, so
            that an image comes to the same psi whatever other images are in the batch.
    Raises: ValueError if max_steps is less than 1, or nothing or everything is visible.
    """
    if max_steps < 1:
        raise ValueError(f"inference takes 1 step or more, not {max_steps}")
    if visible is not None and visible.all() | ~visible.any():
        raise ValueError(f"a mask should hide a part of the pixels, not {'none' if visible.any() else 'all'} of them")
    noise = _noise(numbers or range(len(x)), max_steps, model.latent_size, seed).to(x)
    stops = _Stops(torch.zeros_like(noise[0]))
    psi_optimise(_Unstopped(model, stops), x, noise, LEARNING_RATE, stops, visible)
    return stops.inferred()


def _noise(numbers: Sequence[int], steps: int, latent_size: int, seed: int) -> Tensor:
    """Standard normal, shape (steps, images, latent_size), from a generator for each number of an image."""
    generators = [np.random.default_rng([seed, number]) for number in numbers]
    return torch.from_numpy(np.stack([generator.standard_normal((steps, latent_size), np.float32)
                                      for generator in generators], axis=1))


class _Stops:
    """Called after each step, decides for each image whether it has come to its stop, and keeps its psi.

    Args: start, the first mean of each image, shape (batch, latent_size).
    """

    def __init__(self, start: Tensor):
        self.running = torch.ones(len(start), dtype=torch.bool, device=start.device)
        self.diverged, self.steps = ~self.running, torch.zeros_like(self.running, dtype=torch.int64)
        self.best, self.psi = start.new_full((len(start),), -torch.inf), start.new_zeros(2, *start.shape)
        self._begin_window()

    @torch.no_grad()
    def __call__(self, elbo: Tensor, mean: Tensor, logvar: Tensor) -> bool:
        psi = torch.stack([mean, logvar])
        finite = elbo.isfinite() & psi.isfinite().all(2).all(0)
        self.diverged |= self.running & ~finite
        self.running &= finite
        self.steps += self.running
        self.length, self.elbo_sum, self.psi_sum = self.length + 1, self.elbo_sum + elbo, self.psi_sum + psi
        if self.length == WINDOW:
            self._end_window()
        return not self.running.any()

    def inferred(self) -> Inferred:
        if self.length:
            self._end_window()
        return Inferred(*self.psi, self.steps, self.diverged)

    def _begin_window(self) -> None:
        self.length, self.elbo_sum, self.psi_sum = 0, torch.zeros_like(self.best), torch.zeros_like(self.psi)

    def _end_window(self) -> None:
        smoothed = self.elbo_sum / self.length
        self.running &= smoothed > self.best
        self.best = torch.where(self.running, smoothed, self.best)
        self.psi = torch.where(self.running.unsqueeze(1), self.psi_sum / self.length, self.psi)
        self._begin_window()


class _Unstopped(nn.Module):
    """A model that decodes no z of an image that has come to its stop, which saves half of the time.

    Such an image keeps the theta of its last step. Its psi goes on without a use: `stops` has kept the one that counts.
    """

    def __init__(self, model: nn.Module, stops: _Stops):
        super().__init__()
        self.model, self.likelihood, self.stops = model, model.likelihood, stops

    def decode(self, z: Tensor) -> Tensor:
        running = self.stops.running
        if len(z) != len(running):  # somebody takes the images in parts
            return self.model.decode(z)
        theta = self.model.decode(z[running])
        if not running.all():
            theta = self.theta.index_put((running,), theta)
        self.theta = theta.detach()
        return theta


@torch.no_grad()
def elbo_of(model: nn.Module, x: Tensor, mean: Tensor, logvar: Tensor, samples: int = 500, seed: int = 0) -> Tensor:
    """The ELBO of each image for any q(z), from many samples of z; the same seed takes the same noise.

    Args: model, x: as for `log_likelihood`; mean, logvar: of q(z), each of shape (batch, latent_size).
    Returns: shape (batch,).
    """
    noise = torch.randn(samples, *mean.shape, generator=torch.Generator().manual_seed(seed)).to(mean)
    z = from_noise(mean, logvar, noise)
    return log_likelihoods(model, x, z, CHUNK).mean(0) - kl_to_prior(mean, logvar)


# Image completion ----------------------------------------------------------------------------------------------------

def visible_part(hidden: str, height: int, width: int) -> Tensor:
    """The mask of an image of which a half is hidden, or the square in its centre that is half as high and as wide.

    Args: hidden, one of HIDDEN_PARTS.
    Returns: True where a pixel is visible, shape (height, width).
    """
    rows, columns = torch.arange(height).unsqueeze(1) + 0.5, torch.arange(width) + 0.5
    across, down = columns / width, rows / height
    parts = {"right": across > 0.5, "left": across < 0.5, "top": down < 0.5, "bottom": down > 0.5,
             "centre": ((across - 0.5).abs() < 0.25) & ((down - 0.5).abs() < 0.25)}
    return ~parts[hidden].expand(height, width)


@torch.no_grad()
def complete_image(model: nn.Module, x: Tensor, visible: Tensor, mean: Tensor, logvar: Tensor, samples: int,
                   generator: torch.Generator | None = None) -> Tensor:
    """Images of which the hidden part is drawn: z from q(z|psi), then the hidden pixels from p(x_hidden|z).

    Args:
        model, x, visible: as for `log_likelihood`.
        mean, logvar: psi of each image, from what is visible of it, each of shape (batch, latent_size).
        samples: how many completions of each image.
        generator: where the random numbers come from, on the device of x; by default torch's global generator.
    Returns: shape (samples, batch, channels, height, width); the visible pixels are those of x.
    """
    # START TODO complete_image ########################
    # Draw `samples` times z for each image, with noise of its own, of type and on the device of `mean`, decode it, and
    # draw an image from p(x|z) with `model.likelihood.sample(theta, generator)`; the noise comes from `generator` too.
    # Leave the visible pixels as they are in x: `completed`, of the shape of the docstring.

    noise = torch.randn((samples, *mean.shape), generator=generator, device=mean.device, dtype=mean.dtype)
    z = mean + (0.5 * logvar).exp() * noise
    drawn = model.likelihood.sample(model.decode(z.flatten(0, 1)), generator).unflatten(0, (samples, len(x)))
    completed = torch.where(visible, x, drawn)
    # END TODO ########################
    return completed
