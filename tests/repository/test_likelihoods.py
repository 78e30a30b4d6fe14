"""The distributions of images: what each of them keeps, and the losses that two of them are."""

import math

import pytest
import torch
from torch import distributions
from torch.nn import functional as F

from exercise.probes import accelerator
from lib.likelihoods import (
    LEVELS,
    LIKELIHOODS,
    MIN_VARIANCE,
    VARIANCES,
    Bernoulli,
    Beta,
    Categorical,
    ContinuousBernoulli,
    Gaussian,
    Logistic,
    bernoulli_cross_entropy,
    bin_midpoints,
    discretise_pixels,
    likelihood_named,
)
from tests.independence_laws import expect_independent
from tests.noise_laws import DRAWS, SIX_SIGMA, is_near

IMAGE = (2, 1, 3)
ALL = [*((name, "fixed") for name in LIKELIHOODS), *(("gaussian", variance) for variance in VARIANCES[1:])]


@pytest.fixture(params=ALL, ids=" ".join)
def likelihood(request):
    return likelihood_named(*request.param)


def _outputs(likelihood, draw, images):
    return draw.normal(images, likelihood.outputs_per_pixel, *IMAGE)


def _one_theta(likelihood, draw, images=DRAWS):
    """The same parameters for each of many images."""
    return likelihood.theta(_outputs(likelihood, draw, 1)).detach().expand(images, *[-1] * 4)


# Every likelihood ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_shapes_and_types(likelihood, draw, dtype):
    """theta, log_prob, mean and sample have the shapes of the docstrings, and the type of the network's outputs."""
    likelihood.to(dtype)
    theta = likelihood.theta(_outputs(likelihood, draw, 4).to(dtype))
    assert theta.shape[0] == 4 and theta.shape[2:] == IMAGE and theta.dtype == dtype
    x = likelihood.sample(theta)
    assert x.shape == likelihood.mean(theta).shape == (4, *IMAGE)
    log_prob = likelihood.log_prob(x.detach(), theta)
    assert log_prob.shape == (4,)
    assert {x.dtype, likelihood.mean(theta).dtype, log_prob.dtype} == {dtype}


@pytest.mark.parametrize("size", [0.0, 20.0, -20.0, 80.0, -80.0])
def test_any_outputs_give_a_finite_loss_and_gradient(likelihood, size):
    """Black, grey and white pixels, whatever real numbers the network gives for them."""
    x = torch.tensor([0.0, 0.3, 0.5, 1.0]).view(4, 1, 1, 1)
    outputs = torch.full((4, likelihood.outputs_per_pixel, 1, 1, 1), size, requires_grad=True)
    log_prob = likelihood.log_prob(x, likelihood.theta(outputs))
    log_prob.sum().backward()
    assert log_prob.isfinite().all() and outputs.grad.isfinite().all()


def test_images_of_the_data_sets_are_allowed(likelihood, draw):
    """Pixels in [0, 1], with both ends; and what is drawn from it."""
    likelihood.check(torch.tensor([0.0, 0.5, 1.0]).view(3, 1, 1, 1))
    likelihood.check(likelihood.sample(likelihood.theta(_outputs(likelihood, draw, 50)).detach()))


def test_means_are_images(likelihood, draw):
    """The expected image lies in [0, 1], whatever the network gives."""
    mean = likelihood.mean(likelihood.theta(30 * _outputs(likelihood, draw, 100)))
    assert mean.min() >= 0 and mean.max() <= 1


def test_samples_have_the_expected_mean(likelihood, draw):
    """Their average is `mean`, and none of them is."""
    theta = _one_theta(likelihood, draw)
    x = likelihood.sample(theta, draw.generator).double()
    assert is_near(x.mean(0), likelihood.mean(theta)[0].double(), x.std(0) / math.sqrt(DRAWS))
    assert (x - likelihood.mean(theta)).abs().amax((1, 2, 3)).min() > 1e-4


