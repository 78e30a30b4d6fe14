"""The fully connected autoencoder: its encoder and its decoder, judged by what they can do, and its forward pass."""

import math
import sys

import pytest
import torch

from exercise.probes import autoencoder as probes
from exercise.probes import networks
from tests import network_laws as laws
from tests.judge import expect, expect_dtype, require

both = pytest.mark.parametrize("kind", [pytest.param(kind, marks=pytest.mark.gap(f"autoencoder_{kind}"))
                                        for kind in ("encoder", "decoder")])


# The two networks ----------------------------------------------------------------------------------------------------

LARGE = ((1, 16, 20), 16, 2, 1)  # far more pixels than units


@both
@pytest.mark.parametrize("sizes", laws.SIZES, ids=laws.NAMES)
def test_outputs_have_their_shape_and_depend_on_one_example(answer, draw, kind, sizes):
    """The encoder gives a code for each image, the decoder images of outputs for each code, whatever the others are."""
    laws.expect_outputs(answer, draw, _network(kind, sizes))


@both
def test_network_can_be_trained(answer, kind):
    """All layers belong to the module, have weights that are trained, and no unit begins as a copy of another."""
    laws.expect_weights(answer, _network(kind))


@both
def test_hidden_size_is_the_number_of_hidden_units(answer, kind):
    """Each hidden unit more brings its weights: one for each input and one for each output of its layer."""
    image, hidden, latent, outputs = LARGE
    few, many = (sum(value.numel() for value in answer(
        networks.described, _network(kind, (image, size, latent, outputs)).question)["parameters"].values())
        for size in (hidden, hidden + 8))
    require(few != many, f"the {kind} has {few:,} parameters, whatever hidden_size is: it is not used")
    # Layers with a quarter of the units are let pass.
    require(many - few >= 8 * (math.prod(image) + latent) / 4,
            f"with 8 hidden units more, the {kind} has only {many - few:,} parameters more: a hidden layer of "
            f"hidden_size units brings {math.prod(image)} + {latent} with each unit, for an image of "
            f"{math.prod(image)} pixels and {latent} latent dimensions")


@both
def test_outputs_may_be_any_real_number(answer, draw, kind):
    """Training brings outputs to +50 and -50: nothing limits what the last linear layer gives."""
    laws.expect_any_numbers(answer, draw, _network(kind))


@both
def test_gradients_reach_every_parameter(answer, draw, kind):
    """Every weight of the network learns."""
    laws.expect_gradients(answer, draw, _network(kind))


@both
def test_every_input_counts_for_itself(answer, draw, kind):
    """Each pixel has its own influence on the code, each latent dimension on the image, and no two are the same."""
    laws.expect_influence(answer, draw, _network(kind))


@both
def test_network_is_not_affine(answer, draw, kind):
    """Between two linear layers is a nonlinear function: otherwise f(a) + f(b) = f(a + b) + f(0), as for one layer."""
    laws.expect_nonlinear(answer, draw, _network(kind))


@both
def test_weights_can_be_saved_and_are_not_shared(answer, draw, kind):
    """A second network that loads the state dict of the first computes the same, and each has its own weights."""
    laws.expect_saved(answer, draw, _network(kind))


@both
def test_network_runs_on_a_gpu(answer, draw, kind):
    """With its weights on a GPU (here a make-believe one) the network computes there."""
    laws.expect_on_gpu(answer, draw, _network(kind))


def _network(kind, sizes=laws.WIDE):
    what, one, number = ("the codes", "a code", "latent dimension") if kind == "encoder" else laws.OF_DECODER
    return laws.Network(f"mlp_{kind}", sizes, what, one, number)


# The forward pass ----------------------------------------------------------------------------------------------------

@pytest.mark.gap("autoencoder_forward")
@pytest.mark.parametrize("batch, image, latent, outputs, training", [
    (6, (3, 2, 4), 5, 2, True), (6, (3, 2, 4), 5, 2, False), (1, (3, 4, 2), 4, 3, True), (5, (1, 3, 2), 1, 1, True),
    (1, (1, 2, 3), 1, 1, False), (2, (2, 1, 1), 4, 1, True)],
    ids=["training", "evaluation", "one image", "one channel, one latent dimension", "one of each", "one pixel"])
