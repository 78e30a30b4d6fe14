"""What the judges of encoders and decoders share: laws that hold for a network whatever its layers are."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from exercise.probes import networks as probes
from tests.judge import Draw, arrives, expect, expect_dtype, refuse, require

__all__ = ["NAMES", "OF_DECODER", "SIZES", "WIDE", "Network", "expect_any_numbers", "expect_gradients",
           "expect_influence", "expect_nonlinear", "expect_on_gpu", "expect_outputs", "expect_saved", "expect_weights"]

# (image, hidden units or channels, numbers of a code, outputs per pixel): no two that could be mixed up are equal.
SIZES = [((3, 4, 2), 7, 5, 2), ((1, 3, 5), 1, 1, 1), ((1, 2, 3), 4, 2, 16)]
NAMES = ["colour", "grey, all else is one", "sixteen outputs"]
WIDE = ((3, 2, 4), 64, 3, 2)  # with so many units it never happens that all of them are dead at the start
OF_DECODER = ("the decoder's outputs", "an image", "output")
_GENTLY, _FAR = (10, 0.01), (60, 0.03)  # Adam's steps and learning rate
_FARTHER = (300, 0.03)  # where single outputs lag behind
_VALUE = 50.0  # what _FAR brings outputs near to: of 100 kinds of layers the slowest got half of the way


@dataclass(frozen=True)
class Network:
    """An encoder or a decoder, and the words for what it gives.

    Args:
        maker: the function that makes it, such as "mlp_encoder".
        sizes: of an image, (channels, height, width); of hidden layers; of a code; of the outputs for each pixel.
        what, one, number: what it gives for a batch, for one example, and one number of that.
    """
    maker: str
    sizes: tuple[tuple[int, int, int], int, int, int]
    what: str
    one: str
    number: str

    @property
    def kind(self) -> str:
        return self.maker.partition("_")[2]

    @property
    def question(self) -> list:
        """How a probe knows it."""
        image, width, code, outputs = self.sizes
        shapes = [image, width, code] if self.kind == "encoder" else [code, width, (outputs, *image)]
        return [self.maker, *shapes]

    @property
    def output_shape(self) -> tuple[int, ...]:
        image, _, code, outputs = self.sizes
        return (code,) if self.kind == "encoder" else (outputs, *image)

    def inputs(self, draw: Draw, count: int) -> Tensor:
        """Images, or codes."""
        image, _, code, _ = self.sizes
        return draw.uniform(count, *image) if self.kind == "encoder" else draw.normal(count, code)

    def task(self, draw: Draw) -> tuple[Tensor, Tensor]:
        """Inputs, and outputs that the network is to learn for them."""
        return self.inputs(draw, 16), draw.normal(16, *self.output_shape)


def expect_outputs(answer, draw: Draw, network: Network, training: bool = False, reason: str = "") -> None:
    """Fail unless outputs have their shape, and those of one example are the same each time, in any batch.

    Args: reason, why that should be so.
    """
    inputs, mode = network.inputs(draw, 4), "training" if training else "evaluation"
    seen = answer(probes.outputs, network.question, inputs, training)
    for found, count in (seen["together"], 4), *((alone, 1) for alone in seen["alone"]):
        expect_dtype(found, torch.float32, network.what)
        _expect_shape(found, (count, *network.output_shape), network)
        require(bool(found.isfinite().all()), f"{network.what} hold NaN or infinite values")
    require(torch.equal(seen["together"], seen["again"]),
            f"{network.what} are others when the {network.kind} is asked once more, in {mode} mode: where is something "
            f"random? {reason}")
    expect(torch.cat(seen["alone"]), seen["together"], f"{network.what}, each asked alone",
           hint=f"In a batch they come out otherwise: in {mode} mode {network.one} does not depend on the others. "
                f"{reason}")


def expect_weights(answer, network: Network) -> None:
    """Fail unless all layers belong to the module, are trained, and hold no copies at the start."""
    made = answer(probes.described, network.question)
    require(not made["lazy"], f"{', '.join(made['lazy'])}: a lazy layer has no weights before its first call, so that "
                              "an optimiser finds none. All sizes are known here")
    require(bool(made["parameters"]), f"the {network.kind} has no parameters: there are no layers, or they are hidden "
                                      "in a Python list, where neither an optimiser nor a file finds them")
    require(all(made["training"]), f"the new {network.kind} is in evaluation mode: train() and eval() are for those "
                                   "who use it")
    for name, weight in made["parameters"].items():
        require(made["recorded"][name], f"{name} is frozen: an optimiser does not train it")
        expect_dtype(weight, torch.float32, name)
        require(bool(weight.isfinite().all()), f"{name} holds NaN or infinite values at the start")
        require(not _has_copies(weight), f"units begin with equal weights in {name}: they would stay copies of each "
                                         "other, and learn the same")


def expect_any_numbers(answer, draw: Draw, network: Network) -> None:
    """Fail unless training brings outputs to +50 and -50."""
    first = network.inputs(draw, 1)
    inputs, what = torch.cat([first, first + 0.3 * network.inputs(draw, 1)]), network.what
    signs = draw.normal(*network.output_shape).sign()
    signs.view(-1)[:2] = torch.tensor([1.0, -1.0])
    asked = torch.cat([inputs] * 16)  # so often that each dropout drops something
    targets = _VALUE * signs.expand(2, *signs.shape)
    for steps, rate in (_FAR, _FARTHER):
        seen = answer(probes.learned, network.question, inputs, targets, steps, rate, asked)
        _expect_shape(seen["evaluation"], (32, *signs.shape), network)
        if bool((signs * seen["evaluation"] > 0.1 * _VALUE).all()):
            break
    up, down = (seen["evaluation"][:, signs == sign].mean() for sign in (1, -1))
    end = "tanh, a clamp or a normalisation" if bool((seen["evaluation"] < 0).any()) else \
        "ReLU, a sigmoid, a softmax or a softplus (none is negative)"
    require(bool((signs * seen["evaluation"] > 0.1 * _VALUE).all()),
            f"training should bring {what} to {_VALUE:g} and -{_VALUE:g}, and comes to {up:.3g} and {down:.3g} on "
            f"average: is there a {end} at the end?")
    require(bool(seen["training"].ne(0).all()), f"some of {what} are exactly 0 in training mode: is there a dropout at "
                                                "the end?")


def expect_gradients(answer, draw: Draw, network: Network) -> None:
    """Fail unless each weight learns."""
    inputs, targets = network.task(draw)
    recorded = answer(probes.described, network.question)["recorded"]
    gradients = answer(probes.learned, network.question, inputs, targets, *_GENTLY, inputs)["gradients"]
    for name in filter(recorded.get, recorded):
        require(arrives(gradients[name]), f"no gradient reaches {name}: is its layer used, is something detached, or "
                                          "within no_grad? Or do all weights begin at 0?")


def expect_influence(answer, draw: Draw, network: Network) -> None:
    """Fail unless each input and each output has derivatives of its own, and a code's numbers vary one by one."""
    (inputs, targets), kind = network.task(draw), network.kind
    asked = network.inputs(draw, 8)
    asked[:4] = asked[:4].abs()  # so that each number of a code is positive in some: negative ones come below
    slopes = answer(probes.slopes, network.question, inputs, targets, *_GENTLY, asked)
    slopes = slopes["slopes"].double()  # (outputs, batch, inputs)
    shape = (math.prod(network.output_shape), len(asked), asked[0].numel())
    require(slopes.shape == shape, f"the {kind} has {len(slopes)} outputs for each example, where {shape[0]} are "
                                   "expected")
    one, other = ("pixel" if kind == "encoder" else "latent dimension"), network.number
    largest = slopes.abs().max()
    require(bool(largest > 0), f"no gradient gets through the {kind}: from its outputs none comes to its inputs. Is "
                               "something detached, or within no_grad?")
    for axis, name, fault in (2, one, "has no influence on what comes out"), (0, other, "depends on nothing"):
        rows = slopes.movedim(axis, 0).flatten(1)
        silent = (rows == 0).all(1).nonzero().flatten().tolist()
        require(not silent, f"one {name} {fault}: number {silent[:1]} of {len(rows)}, in the order of flatten")
        require(bool(torch.pdist(rows).min() > 1e-6 * largest),
                f"two {name}s always do the same: each should have weights of its own")
    code = network.sizes[2]
    if kind == "decoder":
        codes = -draw.uniform(8, code, low=0.3, high=2)
        below = answer(probes.slopes, network.question, inputs, targets, *_GENTLY, codes)["slopes"]
        require(bool((below != 0).flatten(0, 1).any(0).all()),
                "where all numbers of a code are negative, one of them has no influence any more: is there a ReLU "
                "before the first linear layer? Codes may have any sign")
    values = torch.linalg.svdvals(slopes.transpose(0, 1))  # of each example's derivatives
    require(bool((values[:, code - 1] > 1e-5 * values[:, 0]).any()),
            f"the {code} {one if kind == 'decoder' else other}s cannot vary one by one: are hidden units copies of "
            "each other, or are codes normalised?")


