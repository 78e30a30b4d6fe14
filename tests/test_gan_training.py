"""The training of a GAN: how far each network is from its goal, and what a step changes.

Most laws are the same for the three errors: a test is asked once for each of them.
"""

import math
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy, cross_entropy

from exercise.asking.failure import ProbeFailed
from exercise.probes import gan_training as probes
from tests.judge import expect, refuse, require

IMAGE = (2, 3, 4)  # channels, height and width all differ, so that none can stand in for another
LATENT, BATCH = 5, 6


@dataclass(frozen=True)
class Error:
    """One of the three errors.

    Args:
        name, mean: of the error, and of D's mean answer.
        target: the right answer of D, 1 or 0.
        about: what D is asked about.
        exchanged: what it means if the other label is the target.
        turned: what it means if the other label is the target and the sign is flipped.
        learns: the network whose error it is, "D" or "G".
    """
    name: str
    mean: str
    probe: Callable[..., dict]
    target: float
    about: str
    exchanged: str
    turned: str
    learns: str = "D"


REAL = Error("errD_real", "D_x", probes.discriminator_error_real, 1.0, "real_images",
             "real and fake are exchanged: the right answer about real images is 1",
             "it is ln(1 - D(x)), where -ln D(x) is asked for: that one has no lower bound")
FAKE = Error("errD_fake", "D_G_z1", probes.discriminator_error_fake, 0.0, "fake_images",
             "real and fake are exchanged: these images are made, so the right answer is 0",
             "it is ln D(G(z)), where -ln(1 - D(G(z))) is asked for: that one has no lower bound")
GENERATOR = Error("errG", "D_G_z2", probes.generator_error, 1.0, "fake_images",
                  "the label is 0, so that the generator learns to be caught: it would like to see the answer 1",
                  "it is the saturating loss ln(1 - D(G(z))), where -ln D(G(z)) is asked for", learns="G")
GAPS = {"gan_discriminator_error_real": REAL, "gan_discriminator_error_fake": FAKE, "gan_generator_error": GENERATOR}
NETWORKS = {"D": "the discriminator", "G": "the generator"}

each_error = pytest.mark.parametrize("error", [
    pytest.param(error, id=error.name, marks=pytest.mark.gap(gap)) for gap, error in GAPS.items()])


@pytest.fixture
def ask(answer, draw):
    """Ask for an error of fresh networks on a fresh batch; in the reply, `p` is what D should answer, (batch,)."""
    def error_of(error, batch=BATCH, image=IMAGE, latent=LATENT, device="cpu", **weights):
        drawn = _weights(draw, image, latent)
        given = _images(draw, batch, image) if error is REAL else draw.normal(batch, latent, 1, 1)
        images = given if error is REAL else _made(given, drawn)
        if batch > 1:  # some answers lie below 1/2 and more above, so that what is made of rounded ones can be told
            drawn["D"][1] = -(images.flatten(1) @ drawn["D"][0].flatten()).quantile(0.3)
        weights = drawn | weights
        more = {"cotangent": draw.normal(batch, *image)} if error is FAKE else {}
        try:
            seen = answer(error.probe, given, torch.ones(batch), weights, **more, device=device, seed=draw.seed())
        except ProbeFailed as failure:
            _explain_sizes(str(failure), batch)
            raise
        return seen | more | {"given": given, "images": images, "weights": weights, "p": _judged(images, weights)}
    return error_of


def _explain_sizes(failure, batch):
    """Fail with a sentence if torch has refused to compare a label and answers of different sizes."""
    sizes = re.findall(r"Size\(\[(.*?)\]\)", failure)
    if "target size" not in failure or len(sizes) != 2:
        return
    label, answers = (tuple(map(int, re.findall(r"\d+", size))) for size in sizes)
    if label in ((batch,), (batch, 1, 1, 1)):
        refuse(f"the answers that are compared, {answers}, do not have the shape of the label, {label}: D's answers, "
               f"({batch}, 1, 1, 1), and the label, ({batch},), have to be brought to one shape, as flatten does")
    refuse(f"the label that is compared has the shape {label}, and D's answers {answers}: there is one right answer "
           f"for each image, so take the label that is given, ({batch},)")


