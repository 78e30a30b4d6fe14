"""The model: its layers, encode, reparameterize, decode, forward."""

import math
import sys

import pytest
import torch
from torch.distributions import Normal
from torch.nn.functional import elu, gelu, leaky_relu, softplus

from exercise.probes import vae as probes
from tests.judge import expect, expect_dtype, refuse, require

IMAGE = (2, 3, 5)  # channels, height and width all differ, so that none can stand in for another
PIXELS = math.prod(IMAGE)
HIDDEN, LATENT = 16, 3
SIZES = {"encode_hidden": (PIXELS, HIDDEN), "encode_mu": (HIDDEN, LATENT), "encode_logvar": (HIDDEN, LATENT),
         "decode_hidden": (LATENT, HIDDEN), "decode_output": (HIDDEN, PIXELS)}


# vae_layers ----------------------------------------------------------------------------------------------------------

@pytest.mark.gap("vae_layers")
def test_the_five_layers_have_their_names_and_sizes(answer):
    """The constructor makes five linear layers with the names and sizes that the other methods rely on."""
    made = answer(probes.layers, IMAGE, HIDDEN, LATENT, {})
    for name, (size_in, size_out) in SIZES.items():
        require(name in made["names"], f"self.{name} is missing, or is not a layer")
        require(f"{name}.weight" in made["weights"], f"self.{name} should be one linear layer")
        shape = tuple(made["weights"][f"{name}.weight"].shape)
        require(shape != (size_in, size_out),
                f"self.{name} maps in the wrong direction: from {size_out} to {size_in} values")
        require(shape == (size_out, size_in), f"self.{name} should map {size_in} values to {size_out}, "
                                              f"but maps {shape[-1]} to {shape[0]}")
        require(f"{name}.bias" in made["weights"], f"self.{name} has no bias")
    for name in made["weights"]:
        require(name.partition(".")[0] in SIZES,
                f"self.{name} is one too many: the model is saved, loaded and judged with just the five layers")


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
            require(name in made["trained"], f"{name} is not trained: it is frozen, or no parameter")
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
        expect(made["outputs"][name], x @ weight.T + bias, f"the output of self.{name}", {
            "an activation is part of the layer": (x @ weight.T + bias).relu()})
        require("hidden" not in name or weight.unique().numel() > 1,
                f"all weights of self.{name} are equal: its units would stay copies of each other")


# vae_encode ----------------------------------------------------------------------------------------------------------

@pytest.fixture
def weights(draw):
    """Weights of all layers: some hidden units are surely alive, some dead, some between; mu and logvar are large."""
    return {"encode_hidden": [0.3 * draw.normal(HIDDEN, PIXELS), torch.linspace(-4, 8, HIDDEN)],
            "encode_mu": [5 * draw.normal(LATENT, HIDDEN), draw.normal(LATENT)],
            "encode_logvar": [5 * draw.normal(LATENT, HIDDEN), draw.normal(LATENT)],
            "decode_hidden": [0.5 * draw.normal(HIDDEN, LATENT), torch.linspace(-4, 8, HIDDEN)],
            "decode_output": [0.2 * draw.normal(PIXELS, HIDDEN), draw.normal(PIXELS)]}


@pytest.mark.gap("vae_encode")
@pytest.mark.parametrize("batch, training", [(1, True), (HIDDEN, False), (4, True)],
                         ids=["one image", "batch as large as hidden", "four images"])
def test_encode_computes_mu_and_logvar(answer, draw, weights, batch, training):
    """mu and logvar are linear in ReLU(hidden layer), each by a layer of its own."""
    x = draw.uniform(batch, *IMAGE)
    seen = answer(probes.encode, weights, IMAGE, x, training)
    before = _linear(x.flatten(1), weights["encode_hidden"])
    mu, logvar = _heads(before.relu(), weights)
    mistakes = {f"the hidden layer has {name} where ReLU belongs": _heads(function(before), weights)
                for name, function in _OTHER_ACTIVATIONS.items()}
    sideways = _heads(_linear(x.transpose(2, 3).flatten(1), weights["encode_hidden"]).relu(), weights)
    mistakes["height and width are exchanged before flattening"] = sideways
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
def test_encoder_learns_from_mu_and_logvar(answer, draw, weights):
    """Gradients reach the hidden layer from both, and each one's own layer."""
    seen = answer(probes.encode, weights, IMAGE, draw.uniform(8, *IMAGE))
    for name in ("mu", "logvar"):
        for layer in ("encode_hidden", f"encode_{name}"):
            require({f"{layer}.weight", f"{layer}.bias"} <= set(seen[f"{name}_reaches"]),
                    f"no gradient reaches self.{layer} from {name} (is something detached, or within no_grad?)")


