"""Questions about the training of a GAN: the errors of both networks, and their updates.

The networks are stand-ins that remember what they were given: D(x) = sigmoid(<w, x> + b), of shape (batch, 1, 1, 1),
and G(z) = tanh(<W, z>). In each question `weights` is {"D": [w, b], "G": [W]}, with w of an image's shape, b a scalar
and W of the shape (latent_size, channels, height, width).
"""

import contextlib
from unittest.mock import patch

import torch
from torch import Tensor, nn

from exercise.asking.afterwards import watch
from exercise.probes import accelerator


def discriminator_error_real(real_images, label, weights, device="cpu"):
    """errD_real and D_x, the gradients of the error, and how the networks and the inputs were used.

    Args:
        device: "cpu", or "cuda", which is make-believe.
    """
    from lib.train_gan import discriminator_error_real
    with _at_hand(device):
        D, G = map(watch, _networks(weights, device), ("the discriminator", "the generator"))
        inputs = _watched(real_images=real_images.to(device), label=label.to(device))
        error, mean = discriminator_error_real(D, *inputs.values())
    return _seen(D, G, error, mean, inputs)


def discriminator_error_fake(noise, label, weights, cotangent, device="cpu"):
    """As for the error on real images, also fake_images, and the gradient of <cotangent, fake_images> to G."""
    from lib.train_gan import discriminator_error_fake
    with _at_hand(device):
        D, G = map(watch, _networks(weights, device), ("the discriminator", "the generator"))
        inputs = _watched(noise=noise.to(device), label=label.to(device))
        error, mean, fake_images = discriminator_error_fake(D, G, *inputs.values())
        place = fake_images.device.type if isinstance(fake_images, Tensor) else ""
    fits = isinstance(fake_images, Tensor) and fake_images.shape == cotangent.shape
    return _seen(D, G, error, mean, inputs) | {
        "fake_images": _plain(fake_images), "fake_images_device": place,
        "fake_images_reach": _gradients((_plain(fake_images) * cotangent).sum() if fits else None, G)}


def generator_error(noise, label, weights, device="cpu"):
    """errG and D_G_z2 for what G makes of the noise, and the rest as for the error on real images."""
    from lib.train_gan import generator_error
    with _at_hand(device):
        D, G = map(watch, _networks(weights, device), ("the discriminator", "the generator"))
        fake_images = G(noise.to(device))
        inputs = _watched(fake_images=fake_images.clone(), label=label.to(device))
        error, mean = generator_error(D, *inputs.values())
    return _seen(D, G, error, mean, inputs)


def errors(function, batches, weights):
    """The error of one call after the other.

    Args:
        function: the name of one of the three.
        batches: real images, or noise, of all calls: shape (calls, batch, ...).
    """
    from lib import train_gan
    D, G = _networks(weights, "cpu")
    given = {"discriminator_error_real": lambda x: (D, x), "discriminator_error_fake": lambda z: (D, G, z),
             "generator_error": lambda z: (D, G(z))}[function]
    found = [getattr(train_gan, function)(*given(batch), torch.ones(len(batch)))[0] for batch in batches]
    return {"errors": torch.stack([torch.as_tensor(error).detach().float() for error in found])}


def discriminator_updates(batches, weights, lr, error):
    """Both networks after steps of gradient descent in which one error counts; the other is replaced by 0.

    Args:
        batches: list of [real_images, noise].
        error: the name of the function whose error counts, so that neither gap spoils the other's test.
    """
    from lib import train_gan
    D, G = _networks(weights, "cpu")
    optimizer = _Descent(D, lr)
    silent = {"discriminator_error_real": (torch.zeros(()), 0.0),
              "discriminator_error_fake": (torch.zeros(()), 0.0, torch.zeros_like(batches[0][0]))}
    (other,) = silent.keys() - {error}
    with patch.object(train_gan, other, lambda *_: silent[other]):
        for real_images, noise in batches:
            train_gan.update_discriminator(D, G, real_images, noise, torch.ones(len(noise)), optimizer)
    return _state(D, G)


def generator_updates(batches, weights, lr):
    """Both networks after steps of gradient descent of the generator, one for each batch of noise."""
    from lib.train_gan import update_generator
    D, G = _networks(weights, "cpu")
    optimizer = _Descent(G, lr)
    for noise in batches:
        update_generator(D, G, G(noise), torch.ones(len(noise)), optimizer)
    return _state(D, G)


class _Recorder(nn.Module):
    """A network that remembers what it was given, and in which mode."""

    def __init__(self, *weights):
        super().__init__()
        self.weights = nn.ParameterList(nn.Parameter(weight) for weight in weights)
        self.register_buffer("statistics", torch.zeros(2))  # nothing here uses it, and nobody should touch it
        self.calls = []

    def forward(self, x):
        found = self.compute(x.flatten(1), *self.weights)
        self.calls.append({"x": _plain(x).detach().clone(), "training": self.training})
        return found


class _Discriminator(_Recorder):
    def compute(self, x, weight, bias):
        return torch.sigmoid((x @ weight.flatten() + bias).view(-1, 1, 1, 1))


class _Generator(_Recorder):
    def compute(self, z, weight):
        return torch.tanh((z @ weight.flatten(1)).view(-1, *weight.shape[1:]))


class _Descent:
    """Gradient descent; the first step of torch.optim.SGD would load torch's compiler, which takes a second."""

    def __init__(self, network, lr):
        self.parameters, self.lr = list(network.parameters()), lr

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter -= self.lr * parameter.grad


def _networks(weights, device):
    return tuple(kind(*(weight.to(device) for weight in weights[name]))
                 for name, kind in (("D", _Discriminator), ("G", _Generator)))


def _watched(**inputs):
    return {name: watch(value, f"`{name}`") for name, value in inputs.items()}


def _seen(D, G, error, mean, inputs):
    weights = [*D.parameters(), *G.parameters()]
    return {"error": _plain(error), "mean": _plain(mean),
            "D_gradients": _gradients(error, D), "G_gradients": _gradients(error, G),
            "D_calls": D.calls, "G_calls": G.calls, "inputs_after": {name: _plain(x) for name, x in inputs.items()},
            "training": [D.training, G.training], "recorded": [weight.requires_grad for weight in weights],
            "accumulated": [_plain(weight.grad) for weight in weights]}


def _gradients(value, network):
    """The gradient of a value, summed, to each parameter of a network, or None where there is none."""
    weights = list(network.parameters())
    found = [None] * len(weights)
    if isinstance(value, Tensor):
        with contextlib.suppress(RuntimeError):  # there is no graph, or backward has ended it already
            found = torch.autograd.grad(value.sum(), weights, retain_graph=True, allow_unused=True)
    return [_plain(gradient) for gradient in found]


def _state(D, G):
    found = {"D": list(D.parameters()), "G": list(G.parameters())}
    return found | {f"{name}_gradients": [weight.grad for weight in weights] for name, weights in found.items()}


def _at_hand(device):
    return accelerator.pretend() if device == "cuda" else contextlib.nullcontext()


def _plain(value):
    """A tensor or a number as plain data, None for anything else."""
    if isinstance(value, Tensor):
        return value.cpu().as_subclass(Tensor)
    return value if isinstance(value, float | int) else None