@pytest.mark.gap("gan_discriminator_error_fake")
@pytest.mark.parametrize("latent", [LATENT, 1])
def test_fake_images_are_made_of_the_noise_given(ask, latent):
    """fake_images is what the generator makes of the noise that is given."""
    seen = ask(FAKE, latent=latent)
    require(len(seen["G_calls"]) > 0, "the generator is never asked")
    for call in seen["G_calls"]:
        require(call["x"].shape == seen["given"].shape, "the generator wants noise of the shape "
                f"{tuple(seen['given'].shape)}, but gets {tuple(call['x'].shape)}")
        expect(call["x"], seen["given"], "the noise for the generator",
               hint="It should be the noise that is given, not drawn anew.")
    expect(seen["fake_images"], seen["images"], "fake_images", {
        "they are scaled from [-1, 1] to [0, 1]": (seen["images"] + 1) / 2,
        "they are the noise, not what the generator makes of it": seen["given"],
        "they are what the discriminator answers": seen["p"],
        "they are what the discriminator answers, not images": seen["p"].view(-1, 1, 1, 1)})


@each_error
def test_the_whole_batch_is_judged_in_training_mode(ask, error):
    """The discriminator is asked about the whole batch at once, and no network changes its mode."""
    seen = ask(error)
    require(len(seen["D_calls"]) > 0, "the discriminator is never asked")
    for call in seen["D_calls"]:
        require(call["x"].shape[1:] == IMAGE, f"the discriminator wants {error.about} of shape "
                                              f"{(BATCH, *IMAGE)}, but gets {tuple(call['x'].shape)}")
        require(len(call["x"]) == BATCH, f"the discriminator is asked about {len(call['x'])} of {BATCH} images: its "
                                         "batch norms need the whole batch")
        expect(call["x"], seen["images"], f"what the discriminator is asked about ({error.about})",
               {"it is scaled from [-1, 1] to [0, 1]": (seen["images"] + 1) / 2,
                "it is scaled as if it were in [0, 1]": 2 * seen["images"] - 1,
                "it is empty: all pixels are 0": torch.zeros(BATCH, *IMAGE)},
               hint="Other images would be judged than those of this step.")
    require(all(call["training"] for call in seen["D_calls"] + seen["G_calls"]) and all(seen["training"]),
            "a network is set to evaluation mode: this is training, and its mode is not to be changed here")


@each_error
def test_the_error_is_the_mean_cross_entropy(ask, error):
    """The error is the binary cross-entropy between the discriminator's answers and the label, averaged."""
    seen = [ask(error) for _ in range(3)]  # three batches: a wrong formula can give the right value once by chance
    found = torch.stack([_scalar(one["error"], error.name) for one in seen])
    expect(found, _of_each(seen, lambda p: _bce(p, error.target)), error.name,
           {sentence: _of_each(seen, formula) for sentence, formula in _mistakes(error).items()},
           hint="Is it the binary cross-entropy between the answers and the right label?")


@each_error
@pytest.mark.parametrize("batch, image, latent", [(1, IMAGE, LATENT), (BATCH, (1, 3, 4), 1), (1, (1, 1, 1), 1),
                                                  (600, (3, 2, 2), 7)],
                         ids=["one image", "one channel, one latent dimension", "one number", "six hundred images"])
def test_a_batch_may_have_any_size(ask, error, batch, image, latent):
    """Any size may be 1, which a bare squeeze() takes away, and none is fixed; each image counts by the right label."""
    seen = ask(error, batch=batch, image=image, latent=latent)
    what = f"of {batch} image(s) with {image[0]} channel(s)"
    expect(_scalar(seen["error"], error.name, batch=batch), _bce(seen["p"], error.target), f"{error.name} {what}")
    expect(torch.as_tensor(seen["mean"]), seen["p"].mean(), f"{error.mean} {what}")
    expect(torch.cat([call["x"] for call in seen["D_calls"]]), seen["images"], f"what D is given {what}")
    if error is FAKE:
        expect(seen["fake_images"], seen["images"], f"fake_images {what}")


@each_error
def test_the_error_of_the_same_images_is_the_same(answer, draw, error):
    """Nothing in the error is left to chance, such as labels that are flipped now and then."""
    drawn, calls = _weights(draw, (2, 1, 2), 3), 400  # what happens in one call of 20 is missed with probability 1e-9
    given = _images(draw, 2, (2, 1, 2)) if error is REAL else draw.normal(2, 3, 1, 1)
    images = given if error is REAL else _made(given, drawn)
    found = answer(probes.errors, error.probe.__name__, given.expand(calls, *given.shape), drawn)["errors"]
    require(found.shape == (calls,), f"{error.name} should be a scalar, of shape ()")
    others = int((~torch.isclose(found, found.median())).sum())
    require(others == 0, f"{error.name} of the same images is another one in {others} of {calls} calls: is the label "
                         "flipped or changed by chance?")
    expect(found[0], _bce(_judged(images, drawn), error.target), f"{error.name} of two images")


