"""The floor of fully connected networks: the matrix products of their layers, bare."""

from collections.abc import Callable

__all__ = ["multiply", "training_products"]


def training_products(layers: list[tuple[int, int]], batch_size: int) -> list:
    """The pairs of matrices that one training step multiplies, of shapes (n, k) and (k, m).

    They are those of the forward pass, of the gradient of the weights, and of that of the input where one is needed.

    Args:
        layers: (inputs, outputs) of each layer, the first of which reads the data.
    """
    import torch
    products = []
    for number, (inputs, outputs) in enumerate(layers):
        x, weight, gradient = (torch.rand(shape) for shape in
                               [(batch_size, inputs), (outputs, inputs), (batch_size, outputs)])
        products += [(x, weight.T), (gradient.T, x)]
        if number > 0:  # nobody asks for the gradient of the data
            products.append((gradient, weight))
    return products


def multiply(products: list, repetitions: int) -> Callable[[], None]:
    """The work of computing all products so many times, each in the same place again."""
    import torch
    products = [(left, right, left @ right) for left, right in products]

    def work():
        for _ in range(repetitions):
            for left, right, result in products:
                torch.mm(left, right, out=result)
    return work
