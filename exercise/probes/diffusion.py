"""Questions about diffusion: the noise schedule, the forward process, training, and the way back.

Each gap is asked alone. The network is a stand-in, an affine function of x for each time step, that remembers what it
was given; a step of training noises its batch by tables that come with the question.
"""

import contextlib
from unittest.mock import patch

import torch
from torch import Tensor, nn

from exercise.asking.afterwards import watch
from exercise.probes import accelerator

_SCHEDULE = ("baralphas", "alphas", "betas")


def cosine_schedule(diffusion_steps):
    """The schedule for a number of steps."""
    from lib.utils import cosine_schedule
    return dict(zip(_SCHEDULE, cosine_schedule(diffusion_steps), strict=True))


def add_noise(batch, t, baralphas):
    """Two noised batches, the noise that is said to be in them, and the inputs as they are afterwards."""
    from lib.utils import add_noise
    noised, eps = add_noise(watch(batch, "the batch"), t, watch(baralphas, "baralphas"))
    after = {"batch_after": batch.clone(), "baralphas_after": baralphas.clone()}
    noised, eps = _copy(noised), _copy(eps)  # the second call may write over them
    noised_again, eps_again = add_noise(batch, t, baralphas)
    return {"noised": noised, "eps": eps, "noised_again": noised_again, "eps_again": eps_again} | after


def add_noise_often(batches, t, baralphas):
    """The noise of one call after the other, for each of `batches`, shape (calls, points, features)."""
    from lib.utils import add_noise
    return {"eps": torch.stack([_copy(add_noise(batch, t, baralphas)[1]) for batch in batches])}


def add_noise_on_gpu(batch, t, baralphas):
    """The devices of what comes out where all that goes in lies on a make-believe GPU."""
    from lib.utils import add_noise
    with accelerator.pretend():
        noised, eps = add_noise(batch.to("cuda"), t.to("cuda"), baralphas.to("cuda"))
        return {"noised": noised.device.type, "eps": eps.device.type}


def training_step(batch, baralphas, signal, noise, slope, shift, device="cpu"):
    """The loss of one batch, its gradient to `shift`, what the model was given, and what was noised with which noise.

    Args:
        signal, noise: shape (T,); the stand-in of `add_noise` gives signal[t] x + noise[t] eps.
        slope, shift: shapes (T, features, features) and (T, features); the model gives slope[t] x + shift[t].
        device: "cpu", or "cuda", which is make-believe.
    """
    from lib import train_diffusion, utils
    model, noising = watch(_Affine(slope, shift)), _Noising(signal, noise)
    with _at_hand(device), patch.object(utils, "add_noise", noising), \
            patch.object(train_diffusion, "add_noise", noising):
        given, baralphas = watch(batch.to(device), "the batch"), watch(baralphas.to(device), "baralphas")
        loss = train_diffusion.training_step(model, given, baralphas, len(baralphas))
        after = _plain(given).clone()
        if isinstance(loss, Tensor) and loss.requires_grad and loss.numel() == 1:
            loss.backward()
    return {"loss": _plain(loss), "shift_grad": _plain(model.shift.grad), "told": model.calls,
            "noisings": noising.calls, "batch_after": after}


def posterior(x_0, x_t, t, baralphas, alphas, betas):
    """Mean and variance of the step back whose end is known."""
    from lib.sample_diffusion import posterior
    watch(x_0, "x_0"), watch(x_t, "x_t")
    mean, variance = posterior(x_0, x_t, t, *map(watch, (baralphas, alphas, betas), _SCHEDULE))
    return {"mean": mean, "variance": variance, "x_0_after": x_0, "x_t_after": x_t}


def sampling_step(x, t, schedule, slope, shift, device="cpu"):
    """One step back, what the model was given for it, and x as it is afterwards.

    Args:
        schedule: baralphas, alphas, betas.
        slope, shift, device: as for `training_step`.
    """
    from lib.sample_diffusion import sampling_step
    model = watch(_Affine(slope, shift))
    with _at_hand(device):  # with gradients, whose switching off would not be seen elsewhere
        given = watch(x.to(device), "x")
        before = sampling_step(model, given, t, *map(watch, (part.to(device) for part in schedule), _SCHEDULE))
        return {"x": _plain(before), "told": model.calls, "x_after": _plain(given),
                "device": before.device.type if isinstance(before, Tensor) else ""}


def sampling_step_often(batches, t, schedule):
    """Where one step after the other leads, for each of `batches`, shape (calls, points, features), without noise."""
    from lib.sample_diffusion import sampling_step
    model = _Silent()
    with torch.no_grad():
        return {"x": torch.stack([_copy(sampling_step(model, x, t, *schedule)) for x in batches])}


def ancestral_sampler(x, schedule, slope, shift):
    """Where the sampler ends, and the time steps that the model was told, in their order."""
    from lib.sample_diffusion import ancestral_sampler
    model = watch(_Affine(slope, shift))
    *_, (_, samples) = ancestral_sampler(model, x, *schedule)
    return {"samples": samples, "visited": [call["t"].flatten()[0] for call in model.calls]}


class _Affine(nn.Module):
    """A noise predictor, slope[t] x + shift[t], that remembers what it was given, whatever that is."""

    def __init__(self, slope, shift):
        super().__init__()
        self.slope, self.shift = nn.Parameter(slope), nn.Parameter(shift)
        self.register_buffer("statistics", torch.zeros(2))  # nothing here uses it, and nobody should touch it
        self.calls = []

    def forward(self, x, t):
        self.calls.append({"x": _plain(x).detach().clone(), "t": _plain(torch.as_tensor(t)).clone(),
                           "kind": str(t.dtype) if isinstance(t, Tensor) else type(t).__name__,
                           "device": t.device.type if isinstance(t, Tensor) else ""})
        rows = _rows(t, len(self.slope))
        found = torch.einsum("nij,nj->ni", self.slope[rows].expand(len(x), -1, -1), _plain(x)) + self.shift[rows]
        return found.to(x.device)


class _Silent(nn.Module):
    """A model that predicts no noise."""

    def forward(self, x, t):
        return torch.zeros_like(x)


class _Noising:
    """Stands in for `add_noise`."""

    def __init__(self, signal, noise):
        self.signal, self.noise, self.calls = signal, noise, []

    def __call__(self, batch, t, baralphas):
        rows, x, eps = _rows(t, len(self.signal)), _plain(batch), torch.randn(batch.shape)
        noised = self.signal[rows].unsqueeze(1) * x + self.noise[rows].unsqueeze(1) * eps
        self.calls.append({"x": x.detach().clone(), "t": _plain(torch.as_tensor(t)).clone(), "eps": eps.clone(),
                           "baralphas": _plain(baralphas).clone()})
        return noised.to(batch.device), eps.to(batch.device)


def _rows(t, steps):
    """Time steps as an index of shape (points,), also where they have another shape or type, or leave the range."""
    return _plain(torch.as_tensor(t)).long().clamp(0, steps - 1).flatten()


def _at_hand(device):
    return accelerator.pretend() if device == "cuda" else contextlib.nullcontext()


def _plain(value):
    return value.cpu().as_subclass(Tensor) if isinstance(value, Tensor) else value


def _copy(value):
    return value.clone() if isinstance(value, Tensor) else value
