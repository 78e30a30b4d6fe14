"""The model: its layers, encode, reparameterize, decode, forward."""

import math
import sys

import pytest
import torch
from torch.nn.functional import elu, gelu, leaky_relu, softplus

from exercise.probes import vae as probes
from tests.judge import arrives, expect, expect_dtype, refuse, require
from tests.noise_laws import DRAWS, SIX_SIGMA, dependence, expect_standard_normal, is_near

IMAGE = (2, 3, 5)  # channels, height and width all differ, so that none can stand in for another
PIXELS = math.prod(IMAGE)
HIDDEN, LATENT = 16, 3
SIZES = {"encode_hidden": (PIXELS, HIDDEN), "encode_mu": (HIDDEN, LATENT), "encode_logvar": (HIDDEN, LATENT),
         "decode_hidden": (LATENT, HIDDEN), "decode_output": (HIDDEN, PIXELS)}
GREY = (1, 4, 3)
SQUEEZED = "an axis of size one is lost: squeeze() drops the batch, the channel or the latent dimension where there " \
           "is one only"


# vae_layers ----------------------------------------------------------------------------------------------------------

@pytest.mark.gap("vae_layers")
@pytest.mark.parametrize("image, hidden, latent", [(IMAGE, HIDDEN, LATENT), (GREY, 1, 1)], ids=["all differ", "ones"])
def test_the_five_layers_have_their_names_and_sizes(answer, image, hidden, latent):
    """The constructor makes five linear layers with the names and sizes that the other methods rely on."""
    made, pixels = answer(probes.layers, image, hidden, latent, {}), math.prod(image)
    sizes = {"encode_hidden": (pixels, hidden), "encode_mu": (hidden, latent), "encode_logvar": (hidden, latent),
             "decode_hidden": (latent, hidden), "decode_output": (hidden, pixels)}
    for name, (size_in, size_out) in sizes.items():
        require(name in made["names"], f"self.{name} is missing, or is not a layer")
        require(f"{name}.weight" in made["weights"], f"self.{name} should be one linear layer")
        shape = tuple(made["weights"][f"{name}.weight"].shape)
        require(shape == (size_out, size_in) or shape != (size_in, size_out),
                f"self.{name} maps in the wrong direction: from {size_out} to {size_in} values")
        require(shape == (size_out, size_in), f"self.{name} should map {size_in} values to {size_out}, "
                                              f"but maps {shape[-1]} to {shape[0]}")
        require(f"{name}.bias" in made["weights"], f"self.{name} has no bias")
        expect_dtype(made["weights"][f"{name}.weight"], torch.float32, f"self.{name}.weight")
    for name in made["weights"]:
        require(name.partition(".")[0] in SIZES,
                f"self.{name} is one too many: the model is saved, loaded and judged with just the five layers")
    require(all(made["training"]), "the new model is not in training mode: train() and eval() are for those who use it")
    require(made["sizes"] == [*image, latent], "self.image_shape or self.latent_size is overwritten")


@pytest.mark.gap("vae_layers")
def test_each_layer_learns_weights_of_its_own(answer, draw):
    """No two layers share their weights, none is frozen; the default model has 158,388 parameters."""
    hidden, latent = draw.integer(5, 9), draw.integer(2, 4)
    expected = sum((size_in + 1) * size_out for size_in, size_out in
                   ((PIXELS, hidden), (hidden, latent), (hidden, latent), (latent, hidden), (hidden, PIXELS)))
    for sizes, count in ((IMAGE, hidden, latent), expected), (((1, 28, 28), 100, 2), 158_388):
        made = answer(probes.layers, *sizes, {})
        require(made["marks"] == list(range(len(made["weights"]))),
                "two layers share their weights: each needs its own")
        for name in made["weights"]:
            require(made["recorded"].get(name), f"{name} is not trained: it is frozen, or no parameter")
        found = sum(weight.numel() for weight in made["weights"].values())
        require(found == count, f"for images of shape {sizes[0]}, {sizes[1]} hidden units and {sizes[2]} latent "
                                f"dimensions there are {found:,} parameters, where {count:,} are expected")


