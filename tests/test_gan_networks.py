"""The GAN's two networks: their layers, the names of their weights, and what they compute."""

import math
import sys

import pytest
import torch
import torch.nn.functional as F

from exercise.probes import gan_networks as probes
from tests.judge import expect, expect_dtype, refuse, require

NUMBERS = torch.linspace(-4, 4, 17)  # what a probe asks an activation about
ACTIVATIONS = {"ReLU": torch.relu, "LeakyReLU": lambda x: F.leaky_relu(x, 0.2), "Tanh": torch.tanh,
               "Sigmoid": torch.sigmoid}
_HIDES = "it would hide how bright the images are, so the discriminator has none before its second convolution"
REASONS = {  # (place, kind expected there, kind found there)
    (13, "Tanh", "BatchNorm2d"): "a batch norm at the generator's end would undo how bright its images are",
    (13, "Tanh", "Sigmoid"): "images lie in [-1, 1], and a sigmoid is never negative",
    (0, "Conv2d", "BatchNorm2d"): f"a batch norm does not belong at the discriminator's beginning: {_HIDES}",
    (1, "LeakyReLU", "BatchNorm2d"): f"a batch norm does not belong at the discriminator's beginning: {_HIDES}",
    (9, "Sigmoid", "BatchNorm2d"): "a batch norm at the discriminator's end would compare the images of a batch",
    (9, "Sigmoid", "Tanh"): "a probability lies in [0, 1], and a tanh may be negative",
    (9, "Sigmoid", "Softmax"): "a softmax of one number is always 1"}


# gan_generator -------------------------------------------------------------------------------------------------------

@pytest.mark.gap("gan_generator")
def test_generator_has_the_layers_of_a_dcgan(answer, draw):
    """self.layers holds four transposed convolutions with batch norm and ReLU, a convolution and a tanh."""
    for sizes in _sizes(draw):
        seen = answer(probes.generator, sizes, {}, torch.zeros(0))
        _expect_layers(seen, _generator(*sizes), _told(sizes))


@pytest.mark.gap("gan_generator")
def test_generator_weights_have_names_that_others_know(answer, draw):
    """Weights saved elsewhere fit by name and shape, all are trained, and there are 952,096 of them by default."""
    for sizes in _sizes(draw):
        seen = answer(probes.generator, sizes, {}, torch.zeros(0))
        _expect_weights(seen, _generator(*sizes))
        require(seen["sizes"] == [sizes[2], sizes[1]], "self.latent_size and self.num_channels are set above the gap: "
                                                       "they should stay as they are")
    _expect_count(answer(probes.generator, [], {}, torch.zeros(0)), 952_096)


@pytest.mark.gap("gan_generator")
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_generator_makes_images(answer, draw, training):
    """G(z) is what the layers make of z one after the other: images of 32 x 32 pixels in [-1, 1]."""
    for sizes in _sizes(draw):
        layers, z = _generator(*sizes), draw.normal(1 if sizes[0] == 1 else 4, sizes[2], 1, 1)
        weights = _weights(layers, draw)
        seen = _output(answer(probes.generator, sizes, weights, z, training), layers)
        before = _walk(layers[:-1], weights, z, training)
        expect(seen, before.tanh(), "the output G(z)", {
            "the last layer is a sigmoid, so no pixel is negative: images lie in [-1, 1]": before.sigmoid(),
            "the tanh is missing, so pixels leave [-1, 1]": before,
            "the layers compute as in the other mode, training or evaluation": _walk(layers, weights, z, not training)},
               hint="Are kernel, stride, padding and slope of all layers right, and does none do more?")
        expect_dtype(seen, torch.float32, "the output G(z)")


# gan_discriminator ---------------------------------------------------------------------------------------------------

@pytest.mark.gap("gan_discriminator")
def test_discriminator_has_the_layers_of_a_dcgan(answer, draw):
    """self.layers holds four convolutions, batch norm after the two in the middle, LeakyReLUs and a sigmoid."""
    for sizes in _sizes(draw):
        seen = answer(probes.discriminator, sizes[:2], {}, torch.zeros(0))
        _expect_layers(seen, _discriminator(*sizes[:2]), _told(sizes[:2]))


@pytest.mark.gap("gan_discriminator")
def test_discriminator_weights_have_names_that_others_know(answer, draw):
    """Weights saved elsewhere fit by name and shape, all are trained, and there are 663,296 of them by default."""
    for sizes in _sizes(draw):
        _expect_weights(answer(probes.discriminator, sizes[:2], {}, torch.zeros(0)), _discriminator(*sizes[:2]))
    _expect_count(answer(probes.discriminator, [], {}, torch.zeros(0)), 663_296)


