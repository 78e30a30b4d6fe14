"""Questions about a network of which nothing is known but what it takes and gives.

It is named by a list: the function that makes it, such as "mlp_encoder", and its arguments. Some questions are asked
after a few steps of Adam towards given outputs: weights that begin at zero have left it by then.
"""

import importlib
import inspect

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from exercise.asking.afterwards import watch
from exercise.probes import accelerator

_MODULES = {"mlp": "lib.model_autoencoder", "conv": "lib.model_conv_vae"}


def described(network):
    """What a new network is made of: its parameters by name, the names of the lazy ones, `recorded`, whether gradients
    are recorded for each, and `training`, the mode of each module.
    """
    made = make(network)
    parameters = dict(made.named_parameters())
    return {"parameters": {name: value for name, value in parameters.items() if not is_lazy(value)},
            "lazy": [name for name, value in parameters.items() if is_lazy(value)],
            "recorded": {name: value.requires_grad for name, value in parameters.items()},
            "training": [module.training for module in made.modules()]}


def outputs(network, inputs, training=False):
    """What a new network makes of inputs: of all together, of all once more, of each alone."""
    made = _watched(make(network).train(training), network)
    together = call(made, watch(inputs.clone(), "the input"), network)
    alone = [made(row.clone()) for row in inputs.split(1)]
    return {"together": together, "again": made(inputs.clone()), "alone": alone}


def learned(network, inputs, targets, steps, rate, asked):
    """What a network makes of `asked` after steps of Adam that brought its outputs for `inputs` nearer to `targets`.

    `evaluation` and `training` are its outputs in these two modes; `gradients` holds for each parameter the sum of the
    absolute values of its gradients in all steps, None where it had none.
    """
    made, gradients = _learned(network, inputs, targets, steps, rate)
    with torch.no_grad():
        training = made(asked.clone())
        return {"gradients": gradients, "training": training, "evaluation": made.eval()(asked.clone())}


def slopes(network, inputs, targets, steps, rate, asked):
    """The derivatives of each output by each input at `asked`, (outputs, batch, inputs), after steps of Adam."""
    made = _watched(_learned(network, inputs, targets, steps, rate)[0].eval(), network)
    leaf = asked.clone().requires_grad_()
    rows = made(leaf).flatten(1)
    if not rows.requires_grad:
        return {"slopes": torch.zeros(rows.shape[1], len(asked), asked[0].numel())}
    gradients = [torch.autograd.grad(column.sum(), leaf, retain_graph=True, allow_unused=True)[0]
                 for column in rows.unbind(1)]
    return {"slopes": torch.stack([torch.zeros_like(leaf) if value is None else value
                                   for value in gradients]).flatten(2)}


def saved(network, inputs, targets, steps, rate):
    """Outputs of a network that has learned, of one that has loaded its weights, and of the first when those are zero.

    The two are made one after the other, and the second learns nothing. All outputs are in evaluation mode.
    """
    first, second = _learned(network, inputs, targets, steps, rate)[0].eval(), make(network).eval()
    with torch.no_grad():
        before = first(inputs.clone())
        second.load_state_dict(first.state_dict())
        found = {"saved": before, "loaded": second(inputs.clone())}
        for parameter in second.parameters():
            parameter.zero_()
        return found | {"first": first(inputs.clone())}


def on_gpu(network, inputs):
    """The device of the outputs of a network that lies, as its inputs do, on a make-believe GPU."""
    made = make(network).eval()
    with accelerator.pretend():
        accelerator.move(made)
        return {"device": made(inputs.to("cuda")).device.type}


def make(network):
    """A new network."""
    made = _maker(network)(*map(_tuple, network[1:]))
    if not isinstance(made, nn.Module):
        raise ValueError(f"`{kind_of(network)}` should be an nn.Module, such as an nn.Sequential, but is a "
                         f"{type(made).__name__}")
    return made


def kind_of(network):
    """encoder or decoder, which is also the name that the gap defines."""
    return network[0].partition("_")[2]


def call(made, inputs, network):
    """What a network gives; what torch says of shapes that do not fit names no line of the gap, so more is said."""
    try:
        return made(inputs)
    except RuntimeError as error:
        names = inspect.signature(_maker(network)).parameters
        told = ", ".join(f"{name} {_tuple(value)}" for name, value in zip(names, network[1:], strict=True))
        raise RuntimeError(
            f"the {kind_of(network)} was made with {told}, and given a batch of shape {tuple(inputs.shape)}: {error}. "
            "Does each layer take what the one before it gives (nn.Flatten makes rows of images, nn.Unflatten(1, "
            "shape) the reverse), and is no size written as a number?") from error


def _maker(network):
    """By its module's name, as an import would make a handout of the first sheet need the modules of all sheets."""
    module = importlib.import_module(_MODULES[network[0].partition("_")[0]])
    return getattr(module, network[0])


def _tuple(value):
    return tuple(value) if isinstance(value, list | tuple) else value


def _watched(made, network):
    return watch(made, f"the {kind_of(network)}")


def _learned(network, inputs, targets, steps, rate):
    """A network in training mode after some steps of Adam, and what gradients its parameters had, as in `learned`."""
    made = make(network).train()
    parameters = dict(made.named_parameters())
    gradients = dict.fromkeys(parameters)
    optimizer = torch.optim.Adam(parameters.values(), rate, foreach=False) if parameters else None
    for _ in range(steps if parameters else 0):
        found = call(made, inputs.clone(), network)
        if not isinstance(found, Tensor) or not found.requires_grad or found.shape != targets.shape:
            break
        optimizer.zero_grad()
        F.mse_loss(found, targets).backward()
        optimizer.step()
        for name, value in parameters.items():
            if value.grad is not None:
                gradients[name] = value.grad.abs() if gradients[name] is None else gradients[name] + value.grad.abs()
    return made, gradients