_OTHER_ACTIVATIONS = {"nothing": lambda x: x, "a sigmoid": torch.sigmoid, "a tanh": torch.tanh,
                      "a leaky ReLU": leaky_relu, "an ELU": elu, "a GELU": gelu, "a softplus": softplus}


def _linear(x, layer):
    weight, bias = layer
    return x @ weight.T + bias


def _heads(hidden, weights):
    return _linear(hidden, weights["encode_mu"]), _linear(hidden, weights["encode_logvar"])


# vae_reparameterize --------------------------------------------------------------------------------------------------

DRAWS = 10_000
SIX_SIGMA = 6.0  # an estimate with normal errors lies outside with probability 2e-9; each test has at most 30 of them


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
                  "the noise is not scaled by sigma": torch.ones(3),
                  "sigma is exp(logvar / 2), without a minus": 1 / sigma,
                  "sigma is exp(logvar / 2), not the fourth root of the variance": (logvar / 4).exp(),
                  "sigma is exp(logvar / 2), not softplus(logvar)": softplus(logvar),
                  "the noise is uniform (rand), not Gaussian (randn)": sigma / math.sqrt(12)}
    if not _near(deviation, sigma, sigma / math.sqrt(2 * DRAWS)):
        for sentence, wrong in candidates.items():
            if _near(deviation, wrong, wrong / math.sqrt(2 * DRAWS)):
                refuse(sentence)
        if float(deviation.max()) < 1e-6:
            refuse("z does not vary: in training mode it is a random sample" if torch.equal(z, seen["again"])
                   else "all images of the batch share one noise vector")
        refuse(f"z has the standard deviation {_list(deviation)}, where sigma = exp(logvar / 2) is {_list(sigma)}")
    require(_near(z.mean(0), mu, sigma / math.sqrt(DRAWS)),
            f"z has the mean {_list(z.mean(0))}, where mu is {_list(mu)}")


@pytest.mark.gap("vae_reparameterize")
def test_every_element_has_noise_of_its_own(answer, draw):
    """Neither the images of a batch nor the latent dimensions of an image share their noise."""
    eps = _sample(answer, draw, torch.zeros(2), torch.zeros(2))["z"]
    halves, width = eps.view(2, -1, 2), SIX_SIGMA / math.sqrt(DRAWS / 2)
    require(float(eps.std(0).min()) > 0.1, "z does not vary where logvar = 0: sigma is 1 there")
    require(abs(_correlation(eps[:, 0], eps[:, 1])) < width, "the latent dimensions of an image share their noise")
    require(abs(_correlation(halves[0, :, 0], halves[1, :, 0])) < width, "images of the batch share their noise")
    square = _sample(answer, draw, torch.zeros(5), torch.zeros(5), batch=5)["z"]
    # Two of 25 random float32 numbers are equal with probability 1e-5, two pairs of them with less than 1e-9.
    require(square.unique().numel() >= 24, "elements of the batch share their noise")


