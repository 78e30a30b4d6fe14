"""Questions about the networks of the GAN and about sampling from a generator.

The layers are described in plain data. Sampling is asked alone: the generator is a stand-in, G(z) = tanh(batch norm(z
W)) with an image of 2 x 2 pixels, that remembers what it was given and in which mode.
"""

import contextlib

import torch
from torch import Tensor, nn
from torch.nn.parameter import UninitializedParameter
from torch.utils._pytree import tree_leaves

from exercise.asking.afterwards import watch
from exercise.probes import accelerator

_OPTIONS = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding", "dilation", "groups",
            "padding_mode", "num_features", "eps", "momentum", "affine", "track_running_stats")


def generator(sizes, weights, z, training=True):
    """The generator's layers and weights, and what it makes of z with the given weights.

    Args:
        sizes: channels_multiplier, num_input_channels and latent_size, or [] for the defaults, whose weights are too
            large to be told.
        weights: a state dict; where it is empty, or of other names and shapes than the network's, there is no output.
    """
    from lib.model_gan import Generator
    return _seen(Generator(*sizes), weights, z, training, bool(sizes))


def discriminator(sizes, weights, x, training=True):
    """The same of the discriminator; sizes are channels_multiplier and num_input_channels."""
    from lib.model_gan import Discriminator
    return _seen(Discriminator(*sizes), weights, x, training, bool(sizes))


def noise_often(calls, n, latent_size, temperature):
    """z of one call of sample after the other, shape (calls, n, latent_size) if there are that many."""
    from lib.sample_gan import sample
    seen, found = [], []
    stand_in = _StandIn(torch.ones(latent_size, 4), torch.zeros(1), torch.ones(1), "cpu", seen.append)
    for _ in range(calls):
        sample(stand_in, n, temperature)
        found.append(torch.cat([call["z"].flatten(1) for call in seen])[:n])
        seen.clear()
    return {"z": torch.stack(found) if {len(z) for z in found} == {n} else torch.cat(found)}


def sample(n, network, temperature=1.0, state=None, times=1, device="cpu"):
    """Images of a stand-in for the generator, how it was called, and what the calls have left behind.

    Args:
        network: the stand-in's matrix W, shape (latent_size, 4 channels), and its batch norm's mean and variance, shape
            (channels,) each.
        state: a seed for the generator of random numbers; None for no such generator.
        times: how often to sample; each time gives its images and the calls of the generator.
        device: "cpu", or "cuda", which is make-believe.
    """
    from lib.sample_gan import sample
    calls, random = [], None if state is None else torch.Generator().manual_seed(state)
    stand_in = watch(_StandIn(*network, device, calls.append).train(), "the generator")
    before, found = _state(stand_in), []
    with _NoiseOnTheCPU() if device == "cuda" else contextlib.nullcontext():
        for _ in range(times):
            images = sample(stand_in, n, temperature, random)
            found.append({"images": _plain(images), "calls": list(calls), **_about(images)})
            calls.clear()
        records = torch.is_grad_enabled()
    return {"samples": found, "records_afterwards": records, "before": before, "after": _state(stand_in),
            "recorded": {name: value.requires_grad for name, value in stand_in.named_parameters()}}


class _StandIn(nn.Module):
    """A small generator; `note` is told of each call, a copy's calls too."""

    def __init__(self, matrix, mean, variance, device, note):
        super().__init__()
        self.latent_size, self.num_channels, self.device, self.note = len(matrix), len(mean), device, note
        self.matrix, self.norm = nn.Parameter(matrix), nn.BatchNorm2d(len(mean))
        self.norm.load_state_dict({"running_mean": mean, "running_var": variance}, strict=False)

    def forward(self, z):
        self.note({"z": _plain(z).detach().clone(), "shape": list(z.shape), "device": z.device.type,
                   "dtype": str(z.dtype)})
        if z.numel() == 0 or z.numel() % self.latent_size:
            raise RuntimeError(f"z should have the shape (n, {self.latent_size}, 1, 1), but has {tuple(z.shape)}")
        rows = _plain(z).float().reshape(-1, self.latent_size) @ self.matrix
        return self.norm(rows.view(-1, self.num_channels, 2, 2)).tanh().to(z.device)

    def parameters(self, recurse=True):
        """On a make-believe GPU these are copies, which tell where they lie."""
        found = super().parameters(recurse)
        return found if self.device == "cpu" else iter([value.detach().to(self.device) for value in found])

    def to(self, *args, **kwargs):
        return self  # it computes wherever its input is