@pytest.mark.gap("vae_layers")
def test_each_layer_is_linear(answer, draw):
    """Each layer computes x W^T + b; activations belong into encode and decode."""
    inputs = {name: draw.normal(4, size_in) for name, (size_in, _) in SIZES.items()}
    made = answer(probes.layers, IMAGE, HIDDEN, LATENT, inputs)
    for name, x in inputs.items():
        require(f"{name}.weight" in made["weights"] and f"{name}.bias" in made["weights"],
                f"self.{name} should be one linear layer with a bias")
        weight, bias = made["weights"][f"{name}.weight"], made["weights"][f"{name}.bias"]
        require(weight.shape == SIZES[name][::-1], f"self.{name} has the wrong size")
        require(bool(weight.isfinite().all() and bias.isfinite().all()), f"self.{name} begins with NaN or infinity")
        expect(made["outputs"][name], x @ weight.T + bias, f"the output of self.{name}", {
            "an activation is part of the layer": (x @ weight.T + bias).relu()})


@pytest.mark.gap("vae_layers")
def test_learning_can_start_from_the_first_weights(answer, draw):
    """No unit begins as a copy of another, some hidden units answer, and mu and logvar are no astronomical numbers."""
    pixels, hidden, latent = 784, 100, 50
    weights = answer(probes.layers, (1, 28, 28), hidden, latent, {}, seed=draw.seed())["weights"]
    layers = {name: [weights.get(f"{name}.weight"), weights.get(f"{name}.bias")] for name in SIZES}
    shapes = [(hidden, pixels), (latent, hidden), (latent, hidden), (hidden, latent), (pixels, hidden)]
    for (name, (weight, bias)), shape in zip(layers.items(), shapes, strict=True):
        require(weight is not None and weight.shape == shape and bias is not None and bias.shape == shape[:1],
                f"self.{name} should be one linear layer with a bias, of the right size")
        # Zeros are a good start for mu, logvar or pixels: each unit is drawn to a place of its own.
        require(len(weight.unique(dim=0)) == len(weight) or "hidden" not in name and not weight.any(),
                f"units of self.{name} begin with equal weights: they would stay copies of each other")
    encoded = _linear(draw.uniform(64, pixels), layers["encode_hidden"]).relu()
    decoded = _linear(draw.normal(64, latent), layers["decode_hidden"]).relu()
    for name, units in ("encode_hidden", encoded), ("decode_hidden", decoded):
        require(bool(units.any()), f"self.{name} begins with weights at which each ReLU gives 0: it would never learn")
    largest = max(float(_linear(encoded, layers[name]).abs().max()) for name in ("encode_mu", "encode_logvar"))
    require(largest < 60, f"the first weights are so large that mu or logvar is {largest:.0f}: exp(logvar) overflows")


# vae_encode ----------------------------------------------------------------------------------------------------------

@pytest.fixture
def weights(draw):
    """Weights of all layers for the sizes above."""
    return _weights(draw, IMAGE, HIDDEN, LATENT)


def _weights(draw, image, hidden, latent):
    """Weights of all layers: some hidden units are surely alive, some dead, some between; mu and logvar are large."""
    pixels = math.prod(image)
    return {"encode_hidden": [0.3 * draw.normal(hidden, pixels), torch.linspace(8, -4, hidden)],
            "encode_mu": [5 * draw.normal(latent, hidden), draw.normal(latent)],
            "encode_logvar": [5 * draw.normal(latent, hidden), draw.normal(latent)],
            "decode_hidden": [0.5 * draw.normal(hidden, latent), torch.linspace(8, -4, hidden)],
            "decode_output": [0.2 * draw.normal(pixels, hidden), draw.normal(pixels)]}


@pytest.mark.gap("vae_encode")
@pytest.mark.parametrize("batch, image, hidden, latent, training", [
    (1, IMAGE, HIDDEN, LATENT, True), (HIDDEN, IMAGE, HIDDEN, LATENT, False), (4, IMAGE, HIDDEN, LATENT, True),
    (5, GREY, 7, 1, True), (1, GREY, 1, 2, False), (3, (4, 1, 1), 4, 2, True)],
    ids=["one image", "batch as large as hidden", "four images", "one latent dimension", "one hidden unit",
         "one pixel of four channels"])
