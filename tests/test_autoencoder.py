"""The fully connected autoencoder: its encoder and its decoder, judged by what they can do, and its forward pass."""

import math
import sys

import pytest
import torch

from exercise.probes import autoencoder as probes
from tests.judge import expect, expect_dtype, refuse, require

# (image, hidden units, latent dimensions, outputs per pixel): no two sizes that could be mixed up are equal.
COLOUR, GREY, MANY = ((3, 4, 2), 7, 5, 2), ((1, 3, 5), 1, 1, 1), ((1, 2, 3), 4, 2, 16)
WIDE = ((3, 2, 4), 64, 3, 2)  # with so many units it never happens that all of them are dead at the start
LARGE = ((1, 16, 20), 16, 2, 1)  # far more pixels than units
GENTLY, FAR = (10, 0.01), (60, 0.03)  # Adam's steps and learning rate
VALUE = 50.0  # what FAR brings outputs near to: of 100 kinds of layers the slowest got half of the way

both = pytest.mark.parametrize("kind", [pytest.param(kind, marks=pytest.mark.gap(f"autoencoder_{kind}"))
                                        for kind in ("encoder", "decoder")])


# The two networks ----------------------------------------------------------------------------------------------------

@both
@pytest.mark.parametrize("sizes", [COLOUR, GREY, MANY], ids=["colour", "grey, all else is one", "sixteen outputs"])
def test_outputs_have_their_shape_and_depend_on_one_example(answer, draw, kind, sizes):
    """The encoder gives a code for each image, the decoder images of outputs for each code, whatever the others are."""
    inputs = _inputs(draw, kind, sizes, 4)
    seen, shape, what = answer(probes.outputs, _network(kind, sizes), inputs), _output_shape(kind, sizes), _WHAT[kind]
    for found, count in (seen["together"], 4), *((alone, 1) for alone in seen["alone"]):
        expect_dtype(found, torch.float32, what)
        _expect_shape(found, (count, *shape), what, kind)
        require(bool(found.isfinite().all()), f"{what} hold NaN or infinite values")
    require(torch.equal(seen["together"], seen["again"]),
            f"{what} are others when the {kind} is asked once more, in evaluation mode: where is something random?")
    expect(torch.cat(seen["alone"]), seen["together"], f"{what}, each asked alone",
           hint=f"In a batch they come out otherwise: in evaluation mode {_ONE[kind]} does not depend on the others.")


@both
def test_network_can_be_trained(answer, draw, kind):
    """All layers belong to the module, have weights that are trained, and no unit begins as a copy of another."""
    made = answer(probes.described, _network(kind, WIDE))
    require(not made["lazy"], f"{', '.join(made['lazy'])}: a lazy layer has no weights before its first call, so that "
                              "an optimiser finds none. All sizes are known here")
    require(bool(made["parameters"]), f"the {kind} has no parameters: there are no layers, or they are hidden in a "
                                      "Python list, where neither an optimiser nor a file finds them")
    require(made["in_training"], f"the new {kind} is in evaluation mode: train() and eval() are for those who use it")
    for name, weight in made["parameters"].items():
        require(name in made["trained"], f"{name} is frozen: an optimiser does not train it")
        expect_dtype(weight, torch.float32, name)
        require(bool(weight.isfinite().all()), f"{name} holds NaN or infinite values at the start")
        require(not _has_copies(weight), f"units begin with equal weights in {name}: they would stay copies of each "
                                         "other, and learn the same")


