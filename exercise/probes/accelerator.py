"""A make-believe GPU: code that would fail on a real one fails on every machine.

Within `with accelerator.pretend():` the device "cuda" is there. Its tensors lie in main memory and compute there, but
as on a real one they mix with no tensor of the CPU, and numpy cannot read them before `.cpu()`.
"""

from unittest import mock

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves, tree_map

__all__ = ["move", "pretend"]

_DEVICE = torch.device("cuda", 0)
_MOVES = (Tensor.to, Tensor.type_as, Tensor.type, Tensor.cuda, Tensor.cpu)
_STAYS = (Tensor.copy_, Tensor.__getitem__, Tensor.__setitem__, Tensor.view_as, Tensor.expand_as, Tensor.reshape_as)


class pretend(TorchFunctionMode):
    """The context in which tensors can be moved to, and made on, the device "cuda"."""

    def __enter__(self):
        # These two make things on a device without asking the mode.
        self._patches = [mock.patch.object(torch, "Generator", _AnyGenerator),
                         mock.patch.object(torch.cuda, "FloatTensor", _CudaFloatTensor)]
        for patch in self._patches:
            patch.start()
        return super().__enter__()

    def __exit__(self, *error):
        for patch in self._patches:
            patch.stop()
        return super().__exit__(*error)

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func == torch.device:
            return func(*args, **kwargs)
        if func == Tensor.__iter__:
            return iter(args[0].unbind())
        if args and isinstance(args[0], _There) and func in _TOLD:
            return _TOLD[func]
        if args and isinstance(args[0], _There) and func == Tensor.type and not {*args[1:], *kwargs.values()} - {None}:
            return args[0].as_subclass(Tensor).type().replace("torch.", "torch.cuda.")
        kind = _kind(func, args, kwargs)
        _check(func, args, kwargs, kind)
        args, kwargs = _on_cpu(func, args, kwargs)
        with torch._C.DisableTorchFunctionSubclass():
            result = (Tensor.to if func == Tensor.cuda else func)(*args, **kwargs)
            if func in _MOVES and isinstance(args[0], _There) != (kind is _There):
                result = result.clone()  # a move makes a copy
            return _mapped(lambda value: _placed(value, kind), result)


def move(module: nn.Module) -> None:
    """Move all parameters and buffers of a module to the make-believe GPU, within `with pretend():`."""
    for part in module.modules():
        for values in (part._parameters, part._buffers):
            values.update({name: value.detach().to("cuda") for name, value in values.items() if value is not None})


class _There(Tensor):
    """A tensor on the make-believe device."""


class _CudaFloatTensor:
    """The type torch.cuda.FloatTensor, an old way to make a tensor on the device, or to move one there."""

    def __new__(cls, *args):
        return _placed(torch.FloatTensor(*args), _There)


class _GeneratorThere(torch.Generator):
    """A generator of random numbers on the make-believe device."""


class _IsAGenerator(type):
    def __instancecheck__(cls, value):
        return isinstance(value, _Generator)


class _AnyGenerator(metaclass=_IsAGenerator):
    """What torch.Generator is while there are two kinds."""

    def __new__(cls, device="cpu"):
        return _GeneratorThere() if _named_device(device, "device") == "cuda" else _Generator(device)


_Generator = torch.Generator
_TOLD = {Tensor.device.__get__: _DEVICE, Tensor.is_cuda.__get__: True, Tensor.is_cpu.__get__: False,
         Tensor.get_device: _DEVICE.index}


def _kind(func, args, kwargs):
    """The class of what comes out: _There, or Tensor for what lies on the CPU."""
    if func in (Tensor.cuda, Tensor.cpu):
        return _There if func == Tensor.cuda else Tensor
    named = [_named_device(value, place) for place, value in _places(func, args, kwargs)]
    if func == Tensor.type:
        named = [_device_of_type(value) for value in [*args[1:], *kwargs.values()]]
    if "cuda" in named or "cpu" in named:
        return _There if "cuda" in named else Tensor
    others = [value for value in [*args[1:], *kwargs.values()] if isinstance(value, Tensor)]
    if func in (Tensor.to, Tensor.type_as) and others:
        return _There if isinstance(others[0], _There) else Tensor
    deciding = args[:1] if func in _STAYS + _MOVES else (args, kwargs)
    return _There if any(isinstance(value, _There) for value in tree_leaves(deciding)) else Tensor


def _check(func, args, kwargs, kind):
    """Raise what torch would raise."""
    inputs = tree_leaves((args, kwargs))
    there = any(isinstance(value, _There) for value in inputs)
    if there and func in (Tensor.numpy, Tensor.__array__) and not kwargs.get("force"):
        raise TypeError(f"can't convert {_DEVICE} device type tensor to numpy. Use Tensor.cpu() to copy the tensor to "
                        "host memory first.")
    if there and func not in _MOVES + _STAYS and any(type(value) is Tensor and value.dim() > 0 for value in inputs):
        raise RuntimeError(f"Expected all tensors to be on the same device, but found at least two devices, {_DEVICE} "
                           "and cpu!")
    generators = {type(value) for value in inputs if isinstance(value, _Generator)}
    if generators - {_GeneratorThere if kind is _There else _Generator}:
        names = ("cuda", "cpu") if kind is _There else ("cpu", "cuda")
        raise RuntimeError("Expected a '{}' device type for generator but found '{}'".format(*names))


def _named_device(value, place):
    """Which kind of device an argument names, or None; a number names a GPU where a device is expected."""
    if isinstance(value, torch.device):
        return value.type
    if place == "device" and type(value) is int:
        return "cuda"
    return value.partition(":")[0] if isinstance(value, str) and value.partition(":")[0] in ("cpu", "cuda") else None


def _device_of_type(value):
    """Which kind of device a type of tensors belongs to, such as "torch.FloatTensor"; None for a dtype."""
    name = "torch.cuda" if value is _CudaFloatTensor else value if isinstance(value, str) else str(
        getattr(value, "__module__", "") if isinstance(value, type) else "")
    return None if not name.startswith("torch") else "cuda" if name.startswith("torch.cuda") else "cpu"


def _places(func, args, kwargs):
    """Each argument with its place: a number, or its name; the one that tells where to move is called "device"."""
    return [*(("device" if func == Tensor.to and place == 1 else place, value) for place, value in enumerate(args)),
            *kwargs.items()]


def _on_cpu(func, args, kwargs):
    """The arguments with the CPU in place of the make-believe device."""
    def moved(place, value):
        if _named_device(value, place) == "cuda":
            return "cpu"
        if value is _CudaFloatTensor:
            return torch.FloatTensor
        return value.replace("torch.cuda.", "torch.") if isinstance(value, str) else value
    if func == Tensor.cuda:
        return (args[0], "cpu"), {}
    moved_all = [moved(place, value) for place, value in _places(func, args, kwargs)]
    return moved_all[:len(args)], dict(zip(kwargs, moved_all[len(args):], strict=True))


def _mapped(function, values):
    return tree_map(function, values, is_leaf=lambda value: isinstance(value, torch.Size))


def _placed(value, kind):
    if type(value) not in (Tensor, _There) or type(value) is kind:
        return value
    if value.requires_grad and value.is_leaf:
        return value.detach().as_subclass(kind).requires_grad_()
    return value.as_subclass(kind)