@pytest.mark.gap("gan_discriminator")
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_discriminator_gives_probabilities(answer, draw, training):
    """D(x) is what the layers make of images one after the other: a probability for each, shape (batch, 1, 1, 1)."""
    for sizes in _sizes(draw):
        layers = _discriminator(*sizes[:2])
        x = draw.uniform(1 if sizes[0] == 1 else 4, sizes[1], 32, 32, low=-1)
        weights = _weights(layers, draw)
        seen = _output(answer(probes.discriminator, sizes[:2], weights, x, training), layers)
        logits = _walk(layers[:-1], weights, x, training)
        expect(seen, logits.sigmoid(), "the output D(x)", {
            "the sigmoid is missing, so these are logits": logits,
            "a tanh stands where the sigmoid belongs": logits.tanh(),
            "the layers compute as in the other mode, training or evaluation": _walk(layers, weights, x, not training)},
               hint="Are kernel, stride, padding and slope of all layers right, and does none do more?")
        expect_dtype(seen, torch.float32, "the output D(x)")


# What the layers are to be -------------------------------------------------------------------------------------------

def _generator(m, channels, latent_size):
    layers = [_convolution("ConvTranspose2d", latent_size, 8 * m, 4, 1, 0), _norm(8 * m), {"kind": "ReLU"}]
    for width in (8 * m, 4 * m, 2 * m):
        layers += [_convolution("ConvTranspose2d", width, width // 2, 4, 2, 1), _norm(width // 2), {"kind": "ReLU"}]
    return [*layers, _convolution("Conv2d", m, channels, 3, 1, 1), {"kind": "Tanh"}]


def _discriminator(m, channels):
    layers = [_convolution("Conv2d", channels, m, 4, 2, 1), {"kind": "LeakyReLU"}]
    for width in (m, 2 * m):
        layers += [_convolution("Conv2d", width, 2 * width, 4, 2, 1), _norm(2 * width), {"kind": "LeakyReLU"}]
    return [*layers, _convolution("Conv2d", 4 * m, 1, 4, 1, 0), {"kind": "Sigmoid"}]


def _convolution(kind, size_in, size_out, kernel, stride, padding):
    return {"kind": kind, "in_channels": size_in, "out_channels": size_out, "kernel_size": kernel, "stride": stride,
            "padding": padding, "bias": False, "dilation": 1, "groups": 1, "output_padding": 0, "padding_mode": "zeros"}


def _norm(features):
    return {"kind": "BatchNorm2d", "num_features": features, "affine": True, "track_running_stats": True, "eps": 1e-5,
            "momentum": 0.1}


def _sizes(draw):
    """channels_multiplier, image channels and latent_size: three that differ from each other, and the smallest."""
    return [[draw.integer(2, 3), 5 + 2 * draw.integer(0, 1), 9 + 2 * draw.integer(0, 2)], [1, 1, 1]]


def _told(sizes):
    names = ("channels_multiplier", "num_input_channels", "latent_size")
    return "with " + ", ".join(f"{name}={size}" for name, size in zip(names, sizes, strict=False))


# Comparing them ------------------------------------------------------------------------------------------------------

def _expect_layers(seen, expected, told):
    _require_container(seen)
    for place, layer in enumerate(expected):
        name = f"self.layers[{place}]"
        require(place < len(seen["layers"]), f"self.layers has {len(seen['layers'])} layers, where {len(expected)} are "
                                             f"expected: the {layer['kind']} at its end is missing")
        found = seen["layers"][place]
        if layer["kind"] in ACTIVATIONS:
            _expect_activation(found, layer["kind"], place)
        else:
            _expect_kind(found, layer["kind"], place)
            require(found["first"] == place, f"{name} is the very layer that stands at self.layers[{found['first']}]: "
                                             "each place needs a layer, with weights, of its own")
            _expect_options(found, layer, name, told)
    require(len(seen["layers"]) == len(expected),
            f"self.layers has {len(seen['layers'])} layers, where {len(expected)} are expected: the "
            f"{seen['layers'][-1]['kind']} at its end is one too many")


def _require_container(seen):
    kind = seen["container"]
    require(kind != "NoneType", "self.layers is missing: the layers are looked for there")
    require(kind not in ("list", "tuple"), f"self.layers is a {kind} of Python, in which the network does not see its "
                                           "layers, so that nothing is trained or saved: use nn.ModuleList")
    require(kind in ("ModuleList", "Sequential"), f"self.layers should be an nn.ModuleList, but is a {kind}")


def _expect_activation(found, kind, place):
    if found["answer"] is not None and torch.allclose(found["answer"], ACTIVATIONS[kind](NUMBERS), atol=1e-6):
        return
    if kind == found["kind"] == "LeakyReLU":
        slope = -float(found["answer"][0]) / 4
        refuse(f"self.layers[{place}], a LeakyReLU, should have the negative slope 0.2, but has {slope:.3g}")
    _expect_kind(found, kind, place)
    refuse(f"self.layers[{place}], a {kind}, does something else than a {kind}")


def _expect_kind(found, kind, place):
    name = f"self.layers[{place}]"
    if found["kind"] in ("Sequential", "ModuleList"):
        refuse(f"{name} should be a {kind}, but is a {found['kind']} of several layers: put each layer into "
               "self.layers by itself, since saved weights go by its place there")
    require(found["kind"] == kind,
            f"{name} should be a {kind}, but is {_a(found['kind'])}" + _reason(place, kind, found["kind"]))


def _a(kind):
    return f"{'an' if kind[0] in 'AEIOU' else 'a'} {kind}"


def _reason(place, expected, found):
    reason = REASONS.get((place, expected, found))
    return f"; {reason}" if reason else ""


def _expect_options(found, expected, name, told):
    name = f"{name}, a {expected['kind']}"
    options = {option: _short(value) for option, value in found["options"].items()}
    if {"in_channels", "out_channels"} <= set(expected) and expected["in_channels"] != expected["out_channels"]:
        channels = [options["out_channels"], options["in_channels"]]
        require(channels != [expected["in_channels"], expected["out_channels"]],
                f"{name}: in_channels and out_channels are exchanged")
    for option, right in expected.items():
        if option == "bias":
            require(not options[option], f"{name}: has a bias, and no convolution should have one: bias=False")
        elif option in options and option != "kind":
            require(options[option] == right, f"{name}: {option} should be {right}, but is {options[option]}"
                                              + f" ({told})" * ("channels" in option or "features" in option))


def _short(value):
    """[4, 4] as 4."""
    return value[0] if isinstance(value, list) and len(set(value)) == 1 else value


def _expect_weights(seen, expected):
    _require_container(seen)
    require(all(seen["training"]), "the network is in evaluation mode after its making: a new one is to be trained")
    shapes = _shapes(expected)
    for name in shapes:
        require(name in seen["shapes"],
                f"weights saved elsewhere do not load: they have {name}, which this network lacks")
    for name, found in seen["shapes"].items():
        require(name in shapes, f"weights saved elsewhere do not load: this network has {name}, which they lack")
        require(tuple(found) == shapes[name],
                f"weights saved elsewhere do not load: {name} has the shape {shapes[name]} there, {tuple(found)} here")
        require("num_batches" in name or seen["dtypes"][name] == "torch.float32",
                f"{name} should be of torch.float32, not of {seen['dtypes'][name]}")
        require("running" in name or "num_batches" in name or seen["recorded"].get(name),
                f"{name} is not trained: it is frozen, or no parameter")
    for name, value in seen["weights"].items():
        require(bool(value.isfinite().all()), f"{name} holds NaN or infinite values at the start")
        if value.dim() == 4:
            require(value.numel() == 1 or not bool((value == value.flatten()[0]).all()),
                    f"all numbers in {name} are equal: its channels would stay copies of each other")
            require(not _has_copies(value), f"two channels in {name} have the same weights at the start: they would "
                                            "stay copies of each other, and learn the same")


def _has_copies(weight):
    """Whether two channels of a convolution, in or out, have the same weights."""
    return any(len(rows.unique(dim=0)) < len(rows) for rows in (weight.flatten(1), weight.transpose(0, 1).flatten(1)))


def _expect_count(seen, expected):
    found = sum(math.prod(seen["shapes"][name]) for name, recorded in seen["recorded"].items() if recorded)
    require(found == expected, f"with the default sizes there are {found:,} parameters, where {expected:,} are "
                               "expected")


def _shapes(layers):
    """The shapes in the state dict of these layers, by name."""
    shapes = {}
    for place, layer in enumerate(layers):
        if layer["kind"] == "BatchNorm2d":
            names = ("weight", "bias", "running_mean", "running_var")
            shapes |= {f"layers.{place}.{name}": (layer["num_features"],) for name in names}
            shapes[f"layers.{place}.num_batches_tracked"] = ()
        elif layer["kind"] not in ACTIVATIONS:
            channels = (layer["out_channels"], layer["in_channels"])[::1 if layer["kind"] == "Conv2d" else -1]
            shapes[f"layers.{place}.weight"] = (*channels, layer["kernel_size"], layer["kernel_size"])
    return shapes


# What they are to compute --------------------------------------------------------------------------------------------

def _weights(layers, draw):
    """Random weights, such that numbers of about 1 remain so from layer to layer."""
    found = {}
    for name, shape in _shapes(layers).items():
        if len(shape) == 4:
            found[name] = draw.normal(*shape) / math.sqrt(4 * layers[int(name.split(".")[1])]["in_channels"])
        else:
            found[name] = draw.uniform(*shape, low=0.5, high=1.5) if shape else torch.tensor(draw.integer(1, 9))
    return found


def _output(seen, layers):
    if seen["output"] is None:
        _expect_weights(seen, layers)
        refuse("weights saved elsewhere do not load")
    return seen["output"]


def _walk(layers, weights, x, training):
    """The layers one after the other, in float64 and by functions."""
    weights, x = {name: value.double() for name, value in weights.items()}, x.double()
    for place, layer in enumerate(layers):
        if layer["kind"] in ACTIVATIONS:
            x = ACTIVATIONS[layer["kind"]](x)
        elif layer["kind"] == "BatchNorm2d":
            mean, variance, scale, shift = (weights[f"layers.{place}.{name}"].clone()
                                            for name in ("running_mean", "running_var", "weight", "bias"))
            x = F.batch_norm(x, mean, variance, scale, shift, training)
        else:
            convolve = F.conv2d if layer["kind"] == "Conv2d" else F.conv_transpose2d
            x = convolve(x, weights[f"layers.{place}.weight"], None, layer["stride"], layer["padding"])
    return x


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