@each_error
def test_who_always_answers_one_half_has_the_error_ln_2(ask, error):
    """A discriminator that answers 1/2, whatever it sees, gives the error ln 2."""
    seen = ask(error, D=[torch.zeros(IMAGE), torch.zeros(())])
    expect(_scalar(seen["error"], error.name), torch.tensor(math.log(2)),
           f"{error.name} of a discriminator that always answers 1/2", {
               "it is in bits: the logarithm is to the base 2, not natural": torch.tensor(1.0),
               "the sigmoid is applied twice: the discriminator gives probabilities, not logits":
                   _bce(torch.tensor([0.5]).sigmoid(), error.target)})


@each_error
@pytest.mark.parametrize("logit, said", [(-200.0, "exactly 0"), (-30.0, "almost 0"), (30.0, "exactly 1")])
def test_error_and_gradient_stay_finite_where_the_discriminator_is_certain(ask, error, logit, said):
    """In float32 an answer of 0.99999999 is exactly 1, and one may be exactly 0: neither may give infinity or NaN."""
    seen, answer = ask(error, D=[torch.zeros(IMAGE), torch.tensor(logit)]), float(logit > 0)
    what = f"{error.name}, where all answers are {said},"
    value = float(_scalar(seen["error"], error.name))
    require(math.isfinite(value), f"{what} is {value}: ln 0 is -infinity. F.binary_cross_entropy cuts its logarithms "
                                  "off at -100; by hand, clamp the probability before the logarithm is taken")
    if answer == error.target:
        require(abs(value) < 1e-3, f"{what} should be 0, but is {value:.3g}: to answer so is right here")
    else:
        require(value > 5, f"{what} should be large, but is {value:.3g}: to answer so is wrong here")
    for gradient in seen["D_gradients"]:
        require(gradient is None or bool(gradient.isfinite().all()), f"the gradient of {what} is NaN or infinite: ln "
                "has none at 0. Clamp the probability before the logarithm, not the logarithm after it")


@each_error
def test_the_mean_answer_is_a_float(ask, error):
    """D_x, D_G_z1 and D_G_z2 are the mean answer of the discriminator, as a Python float."""
    seen = [ask(error) for _ in range(3)]
    for one in seen:
        require(not isinstance(one["mean"], Tensor), f"{error.mean} should be a Python float, but is a tensor: item() "
                                                     "makes a float of it")
        require(isinstance(one["mean"], float), f"{error.mean} should be a Python float, as item() gives it")
    target = error.target
    formulas = {
        "it is a sum, not a mean": lambda p: p.sum(),
        "it is the error, not the answer": lambda p: _bce(p, target),
        "it is one minus the mean answer": lambda p: 1 - p.mean(),
        "it is the label, not the answer": lambda p: torch.tensor(target),
        "it is the label that was given, not the answer": lambda p: torch.tensor(1.0),
        "the sigmoid is applied twice: the discriminator gives probabilities, not logits": lambda p: p.sigmoid().mean(),
        "it is the exponential of the mean logarithm, not the mean": lambda p: p.log().mean().exp(),
        "it is the share of right answers, not the mean answer": lambda p: (p.round() == target).float().mean(),
        "the answers are rounded to 0 or 1 before they are averaged": lambda p: p.round().mean(),
        "it is the answer to the first image, not the mean of all": lambda p: p[0],
        "it is the answer to the last image, not the mean of all": lambda p: p[-1],
        "it is the largest answer, not the mean of all": lambda p: p.max(),
        "it is the median, not the mean": lambda p: p.median()}
    expect(torch.tensor([one["mean"] for one in seen]), _of_each(seen, torch.mean), error.mean,
           {sentence: _of_each(seen, formula) for sentence, formula in formulas.items()},
           hint="It should be the mean answer to these images.")


@each_error
def test_what_is_given_is_left_as_it_is(ask, error):
    """Images, noise and label are not changed in place, and no parameter is frozen for good."""
    seen = ask(error)
    expect(seen["inputs_after"]["label"], torch.ones(BATCH), "the label afterwards",
           hint="It is changed in place, and the next update gets the same label.")
    for name, value in seen["inputs_after"].items():
        if name != "label":
            expect(value, seen["images"] if name == "fake_images" else seen["given"], f"{name} afterwards",
                   hint="It is changed in place.")
    require(all(seen["recorded"]), "a network's parameters are frozen, requires_grad is False, and nothing makes them "
                                   "trainable again: it will never learn")