def test_samples_are_those_of_the_density(likelihood, draw):
    """The gradient of ln p(x|theta) to theta is 0 on average over x from p(x|theta), not from another distribution."""
    theta = _one_theta(likelihood, draw).clone()
    if isinstance(likelihood, Beta):
        theta += 3  # so that no pixel comes near 0 and 1, where it is moved
    x = likelihood.sample(theta, draw.generator)
    score, = torch.autograd.grad(likelihood.log_prob(x, theta.requires_grad_()).sum(), theta)
    score = score.double()
    assert is_near(score.mean(0), torch.zeros(()), score.std(0) / math.sqrt(DRAWS))


def test_samples_are_independent(likelihood, draw):
    """The pixels of an image, and the images of a batch."""
    theta = _one_theta(likelihood, draw)
    x = (likelihood.sample(theta, draw.generator) - likelihood.mean(theta)).flatten(1)
    expect_independent(x, within="pixels depend on each other", between="images depend on each other")


def test_a_generator_repeats_samples(likelihood, draw):
    """The same seed gives the same images, another one others; torch's global generator is left alone."""
    theta, seed, before = _one_theta(likelihood, draw, images=20), draw.seed(), torch.get_rng_state()
    x, again, other = (likelihood.sample(theta, torch.Generator().manual_seed(s)) for s in (seed, seed, seed + 1))
    assert torch.equal(x, again) and not torch.equal(x, other)
    assert torch.equal(before, torch.get_rng_state())
    assert not torch.equal(likelihood.sample(theta), likelihood.sample(theta))


def test_samples_are_drawn_where_theta_lies(likelihood, draw):
    """With or without a generator of that device."""
    theta = _one_theta(likelihood, draw, images=2)
    with accelerator.pretend():
        there = theta.to("cuda")
        for generator in (None, torch.Generator("cuda")):
            assert likelihood.sample(there, generator).device.type == "cuda"