def expect_nonlinear(answer, draw: Draw, network: Network) -> None:
    """Fail if f(a) + f(b) = f(a + b) + f(0)."""
    (inputs, targets), kind = network.task(draw), network.kind
    # Far from 0, where no function is linear any more. No sign differs, since a ReLU before all layers helps little.
    signs = draw.normal(8, *inputs.shape[1:]).sign() if kind == "decoder" else 1
    a, b = 30 * signs * draw.uniform(2, 8, *inputs.shape[1:])
    seen = answer(probes.learned, network.question, inputs, targets, *_GENTLY, torch.cat([a, b, a + b, 0 * a]))
    f_a, f_b, f_sum, f_zero = seen["evaluation"].double().chunk(4)
    require(bool((f_a + f_b - f_sum - f_zero).abs().max() > 3e-5 * f_sum.abs().max()),
            f"the {kind} is one affine map, W x + b: without a nonlinear function between them, several linear layers "
            "are no more than one")


def expect_saved(answer, draw: Draw, network: Network) -> None:
    """Fail unless a state dict holds all that a network has learned, and no two networks share weights."""
    inputs, targets = network.task(draw)
    seen, kind = answer(probes.saved, network.question, inputs, targets, *_GENTLY), network.kind
    require(torch.equal(seen["first"], seen["saved"]), f"two {kind}s, made one after the other, share their weights: "
                                                       "make the layers anew in each call")
    expect(seen["loaded"], seen["saved"], f"what a new {kind} computes with the state dict of a trained one",
           hint="Is a layer, or a tensor, not part of the module?")


