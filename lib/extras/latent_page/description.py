"""A decoder as plain data: a list of steps, and all weights in one row of float16. decoder.js computes with them.

An image is a row of numbers there, channel by channel and line by line, as torch holds it. So what only gives numbers
another shape, `Flatten` and `Unflatten`, is no step, and nor is what does nothing in evaluation mode.

| step | layers |
|---|---|
| `linear` | Linear |
| `convolution` | Conv2d, ConvTranspose2d |
| `upsample` | Upsample, by the nearest pixel |
| `scale` | BatchNorm1d, BatchNorm2d: a factor and a shift for each channel |
| `activation` | ReLU, LeakyReLU, ELU, GELU, SiLU, Softplus, Sigmoid, Tanh |
| `mean` | the mean of a likelihood, `lib.likelihoods` |
"""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from lib.likelihoods import LIKELIHOODS, MAX_CONCENTRATION, MAX_RATE, MIN_CONCENTRATION, MIN_SCALE, Likelihood

__all__ = ["Description", "describe"]

_WITHOUT_A_STEP = (nn.Identity, nn.Flatten, nn.Unflatten, nn.Dropout, nn.Dropout2d)
_CONSTANTS = {"beta": {"least": MIN_CONCENTRATION, "most": MAX_CONCENTRATION}, "logistic": {"least": MIN_SCALE},
              "continuous_bernoulli": {"most": MAX_RATE}}


class Description:
    """What is known of a decoder so far.

    Attributes:
        steps: dictionaries of plain values, for JSON. What a step says of its weights, [start, end], is their place
            among all weights.
    """

    def __init__(self) -> None:
        self.steps: list[dict] = []
        self._weights: list[Tensor] = []
        self._size = 0

    def keep(self, weight: Tensor | None) -> list[int] | None:
        """The place of `weight` among all weights, [start, end]; None for none.

        Raises: ValueError if one of its numbers is too large for float16.
        """
        if weight is None:
            return None
        row = weight.detach().cpu().flatten().half()
        if row.isinf().any():
            raise ValueError(f"a weight of the decoder is {weight.abs().max():.3g}, and in float16, as the page holds "
                             f"it, there is nothing above {torch.finfo(torch.half).max:,.0f}")
        self._weights.append(row)
        self._size += len(row)
        return [self._size - len(row), self._size]

    @property
    def weights(self) -> bytes:
        """All weights, float16, the low byte first."""
        return torch.cat(self._weights).numpy().astype("<f2").tobytes()


@torch.no_grad()
def describe(decoder: nn.Module, latent_size: int, likelihood: Likelihood | None = None) -> Description:
    """The steps from z to an image.

    Args:
        decoder: from (batch, latent_size) to what `likelihood` asks for; put into evaluation mode.
        likelihood: whose mean the image is; where there is none, the decoder ends in the image.
    Raises: ValueError that names the first layer which decoder.js does not know.
    """
    found, x = Description(), next(decoder.parameters()).new_zeros(2, latent_size)
    for layer in _layers(decoder.eval()):
        kind = type(layer)
        if kind not in _STEPS and kind not in _WITHOUT_A_STEP:
            raise _unknown(layer)
        y = layer(x)
        if kind in _STEPS:
            found.steps.append(_STEPS[kind](layer, x[0].shape, y[0].shape, found.keep))
        x = y
    if likelihood is not None:
        found.steps.append(_mean(likelihood, x[0].numel()))
    return found


def _layers(module: nn.Module) -> Iterator[nn.Module]:
    """The layers of a decoder, in their order."""
    if type(module) is nn.Sequential:
        for part in module:
            yield from _layers(part)
    else:
        yield module


def _unknown(layer: nn.Module, which: str = "") -> ValueError:
    known = ", ".join(sorted(kind.__name__ for kind in (nn.Sequential, *_STEPS, *_WITHOUT_A_STEP)))
    return ValueError(f"the decoder has the layer {type(layer).__name__}{which}, which the page cannot compute; "
                      f"it can {known}")


Keep = Callable[[Tensor | None], list[int] | None]