@both
def test_hidden_size_is_the_number_of_hidden_units(answer, draw, kind):
    """Each hidden unit more brings its weights: one for each input and one for each output of its layer."""
    image, hidden, latent, outputs = LARGE
    few, many = (sum(value.numel() for value in answer(
        probes.described, _network(kind, (image, size, latent, outputs)))["parameters"].values())
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
    first = _inputs(draw, kind, WIDE, 1)
    inputs, what = torch.cat([first, first + 0.3 * _inputs(draw, kind, WIDE, 1)]), _WHAT[kind]
    signs = draw.normal(*_output_shape(kind, WIDE)).sign()
    signs.view(-1)[:2] = torch.tensor([1.0, -1.0])
    asked = torch.cat([inputs] * 16)  # so often that each dropout drops something
    seen = answer(probes.learned, _network(kind, WIDE), inputs, VALUE * signs.expand(2, *signs.shape), *FAR, asked)
    _expect_shape(seen["evaluation"], (32, *signs.shape), what, kind)
    up, down = (seen["evaluation"][:, signs == sign].mean() for sign in (1, -1))
    end = "tanh, a clamp or a normalisation" if bool((seen["evaluation"] < 0).any()) else \
        "ReLU, a sigmoid, a softmax or a softplus (none is negative)"
    require(bool((signs * seen["evaluation"] > 0.1 * VALUE).all()),
            f"training should bring {what} to {VALUE:g} and -{VALUE:g}, and comes to {up:.3g} and {down:.3g} on "
            f"average: is there a {end} at the end?")
    require(bool(seen["training"].ne(0).all()), f"some of {what} are exactly 0 in training mode: is there a dropout at "
                                                "the end?")


@both
def test_gradients_reach_every_parameter(answer, draw, kind):
    """Every weight of the network learns."""
    network, (inputs, targets) = _network(kind, WIDE), _task(draw, kind)
    trained, reached = (answer(probes.described, network)["trained"],
                        answer(probes.learned, network, inputs, targets, *GENTLY, inputs)["reached"])
    for name in trained:
        require(name in reached, f"no gradient reaches {name}: is its layer used, is something detached, or within "
                                 "no_grad? Or do all weights begin at 0?")


@both
def test_every_input_counts_for_itself(answer, draw, kind):
    """Each pixel has its own influence on the code, each latent dimension on the image, and no two are the same."""
    inputs, targets = _task(draw, kind)
    slopes = answer(probes.slopes, _network(kind, WIDE), inputs, targets, *GENTLY, _inputs(draw, kind, WIDE, 8))
    slopes = slopes["slopes"].double()  # (outputs, batch, inputs)
    one, other = ("pixel", "latent dimension") if kind == "encoder" else ("latent dimension", "output")
    largest = slopes.abs().max()
    require(bool(largest > 0), f"no gradient gets through the {kind}: from its outputs none comes to its inputs. Is "
                               "something detached, or within no_grad?")
    for axis, name, fault in (2, one, "has no influence on what comes out"), (0, other, "depends on nothing"):
        rows = slopes.movedim(axis, 0).flatten(1)
        silent = (rows == 0).all(1).nonzero().flatten().tolist()
        require(not silent, f"one {name} {fault}: number {silent[:1]} of {len(rows)}, in the order of flatten")
        require(bool(torch.pdist(rows).min() > 1e-6 * largest),
                f"two {name}s always do the same: each should have weights of its own")
    if kind == "decoder":
        codes = -draw.uniform(8, WIDE[2], low=0.3, high=2)
        below = answer(probes.slopes, _network(kind, WIDE), inputs, targets, *GENTLY, codes)["slopes"]
        require(bool((below != 0).flatten(0, 1).any(0).all()),
                "where all numbers of a code are negative, one of them has no influence any more: is there a ReLU "
                "before the first linear layer? Codes may have any sign")
    values = torch.linalg.svdvals(slopes.transpose(0, 1))  # of each example's derivatives
    latent = WIDE[2]
    require(bool((values[:, latent - 1] > 1e-5 * values[:, 0]).any()),
            f"the {latent} latent dimensions cannot vary one by one: are hidden units copies of each other, or are "
            "codes normalised?")


@both
def test_network_is_not_affine(answer, draw, kind):
    """Between two linear layers is a nonlinear function: otherwise f(a) + f(b) = f(a + b) + f(0), as for one layer."""
    inputs, targets = _task(draw, kind)
    # Far from 0, where no function is linear any more. No sign differs, since a ReLU before all layers helps little.
    signs = draw.normal(8, *inputs.shape[1:]).sign() if kind == "decoder" else 1
    a, b = 30 * signs * draw.uniform(2, 8, *inputs.shape[1:])
    seen = answer(probes.learned, _network(kind, WIDE), inputs, targets, *GENTLY, torch.cat([a, b, a + b, 0 * a]))
    f_a, f_b, f_sum, f_zero = seen["evaluation"].double().chunk(4)
    require(bool((f_a + f_b - f_sum - f_zero).abs().max() > 3e-5 * f_sum.abs().max()),
            f"the {kind} is one affine map, W x + b: without a nonlinear function between them, several linear layers "
            "are no more than one")


@both
def test_weights_can_be_saved_and_are_not_shared(answer, draw, kind):
    """A second network that loads the state dict of the first computes the same, and each has its own weights."""
    inputs, targets = _task(draw, kind)
    seen = answer(probes.saved, _network(kind, WIDE), inputs, targets, *GENTLY)
    require(torch.equal(seen["first"], seen["saved"]), f"two {kind}s, made one after the other, share their weights: "
                                                       "make the layers anew in each call")
    expect(seen["loaded"], seen["saved"], f"what a new {kind} computes with the state dict of a trained one",
           hint="Is a layer, or a tensor, not part of the module?")


@both
def test_network_runs_on_a_gpu(answer, draw, kind):
    """With its weights on a GPU (here a make-believe one) the network computes there."""
    seen = answer(probes.on_gpu, _network(kind, WIDE), _inputs(draw, kind, WIDE, 3))
    require(seen["device"] == "cuda", f"{_WHAT[kind]} should stay on the device of the {kind}")


_WHAT = {"encoder": "the codes", "decoder": "the decoder's outputs"}
_ONE = {"encoder": "a code", "decoder": "an image"}


def _network(kind, sizes):
    image, hidden, latent, outputs = sizes
    return [kind, image if kind == "encoder" else (outputs, *image), hidden, latent]


def _output_shape(kind, sizes):
    image, _, latent, outputs = sizes
    return (latent,) if kind == "encoder" else (outputs, *image)


def _inputs(draw, kind, sizes, count):
    """Images, or codes."""
    return draw.uniform(count, *sizes[0]) if kind == "encoder" else draw.normal(count, sizes[2])


def _task(draw, kind):
    """Inputs, and outputs that a network is to learn for them."""
    return _inputs(draw, kind, WIDE, 16), draw.normal(16, *_output_shape(kind, WIDE))


def _expect_shape(found, shape, what, kind):
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
        if given == wrong and (kind == "decoder" or "axis of size" in sentence):
            refuse(f"{what} should have the shape {shape}, but have {given}: {sentence}")
    refuse(f"{what} should have the shape {shape}, but have {given}")


def _has_copies(weight):
    """Whether two rows or two columns of a matrix are equal, but for zeros, which are no bad start for a last layer."""
    if weight.dim() < 2 or 1 in weight.shape[:2]:
        return False
    for rows in (weight.flatten(1), weight.transpose(0, 1).flatten(1)):
        rows = rows[rows.ne(0).any(1)]
        if len(rows.unique(dim=0)) < len(rows):
            return True
    return False


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
