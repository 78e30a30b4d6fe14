"""Questions about the exploration of the latent space; the model is a stand-in that shows what it was given."""

import contextlib
import math

import torch
from torch import Tensor, nn

from exercise.asking.afterwards import watch
from exercise.probes import accelerator


def mu_logvar(batches, to_mu, to_logvar, device="cpu"):
    """What `get_mu_logvar` collects from a linear encoder, and how the encoder was called.

    Args:
        batches: list of [images, labels].
        to_mu, to_logvar: the encoder's two matrices, (pixels, latent_size).
        device: "cpu", or "cuda", which is make-believe.
    """
    from lib.explore_latent_space import get_mu_logvar
    model = _Recorder(batches[0][0].shape[1:], to_mu, to_logvar)
    for images, _ in batches:
        watch(images, "a batch of images")
    with _at_hand(device):
        mu, logvar = get_mu_logvar(watch(model.train()), _Loader(batches), device)
    found = {"mu": mu, "logvar": logvar}
    return {"kinds": {name: type(value).__name__ for name, value in found.items()},
            "recorded": {name: getattr(value, "requires_grad", False) for name, value in found.items()},
            **{name: _plain(value) for name, value in found.items()}, "calls": [*model.calls]}


def grid(ranges, grid_size, image_shape, device="cpu"):
    """What `sample_on_grid` gives where a decoded image shows its latent point, and how the decoder was called.

    The image of z holds sigmoid(z_0 / 4) in its first pixel, sigmoid(z_1 / 4) in its last, 1/2 elsewhere.
    """
    from lib.explore_latent_space import sample_on_grid
    model = _Recorder(image_shape, *torch.zeros(2, math.prod(image_shape), 2))
    with _at_hand(device):
        images, step_size = sample_on_grid(watch(model.train()), *ranges, grid_size, device)
    found = {"images": images, "step_size": step_size}
    return {"kinds": {name: type(value).__name__ for name, value in found.items()}, "calls": [*model.calls],
            **{name: _plain(value) for name, value in found.items()}}


class _Recorder(nn.Module):
    """A VAE of linear maps that remembers in which mode, on which device and with which shapes it was called."""

    def __init__(self, image_shape, to_mu, to_logvar):
        super().__init__()
        self.image_shape, self.latent_size = tuple(image_shape), to_mu.shape[1]
        self.register_buffer("to_mu", to_mu)
        self.register_buffer("to_logvar", to_logvar)
        self.weight, self.shift = nn.Parameter(torch.ones(())), nn.Parameter(torch.zeros(()))
        self.calls = _Calls()

    def encode(self, x):
        self._note(x)
        rows = self.weight * x.cpu().flatten(1) + self.shift
        return (rows @ self.to_mu).to(x.device), (rows @ self.to_logvar).to(x.device)

    def reparameterize(self, mu, logvar):
        return mu + logvar if self.training else mu

    def decode(self, z):
        self._note(z)
        rows = (self.weight * z.cpu().reshape(-1, z.shape[-1]) + self.shift) / 4
        logits = torch.cat([rows[:, :1], rows.new_zeros(len(rows), math.prod(self.image_shape) - 2), rows[:, 1:2]], 1)
        return logits.sigmoid().view(-1, *self.image_shape).to(z.device)

    def forward(self, x):
        return x, *self.encode(x)

    def to(self, *args, **kwargs):
        return self  # it computes wherever its input is

    cuda = to

    def _note(self, value):
        self.calls.append({"training": self.training, "device": value.device.type, "shape": list(value.shape),
                           "dtype": str(value.dtype)})


class _Calls(list):
    """The calls of a model and of all its copies."""

    def __deepcopy__(self, memo):
        return self


class _Loader:
    """Batches to iterate over, with the data set that they come from."""

    def __init__(self, batches):
        self.batches = batches
        self.dataset = [(x, label) for images, labels in batches
                        for x, label in zip(images, labels.tolist(), strict=True)]

    def __iter__(self):
        return iter([tuple(batch) for batch in self.batches])

    def __len__(self):
        return len(self.batches)


def _at_hand(device):
    return accelerator.pretend() if device == "cuda" else contextlib.nullcontext()


def _plain(value):
    return value.as_subclass(Tensor) if isinstance(value, Tensor) else value