@pytest.mark.gap("vae_reparameterize")
def test_noise_is_gaussian(answer, draw):
    """(z - mu) / sigma is standard normal, for narrow and for wide posteriors."""
    mu, logvar = draw.normal(6), torch.linspace(-8, 13, 6) + draw.uniform(6)
    sigma = (logvar / 2).exp().double()
    eps = (_sample(answer, draw, mu, logvar)["z"] - mu).double() / sigma
    for at, found, right in zip(logvar.tolist(), (eps.std(0) * sigma).tolist(), sigma.tolist(), strict=True):
        require(abs(found / right - 1) < SIX_SIGMA / math.sqrt(2 * DRAWS),
                f"z has the standard deviation {found:.4g} for logvar = {at:.2f}, where exp(logvar / 2) is {right:.4g}")
    # Dvoretzky, Kiefer, Wolfowitz: the empirical distribution of n draws is off by more than d with probability below
    # 2 exp(-2 n d^2), here 1e-9. That none of n exceeds 3.5 has probability (1 - 0.000465)^n, here 8e-13.
    ordered, n = eps.flatten().sort().values, eps.numel()
    away = (Normal(0.0, 1.0).cdf(ordered) - (torch.arange(n) + 0.5) / n).abs().max() + 0.5 / n
    require(float(away) < math.sqrt(math.log(2e9) / (2 * n)), "the noise is not Gaussian (randn, not rand)")
    require(float(eps.abs().max()) > 3.5, "the noise is cut off: a Gaussian has tails")


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
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_parameters_are_left_as_they_are(answer, draw, training):
    """mu and logvar come out of the call unchanged: the loss needs them."""
    mu, logvar = draw.normal(6, 4), draw.normal(6, 4)
    seen = answer(probes.reparameterize, mu, logvar, draw.normal(6, 4), training)
    expect(seen["mu_after"], mu, "mu after the call")
    expect(seen["logvar_after"], logvar, "logvar after the call")


@pytest.mark.gap("vae_reparameterize")
def test_evaluation_uses_the_mean(answer, draw):
    """In evaluation mode z = mu, without noise."""
    mu, logvar = draw.normal(6, 4), draw.normal(6, 4)
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
    require(seen["z"].shape == mu.shape, f"z should have the shape of mu, {tuple(mu.shape)}, "
                                         f"but has {tuple(seen['z'].shape)}")
    require(bool(seen["z"].isfinite().all()), "z holds NaN or infinite values")
    return seen


def _near(found, expected, standard_error):
    return bool(((found - expected).abs() < SIX_SIGMA * standard_error).all())


def _correlation(first, second):
    return float(torch.corrcoef(torch.stack([first, second]))[0, 1])


def _list(values):
    return "(" + ", ".join(f"{value:.2f}" for value in values.tolist()) + ")"


# vae_decode ----------------------------------------------------------------------------------------------------------

@pytest.mark.gap("vae_decode")
@pytest.mark.parametrize("batch, training", [(1, True), (LATENT, False), (4, True)],
                         ids=["one image", "batch as large as latent", "four images"])
def test_decode_gives_images(answer, draw, weights, batch, training):
    """Pixels are sigmoid(linear(ReLU(hidden layer))), in the shape (batch, channels, height, width)."""
    z = draw.normal(batch, LATENT)
    seen = answer(probes.decode, weights, IMAGE, z, training)
    before = _linear(z, weights["decode_hidden"])
    logits = _linear(before.relu(), weights["decode_output"])
    pixels = torch.sigmoid(logits)
    channels, height, width = IMAGE
    expect(seen["x"], pixels.unflatten(1, IMAGE), "x_reconstructed", {
        "the rows of pixels still need the shape of images": pixels,
        "the sigmoid is missing, so pixels leave [0, 1]": logits.unflatten(1, IMAGE),
        "a ReLU stands where the sigmoid belongs": logits.relu().unflatten(1, IMAGE),
        "a tanh stands where the sigmoid belongs": logits.tanh().unflatten(1, IMAGE),
        "the logits are cut to [0, 1], where a sigmoid belongs": logits.clamp(0, 1).unflatten(1, IMAGE),
        "the pixels are not rounded, but shades of grey": pixels.round().unflatten(1, IMAGE),
        "pixels lie in [0, 1], not in [0, 255]": 255 * pixels.unflatten(1, IMAGE),
        "the images are negatives: dark and bright are exchanged": 1 - pixels.unflatten(1, IMAGE),
        "the sigmoid is applied twice": pixels.sigmoid().unflatten(1, IMAGE),
        "a softmax stands where the sigmoid belongs: pixels are no classes": logits.softmax(1).unflatten(1, IMAGE),
        "a ReLU comes before the sigmoid, so no pixel is darker than 1/2": logits.relu().sigmoid().unflatten(1, IMAGE),
        "height and width are exchanged": pixels.view(-1, channels, width, height),
        "height and width are exchanged in the values": pixels.view(-1, channels, width, height).transpose(2, 3),
        "the channels come last": pixels.view(-1, height, width, channels),
        **{f"the hidden layer has {name} where ReLU belongs":
           _linear(function(before), weights["decode_output"]).sigmoid().unflatten(1, IMAGE)
           for name, function in _OTHER_ACTIVATIONS.items()}})