@each_error
def test_the_network_learns_from_its_error(ask, error):
    """The gradient of the error reaches the network whose error it is."""
    seen = ask(error)
    found, expected = seen[f"{error.learns}_gradients"], _gradients(error, seen["weights"], seen["given"])
    require(all(gradient is None for gradient in seen["accumulated"]),
            "backward is called within the gap: the code after the gap calls it")
    for value, right in zip(found, expected, strict=True):
        require(value is not None, f"no gradient reaches {NETWORKS[error.learns]} from {error.name} (is something "
                                   "detached, within no_grad, or a number already?)")
        expect(value, right, f"the gradient of {error.name} to {NETWORKS[error.learns]}", {
            "its sign is flipped: the network learns the opposite": -right}, rtol=1e-3)


@pytest.mark.gap("gan_discriminator_error_fake")
def test_no_gradient_flows_back_to_the_generator(ask):
    """The generator gets no gradient from the discriminator's error: cut off what the discriminator is given."""
    require(all(gradient is None or not bool(gradient.ne(0).any()) for gradient in ask(FAKE)["G_gradients"]),
            "a gradient flows from errD_fake back to the generator: give the discriminator fake_images.detach()")


@pytest.mark.gap("gan_discriminator_error_fake")
def test_fake_images_keep_their_history(ask):
    """A gradient flows from the returned fake_images to the generator, whose update comes next."""
    seen = ask(FAKE)
    weight = seen["weights"]["G"][0].double().requires_grad_()
    (_made(seen["given"].double(), {"G": [weight]}) * seen["cotangent"]).sum().backward()
    (found,) = seen["fake_images_reach"]
    require(found is not None, "the returned fake_images have lost their history (detach or no_grad?), so that the "
                               "generator cannot learn through them: cut off only what the discriminator is given")
    expect(found, weight.grad, "the gradient from fake_images to the generator", rtol=1e-3)


@each_error
def test_everything_lies_on_the_device_of_the_images(ask, error):
    """Networks, images and label on a GPU (here a make-believe one): nothing new is made on the CPU."""
    seen = ask(error, device="cuda")
    expect(_scalar(seen["error"], error.name), _bce(seen["p"], error.target), f"{error.name} on a GPU")
    require(seen.get("fake_images_device", "cuda") == "cuda", "fake_images should stay on the device of the noise")


@pytest.mark.parametrize("error, function", [
    pytest.param(REAL, "discriminator_error_real", marks=pytest.mark.gap("gan_discriminator_error_real"), id="real"),
    pytest.param(FAKE, "discriminator_error_fake", marks=pytest.mark.gap("gan_discriminator_error_fake"), id="fake")])
def test_two_steps_of_the_discriminator(answer, draw, error, function):
    """Each step moves the discriminator against its gradient, nothing adds up over steps, and the generator stays."""
    weights, lr = _weights(draw), 0.5
    batches = [[_images(draw, BATCH), draw.normal(BATCH, LATENT, 1, 1)] for _ in range(2)]
    after = answer(probes.discriminator_updates, batches, weights, lr, function)
    expected = weights
    for real_images, noise in batches:
        expected = _stepped(error, expected, real_images if error is REAL else noise, lr)
    _expect_step(after, expected, moved="D", kept="G")


@pytest.mark.gap("gan_generator_error")
def test_two_steps_of_the_generator(answer, draw):
    """Each step moves the generator against its gradient, nothing adds up over steps, and the discriminator stays."""
    weights, lr = _weights(draw), 0.5
    batches = [draw.normal(BATCH, LATENT, 1, 1) for _ in range(2)]
    after = answer(probes.generator_updates, batches, weights, lr)
    expected = weights
    for noise in batches:
        expected = _stepped(GENERATOR, expected, noise, lr)
    _expect_step(after, expected, moved="G", kept="D")


def _weights(draw, image=IMAGE, latent=LATENT):
    """Networks that are certain of nothing: D's logits lie in [-7, 7], so that no answer comes near 0 or 1."""
    to_logit = draw.normal(*image)
    return {"D": [6 * to_logit / to_logit.abs().sum(), draw.uniform(1, low=-1, high=1).squeeze()],
            "G": [draw.normal(latent, *image) / math.sqrt(latent)]}


def _images(draw, batch, image=IMAGE):
    return draw.uniform(batch, *image, low=-1, high=1)


def _made(noise, weights):
    weight = weights["G"][0]
    return (noise.flatten(1) @ weight.flatten(1)).tanh().unflatten(1, weight.shape[1:])


def _judged(images, weights):
    weight, bias = weights["D"]
    return (images.flatten(1) @ weight.flatten() + bias).sigmoid()