def expect_on_gpu(answer, draw: Draw, network: Network) -> None:
    """Fail unless a network on a make-believe GPU computes there."""
    seen = answer(probes.on_gpu, network.question, network.inputs(draw, 3))
    require(seen["device"] == "cuda", f"{network.what} should stay on the device of the {network.kind}")


def _expect_shape(found, shape: tuple[int, ...], network: Network) -> None:
    what = network.what
    require(isinstance(found, torch.Tensor), f"{what} should be a tensor, but come as a {type(found).__name__}")
    given = tuple(found.shape)
    if given == shape:
        return
    for sentence, wrong in {
            "height and width are exchanged": (*shape[:-2], *shape[:-3:-1]),
            "they are rows of numbers: nn.Unflatten gives each row its shape": (shape[0], math.prod(shape[1:])),
            "the axis of the outputs per pixel is missing": (shape[0], *shape[2:]),
            "the axis of the outputs per pixel belongs before the channels": (shape[0], *shape[2:3], shape[1],
                                                                              *shape[3:]),
            "an axis of size one is lost: is there a squeeze()?": tuple(size for size in shape if size > 1)}.items():
        if given == wrong and (network.kind == "decoder" or "axis of size" in sentence):
            refuse(f"{what} should have the shape {shape}, but have {given}: {sentence}")
    refuse(f"{what} should have the shape {shape}, but have {given}")


def _has_copies(weight: Tensor) -> bool:
    """Whether two rows or two columns of a matrix are equal, but for zeros, which are no bad start for a last layer."""
    if weight.dim() < 2 or 1 in weight.shape[:2]:
        return False
    for rows in (weight.flatten(1), weight.transpose(0, 1).flatten(1)):
        rows = rows[rows.ne(0).any(1)]
        if len(rows.unique(dim=0)) < len(rows):
            return True
    return False