class _NoiseOnTheCPU(accelerator.pretend):
    """The make-believe GPU, on which a generator of random numbers that lives on the CPU cannot draw."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        given = tree_leaves((args, kwargs or {}))
        there = any("cuda" in str(value) if isinstance(value, torch.device | str)
                    else isinstance(value, Tensor) and type(value) is not Tensor for value in given)
        if there and any(isinstance(value, torch.Generator) for value in given):
            raise RuntimeError("Expected a 'cuda' device type for generator but found 'cpu'")
        return super().__torch_function__(func, types, args, kwargs)


def _seen(network, weights, inputs, training, tell_weights):
    layers = getattr(network, "layers", None)
    own, modes = network.state_dict(), [module.training for module in network.modules()]
    shapes = {name: [] if isinstance(value, UninitializedParameter) else list(value.shape)
              for name, value in own.items()}
    told = {"container": _torch_name(layers) if isinstance(layers, nn.Module) else type(layers).__name__,
            "layers": _described(layers), "shapes": shapes,
            "dtypes": {name: str(value.dtype) for name, value in own.items()},
            "weights": {name: value.clone() for name, value in own.items() if tell_weights and shapes[name]},
            "sizes": [getattr(network, name, None) for name in ("latent_size", "num_channels")],
            "training": modes,
            "recorded": {name: value.requires_grad for name, value in network.named_parameters()}, "output": None}
    if weights and shapes == {name: list(value.shape) for name, value in weights.items()}:
        network.load_state_dict(weights)
        told["output"] = network.train(training)(inputs)
    return told


def _described(layers):
    """Kind, options, answer to numbers and, where it is there twice, the first place of each layer."""
    layers = list(layers) if isinstance(layers, nn.ModuleList | nn.Sequential | list | tuple) else []
    return [{"kind": _torch_name(layer), "options": _options(layer), "answer": _answer(layer),
             "first": next(i for i, other in enumerate(layers) if other is layer)} for layer in layers]


def _options(layer):
    found = {name: getattr(layer, name) for name in _OPTIONS if hasattr(layer, name)}
    if found.get("padding") in ("same", "valid"):  # the rows above the image; below it there may be one more
        found["padding"] = [(size - 1) // 2 * (found["padding"] == "same") for size in layer.kernel_size]
    return found | ({"bias": layer.bias is not None} if "kernel_size" in found and hasattr(layer, "bias") else {})


def _answer(layer):
    """What an activation makes of the numbers from -4 to 4; None of other layers."""
    if not isinstance(layer, nn.Module) or list(layer.parameters()):
        return None
    try:
        return layer.eval()(torch.linspace(-4, 4, 17).view(1, 1, 1, -1)).flatten()
    except Exception:  # no activation: it takes another shape, or two arguments
        return None


def _torch_name(layer):
    """The class of a layer; of a student's own class, the one of torch that it is a kind of."""
    names = [kind.__name__ for kind in type(layer).__mro__
             if kind.__module__.startswith("torch.nn.") and kind is not nn.Module]
    return names[0] if names else type(layer).__name__


def _about(images):
    tensor = isinstance(images, Tensor)
    return {"kind": type(images).__name__, "device": images.device.type if tensor else "",
            "has_gradients": tensor and images.requires_grad}


def _state(network):
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def _plain(value):
    return value.as_subclass(Tensor) if isinstance(value, Tensor) else value
