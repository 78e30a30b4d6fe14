"""Questions about early stopping: scripted validation curves, and a model whose weights tell its epoch."""

import torch
from torch import nn


class Scripted(nn.Module):
    """A model with parameters, a buffer and a counter; calling it is counted."""

    def __init__(self):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.zeros(3, 2)), nn.Parameter(torch.zeros(2))
        self.register_buffer("mean", torch.zeros(2))
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64))
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        return x

    @torch.no_grad()
    def train_to(self, weight):
        """Change all values in place, as an optimiser does."""
        self.weight.copy_(weight)
        self.bias.copy_(weight[1])
        self.mean.copy_(weight[0])
        self.steps += 1


def course_of(patience, curve, weights):
    """What EarlyStopping says and holds after each of the scripted epochs, and what it restores in the end.

    Args:
        curve: the validation ELBO of each epoch.
        weights: of the model after each epoch, shape (epochs, 3, 2); in the end the model is trained to zeros.
    """
    from lib.train_conv_vae import EarlyStopping
    stopping, model, seen = EarlyStopping(patience), Scripted(), []
    for elbo, weight in zip(curve, weights, strict=True):
        model.train_to(weight)
        stop = stopping.update(elbo, model)
        seen.append({"stop": stop, "best": stopping.best, "waited": stopping.waited, "weights": _values(stopping),
                     "model": [value.detach().clone() for value in model.parameters()],
                     "training": model.training, "calls": model.calls, "recorded": _recorded(model)})
    model.train_to(torch.zeros(3, 2))
    kept = _values(stopping)
    if stopping.weights is not None:
        stopping.restore(model)
    return {"seen": seen, "kept": kept, "restored": dict(model.state_dict()),
            "recorded": _recorded(model)}


def side_by_side(patience, curves, weights):
    """The best ELBO and the kept weights of two objects that take turns, each with a model of its own."""
    from lib.train_conv_vae import EarlyStopping
    pairs = [(EarlyStopping(patience), Scripted()) for _ in curves]
    for elbos, epoch in zip(zip(*curves, strict=True), weights, strict=True):
        for (stopping, model), elbo, weight in zip(pairs, elbos, epoch, strict=True):
            model.train_to(weight)
            stopping.update(elbo, model)
    return {"best": [stopping.best for stopping, _ in pairs], "weights": [_values(stopping) for stopping, _ in pairs]}


def _recorded(model):
    """Whether gradients are recorded, for each parameter."""
    return [value.requires_grad for value in model.parameters()]


def _values(stopping):
    """Its weights as they are now."""
    if not isinstance(stopping.weights, dict):
        return None
    return {name: torch.as_tensor(value).detach().clone() for name, value in stopping.weights.items()}