@pytest.mark.gap("vae_decode")
def test_bright_and_dark_pixels(answer, draw, weights):
    """Where the output layer gives large values, pixels are 0 or 1, not NaN."""
    z, loud = draw.normal(8, LATENT), [300 * value for value in weights["decode_output"]]
    hidden = _linear(z, weights["decode_hidden"]).relu()
    seen = answer(probes.decode, weights | {"decode_output": loud}, IMAGE, z)
    pixels = _linear(hidden, loud).sigmoid().unflatten(1, IMAGE)
    expect(seen["x"], pixels, "x_reconstructed")


@pytest.mark.gap("vae_decode")
def test_decoder_learns_from_its_images(answer, draw, weights):
    """Gradients reach z and both layers of the decoder."""
    seen = answer(probes.decode, weights, IMAGE, draw.normal(8, LATENT))
    expect_dtype(seen["x"], torch.float32, "x_reconstructed")
    for name in ("z", "decode_hidden.weight", "decode_hidden.bias", "decode_output.weight", "decode_output.bias"):
        require(name in seen["reaches"], f"no gradient reaches {name.partition('.')[0]} from x_reconstructed (is "
                                         "something detached, rounded, or within no_grad?)")


# vae_forward ---------------------------------------------------------------------------------------------------------

@pytest.mark.gap("vae_forward")
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_forward_encodes_samples_and_decodes(answer, draw, training):
    """forward decodes what reparameterize makes of mu and logvar, and returns the image, mu and logvar."""
    x = draw.uniform(4, *IMAGE)
    to_mu, to_logvar, to_pixels = draw.normal(PIXELS, LATENT), draw.normal(PIXELS, LATENT), draw.normal(LATENT, PIXELS)
    noise = draw.uniform(4, LATENT, low=1, high=2)
    seen = answer(probes.forward, x, to_mu, to_logvar, noise, to_pixels, training)
    mu, logvar = x.flatten(1) @ to_mu, x.flatten(1) @ to_logvar

    z = mu + logvar * noise if training else mu

    def decoded(z):
        return (z @ to_pixels).sigmoid().view_as(x)
    expect(seen["mu"], mu, "mu", {
        "mu and logvar are exchanged": logvar, "z is returned in its place": mu + logvar * noise})
    expect(seen["logvar"], logvar, "logvar", {
        "mu and logvar are exchanged": mu, "its exponential is returned, not logvar itself": logvar.exp(),
        "sigma is returned in its place": (logvar / 2).exp(), "z is returned in its place": mu + logvar * noise})
    require(seen["training_after"] == training, "the model comes out in another mode than it came in")
    expect(seen["x"], decoded(z), "x_reconstructed", {
        "mu is decoded, not a sample: reparameterize is not used": decoded(mu),
        "reparameterize takes mu first, then logvar": decoded(logvar + mu * noise if training else logvar),
        "logvar is decoded, not a sample": decoded(logvar),
        "reparameterize was given sigma, not logvar": decoded(mu + (logvar / 2).exp() * noise),
        "reparameterize was given exp(logvar), not logvar": decoded(mu + logvar.exp() * noise),
        "the image itself is returned": x,
        "decode gives images already, no sigmoid belongs after it": decoded(z).sigmoid(),
        "the batch is shuffled": decoded(z).flip(0)})


@pytest.mark.gap("vae_forward")
def test_the_whole_model_learns(answer, draw):
    """Gradients flow from the reconstruction through the sample to mu and logvar, and from mu and logvar themselves."""
    seen = answer(probes.forward, draw.uniform(4, *IMAGE), draw.normal(PIXELS, LATENT), draw.normal(PIXELS, LATENT),
                  draw.uniform(4, LATENT, low=1, high=2), 0.01 * draw.normal(LATENT, PIXELS))
    for output, source in (("x", "mu"), ("x", "logvar"), ("mu", "mu"), ("logvar", "logvar")):
        name = {"x": "x_reconstructed"}.get(output, output)
        require(f"to_{source}" in seen[f"{output}_reaches"],
                f"no gradient reaches the encoder's {source} from {name} (is something detached, or within no_grad?)")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