# The two identities --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("value", [0.01, 0.5, 1.0, 7.0])
def test_a_fixed_variance_is_the_squared_error(draw, value):
    """-ln p(x|theta) = |x - mean|^2 / (2 v) + D/2 ln(2 pi v), for each image; and torch.distributions agrees."""
    likelihood, x, outputs = Gaussian("fixed", value), draw.uniform(5, *IMAGE), draw.normal(5, 1, *IMAGE)
    theta, mean = likelihood.theta(outputs), outputs[:, 0].sigmoid()
    squared_error = F.mse_loss(mean, x, reduction="none").sum((1, 2, 3))
    scale, constant = 1 / (2 * value), math.prod(IMAGE) / 2 * math.log(2 * math.pi * value)
    assert torch.allclose(-likelihood.log_prob(x, theta), scale * squared_error + constant, rtol=1e-5, atol=1e-5)
    gaussian = distributions.Normal(mean.double(), math.sqrt(value))
    assert torch.allclose(likelihood.log_prob(x, theta).double(), gaussian.log_prob(x.double()).sum((1, 2, 3)),
                          rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("binary", [True, False])
def test_bernoulli_is_the_binary_cross_entropy(draw, binary):
    """-ln p(x|theta) is the cross-entropy of probabilities, for grey images too; and torch.distributions agrees."""
    likelihood, x, outputs = Bernoulli(), draw.uniform(5, *IMAGE), draw.normal(5, 1, *IMAGE)
    x, theta = x.round() if binary else x, likelihood.theta(outputs)
    cross_entropy = F.binary_cross_entropy(outputs[:, 0].sigmoid(), x, reduction="none").sum((1, 2, 3))
    assert torch.allclose(-likelihood.log_prob(x, theta), cross_entropy, rtol=1e-5, atol=1e-5)
    bernoulli = distributions.Bernoulli(logits=outputs[:, 0].double(), validate_args=binary)
    assert torch.allclose(likelihood.log_prob(x, theta).double(), bernoulli.log_prob(x.double()).sum((1, 2, 3)),
                          rtol=1e-5, atol=1e-5)


# Gaussian ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("variance", VARIANCES)
def test_variance_of_gaussian_samples(draw, variance):
    """It is exp(logvar), of each pixel."""
    theta = _one_theta(likelihood_named("gaussian", variance), draw)
    x = Gaussian(variance).sample(theta, draw.generator).double()
    error = math.sqrt(2 / DRAWS)  # relative, of the variance of normal draws
    assert is_near(x.var(0) / theta[0, 1].double().exp(), torch.ones(()), error)


def test_where_the_variance_comes_from(draw):
    """A number, which may be below the bound; a number, learned; an output of the network for each pixel."""
    assert [Gaussian(variance).outputs_per_pixel for variance in VARIANCES] == [1, 1, 2]
    outputs = draw.normal(3, 2, *IMAGE)
    fixed, learned, per_pixel = (Gaussian(variance, 0.3).theta(outputs)[:, 1].exp() for variance in VARIANCES)
    assert torch.allclose(fixed, torch.tensor(0.3))
    assert torch.allclose(learned, torch.tensor(0.3 + MIN_VARIANCE))
    assert torch.allclose(per_pixel, 0.3 * outputs[:, 1].exp() + MIN_VARIANCE)
    assert torch.allclose(Gaussian("fixed", 1e-6).theta(outputs)[:, 1].exp(), torch.tensor(1e-6))


def test_what_is_learned_is_kept():
    """The learned variance is one parameter, saved with the model; a fixed one is neither learned nor saved."""
    for variance in VARIANCES:
        names = [name for name, _ in Gaussian(variance).named_parameters()]
        assert names == [*Gaussian(variance).state_dict()] == (["raw"] if variance == "learned" else [])
    trained, loaded = Gaussian("learned", 0.2), Gaussian("learned")
    loaded.load_state_dict(trained.state_dict())
    outputs = torch.zeros(1, 1, *IMAGE)
    assert torch.equal(loaded.theta(outputs), trained.theta(outputs))


@pytest.mark.parametrize("variance", ["learned", "per_pixel"])
def test_learned_variance_stays_above_its_bound(variance):
    """However far its raw number falls; near the bound a gradient is left, which raises it where pixels are missed."""
    likelihood = Gaussian(variance, 1e-30)
    for raw in (0.0, -50.0, -1e6):
        assert likelihood.theta(torch.full((1, 2, 1, 1, 1), raw))[0, 1].exp() >= MIN_VARIANCE * (1 - 1e-5)
    likelihood = Gaussian(variance, MIN_VARIANCE * 1e-3)
    outputs = torch.zeros(1, 2, 1, 1, 1, requires_grad=True)
    likelihood.log_prob(torch.zeros(1, 1, 1, 1), likelihood.theta(outputs)).sum().backward()
    raised = likelihood.raw.grad if variance == "learned" else outputs.grad[0, 1]
    assert raised > 0


def test_learned_variance_comes_to_the_mean_squared_error(draw):
    """There the likelihood is greatest: below, its gradient is positive, above, it is negative."""
    x, outputs = draw.uniform(8, *IMAGE), draw.normal(8, 1, *IMAGE)
    error = F.mse_loss(outputs[:, 0].sigmoid(), x).item()
    signs = []
    for factor in (0.98, 1.02):
        likelihood = Gaussian("learned", factor * error - MIN_VARIANCE)
        likelihood.log_prob(x, likelihood.theta(outputs)).sum().backward()
        signs.append(float(likelihood.raw.grad.sign()))
    assert signs == [1, -1]


def test_remark_says_when_the_bound_is_reached():
    """Also if a few pixels reach it; nothing is said while none does, or where the variance is a fixed number."""
    outputs = torch.zeros(1, 2, 1, 25, 40)
    assert Gaussian("per_pixel").remark(Gaussian("per_pixel").theta(outputs)) == ""
    for pixels, words in (1, "0.1% of the pixels"), (250, "25% of the pixels"), (1000, "100% of the pixels"):
        outputs[0, 1].view(-1)[:pixels] = -50
        assert words in Gaussian("per_pixel").remark(Gaussian("per_pixel").theta(outputs))
    assert "100% of the pixels" in Gaussian("learned", 1e-12).remark(Gaussian("learned", 1e-12).theta(outputs))
    assert Gaussian("fixed", 1e-12).remark(Gaussian("fixed", 1e-12).theta(outputs)) == ""
    assert Bernoulli().remark(Bernoulli().theta(outputs[:, :1])) == ""


def test_any_image_is_allowed_for_a_gaussian(draw):
    """It has a density everywhere."""
    Gaussian().check(100 * draw.normal(2, *IMAGE))


# Bernoulli -----------------------------------------------------------------------------------------------------------

def test_bernoulli_samples_are_black_or_white(draw):
    """White with the probability of the mean: their variance is p (1 - p)."""
    theta = _one_theta(Bernoulli(), draw)
    x, p = Bernoulli().sample(theta, draw.generator), theta[0, 0].sigmoid()
    assert set(x.unique().tolist()) == {0.0, 1.0}
    assert ((x.mean(0) - p).abs() < SIX_SIGMA * (p * (1 - p) / DRAWS).sqrt()).all()


@pytest.mark.parametrize("pixel, told", [(1.5, "from 0.5 to 1.5"), (-0.1, "from -0.1 to 0.5"), (math.nan, "nan")])
def test_bernoulli_refuses_other_images(pixel, told):
    """The message says in which range they are."""
    with pytest.raises(ValueError, match=rf"pixels in \[0, 1\].*{told}"):
        Bernoulli().check(torch.tensor([0.5, pixel]).view(2, 1, 1, 1))


# Names ---------------------------------------------------------------------------------------------------------------

def test_likelihoods_have_names():
    """Each of them is made by its name; the variance is passed on."""
    for name, kind in LIKELIHOODS.items():
        assert type(likelihood_named(name)) is kind
    assert [likelihood_named("gaussian", variance).variance for variance in VARIANCES] == [*VARIANCES]


@pytest.mark.parametrize("make, words", [
    (lambda: likelihood_named("poisson"), "no likelihood 'poisson'; choose gaussian, bernoulli"),
    (lambda: likelihood_named("gaussian", "big"), "no variance 'big'; choose fixed, learned, per_pixel"),
    (lambda: Gaussian("fixed", 0), "above 0, not 0"), (lambda: Gaussian("learned", -1.0), "above 0, not -1"),
    (lambda: Gaussian("fixed", math.nan), "not nan"), (lambda: Gaussian("fixed", math.inf), "not inf")])
def test_what_there_is_not_is_one_sentence(make, words):
    """The message names what there is."""
    with pytest.raises(ValueError, match=words) as refused:
        make()
    assert "\n" not in str(refused.value)


# Those of sheet 3 ----------------------------------------------------------------------------------------------------

LEVELS_OF_GREY = (torch.arange(LEVELS) / (LEVELS - 1)).view(LEVELS, 1, 1, 1)


def _theta_of(*values):
    """One pixel with these parameters."""
    return torch.tensor(values, dtype=torch.float32).view(1, -1, 1, 1, 1)


def _pixel(x):
    return torch.full((1, 1, 1, 1), float(x))


@pytest.mark.parametrize(("x", "alpha", "beta", "expected"), [
    (0.5 / 256, 2, 2, -4.448520), (0.0, 2, 2, -4.448520), (1.0, 2, 2, -4.448520), (0.5, 1e4, 1e4, 4.725940),
    (0.3, 1, 1, 0.0), (0.5, 0.5, 0.5, -0.451583)])
def test_beta_densities_known_to_many_digits(x, alpha, beta, expected):
    """Also of large concentrations, where lgamma in float32 is off by 0.007, and at the ends."""
    assert Beta().log_prob(_pixel(x), _theta_of(alpha, beta)).item() == pytest.approx(expected, abs=2e-6)


def test_beta_and_continuous_bernoulli_are_those_of_torch(draw):
    x = draw.uniform(50, *IMAGE, low=0.01, high=0.99)
    theta = Beta().theta(2 * draw.normal(50, 2, *IMAGE))
    expected = distributions.Beta(*theta.double().unbind(1)).log_prob(x.double()).sum((1, 2, 3))
    assert torch.allclose(Beta().log_prob(x, theta).double(), expected, rtol=1e-5, atol=1e-4)
    eta = 5 * draw.normal(50, 1, *IMAGE)
    of_torch = distributions.ContinuousBernoulli(logits=eta[:, 0].double())
    found = ContinuousBernoulli()
    assert torch.allclose(found.log_prob(x, eta).double(), of_torch.log_prob(x.double()).sum((1, 2, 3)), atol=1e-3)
    assert torch.allclose(found.mean(eta).double(), of_torch.mean, atol=1e-4)


def test_beta_concentrations_are_positive_and_bounded():
    outputs = torch.tensor([-1e4, -50.0, 0.0, 3.0, 50.0, 1e4])
    found = Beta().theta(outputs)
    assert (found > 0).all() and found.max() < 1.001e4
    assert found[2:4] == pytest.approx([1, math.exp(3)], rel=3e-3)


def test_rates_of_the_continuous_bernoulli_are_bounded():
    """A pixel that is met exactly gains ln 5,000 nats at most, and the way back has a gradient from everywhere."""
    outputs = torch.tensor([-1e8, -10.0, 0.0, 10.0, 1e8], requires_grad=True)
    found = ContinuousBernoulli().theta(outputs)
    assert found.abs().max() <= 5_000 and found[1:4].tolist() == pytest.approx([-10, 0, 10], rel=3e-3)
    found.sum().backward()
    assert (outputs.grad > 0).all()
    best = ContinuousBernoulli().log_prob(_pixel(0), found[:1].detach().view(1, 1, 1, 1, 1)).item()
    assert best == pytest.approx(math.log(5_000), abs=0.01)


@pytest.mark.parametrize("eta", [-300.0, -30.0, -1.0, -0.21, -0.19, -1e-4, 0.0, 1e-6, 0.19, 0.21, 1.0, 30.0, 300.0])
def test_the_continuous_bernoulli_is_a_density(eta):
    """It integrates to 1, its mean is the expected x, both finite with a gradient also at eta = 0."""
    x = torch.linspace(0, 1, 200_001, dtype=torch.float64).view(-1, 1, 1, 1)
    theta = torch.full((1, 1, 1, 1, 1), eta, dtype=torch.float64, requires_grad=True)
    found = ContinuousBernoulli()
    density = found.log_prob(x, theta.expand(len(x), -1, 1, 1, 1)).exp()
    assert torch.trapezoid(density, x.flatten()).item() == pytest.approx(1, abs=1e-4)
    assert torch.trapezoid(density * x.flatten(), x.flatten()).item() == pytest.approx(
        found.mean(theta).item(), abs=1e-4)
    (gradient,) = torch.autograd.grad(density.log().sum(), theta)
    assert gradient.isfinite().all()


def test_the_normaliser_of_the_continuous_bernoulli_is_at_least_ln_2():
    """784 pixels gain 543.4 nats or more over the Bernoulli formula."""
    eta = torch.linspace(-20, 20, 41).view(-1, 1, 1, 1, 1)
    x = torch.full((41, 1, 1, 1), 0.3)
    gain = ContinuousBernoulli().log_prob(x, eta) - Bernoulli().log_prob(x, eta)
    assert gain.min().item() == pytest.approx(math.log(2), abs=1e-5)


@pytest.mark.parametrize(("bins", "x", "number", "midpoint"), [
    (16, 1.0, 15, 0.96875), (16, 0.0, 0, 0.03125), (4, 0.25, 1, 0.375), (4, 0.2499, 0, 0.125), (2, 0.5, 1, 0.75),
    (256, 1.0, 255, 1 - 0.5 / 256)])
def test_bins_are_of_equal_width(bins, x, number, midpoint):
    found = discretise_pixels(torch.tensor([x]), bins)
    assert found.item() == number and found.dtype == torch.int64
    assert bin_midpoints(found, bins).item() == pytest.approx(midpoint)


def test_each_bin_holds_the_same_share_of_pixels(draw):
    shares = discretise_pixels(draw.uniform(160_000), 16).bincount(minlength=16) / 160_000
    assert (shares - 1 / 16).abs().max() < 0.004


def test_a_categorical_likelihood_is_the_probability_of_the_bin(draw):
    x, theta = draw.uniform(3, *IMAGE), draw.normal(3, 5, *IMAGE)
    probabilities = theta.softmax(1)
    by_hand = [sum(math.log(probabilities[n, min(int(x[n, c, h, w] * 5), 4), c, h, w])
                   for c in range(2) for h in range(1) for w in range(3)) for n in range(3)]
    assert Categorical(5).log_prob(x, theta).tolist() == pytest.approx(by_hand, rel=1e-5)


@pytest.mark.parametrize("bins", [0, 1, 257, 10_000])
def test_bins_that_there_cannot_be(bins):
    with pytest.raises(ValueError, match=f"2 to 256 bins, not {bins}"):
        likelihood_named("categorical", bins=bins)


def test_levels_share_the_probability_of_an_image(likelihood, draw):
    """The 256 levels of a pixel have probabilities that sum to 1, by whatever parameters; or there are none."""
    for _ in range(5):
        theta = likelihood.theta(3 * draw.normal(1, likelihood.outputs_per_pixel, 1, 1, 1)).detach()
        if isinstance(likelihood, Bernoulli):
            with pytest.raises(ValueError, match="black and white"):
                likelihood.log_prob_of_levels(LEVELS_OF_GREY, theta.expand(LEVELS, -1, 1, 1, 1))
            continue
        shares = likelihood.log_prob_of_levels(LEVELS_OF_GREY, theta.expand(LEVELS, -1, 1, 1, 1)).exp()
        assert shares.sum().item() == pytest.approx(1, abs=1e-4)


def test_the_levels_of_a_narrow_distribution_keep_their_digits(likelihood):
    """Far from the mean a share is far below what float32 holds, and still finite."""
    if not isinstance(likelihood, Bernoulli):
        for size in (-80.0, 80.0):
            outputs = torch.full((LEVELS, likelihood.outputs_per_pixel, 1, 1, 1), size)
            assert likelihood.log_prob_of_levels(LEVELS_OF_GREY, likelihood.theta(outputs)).isfinite().all()


def test_the_logistic_has_half_steps_on_both_sides_and_open_tails():
    """P(level) = F(x + 1/510) - F(x - 1/510); all below and above belongs to the ends."""
    mean, scale = 0.4, 0.07
    theta = _theta_of(mean, math.log(scale)).expand(LEVELS, -1, 1, 1, 1)
    of_torch = distributions.TransformedDistribution(distributions.Uniform(torch.zeros(()).double(), 1), [
        distributions.SigmoidTransform().inv, distributions.AffineTransform(mean, scale)])
    ends = (torch.arange(1, LEVELS, dtype=torch.float64) - 0.5) / (LEVELS - 1)
    cdf = torch.cat([torch.zeros(1), of_torch.cdf(ends), torch.ones(1)])
    assert torch.allclose(Logistic().log_prob(LEVELS_OF_GREY, theta).double(), cdf.diff().log(), atol=2e-3)


def test_the_cross_entropy_of_two_grey_images(draw):
    """What an image drawn from p costs on average under q; least for q = p; 0 where nothing is left to chance."""
    p, q = draw.uniform(4, *IMAGE), draw.uniform(4, *IMAGE, low=0.1, high=0.9)
    expected = -Bernoulli().log_prob(p, q.logit().unsqueeze(1))
    assert torch.allclose(bernoulli_cross_entropy(p, q), expected, rtol=1e-5)
    assert (bernoulli_cross_entropy(p, p) <= bernoulli_cross_entropy(p, q)).all()
    black = torch.zeros(1, *IMAGE)
    assert bernoulli_cross_entropy(black, black) == 0 and bernoulli_cross_entropy(1 - black, black).isposinf()
