"""The floor of convolutional networks: their convolutions, bare."""

import functools
from collections.abc import Callable, Iterator

__all__ = ["convolution"]


def convolution(layer, inputs, outputs, masks: tuple[bool, bool, bool], dtype=None, layout=None
                ) -> Iterator[Callable[[], None]]:
    """The two calls that one convolution of a training step takes: forward, and backward.

    Args:
        layer: a Conv2d or ConvTranspose2d.
        inputs, outputs: tensors of their shapes.
        masks: whether somebody asks for the gradient of the input, the weight and the bias.
        dtype, layout: of all tensors; by default those of the weight.
    """
    import torch
    x, weight, gradient = (tensor.detach().to(dtype or layer.weight.dtype).contiguous(
        memory_format=layout or torch.contiguous_format) for tensor in (inputs, layer.weight, outputs))
    transposed = isinstance(layer, torch.nn.ConvTranspose2d)
    how = (layer.stride, layer.padding, (1, 1), transposed, layer.output_padding, 1)
    sizes = [len(layer.bias)] if masks[2] else None
    yield functools.partial(torch.ops.aten.convolution, x, weight, layer.bias, *how)
    yield functools.partial(torch.ops.aten.convolution_backward, gradient, x, weight, sizes, *how, masks)