def test_forward_decodes_the_codes(answer, draw, batch, image, latent, outputs, training):
    """theta is what decode makes of the codes of all images, and of nothing else."""
    x, to_code, to_outputs = _forward_question(draw, batch, image, latent, outputs)
    theta = _theta(x, to_code, to_outputs, training)
    seen = answer(probes.forward, x, to_code, to_outputs, torch.ones_like(theta), training)
    codes = _codes(x, to_code, training)
    _expect_given(seen["given"]["encoder"], x, "encoder", "the images", {
        "they lie in [0, 1] and need not be centred": 2 * x - 1})
    _expect_given(seen["given"]["decoder"], codes, "decoder", "the codes", {
        "the images are decoded: encode them first": x,
        "the codes were computed in the other mode, training or evaluation": _codes(x, to_code, not training)})
    found, decoded = seen["theta"], _outputs(codes, to_outputs, training)
    expect(found, theta, "theta", {
        "these are the decoder's outputs, which the likelihood has yet to turn into theta: use self.decode": decoded,
        "the likelihood has turned the outputs into theta twice: self.decode does it already": _parameters(theta),
        "the mean of p(x|z) is returned in its place": theta[:, 0],
        "the codes are returned: decode them": codes,
        "the images are returned: they go round the code": x,
        "the images are added: all that the decoder knows is to pass through the code": theta + x.unsqueeze(1),
        "the images are added to the outputs: all that the decoder knows is to pass through the code":
            _parameters(decoded + x.unsqueeze(1)),
        "no sigmoid belongs after it: the likelihood has given theta its range": theta.sigmoid(),
        "it is cut off at 0 and 1, but it is no image": theta.clamp(0, 1),
        "only the first image is decoded": theta[:1],
        "the parts were in the other mode, training or evaluation, when they were called":
            _theta(x, to_code, to_outputs, not training),
        "the axes of the likelihood's parameters and of the channels are exchanged": theta.transpose(1, 2),
        "an axis of size one is lost: is there a squeeze()?": theta.squeeze()})
    expect_dtype(found, torch.float32, "theta")


@pytest.mark.gap("autoencoder_forward")
def test_gradients_flow_through_the_code(answer, draw):
    """What theta costs is learned by the decoder, and through the code by the encoder."""
    x, to_code, to_outputs = _forward_question(draw, 4, (3, 2, 4), 5, 2)
    leaves = [value.double().requires_grad_() for value in (to_code, to_outputs)]
    theta = _theta(x, *leaves, True)
    cotangent = draw.normal(*theta.shape)
    expected = torch.autograd.grad((theta * cotangent).sum(), leaves)
    seen = answer(probes.forward, x, to_code, to_outputs, cotangent)["gradients"]
    for part, gradient in zip(("decoder", "encoder"), reversed(expected), strict=True):
        require(seen[part] is not None, f"no gradient reaches the {part} from theta: is something detached, or within "
                                        "no_grad?")
        expect(seen[part], gradient, f"the gradient of the {part}", rtol=1e-3, hint="Is a part of theta detached?")


@pytest.mark.gap("autoencoder_forward")
def test_forward_runs_on_a_gpu(answer, draw):
    """With all on a GPU (here a make-believe one) theta is computed there."""
    seen = answer(probes.forward_on_gpu, *_forward_question(draw, 4, (3, 2, 4), 5, 2))
    require(seen["device"] == "cuda", "theta should stay on the device of the images")


def _forward_question(draw, batch, image, latent, outputs):
    """Images, some of whose pixels are black or white, and the matrices of an encoder and of a decoder."""
    x = draw.uniform(batch, *image)
    x = torch.where(draw.uniform(*x.shape) < 0.3, x.round(), x)
    to_code = draw.normal(math.prod(image), latent).sign() * draw.uniform(math.prod(image), latent, low=4, high=8)
    return x, to_code, draw.normal(latent, outputs, *image) / 2


def _codes(x, to_code, training):
    return x.flatten(1).to(to_code.dtype) @ to_code + float(training)


def _outputs(codes, to_outputs, training):
    return torch.tensordot(codes, to_outputs, 1) + float(training)


def _parameters(outputs):
    return 2 * outputs + 1


def _theta(x, to_code, to_outputs, training):
    return _parameters(_outputs(_codes(x, to_code, training), to_outputs, training))


def _expect_given(batches, expected, part, what, mistakes):
    """Fail unless a part was given all of this, once and in its order; one image after the other is right too."""
    require(len(batches) > 0, f"the {part} is never asked")
    for batch in batches:
        for sentence, wrong in mistakes.items():
            require(batch.shape[1:] != wrong.shape[1:] or batch.shape[1:] == expected.shape[1:],
                    f"the {part} should get {what}: {sentence}")
        require(batch.shape[1:] == expected.shape[1:], f"the {part} should get {what}, of the shape "
                f"{tuple(expected.shape)}, but gets the shape {tuple(batch.shape)}")
    count = sum(len(batch) for batch in batches)
    require(count <= len(expected), f"the {part} is asked for {count} images, where there are {len(expected)}: once "
                                    "for each image is enough")
    require(count == len(expected), f"the {part} is asked for {count} of {len(expected)} images only")
    expect(torch.cat(batches), expected, f"what the {part} gets, {what},", mistakes,
           hint=f"It should get {what} as they are: is noise added, is something scaled, limited or shuffled?")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
