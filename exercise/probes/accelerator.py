"""A make-believe GPU: code that would fail on a real one fails on every machine.

Within `with accelerator.pretend():` the device "cuda" is at hand. Its tensors lie in main memory and compute there, but
as on a real one they mix with no tensor of the CPU, and numpy cannot read them before `.cpu()`.
"""

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves, tree_map

__all__ = ["pretend"]

_DEVICE = torch.device("cuda", 0)
_MAY_MIX = (Tensor.to, Tensor.copy_, Tensor.__getitem__, Tensor.__setitem__)


class pretend(TorchFunctionMode):
    """The context in which tensors can be moved to, and made on, the device "cuda"."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        inputs = tree_leaves((args, kwargs))
        there = any(isinstance(value, _There) for value in inputs)
        if func == torch.device:
            return func(*args, **kwargs)
        if func == Tensor.device.__get__:
            return _DEVICE if there else func(*args)
        if func == Tensor.is_cuda.__get__:
            return there
        if func == Tensor.__iter__:
            return iter(args[0].unbind())
        if there:
            _check(func, inputs)
        there = (there or func == Tensor.cuda or any(_device_type(value) == "cuda" for value in inputs)) \
            and func != Tensor.cpu and not any(_device_type(value) == "cpu" for value in inputs)
        args, kwargs = tree_map(lambda value: "cpu" if _device_type(value) == "cuda" else value, (args, kwargs))
        with torch._C.DisableTorchFunctionSubclass():
            result = (Tensor.cpu if func == Tensor.cuda else func)(*args, **kwargs)
            return tree_map(lambda value: _placed(value, _There if there else Tensor), result)


class _There(Tensor):
    """A tensor on the make-believe device."""


def _check(func, inputs):
    """Raise what torch would raise."""
    if func in (Tensor.numpy, Tensor.__array__):
        raise TypeError(f"can't convert {_DEVICE} device type tensor to numpy. Use Tensor.cpu() to copy the tensor to "
                        "host memory first.")
    if func not in _MAY_MIX and any(type(value) is Tensor and value.dim() > 0 for value in inputs):
        raise RuntimeError(f"Expected all tensors to be on the same device, but found at least two devices, {_DEVICE} "
                           "and cpu!")


def _device_type(value):
    """Which kind of device an argument names, or None."""
    if isinstance(value, torch.device):
        return value.type
    return value.partition(":")[0] if isinstance(value, str) and value.partition(":")[0] in ("cpu", "cuda") else None


def _placed(value, kind):
    return value.as_subclass(kind) if type(value) in (Tensor, _There) and type(value) is not kind else value
