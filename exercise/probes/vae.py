"""Questions about the VAE and its loss.

Each method is asked alone: the layers it uses are set up here with the weights of the question, and the other methods
are replaced by simple stand-ins, so that one empty or wrong gap spoils no other.
"""

import math

import torch
from torch import Tensor, nn

from exercise.asking.afterwards import watch
from exercise.probes import accelerator
from exercise.probes.bystander import with_bystander


def layers(image_shape, hidden_size, latent_size, inputs):
    """What the constructor makes: names, weights, modes, sizes, and what each layer answers to its part of `inputs`.

    At last the n-th parameter of all layers is filled with the number n: `marks` shows which of them kept theirs.
    """
    from lib.model_vae import VAE
    vae = VAE(*image_shape, hidden_size, latent_size)
    children = {name: child for name, child in vae._modules.items() if child is not None}
    made = {"names": list(children),
            "weights": {name: value.clone() for name, value in vae.state_dict().items()},
            "recorded": {name: value.requires_grad for name, value in vae.named_parameters(remove_duplicate=False)},
            "training": [module.training for module in vae.modules()],
            "sizes": [*vae.image_shape, vae.latent_size],
            "outputs": {name: children[name](x) for name, x in inputs.items() if name in children}}
    with torch.no_grad():
        for number, parameter in enumerate(vae.state_dict().values()):
            parameter.fill_(number)
    return made | {"marks": [float(parameter.double().mean()) for parameter in vae.state_dict().values()]}


def encode(weights, image_shape, x, training=True):
    """What `encode` makes of images, with given weights, and the gradients to these of |mu|^2 and of |logvar|^2."""
    vae = _vae(image_shape, len(weights["encode_mu"][1]), training, weights)
    mu, logvar = _returned(vae.encode(watch(x, "x")), "mu, logvar")
    return {"mu": mu, "logvar": logvar, "mu_gradients": _gradients(mu, dict(vae.named_parameters())),
            "logvar_gradients": _gradients(logvar, dict(vae.named_parameters()))}


def reparameterize(mu, logvar, cotangent, training=True):
    """Two samples for the same parameters, and the gradients of <cotangent, first sample>."""
    vae = _vae((1, 1, 1), mu.shape[1], training)
    leaves = mu.requires_grad_(), logvar.requires_grad_()
    z = vae.reparameterize(watch(mu.clone(), "mu"), watch(logvar.clone(), "logvar"))
    if isinstance(z, Tensor) and z.requires_grad and z.shape == cotangent.shape:
        (z * cotangent).sum().backward()
    again = vae.reparameterize(*(watch(value.detach().clone(), name)
                                 for value, name in zip(leaves, ["mu", "logvar"], strict=True)))
    return {"z": z, "again": again, "mu_grad": leaves[0].grad, "logvar_grad": leaves[1].grad}


def reparameterize_often(mu, logvar, times):
    """One sample after the other for the same parameters, all of one model in training mode: shape (times, ...)."""
    vae = _vae((1, 1, 1), mu.shape[1], training=True)
    return {"z": torch.stack([vae.reparameterize(mu.clone(), logvar.clone()) for _ in range(times)])}


def reparameterize_on_gpu(mu, logvar):
    """The device of a sample whose parameters, and whose model, lie on a make-believe GPU."""
    vae = _vae((1, 1, 1), mu.shape[1], training=True)
    with accelerator.pretend():
        for layer in vae.children():
            for name, value in layer.named_parameters():
                setattr(layer, name, nn.Parameter(value.detach().to("cuda")))
        return {"device": vae.reparameterize(mu.to("cuda"), logvar.to("cuda")).device.type}


def decode(weights, image_shape, z, training=True):
    """What `decode` makes of latent variables, with given weights, and the gradients of its square to both."""
    vae = _vae(image_shape, z.shape[1], training, weights)
    leaf = z.requires_grad_()
    x_reconstructed = vae.decode(watch(z.clone(), "z"))
    sources = {"z": leaf, **dict(vae.named_parameters())}
    return {"x": x_reconstructed, "gradients": _gradients(x_reconstructed, sources)}


