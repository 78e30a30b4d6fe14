"""Questions about the fully connected autoencoder: its two networks, and its forward pass.

A network is named by a list: "encoder" or "decoder", the shape of its images or outputs, hidden_size, latent_size.
Nothing is known of its layers, so some questions are asked after a few steps of Adam towards given outputs: weights
that begin at zero have left it by then. The forward pass is asked alone: encoder, decoder and likelihood are stand-ins.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from exercise.asking.afterwards import watch
from exercise.probes import accelerator


def described(network):
    """What a new network is made of: its parameters by name, the trained ones, the lazy ones, and its mode."""
    made = _made(network)
    parameters = dict(made.named_parameters())
    return {"parameters": {name: value for name, value in parameters.items() if not is_lazy(value)},
            "lazy": [name for name, value in parameters.items() if is_lazy(value)],
            "trained": [name for name, value in parameters.items() if value.requires_grad],
            "in_training": all(module.training for module in made.modules())}


def outputs(network, inputs):
    """What a new network makes of inputs in evaluation mode: of all together, of all once more, of each alone."""
    made = _evaluated(_made(network), network)
    together = _called(made, watch(inputs.clone(), "the input"), network)
    alone = [made(row.clone()) for row in inputs.split(1)]
    return {"together": together, "again": made(inputs.clone()), "alone": alone}


def learned(network, inputs, targets, steps, rate, asked):
    """What a network makes of `asked` after steps of Adam that brought its outputs for `inputs` nearer to `targets`.

    `evaluation` and `training` are its outputs in these two modes; `reached` names the parameters that had a gradient
    in one of the steps.
    """
    made, reached = _learned(network, inputs, targets, steps, rate)
    with torch.no_grad():
        training = made(asked.clone())
        return {"reached": reached, "training": training, "evaluation": made.eval()(asked.clone())}


def slopes(network, inputs, targets, steps, rate, asked):
    """The derivatives of each output by each input at `asked`, (outputs, batch, inputs), after steps of Adam."""
    made = _evaluated(_learned(network, inputs, targets, steps, rate)[0], network)
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
    first, second = _learned(network, inputs, targets, steps, rate)[0].eval(), _made(network).eval()
    with torch.no_grad():
        before = first(inputs.clone())
        second.load_state_dict(first.state_dict())
        found = {"saved": before, "loaded": second(inputs.clone())}
        for parameter in second.parameters():
            parameter.zero_()
        return found | {"first": first(inputs.clone())}


def on_gpu(network, inputs):
    """The device of the outputs of a network that lies, as its inputs do, on a make-believe GPU."""
    made = _made(network).eval()
    with accelerator.pretend():
        _move(made)
        return {"device": made(inputs.to("cuda")).device.type}


def forward(x, to_code, to_outputs, cotangent, training=True):
    """What `forward` gives, what the stand-ins for its parts were given, and the gradients of <cotangent, theta>.

    Args:
        x: images.
        to_code: matrix of the encoder, (pixels, latent_size): code = x to_code, plus 1 in training mode.
        to_outputs: of the decoder, (latent_size, outputs per pixel, ...): outputs = z to_outputs, plus 1 likewise.
    """
    autoencoder = _with_stand_ins(to_code, to_outputs).train(training)
    theta = watch(autoencoder, "the autoencoder")(watch(x.clone(), "x"))
    if isinstance(theta, Tensor) and theta.requires_grad and theta.shape == cotangent.shape:
        (theta * cotangent).sum().backward()
    return {"theta": theta, "given": {part: getattr(autoencoder, part).given for part in ("encoder", "decoder")},
            "gradients": {part: getattr(autoencoder, part).matrix.grad for part in ("encoder", "decoder")}}


def forward_on_gpu(x, to_code, to_outputs):
    """The device of theta where the images and the two stand-ins lie on a make-believe GPU."""
    autoencoder = _with_stand_ins(to_code, to_outputs)
    with accelerator.pretend():
        _move(autoencoder)
        return {"device": autoencoder(x.to("cuda")).device.type}


class _Linear(nn.Module):
    """A matrix that remembers the batches it was given; in training mode all it gives is larger by 1.

    A batch that does not fit gives zeros, so that the judge sees it. A layer is there that nobody should touch.
    """

    def __init__(self, matrix):
        super().__init__()
        self.matrix, self.given, self.bystander = nn.Parameter(matrix), [], nn.BatchNorm1d(2)

    def forward(self, batch):
        self.given.append(batch.detach())
        if batch.numel() != len(batch) * len(self.matrix):
            return batch.new_zeros(len(batch), *self.matrix.shape[1:])
        rows = batch.reshape(len(batch), -1) @ self.matrix.flatten(1)
        return rows.view(-1, *self.matrix.shape[1:]) + float(self.training)


class _Likelihood(nn.Module):
    """theta(o) = 2 o + 1, for any number of outputs per pixel."""

    def theta(self, outputs):
        return 2 * outputs + 1

    def mean(self, theta):
        return theta[:, 0]


def _with_stand_ins(to_code, to_outputs):
    from lib.model_autoencoder import Autoencoder
    likelihood = _Likelihood()
    likelihood.outputs_per_pixel = to_outputs.shape[1]
    return Autoencoder(_Linear(to_code), _Linear(to_outputs), likelihood, to_code.shape[1])


def _made(network):
    from lib.model_autoencoder import mlp_decoder, mlp_encoder
    kind, shape, hidden_size, latent_size = network
    made = mlp_encoder(tuple(shape), hidden_size, latent_size) if kind == "encoder" else \
        mlp_decoder(latent_size, hidden_size, tuple(shape))
    if not isinstance(made, nn.Module):
        raise ValueError(f"`{kind}` should be an nn.Module, such as an nn.Sequential, but is a {type(made).__name__}")
    return made


def _evaluated(made, network):
    """The network, in evaluation mode and watched."""
    return watch(made.eval(), f"the {network[0]}")


def _called(made, inputs, network):
    """What the network gives; what torch says of shapes that do not fit names no line of the gap, so more is said."""
    try:
        return made(inputs)
    except RuntimeError as error:
        kind, shape, hidden_size, latent_size = network
        raise RuntimeError(
            f"the {kind} was made for {'images' if kind == 'encoder' else 'outputs'} of the shape {tuple(shape)} with "
            f"hidden_size {hidden_size} and latent_size {latent_size}, and given a batch of shape "
            f"{tuple(inputs.shape)}: {error}. Does each layer take what the one before it gives (nn.Flatten makes rows "
            "of images, nn.Unflatten(1, shape) the reverse), and is no size written as a number?") from error


def _learned(network, inputs, targets, steps, rate):
    """A network in training mode after some steps of Adam, and the names of the parameters that had a gradient."""
    made = _made(network).train()
    parameters, reached = dict(made.named_parameters()), set()
    optimizer = torch.optim.Adam(parameters.values(), rate, foreach=False) if parameters else None
    for _ in range(steps if parameters else 0):
        found = _called(made, inputs.clone(), network)
        if not isinstance(found, Tensor) or not found.requires_grad or found.shape != targets.shape:
            break
        optimizer.zero_grad()
        F.mse_loss(found, targets).backward()
        optimizer.step()
        reached |= {name for name, value in parameters.items() if value.grad is not None and value.grad.any()}
    return made, sorted(reached)


def _move(module):
    """Moves all parameters and buffers to the make-believe GPU."""
    for part in module.modules():
        for values in (part._parameters, part._buffers):
            values.update({name: value.detach().to("cuda") for name, value in values.items() if value is not None})
