"""Questions about the convolutions within a network whose layers are not known; for all else, see `networks`."""

import torch
import torch.nn.functional as F
from torch.overrides import TorchFunctionMode

from exercise.probes.networks import call, kind_of, make


def convolutions(network, inputs):
    """Sizes of each convolution that a new network calls, in this order: kernel, and shapes of input and output."""
    _, calls = _listened(make(network).eval(), inputs, network)
    return {"calls": [{"kernel": list(kernel.shape[2:]), "input": list(taken.shape[-3:]),
                       "output": list(given.shape[-3:])} for taken, kernel, given in calls]}


def places(network, inputs, pixels):
    """What pixels have to do with the input of an encoder's first convolution, or the output of a decoder's last one.

    Args: inputs, one image or one z; pixels, a list of (row, column).
    Returns: for each pixel a map of (height, width) of that input or output: how much each place of it changes with
        the pixel, or how much the pixel changes with it; none where nothing is convolved, or no gradient is there.
    """
    made = make(network).eval()
    given, calls = _listened(made, inputs, network)
    maps = []
    for row, column in pixels if calls else []:
        if kind_of(network) == "encoder":
            image = inputs.clone()
            image[..., row, column] += 1
            changed = _listened(made, image, network)[1][0][0] - calls[0][0]
        else:
            changed, = torch.autograd.grad(given[..., row, column].sum(), calls[-1][2], retain_graph=True,
                                           allow_unused=True)
        if changed is not None:
            maps.append(changed.abs().flatten(0, -3).sum(0))
    return {"maps": maps}


def _listened(made, inputs, network):
    """What a network gives, and (input, kernel, output) of each convolution that it calls."""
    with _Convolutions() as listening:
        given = call(made, inputs.clone(), network)
    return given, listening.calls


class _Convolutions(TorchFunctionMode):
    """Notes the convolutions of images within `with`."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if func in (F.conv2d, F.conv_transpose2d):
            named = dict(zip(["input", "weight"], args, strict=False)) | (kwargs or {})
            self.calls.append((named["input"], named["weight"], result))
        return result