def _bce(p, target):
    return binary_cross_entropy(p, torch.full_like(p, target))


def _of_each(seen, formula):
    return torch.stack([formula(one["p"]) for one in seen])


def _mistakes(error):
    """What wrong formulas make of the answers p."""
    target, smooth = error.target, 0.1 + 0.8 * error.target
    return {
        error.exchanged: lambda p: _bce(p, 1 - target),
        error.turned: lambda p: -_bce(p, 1 - target),
        "its sign is flipped": lambda p: -_bce(p, target),
        f"it is summed over the batch of {BATCH}, not averaged, or answers of shape {(BATCH, 1, 1, 1)} and a label of "
        f"shape {(BATCH,)} were broadcast against each other": lambda p: BATCH * _bce(p, target),
        f"answers of shape {(BATCH, 1, 1, 1)} and a label of shape {(BATCH,)} were broadcast against each other, and "
        "then summed": lambda p: BATCH ** 2 * _bce(p, target),
        "it is averaged twice, divided by the size of the batch once more": lambda p: _bce(p, target) / BATCH,
        "it is halved": lambda p: _bce(p, target) / 2,
        "the sigmoid is applied twice: the discriminator gives probabilities, not logits":
            lambda p: _bce(p.sigmoid(), target),
        "answers and label are exchanged: the prediction comes first":
            lambda p: binary_cross_entropy(torch.full_like(p, target), p),
        "the answers are averaged before the logarithm is taken, not after": lambda p: _bce(p.mean(), target),
        "it is a squared error, where a cross-entropy is asked for": lambda p: (p - target).square().mean(),
        "the logarithm is missing": lambda p: (p - target).abs().mean(),
        "the logarithm is missing, and its sign": lambda p: -(p - target).abs().mean(),
        "the logarithm is missing: it is the mean answer, as in a Wasserstein GAN": lambda p: p.mean(),
        "the logarithm is missing: it is minus the mean answer, as in a Wasserstein GAN": lambda p: -p.mean(),
        "it is in bits: the logarithm is to the base 2, not natural": lambda p: _bce(p, target) / math.log(2),
        "the logarithm is to the base 10, not natural": lambda p: _bce(p, target) / math.log(10),
        "it is a cross-entropy between classes, with a softmax over the batch":
            lambda p: cross_entropy(p, torch.full_like(p, target)),
        "the label is smoothed": lambda p: _bce(p, smooth),
        "it is that of the first image only": lambda p: _bce(p[:1], target)}


def _scalar(value, name, batch=BATCH):
    """`value`, if it is a tensor without dimensions, or at least a number."""
    require(isinstance(value, Tensor | float | int), f"{name} should be a scalar tensor")
    value = torch.as_tensor(value)
    if value.shape in ((batch,), (batch, 1, 1, 1)):
        refuse(f"{name} is one value for each image: average them")
    if value.dim() > 0 and value.numel() == batch ** 2:
        refuse(f"{name} has the shape {tuple(value.shape)}: answers of shape {(batch, 1, 1, 1)} and a label of shape "
               f"{(batch,)} were broadcast against each other; flatten the answers, and average")
    require(value.dim() == 0, f"{name} should be a scalar, of shape (), but has {tuple(value.shape)}")
    return value


def _gradients(error, weights, given):
    """The gradients of an error to the network that learns from it, by their formulas, in float64."""
    leaves = {name: [value.double().clone().requires_grad_() for value in values] for name, values in weights.items()}
    images = given.double() if error is REAL else _made(given.double(), leaves)
    return torch.autograd.grad(_bce(_judged(images, leaves), error.target), leaves[error.learns])


def _stepped(error, weights, given, lr):
    """The weights after a step of gradient descent of the network that learns from an error."""
    gradients = _gradients(error, weights, given)
    moved = [value - lr * gradient for value, gradient in zip(weights[error.learns], gradients, strict=True)]
    return weights | {error.learns: moved}


def _expect_step(after, expected, moved, kept):
    for value, right in zip(after[kept], expected[kept], strict=True):
        require(torch.equal(value, right), f"{NETWORKS[kept]}'s parameters change, in a step of {NETWORKS[moved]}")
    require(all(gradient is None for gradient in after[f"{kept}_gradients"]),
            f"{NETWORKS[kept]} is left with gradients by a step of {NETWORKS[moved]}: backward is not called here")
    for value, right in zip(after[moved], expected[moved], strict=True):
        expect(value, right, f"the state of {NETWORKS[moved]}'s parameters after two steps", rtol=1e-3,
               hint="Each step should follow the gradient of its own error, with nothing left of the step before.")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