def test_encode_computes_mu_and_logvar(answer, draw, batch, image, hidden, latent, training):
    """mu and logvar are linear in ReLU(hidden layer), each by a layer of its own, whatever the sizes."""
    x, weights = draw.uniform(batch, *image), _weights(draw, image, hidden, latent)
    seen = answer(probes.encode, weights, image, x, training)
    before = _linear(x.flatten(1), weights["encode_hidden"])
    mu, logvar = _heads(before.relu(), weights)
    mistakes = {f"the hidden layer has {name} where ReLU belongs": _heads(function(before), weights)
                for name, function in _OTHER_ACTIVATIONS.items()}
    sideways = _heads(_linear(x.transpose(2, 3).flatten(1), weights["encode_hidden"]).relu(), weights)
    mistakes["height and width are exchanged before flattening"] = sideways
    mistakes[SQUEEZED] = mu.squeeze(), logvar.squeeze()
    expect(seen["mu"], mu, "mu", {
        "mu and logvar are exchanged": logvar, "mu may be negative, so no ReLU belongs after it": mu.relu(),
        "mu is not a probability, so no sigmoid belongs after it": mu.sigmoid(), "mu is squeezed by a tanh": mu.tanh(),
        **{sentence: wrong[0] for sentence, wrong in mistakes.items()}})
    expect(seen["logvar"], logvar, "logvar", {
        "logvar is the same as mu: it needs its own layer": mu,
        "logvar may be negative, so no ReLU belongs after it, nor a softplus": logvar.relu(),
        "logvar may be negative, so no softplus belongs after it": softplus(logvar),
        "logvar may be negative, so it needs no abs": logvar.abs(),
        "logvar is squeezed by a tanh": logvar.tanh(),
        "logvar is the logarithm already, no exp belongs after it": logvar.exp(),
        "logvar is the logarithm already, no log belongs after it": logvar.log(),
        "half of logvar is returned: the root belongs into reparameterize": logvar / 2,
        "sigma is returned: the root and exp belong into reparameterize": (logvar / 2).exp(),
        **{sentence: wrong[1] for sentence, wrong in mistakes.items()}}, hint="Is it limited?")
    for name in ("mu", "logvar"):
        expect_dtype(seen[name], torch.float32, name)


@pytest.mark.gap("vae_encode")
def test_mu_and_logvar_may_be_any_real_number(answer, draw, weights):
    """Nothing limits mu and logvar, not even far from the prior; black and white images are images too."""
    x = torch.cat([draw.uniform(2, *IMAGE), torch.zeros(1, *IMAGE), torch.ones(1, *IMAGE)])
    far = {name: [100 * value for value in weights[name]] for name in ("encode_mu", "encode_logvar")}
    mu, logvar = _heads(_linear(x.flatten(1), weights["encode_hidden"]).relu(), far)
    seen = answer(probes.encode, weights | far, IMAGE, x)
    expect(seen["mu"], mu, "mu far from 0", hint="Is it limited?")
    expect(seen["logvar"], logvar, "logvar far from 0", hint="Is it limited?")


@pytest.mark.gap("vae_encode")
def test_encoder_learns_from_mu_and_logvar(answer, draw, weights):
    """Gradients reach the hidden layer from both, and each one's own layer."""
    x = _clear_of_kinks([draw.uniform(8, *IMAGE) for _ in range(20)], weights["encode_hidden"])
    seen, leaves = answer(probes.encode, weights, IMAGE, x), _leaves(weights)
    heads = _heads(_linear(x.double().flatten(1), leaves["encode_hidden"]).relu(), leaves)
    for name, head in zip(("mu", "logvar"), heads, strict=True):
        for layer in ("encode_hidden", f"encode_{name}"):
            require(all(arrives(seen[f"{name}_gradients"][f"{layer}.{kind}"]) for kind in ("weight", "bias")),
                    f"no gradient reaches self.{layer} from {name} (is something detached, or within no_grad?)")
        used = {layer: leaves[layer] for layer in ("encode_hidden", f"encode_{name}")}
        _expect_gradients(seen[f"{name}_gradients"], head, used, name)


_OTHER_ACTIVATIONS = {"nothing": lambda x: x, "a sigmoid": torch.sigmoid, "a tanh": torch.tanh,
                      "a leaky ReLU": leaky_relu, "an ELU": elu, "a GELU": gelu, "a softplus": softplus}


def _leaves(weights):
    """The weights in float64, so that gradients to them can be computed."""
    return {layer: [value.double().requires_grad_() for value in values] for layer, values in weights.items()}


def _clear_of_kinks(batches, layer):
    """The batch whose hidden units stay farthest from 0, where rounding would decide what gradient a ReLU has."""
    return max(batches, key=lambda batch: float(_linear(batch.flatten(1), layer).abs().min()))


def _expect_gradients(found, output, leaves, what):
    """Fail unless these are the gradients of the sum of squares of an output to the weights of layers."""
    names = [f"{layer}.{kind}" for layer in leaves for kind in ("weight", "bias")]
    right = torch.autograd.grad(output.square().sum(), [value for values in leaves.values() for value in values],
                                retain_graph=True)
    for name, gradient in zip(names, right, strict=True):
        expect(found[name], gradient, f"the gradient of the sum of squares of {what} to self.{name}", rtol=1e-3)