def _linear(layer: nn.Linear, before: torch.Size, after: torch.Size, keep: Keep) -> dict:
    return {"kind": "linear", "rows": before[:-1].numel(), "inputs": layer.in_features, "outputs": layer.out_features,
            "weight": keep(layer.weight), "bias": keep(layer.bias)}


def _convolution(layer: nn.Conv2d | nn.ConvTranspose2d, before: torch.Size, after: torch.Size, keep: Keep) -> dict:
    """Both kinds connect a pixel of a small image with a patch of a large one; the transposed one writes the patch."""
    transposed = isinstance(layer, nn.ConvTranspose2d)
    if layer.padding_mode != "zeros":
        raise _unknown(layer, f" with padding_mode={layer.padding_mode!r}")
    padding = {"valid": (0, 0), "same": tuple(step * (size - 1) // 2 for step, size in
                                              zip(layer.dilation, layer.kernel_size, strict=True))}
    return {"kind": "convolution", "transposed": transposed, "groups": layer.groups,
            "small": list(before if transposed else after), "large": list(after if transposed else before),
            "kernel": layer.kernel_size, "stride": layer.stride, "dilation": layer.dilation,
            "padding": padding.get(layer.padding, layer.padding),
            "weight": keep(layer.weight), "bias": keep(layer.bias)}


def _upsample(layer: nn.Upsample, before: torch.Size, after: torch.Size, keep: Keep) -> dict:
    whole = len(before) == 3 and not any(new % old for old, new in zip(before, after, strict=True))
    if layer.mode != "nearest" or not whole:
        raise _unknown(layer, f" from {tuple(before)} to {tuple(after)} with mode={layer.mode!r}")
    return {"kind": "upsample", "channels": before[0], "from": before[1:], "to": after[1:]}


def _scale(layer: nn.BatchNorm1d | nn.BatchNorm2d, before: torch.Size, after: torch.Size, keep: Keep) -> dict:
    """y = (x - mean) / sqrt(variance + eps) * weight + bias = factor * x + shift."""
    if layer.running_mean is None:
        raise _unknown(layer, " without running statistics")
    factor = (layer.running_var + layer.eps).rsqrt()
    factor = factor if layer.weight is None else factor * layer.weight
    shift = -layer.running_mean * factor
    shift = shift if layer.bias is None else shift + layer.bias
    return {"kind": "scale", "size": before[1:].numel(), "factor": keep(factor), "shift": keep(shift)}


def _activation(name: str, *settings: str) -> Callable[..., dict]:
    """A step for a function of single numbers, with the settings that the layer has under these names."""
    def of(layer: nn.Module, before: torch.Size, after: torch.Size, keep: Keep) -> dict:
        return {"kind": "activation", "name": name, **{setting: getattr(layer, setting) for setting in settings}}
    return of


_STEPS: dict[type[nn.Module], Callable[..., dict]] = {
    nn.Linear: _linear, nn.Conv2d: _convolution, nn.ConvTranspose2d: _convolution, nn.Upsample: _upsample,
    nn.BatchNorm1d: _scale, nn.BatchNorm2d: _scale, nn.ReLU: _activation("relu"),
    nn.LeakyReLU: _activation("leaky_relu", "negative_slope"), nn.ELU: _activation("elu", "alpha"),
    nn.GELU: _activation("gelu", "approximate"), nn.SiLU: _activation("silu"), nn.Sigmoid: _activation("sigmoid"),
    nn.Softplus: _activation("softplus", "beta", "threshold"), nn.Tanh: _activation("tanh")}


def _mean(likelihood: Likelihood, outputs: int) -> dict:
    """The mean of a likelihood, from the outputs of the network: the first of each pixel, then the second, …"""
    name = next((name for name, kind in LIKELIHOODS.items() if type(likelihood) is kind), None)
    if name is None:
        raise ValueError(f"{type(likelihood).__name__} is no likelihood whose mean a page can compute; it knows "
                         + ", ".join(LIKELIHOODS))
    return {"kind": "mean", "name": name, "pixels": outputs // likelihood.outputs_per_pixel,
            "parameters": likelihood.outputs_per_pixel, **_CONSTANTS.get(name, {})}