def forward(x, to_mu, to_logvar, noise, to_pixels, training=True):
    """What `forward` gives with simple stand-ins for its three parts, and the gradients of the squares to matrices.

    encode(x) = (x to_mu, x to_logvar) and decode(z) = sigmoid(z to_pixels). In training mode the calls of
    reparameterize(mu, logvar) give mu + s * (1 + logvar) * noise, with s = 1, 2, 4, ...; in evaluation mode they give
    mu. `sampled` counts them.
    """
    vae = _vae(x.shape[1:], to_mu.shape[1], training)
    matrices = {"to_mu": to_mu.requires_grad_(), "to_logvar": to_logvar.requires_grad_()}
    scales = []

    def reparameterize(mu, logvar):
        scales.append(2 ** len(scales))
        return mu + scales[-1] * (1 + logvar) * noise if vae.training else mu

    vae.encode = lambda x: (x.flatten(1) @ to_mu, x.flatten(1) @ to_logvar)
    vae.reparameterize = reparameterize
    vae.decode = lambda z: torch.sigmoid(z @ to_pixels).reshape(-1, *vae.image_shape)
    returned = _returned(vae(watch(x.clone(), "x")), "x_reconstructed, mu, logvar")
    found = dict(zip(["x", "mu", "logvar"], returned, strict=True))
    gradients = {f"{name}_gradients": _gradients(value, matrices) for name, value in found.items()}
    return found | gradients | {"sampled": len(scales)}


def loss(x_reconstructed, x, mu, logvar, kl_loss_weight=1.0):
    """The loss and its terms for one batch, and the gradients of the loss to what it is made of."""
    from lib.loss_vae import VAELoss
    leaves = [value.requires_grad_() for value in (x_reconstructed, mu, logvar)]
    inputs = [watch(value.clone(), name) for value, name in zip(
        (x_reconstructed, x, mu, logvar), ["x_reconstructed", "x", "mu", "logvar"], strict=True)]
    terms = watch(with_bystander(VAELoss(kl_loss_weight)), "the loss").terms(*inputs)
    loss, reconstruction, kl = _returned(terms, "loss, reconstruction, kl")
    if isinstance(loss, Tensor) and loss.requires_grad and loss.numel() == 1:
        loss.backward()
    return {"loss": loss, "reconstruction": reconstruction, "kl": kl,
            **dict(zip(["x_grad", "mu_grad", "logvar_grad"], [value.grad for value in leaves], strict=True))}


def loss_on_gpu(x_reconstructed, x, mu, logvar):
    """The three terms for a batch that lies on a make-believe GPU, and their devices."""
    from lib.loss_vae import VAELoss
    with accelerator.pretend():
        terms = VAELoss().terms(*(value.to("cuda") for value in (x_reconstructed, x, mu, logvar)))
        terms = _returned(terms, "loss, reconstruction, kl")
        return {"devices": [term.device.type for term in terms], "terms": [term.cpu() for term in terms]}


def _vae(image_shape, latent_size, training, weights=None):
    """A VAE that its constructor has not touched; its layers have given weights, {name: [weight, bias]}, or any."""
    from lib.model_vae import VAE
    vae = VAE.__new__(VAE)
    nn.Module.__init__(vae)
    vae.image_shape, vae.latent_size = tuple(image_shape), latent_size
    sizes = {name: weight.T.shape for name, (weight, _) in (weights or {}).items()}
    for name, (size_in, size_out) in (sizes or _sizes(math.prod(image_shape), 4, latent_size)).items():
        layer = nn.Linear(size_in, size_out)
        if weights:
            layer.load_state_dict(dict(zip(["weight", "bias"], weights[name], strict=True)))
        vae.add_module(name, layer)
    return watch(with_bystander(vae.train(training)), "the VAE")


def _sizes(pixels, hidden, latent):
    return {"encode_hidden": (pixels, hidden), "encode_mu": (hidden, latent), "encode_logvar": (hidden, latent),
            "decode_hidden": (latent, hidden), "decode_output": (hidden, pixels)}


def _returned(values, names):
    """The values that the line after the gap returns, unless the gap returned something by itself."""
    if not isinstance(values, tuple) or len(values) != names.count(",") + 1:
        raise ValueError(f"{names} should be returned. The line after the gap does that: define these names in the "
                         "gap, without a return")
    return values


def _gradients(output, sources):
    """The gradient of the sum of an output's squares to each of these tensors, None where there is none."""
    recorded = {name: value for name, value in sources.items() if value.requires_grad}
    if not isinstance(output, Tensor) or not output.requires_grad or not recorded:
        return dict.fromkeys(sources)
    found = torch.autograd.grad(output.square().sum(), list(recorded.values()), retain_graph=True, allow_unused=True)
    return dict.fromkeys(sources) | dict(zip(recorded, found, strict=True))