def _linear(x, layer):
    weight, bias = layer
    return x @ weight.T + bias


def _heads(hidden, weights):
    return _linear(hidden, weights["encode_mu"]), _linear(hidden, weights["encode_logvar"])


# vae_reparameterize --------------------------------------------------------------------------------------------------

@pytest.mark.gap("vae_reparameterize")
def test_samples_have_the_given_mean_and_standard_deviation(answer, draw):
    """In training mode z has mean mu and standard deviation sigma = exp(logvar / 2)."""
    # So far apart that no two of the formulas below can agree in all three.
    mu, logvar = draw.uniform(3, low=-3, high=3), torch.tensor([-2.4, -1.7, -1.1]) + draw.uniform(3, low=-0.1, high=0.1)
    seen = _sample(answer, draw, mu, logvar)
    z, sigma = seen["z"], (logvar / 2).exp()
    deviation = z.std(0)
    candidates = {"logvar is the logarithm of the variance: sigma is exp(logvar / 2), not exp(logvar)": logvar.exp(),
                  "logvar is a logarithm: sigma is exp(logvar / 2), not logvar": logvar.abs(),
                  "sigma is exp(logvar / 2), not half of logvar": logvar.abs() / 2,
                  "sigma is exp(logvar / 2), not exp(2 logvar)": (2 * logvar).exp(),
                  "the variance is halved, where its root belongs: ** 1/2 halves, since ** binds stronger than /. "
                  "Write ** 0.5, ** (1/2) or sqrt": logvar.exp() / 2,
                  "the noise is not scaled by sigma": torch.ones(3),
                  "the noise is multiplied by mu as well": sigma * mu.abs(),
                  "sigma is exp(logvar / 2), without a minus": 1 / sigma,
                  "sigma is exp(logvar / 2), not the fourth root of the variance": (logvar / 4).exp(),
                  "sigma is exp(logvar / 2), not softplus(logvar)": softplus(logvar),
                  "the noise is uniform (rand), not Gaussian (randn)": sigma / math.sqrt(12)}
    if not is_near(deviation, sigma, sigma / math.sqrt(2 * DRAWS)):
        for sentence, wrong in candidates.items():
            if is_near(deviation, wrong, wrong / math.sqrt(2 * DRAWS)):
                refuse(sentence)
        if float(deviation.max()) < 1e-6:
            refuse("z does not vary: in training mode it is a random sample" if torch.equal(z, seen["again"])
                   else "all images of the batch share one noise vector")
        refuse(f"z has the standard deviation {_list(deviation)}, where sigma = exp(logvar / 2) is {_list(sigma)}")
    require(is_near(z.mean(0), mu, sigma / math.sqrt(DRAWS)),
            f"z has the mean {_list(z.mean(0))}, where mu is {_list(mu)}")


@pytest.mark.gap("vae_reparameterize")
def test_every_element_has_noise_of_its_own(answer, draw):
    """Neither the images of a batch nor the latent dimensions of an image share their noise."""
    for batch, latent in (DRAWS, 2), (3, DRAWS // 3):
        eps = _sample(answer, draw, torch.zeros(latent), torch.zeros(latent), batch)["z"]
        require(float(eps.std()) > 0.1, "z does not vary where logvar = 0: sigma is 1 there")
        distance = dependence(eps)
        if distance is not None:
            refuse("the latent dimensions of an image share their noise" if 0 < distance < latent else
                   "images of the batch share their noise: it comes back with the other sign, in another order, or "
                   "mixed with that of a neighbour")
    square = _sample(answer, draw, torch.zeros(5), torch.zeros(5), batch=5)["z"]
    # Two of 25 random float32 numbers are equal with probability 1e-5, two pairs of them with less than 1e-9.
    require(square.unique().numel() >= 24, "elements of the batch share their noise")


@pytest.mark.gap("vae_reparameterize")
def test_small_batches_and_calls_are_independent(answer, draw):
    """A batch's noise is not normalised by its own mean and deviation, and no call uses that of an earlier one."""
    calls, zeros = 1000, torch.zeros(2, 2)
    z = answer(probes.reparameterize_often, zeros, zeros, calls, seed=draw.seed())["z"]
    require(z.shape == (calls, 2, 2), f"z should have the shape of mu, (2, 2), but has {tuple(z.shape[1:])}")
    mean, root_mean_square = z.mean((1, 2)), z.square().mean((1, 2)).sqrt()
    require(float(mean.std()) > 0.05, "the noise of a batch is shifted to have the mean 0: take it as it is drawn")
    require(float(root_mean_square.std()) > 0.05,
            "the noise of a batch is divided by its own deviation: take it as it is drawn")
    distance = dependence(z)
    require(distance is None or 0 < distance < 4,
            "the noise of one call comes back in another: each call should draw its own")
    require(distance is None, "the noise of a small batch is not independent: is it normalised by its own mean?")


@pytest.mark.gap("vae_reparameterize")
def test_noise_is_gaussian(answer, draw):
    """z / sigma is standard normal where mu = 0, for very narrow and for very wide posteriors."""
    logvar = torch.linspace(-28, 27, 24) + draw.uniform(24)
    sigma = (logvar / 2).exp().double()
    eps = _sample(answer, draw, torch.zeros(24), logvar)["z"].double() / sigma
    for at, found, right in zip(logvar.tolist(), (eps.std(0) * sigma).tolist(), sigma.tolist(), strict=True):
        require(abs(found / right - 1) < SIX_SIGMA / math.sqrt(2 * DRAWS),
                f"z has the standard deviation {found:.4g} for logvar = {at:.2f}, where exp(logvar / 2) is {right:.4g}")
    expect_standard_normal(eps, "the noise")
    # The excess kurtosis of n normal numbers is 0, with the standard error sqrt(24 / n); one that is larger than 7 of
    # them has a probability below 1e-9. Sums of a few uniform numbers have tails too thin, Student's t too thick ones.
    kurtosis = float((eps**4).mean() / eps.square().mean()**2 - 3)
    require(abs(kurtosis) < 7 * math.sqrt(24 / eps.numel()), "the noise is not Gaussian (randn): its tails are too "
                                                             f"{'thin' if kurtosis < 0 else 'thick'}")


@pytest.mark.gap("vae_reparameterize")
def test_noise_does_not_depend_on_mu_and_logvar(answer, draw):
    """(z - mu) / sigma is standard normal where mu has mean 5 and deviation 3, and each element a sigma of its own."""
    mu, logvar = 5 + 3 * draw.normal(DRAWS, 2), draw.uniform(DRAWS, 2, low=-4, high=4)
    z = _sample(answer, draw, mu, logvar)["z"].double()
    eps = (z - mu) / (logvar.double() / 2).exp()
    expect_standard_normal(eps, "(z - mu) / sigma, where mu and sigma differ from image to image,")
    for name, parameter in ("mu", mu), ("logvar", logvar):
        for noise in eps, eps.abs():
            found = torch.corrcoef(torch.stack([noise.flatten(), parameter.double().flatten()]))[0, 1]
            require(abs(float(found)) < SIX_SIGMA / math.sqrt(eps.numel()), f"the noise depends on {name}")


@pytest.mark.gap("vae_reparameterize")
def test_samples_lie_around_a_mean_far_away(answer, draw):
    """mu may be any real number, however large."""
    mu = torch.tensor([-2000.0, -50.0, 0.0, 50.0, 2000.0])
    found = _sample(answer, draw, mu, torch.zeros(5))["z"].double().mean(0)
    require(is_near(found, mu, 1 / math.sqrt(DRAWS)), f"z has the mean {_list(found)}, where mu is {_list(mu)}")


@pytest.mark.gap("vae_reparameterize")
def test_each_call_draws_anew(answer, draw):
    """Two samples for the same parameters differ, and the model stays in training mode."""
    mu = draw.normal(4)
    seen = _sample(answer, draw, mu, draw.normal(4), batch=3)
    require(not torch.equal(seen["z"], seen["again"]),
            "two calls in training mode give the same z: each should draw its own noise")
    require(not torch.equal(seen["again"], mu.expand(3, -1)), "the second call draws no noise: is the mode changed?")


@pytest.mark.gap("vae_reparameterize")
def test_gradients_reach_mu_and_logvar(answer, draw):
    """dz/dmu = 1 and dz/dlogvar = (z - mu) / 2: the sample can be differentiated."""
    mu, logvar, cotangent = draw.normal(6, 4), draw.normal(6, 4), draw.normal(6, 4)
    seen = answer(probes.reparameterize, mu, logvar, cotangent, seed=draw.seed())
    require(seen["mu_grad"] is not None, "no gradient reaches mu: sampling cuts it off (detach, no_grad or a "
                                         "distribution's sample() instead of rsample()?)")
    require(seen["logvar_grad"] is not None, "no gradient reaches logvar: sampling cuts it off (detach or no_grad?)")
    expect(seen["mu_grad"], cotangent, "the gradient to mu", {
        "nothing of it arrives: mu is detached, or torch.normal was used, which has no gradient": torch.zeros(6, 4)})
    noise = seen["z"] - mu
    expect(seen["logvar_grad"], cotangent * noise / 2, "the gradient to logvar", {
        "nothing of it arrives: sigma is detached": torch.zeros(6, 4),
        "it is that of sigma = exp(logvar), where sigma is exp(logvar / 2)": cotangent * noise}, rtol=1e-3)


@pytest.mark.gap("vae_reparameterize")
@pytest.mark.parametrize("batch, latent", [(6, 4), (1, 3), (5, 1), (1, 1)],
                         ids=["six images", "one image", "one latent dimension", "one of each"])
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_z_has_the_shape_of_its_parameters(answer, draw, batch, latent, training):
    """z has the shape of mu, and mu and logvar come out of the call unchanged: the loss needs them."""
    mu, logvar = draw.normal(batch, latent), draw.normal(batch, latent)
    seen = answer(probes.reparameterize, mu, logvar, draw.normal(batch, latent), training)
    _expect_shape_of_mu(seen["z"], mu)


@pytest.mark.gap("vae_reparameterize")
def test_evaluation_uses_the_mean(answer, draw):
    """In evaluation mode z = mu, without noise."""
    mu, logvar = draw.normal(6, 4), draw.normal(6, 4)
    mu[0, 0] = draw.integer(500, 5000)  # however large
    seen = answer(probes.reparameterize, mu, logvar, draw.normal(6, 4), training=False)
    require(torch.equal(seen["z"], seen["again"]), "there is noise in evaluation mode: z should be mu")
    expect(seen["z"], mu, "z in evaluation mode", {
        "it is sigma, not mu": (logvar / 2).exp(), "it is logvar, not mu": logvar,
        "it is zero, the mean of the prior; z should be the mean of q(z|x)": torch.zeros(6, 4),
        "sigma is added to it; z should be mu alone": mu + (logvar / 2).exp()}, rtol=1e-6)
    expect_dtype(seen["z"], torch.float32, "z")


@pytest.mark.gap("vae_reparameterize")
def test_noise_is_drawn_on_the_device_of_mu(answer, draw):
    """With mu and logvar on a GPU (here a make-believe one), z lies there too."""
    seen = answer(probes.reparameterize_on_gpu, draw.normal(6, 4), draw.normal(6, 4))
    require(seen["device"] == "cuda", "z should lie on the device of mu (randn_like draws there)")


def _sample(answer, draw, mu, logvar, batch=DRAWS):
    mu, logvar = (value.expand(batch, -1).contiguous() for value in (mu, logvar))
    seen = answer(probes.reparameterize, mu, logvar, torch.ones_like(mu), seed=draw.seed())
    expect_dtype(seen["z"], torch.float32, "z")
    _expect_shape_of_mu(seen["z"], mu)
    require(bool(seen["z"].isfinite().all()), "z holds NaN or infinite values")
    return seen


def _expect_shape_of_mu(z, mu):
    require(isinstance(z, torch.Tensor), f"z should be a tensor, but is a {type(z).__name__}")
    require(z.shape == mu.shape or z.shape != mu.squeeze().shape, f"z: {SQUEEZED}")
    require(z.shape == mu.shape, f"z should have the shape of mu, {tuple(mu.shape)}, but has {tuple(z.shape)}")


def _list(values):
    return "(" + ", ".join(f"{value:.2f}" for value in values.tolist()) + ")"


# vae_decode ----------------------------------------------------------------------------------------------------------

@pytest.mark.gap("vae_decode")
@pytest.mark.parametrize("batch, image, hidden, latent, training", [
    (1, IMAGE, HIDDEN, LATENT, True), (LATENT, IMAGE, HIDDEN, LATENT, False), (4, IMAGE, HIDDEN, LATENT, True),
    (5, GREY, 7, 1, True), (1, GREY, 1, 2, False), (3, (4, 1, 1), 4, 2, True)],
    ids=["one image", "batch as large as latent", "four images", "one channel, one latent dimension",
         "one image of one channel", "one pixel of four channels"])
def test_decode_gives_images(answer, draw, batch, image, hidden, latent, training):
    """Pixels are sigmoid(linear(ReLU(hidden layer))), in the shape (batch, channels, height, width)."""
    z, weights = draw.normal(batch, latent), _weights(draw, image, hidden, latent)
    seen = answer(probes.decode, weights, image, z, training)
    before = _linear(z, weights["decode_hidden"])
    logits = _linear(before.relu(), weights["decode_output"])
    pixels = torch.sigmoid(logits)
    channels, height, width = image
    expect(seen["x"], pixels.unflatten(1, image), "x_reconstructed", {
        "the rows of pixels still need the shape of images": pixels,
        "the sigmoid is missing, so pixels leave [0, 1]": logits.unflatten(1, image),
        "a ReLU stands where the sigmoid belongs": logits.relu().unflatten(1, image),
        "a tanh stands where the sigmoid belongs": logits.tanh().unflatten(1, image),
        "the logits are cut to [0, 1], where a sigmoid belongs": logits.clamp(0, 1).unflatten(1, image),
        "the pixels are not rounded, but shades of grey": pixels.round().unflatten(1, image),
        "pixels lie in [0, 1], not in [0, 255]": 255 * pixels.unflatten(1, image),
        "the images are negatives: dark and bright are exchanged": 1 - pixels.unflatten(1, image),
        "the sigmoid is applied twice": pixels.sigmoid().unflatten(1, image),
        "a softmax stands where the sigmoid belongs: pixels are no classes": logits.softmax(1).unflatten(1, image),
        "a ReLU comes before the sigmoid, so no pixel is darker than 1/2": logits.relu().sigmoid().unflatten(1, image),
        "height and width are exchanged": pixels.view(-1, channels, width, height),
        "height and width are exchanged in the values": pixels.view(-1, channels, width, height).transpose(2, 3),
        "the channels come last": pixels.view(-1, height, width, channels),
        SQUEEZED: pixels.unflatten(1, image).squeeze(),
        **{f"the hidden layer has {name} where ReLU belongs":
           _linear(function(before), weights["decode_output"]).sigmoid().unflatten(1, image)
           for name, function in _OTHER_ACTIVATIONS.items()}})


@pytest.mark.gap("vae_decode")
def test_bright_and_dark_pixels(answer, draw, weights):
    """Where the output layer gives large values, pixels are 0 or 1, not NaN, and nothing keeps them off these ends."""
    z, loud = draw.normal(8, LATENT), [300 * value for value in weights["decode_output"]]
    hidden = _linear(z, weights["decode_hidden"]).relu()
    seen = answer(probes.decode, weights | {"decode_output": loud}, IMAGE, z)
    pixels = _linear(hidden, loud).sigmoid().unflatten(1, IMAGE)
    expect(seen["x"], pixels, "x_reconstructed of loud weights", hint="Pixels of exactly 0 and 1 are right.")


@pytest.mark.gap("vae_decode")
def test_places_far_from_the_prior_are_decoded(answer, draw, weights):
    """z may be any real number, however far from N(0, I)."""
    z = 100 * draw.normal(8, LATENT)
    weights["decode_output"] = [value / 100 for value in weights["decode_output"]]
    hidden = _linear(z, weights["decode_hidden"]).relu()
    pixels = _linear(hidden, weights["decode_output"]).sigmoid().unflatten(1, IMAGE)
    expect(answer(probes.decode, weights, IMAGE, z)["x"], pixels, "x_reconstructed far from the prior",
           hint="Is z limited, or normalised?")


@pytest.mark.gap("vae_decode")
def test_decoder_learns_from_its_images(answer, draw, weights):
    """Gradients reach z and both layers of the decoder."""
    z = _clear_of_kinks([draw.normal(8, LATENT) for _ in range(20)], weights["decode_hidden"])
    seen, leaves = answer(probes.decode, weights, IMAGE, z), _leaves(weights)
    pixels = _linear(_linear(z.double(), leaves["decode_hidden"]).relu(), leaves["decode_output"]).sigmoid()
    expect_dtype(seen["x"], torch.float32, "x_reconstructed")
    for name in ("z", "decode_hidden.weight", "decode_hidden.bias", "decode_output.weight", "decode_output.bias"):
        require(arrives(seen["gradients"][name]), f"no gradient reaches {name.partition('.')[0]} from x_reconstructed "
                                                  "(is something detached, rounded, or within no_grad?)")
    used = {layer: leaves[layer] for layer in ("decode_hidden", "decode_output")}
    _expect_gradients(seen["gradients"], pixels, used, "x_reconstructed")


# vae_forward ---------------------------------------------------------------------------------------------------------

@pytest.mark.gap("vae_forward")
@pytest.mark.parametrize("batch, image, latent, training", [
    (4, IMAGE, LATENT, True), (4, IMAGE, LATENT, False), (1, (3, 2, 4), LATENT, True), (5, GREY, 1, True),
    (1, GREY, 1, False)],
    ids=["training", "evaluation", "one image", "one channel, one latent dimension", "one of each"])
def test_forward_encodes_samples_and_decodes(answer, draw, batch, image, latent, training):
    """forward decodes what reparameterize makes of mu and logvar, and returns the image, mu and logvar."""
    x, pixels = draw.uniform(batch, *image), math.prod(image)
    # So that neither mu nor logvar comes near 0, where float32 would leave little of a single one.
    to_mu, to_logvar = (sign * draw.uniform(pixels, latent, low=0.1, high=0.5) for sign in (1, -1))
    to_pixels = draw.normal(latent, pixels) / 2
    noise = draw.uniform(batch, latent, low=1, high=2)
    seen = answer(probes.forward, x, to_mu, to_logvar, noise, to_pixels, training)
    mu, logvar = x.flatten(1) @ to_mu, x.flatten(1) @ to_logvar

    def sampled(mu, logvar, call=0):
        return mu + 2**call * (1 + logvar) * noise if training else mu

    def decoded(z):
        return (z @ to_pixels).sigmoid().view_as(x)

    expect(seen["mu"], mu, "mu", {
        "mu and logvar are exchanged": logvar, "z is returned in its place": sampled(mu, logvar),
        SQUEEZED: mu.squeeze()})
    expect(seen["logvar"], logvar, "logvar", {
        "mu and logvar are exchanged": mu, "its exponential is returned, not logvar itself": logvar.exp(),
        "sigma is returned in its place": (logvar / 2).exp(), "z is returned in its place": sampled(mu, logvar),
        SQUEEZED: logvar.squeeze()})
    require(seen["sampled"] <= 100, f"reparameterize is called {seen['sampled']} times: each image needs one sample")
    codes = [sampled(mu, logvar, call) for call in range(max(seen["sampled"], 1))]
    samples = [decoded(z) for z in codes]
    unused = "what reparameterize returns is not used, or the mode is changed" if seen["sampled"] else \
        "reparameterize is not used"
    expect(seen["x"], _nearest(samples, seen["x"]), "x_reconstructed", {
        f"mu is decoded, not a sample: {unused}": decoded(mu),
        "reparameterize takes mu first, then logvar": decoded(sampled(logvar, mu)),
        "logvar is decoded, not a sample": decoded(logvar),
        "reparameterize was given sigma, not logvar": decoded(sampled(mu, (logvar / 2).exp())),
        "reparameterize was given exp(logvar), not logvar": decoded(sampled(mu, logvar.exp())),
        "reparameterize was given zeros, not logvar": decoded(sampled(mu, 0 * logvar)),
        "reparameterize was given ones, not logvar": decoded(sampled(mu, 0 * logvar + 1)),
        "reparameterize was given zeros, not mu": decoded(sampled(0 * mu, logvar)),
        "several samples are averaged, where one belongs": decoded(torch.stack(codes).mean(0)),
        "several reconstructions are averaged, where one belongs": torch.stack(samples).mean(0),
        "the image itself is returned": x,
        "decode gives images already, no sigmoid belongs after it": decoded(sampled(mu, logvar)).sigmoid(),
        SQUEEZED: samples[0].squeeze(),
        "the batch is shuffled": decoded(sampled(mu, logvar)).flip(0)})


@pytest.mark.gap("vae_forward")
def test_the_whole_model_learns(answer, draw):
    """Gradients flow from the reconstruction through the sample to mu and logvar, and from mu and logvar themselves."""
    seen = answer(probes.forward, draw.uniform(4, *IMAGE), draw.normal(PIXELS, LATENT), draw.normal(PIXELS, LATENT),
                  draw.uniform(4, LATENT, low=1, high=2), 0.01 * draw.normal(LATENT, PIXELS))
    for output, source in (("x", "mu"), ("x", "logvar"), ("mu", "mu"), ("logvar", "logvar")):
        name = {"x": "x_reconstructed"}.get(output, output)
        require(arrives(seen[f"{output}_gradients"][f"to_{source}"]),
                f"no gradient reaches the encoder's {source} from {name} (is something detached, or within no_grad?)")


def _nearest(candidates, found):
    """Of several right values the one that is nearest to what was found; the first one if it has another shape."""
    if not isinstance(found, torch.Tensor) or found.shape != candidates[0].shape:
        return candidates[0]
    return min(candidates, key=lambda value: float((value - found).abs().nan_to_num(torch.inf).sum()))


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
