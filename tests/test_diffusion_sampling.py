"""From noise to data: the posterior of one step back, and the step of ancestral sampling."""

import itertools
import math
import sys

import pytest
import torch

from exercise.probes import diffusion as probes
from tests.diffusion_laws import combination, composed, schedule
from tests.independence_laws import CALLS, expect_independent
from tests.judge import expect, expect_dtype, refuse, require
from tests.noise_laws import DRAWS, HALVED, expect_standard_normal, is_near

STEPS = 10


# diffusion_posterior -------------------------------------------------------------------------------------------------

@pytest.mark.gap("diffusion_posterior")
@pytest.mark.parametrize("t", [1, STEPS // 2, STEPS - 1], ids=["second step", "middle", "last step"])
def test_the_posterior_follows_bayes_rule(answer, draw, t):
    """Mean and variance are those of q(x_t | x_{t-1}) q(x_{t-1} | x_0), summed up on a fine grid."""
    baralphas, alphas, betas = schedule(draw, STEPS)
    x_0, x_t = 5 + 3 * draw.normal(3, 3).double(), 5 + 3 * draw.normal(3, 3).double()
    seen = answer(probes.posterior, x_0, x_t, t, baralphas, alphas, betas)
    mean, variance = _bayes(x_0, x_t, t, alphas, betas)
    alpha, beta, bar, before = alphas[t], betas[t], baralphas[t], baralphas[t - 1]

    def weighted(*weights):
        return sum(weight * x for weight, x in zip(weights, (x_0, x_t), strict=True))
    one, zero = torch.ones(1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    first, second = _bayes(one, zero, t, alphas, betas)[0], _bayes(zero, one, t, alphas, betas)[0]
    after = baralphas[(t + 1) % STEPS]
    expect(seen["mean"], mean, "the mean", {
        "the weights of x_0 and x_t are exchanged": weighted(second, first),
        "the square root of baralpha_{t-1} is missing": weighted(first * before.sqrt(), second),
        "the square root of alpha_t is missing": weighted(first, second * alpha.sqrt()),
        "both square roots are missing": weighted(first * before.sqrt(), second * alpha.sqrt()),
        "baralpha_t stands where baralpha_{t-1} belongs": weighted(first * (bar / before).sqrt(), alpha.sqrt()),
        "the next step's baralpha stands where that of the step before belongs":
            weighted(first * (after / before).sqrt(), second * (1 - after) / (1 - before)),
        "sqrt(alpha_t) and sqrt(baralpha_{t-1}) are exchanged":
            weighted(first * (alpha / before).sqrt(), second * (before / alpha).sqrt()),
        "sqrt(baralpha_t) stands where sqrt(alpha_t) belongs": weighted(first, second * (bar / alpha).sqrt()),
        f"in the weight of x_0, {HALVED}": weighted(first * before.sqrt() / 2, second),
        f"in the weight of x_t, {HALVED}": weighted(first, second * alpha.sqrt() / 2),
        f"in both weights, {HALVED}": weighted(first * before.sqrt() / 2, second * alpha.sqrt() / 2),
        "the division by 1 - baralpha_t is missing": (1 - bar) * mean,
        "beta_t is missing in the weight of x_0": weighted(first / beta, second),
        "x_t is missing: x_{t-1} depends on it as well as on x_0": weighted(first, 0),
        "x_0 is missing: x_{t-1} depends on it as well as on x_t": weighted(0, second),
        "it is that of q(x_{t-1} | x_0), and x_t is not looked at": before.sqrt() * x_0,
        "it is that of q(x_t | x_{t-1}) read backwards, and x_0 is not looked at": x_t / alpha.sqrt()},
        hint=combination(seen["mean"], {"x_0": (x_0, first), "x_t": (x_t, second)}), rtol=1e-5)
    expect(seen["variance"], variance, "the variance", {
        "it is the standard deviation: the square root is one too many": variance ** 0.5,
        "it is beta_t, the variance of the step forward": beta,
        "it is 1 - baralpha_{t-1}, the variance of q(x_{t-1} | x_0)": 1 - before,
        "it is beta_t / alpha_t: the variance depends on x_0 too": beta / alpha,
        "the factor beta_t is missing": variance / beta,
        "the division by 1 - baralpha_t is missing": (1 - bar) * variance,
        "the quotient is upside down": beta.square() / variance,
        "baralpha_{t-1} / baralpha_t stands where 1 minus each belongs": before / bar * beta,
        "the next step's baralpha stands where that of the step before belongs": variance * (1 - after) / (1 - before),
        "it is the precision, 1 / variance": 1 / variance,
        "it is a vector: all features of all points share one number": variance.expand(3)}, rtol=1e-5)


@pytest.mark.gap("diffusion_posterior")
@pytest.mark.parametrize("steps", [STEPS, 1])
def test_before_the_first_step_there_is_only_x_0(answer, draw, steps):
    """For t = 0 the mean is x_0, and the variance 0."""
    x_0, x_t = draw.normal(4, 2).double(), draw.normal(4, 2).double()
    seen = answer(probes.posterior, x_0, x_t, 0, *schedule(draw, steps))
    wrapped = "baralphas[-1] is the last one of the schedule; before the step t = 0, baralpha is 1"
    expect(seen["mean"], x_0, "the mean for t = 0", {"it is x_t, not x_0": x_t}, hint=wrapped, rtol=1e-6)
    require(isinstance(seen["variance"], torch.Tensor | float | int), "the variance for t = 0 should be a number")
    variance = torch.as_tensor(seen["variance"])
    require(variance.numel() == 1 and abs(float(variance)) < 1e-9,
            f"the variance for t = 0 should be 0, but is {float(variance.flatten()[0]):.3g}; {wrapped}")


@pytest.mark.gap("diffusion_posterior")
@pytest.mark.parametrize("points, features", [(1, 3), (4, 1), (1, 1)], ids=["one point", "one feature", "one number"])
@pytest.mark.parametrize("t", [0, 2])
def test_the_mean_has_the_shape_of_the_points(answer, draw, points, features, t):
    """The mean has the shape of x_0 and x_t, also where one of its sizes is 1; the variance is one number."""
    baralphas, alphas, betas = schedule(draw, STEPS)
    x_0, x_t = draw.normal(points, features).double(), draw.normal(points, features).double()
    seen = answer(probes.posterior, x_0, x_t, t, baralphas, alphas, betas)
    mean, variance = _bayes(x_0, x_t, t, alphas, betas) if t else (x_0, torch.zeros(()))
    expect(seen["mean"], mean, f"the mean for {points} point(s) of {features} feature(s)", rtol=1e-5)
    expect(torch.as_tensor(seen["variance"]).sum(), variance, "the variance", rtol=1e-5)


@pytest.mark.gap("diffusion_posterior")
def test_points_are_left_as_they_are(answer, draw):
    """x_0 and x_t come out of the call unchanged."""
    x_0, x_t = draw.normal(2, 2).double(), draw.normal(2, 2).double()
    seen = answer(probes.posterior, x_0, x_t, draw.integer(1, STEPS - 1), *schedule(draw, STEPS))
    expect(seen["x_0_after"], x_0, "x_0 after the call")
    expect(seen["x_t_after"], x_t, "x_t after the call")


@pytest.mark.gap("diffusion_posterior")
@pytest.mark.parametrize("t", range(1, 6))
def test_the_posterior_holds_for_tiny_and_huge_steps(answer, draw, t):
    """Precisions add up, and means weighted by them: also where a step adds hardly any noise, or hardly leaves data."""
    baralphas, alphas, betas = _extreme()
    x_0, x_t = draw.normal(4, 2).double(), draw.normal(4, 2).double()
    seen = answer(probes.posterior, x_0, x_t, t, baralphas, alphas, betas)
    factor, spread = composed(t - 1, alphas, betas)
    variance = 1 / (alphas[t] / betas[t] + 1 / spread)
    weights = variance * factor / spread, variance * alphas[t].sqrt() / betas[t]
    where = f"where baralpha_t is {float(baralphas[t]):.6g}, and beta_t {float(betas[t]):.6g},"
    expect(seen["mean"], weights[0] * x_0 + weights[1] * x_t, f"the mean, {where}", rtol=1e-5,
           hint=combination(seen["mean"], {"x_0": (x_0, weights[0]), "x_t": (x_t, weights[1])}))
    expect(seen["variance"], variance, f"the variance, {where}", rtol=1e-5)


def _extreme():
    """A schedule with steps smaller and larger than those of any in use."""
    betas = torch.tensor([1e-5, 2e-5, 3e-5, 0.5, 0.9999, 0.99995], dtype=torch.float64)
    return (1 - betas).cumprod(0), 1 - betas, betas


def _bayes(x_0, x_t, t, alphas, betas):
    """Mean, of the shape of x_0, and variance by brute force: the two densities multiplied on a grid."""
    grid = torch.linspace(-30, 30, 15001, dtype=torch.float64)
    factor, spread = composed(t - 1, alphas, betas)
    step = (x_t.unsqueeze(-1) - alphas[t].sqrt() * grid).square() / betas[t]
    start = (grid - factor * x_0.unsqueeze(-1)).square() / spread
    density = torch.softmax(-(step + start) / 2, -1)
    mean = density @ grid
    return mean, (density @ grid.square() - mean.square()).mean()


# diffusion_sampling_step ---------------------------------------------------------------------------------------------

_NO_INNER_ROOT = "the square root of 1 - baralpha_t is missing"
_ROOT_OF_BETA = "the root of beta_t stands in front of eps"


@pytest.fixture
def noisy(draw):
    """A schedule, and the slope and shift of a model that gives slope[t] x + shift[t]."""
    return schedule(draw, STEPS), draw.normal(STEPS, 3, 3).double(), draw.normal(STEPS, 3).double()


@pytest.mark.gap("diffusion_sampling_step")
@pytest.mark.parametrize("t", [1, STEPS // 2, STEPS - 1, 0], ids=["t = 1", "middle", "first one", "last one, t = 0"])
def test_the_step_takes_out_the_predicted_noise(answer, draw, noisy, t):
    """The mean of x_{t-1} is (x_t - beta_t / sqrt(1 - baralpha_t) eps) / sqrt(alpha_t)."""
    (baralphas, alphas, betas), slope, shift = noisy
    # So far away that the noise of the step is lost in the rounding; for t = 0 there is none.
    x = (1e8 if t else 1.0) * draw.normal(3, 3).double()
    seen = answer(probes.sampling_step, x, t, noisy[0], slope, shift)
    _expect_told(seen, x, t)
    eps = x @ slope[t].T + shift[t]
    alpha, beta, rest = alphas[t], betas[t], 1 - baralphas[t]
    right = (x / beta - eps / rest ** 0.5) * beta / alpha ** 0.5
    mistakes = {
        **_halved(x, eps, alpha, beta, rest),
        "the predicted noise is added: it should be taken out": (x + beta / rest ** 0.5 * eps) / alpha ** 0.5,
        "the factor 1/sqrt(alpha_t) is missing": right * alpha ** 0.5,
        "it is multiplied by sqrt(alpha_t), not divided": right * alpha,
        "it is divided by alpha_t, not by its square root": right / alpha ** 0.5,
        "it is divided by sqrt(baralpha_t), not by sqrt(alpha_t)": right * (alpha / baralphas[t]) ** 0.5,
        "only x_t is divided by sqrt(alpha_t): the factor belongs to the whole bracket":
            x / alpha ** 0.5 - beta / rest ** 0.5 * eps,
        _NO_INNER_ROOT: (x - beta / rest * eps) / alpha ** 0.5,
        "the division by sqrt(1 - baralpha_t) is missing": (x - beta * eps) / alpha ** 0.5,
        "alpha_t stands where baralpha_t belongs": (x - beta ** 0.5 * eps) / alpha ** 0.5,
        "baralpha_t stands where 1 - baralpha_t belongs": (x - beta / baralphas[t] ** 0.5 * eps) / alpha ** 0.5,
        "the baralpha of another step is used": (x - beta / (1 - baralphas[t - 1]) ** 0.5 * eps) / alpha ** 0.5,
        _ROOT_OF_BETA: (x - (beta / rest) ** 0.5 * eps) / alpha ** 0.5,
        "all noise is taken out at once: this is the prediction of x_0":
            (x - rest ** 0.5 * eps) / baralphas[t] ** 0.5,
        "eps stands in the denominator: beta_t / sqrt(1 - baralpha_t) is its factor":
            (x - beta / (rest ** 0.5 * eps)) / alpha ** 0.5,
        "the predicted noise is not taken out, or hardly (does it stand in a denominator?)": x / alpha ** 0.5,
        "x itself is returned": x}
    if t == 0:  # where beta_t is 1 - baralpha_t, and these two are the same
        del mistakes[_NO_INNER_ROOT], mistakes[_ROOT_OF_BETA]
    expect(seen["x"], right, "the mean of x_{t-1}", mistakes,
           hint=combination(seen["x"], {"x_t": (x, alpha ** -0.5), "eps": (eps, -beta / (rest * alpha) ** 0.5)})
           or "Is the formula's mean, without any limits, what is computed?")


@pytest.mark.gap("diffusion_sampling_step")
@pytest.mark.parametrize("t, size", [(1, 1.0), (3, 1.0), (STEPS - 1, 1.0), (2, 1e-3)],
                         ids=["t = 1", "t = 3", "first one", "small beta"])
def test_noise_has_the_variance_beta(answer, draw, noisy, t, size):
    """Around its mean, x_{t-1} has the variance beta_t, with noise of its own for each point and feature."""
    betas = size * noisy[0][2]
    baralphas, alphas, data = (1 - betas).cumprod(0), 1 - betas, draw.normal(DRAWS, 3)
    x = 5 + 3 * data.double()
    around = answer(probes.sampling_step, x, t, [baralphas, alphas, betas], 0 * noisy[1], 0 * noisy[2],
                    seed=draw.seed())["x"]
    require(isinstance(around, torch.Tensor) and around.shape == x.shape, "x_{t-1} should have the shape of x_t")
    require(bool(around.isfinite().all()), "x_{t-1} holds NaN or infinite values")
    noise = around - _factor(around, x, alphas[t] ** -0.5) * x
    require(float(noise.abs().max()) > 1e-9, "x_{t-1} has no noise: only the last step, t = 0, goes without")
    require(float(noise.std(0).min()) > 1e-9, "all points share one noise vector: each should have its own")
    deviation, beta = noise.std(0), betas[t]
    others = {f"in the factor of z, {HALVED}": beta / 2,
              "the noise is multiplied by beta_t, where its square root belongs": beta,
              "the noise is not scaled by sigma_t": torch.tensor(1.0),
              "sigma_t^2 is the posterior's variance, where beta_t is asked for":
                  (beta * (1 - baralphas[t - 1]) / (1 - baralphas[t])) ** 0.5,
              "the noise is divided by sqrt(alpha_t): it comes after the bracket": (beta / alphas[t]) ** 0.5,
              "the noise has the variance 1 - baralpha_t, that of all steps so far": (1 - baralphas[t]) ** 0.5,
              "the noise has the variance alpha_t, not beta_t": alphas[t] ** 0.5,
              "the noise has the beta of the step before": betas[t - 1] ** 0.5,
              "the noise is uniform (rand), not Gaussian (randn)": (beta / 12) ** 0.5}
    if not is_near(deviation, beta ** 0.5, beta ** 0.5 / math.sqrt(2 * DRAWS)):
        for sentence, wrong in others.items():
            if is_near(deviation, wrong, wrong / math.sqrt(2 * DRAWS)):
                refuse(sentence)
        refuse(f"the noise of the step has the standard deviation {float(deviation[0]):.4g}, where sigma_t = "
               f"sqrt(beta_t) is {float(beta) ** 0.5:.4g}")
    expect_standard_normal(noise / beta ** 0.5, "the noise of the step")
    expect_independent(noise / beta ** 0.5, within="the noise of the step: the features of a point share their noise",
                       between="the noise of the step: points of the batch share it, neighbours or others",
                       given=data, by="the noise of the step depends on x_t")


def _factor(found, x, right):
    """The factor of x in `found`, so that a wrong one does not make the noise look wrong: another test judges it.

    The slope of a right answer is off by 0.01 with probability 1e-12 at most: its standard error is 0.0014.
    """
    slope = ((x - x.mean()) * (found - found.mean())).mean() / x.var()
    return right if abs(slope - right) < 0.01 else slope


@pytest.mark.gap("diffusion_sampling_step")
def test_the_noise_of_small_batches_is_independent(answer, draw, noisy):
    """In one step after the other, noise is drawn anew, and never normalised by its own mean or deviation."""
    batches, t = draw.normal(CALLS, 2, 2).double(), 3
    found = answer(probes.sampling_step_often, batches, t, noisy[0], seed=draw.seed())["x"]
    require(found.shape == batches.shape, "x_{t-1} should have the shape of x_t")
    _, alphas, betas = noisy[0]
    noise = (found - batches / alphas[t] ** 0.5) / betas[t] ** 0.5
    require(bool(noise.isfinite().all()), "x_{t-1} holds NaN or infinite values")
    expect_independent(noise.flatten(1), between="one step's noise depends on that of steps before: draw it anew",
                       within="the numbers in the noise of a step depend on each other: they should be neither centred "
                              "nor normalised, nor mirrored")


@pytest.mark.gap("diffusion_sampling_step")
@pytest.mark.parametrize("points, features, steps", [(1, 3, 4), (4, 1, 4), (1, 1, 4), (1, 1, 1), (300, 2, 4)],
                         ids=["one point", "one feature", "one number", "one number, one step", "300 points"])
def test_x_before_has_the_shape_of_x(answer, draw, points, features, steps):
    """x_{t-1} has the shape of x_t in each step, also where one of its sizes is 1, or there is one step only."""
    _expect_means(answer, draw, schedule(draw, steps), points, features)


@pytest.mark.gap("diffusion_sampling_step")
def test_the_step_holds_for_tiny_and_huge_betas(answer, draw):
    """The formula is taken as it is, also where a step adds hardly any noise, or hardly leaves data."""
    _expect_means(answer, draw, _extreme(), 4, 2)


def _expect_means(answer, draw, parts, points, features):
    """Each step's mean, of points so far away that the noise of the step is lost in the rounding."""
    steps, x = len(parts[0]), 1e8 * draw.normal(points, features).double()
    slope, shift = draw.normal(steps, features, features).double(), draw.normal(steps, features).double()
    for t in range(steps):
        seen = answer(probes.sampling_step, x, t, parts, slope, shift)
        _expect_told(seen, x, t)
        eps = x @ slope[t].T + shift[t]
        factor = parts[1][t] ** -0.5
        by = -parts[2][t] / (1 - parts[0][t]) ** 0.5 * factor
        without_noise, noise = factor * x, by * eps
        expect(seen["x"], without_noise + noise,
               f"x_{{t-1}}, {points} x {features} numbers, for t = {t}, T = {steps}, baralpha_t = {parts[0][t]:.6g},",
               hint=combination(seen["x"], {"x_t": (x, factor), "eps": (eps, by)}))


@pytest.mark.gap("diffusion_sampling_step")
def test_only_the_last_step_adds_no_noise(answer, draw, noisy):
    """Two steps from the same x differ, but for t = 0; x itself is left as it is."""
    x = draw.normal(4, 3).double()
    for t in (0, 1, STEPS - 1):
        seen, again = (answer(probes.sampling_step, x, t, *noisy) for _ in range(2))
        expect(seen["x_after"], x, "x_t after the call", hint="It is changed in place.")
        if t == 0:
            require(torch.equal(seen["x"], again["x"]), "the last step, t = 0, should add no noise")
        else:
            require(not torch.equal(seen["x"], again["x"]),
                    f"two steps from the same x_t give the same x_{{t-1}} for t = {t}: each should draw noise")


@pytest.mark.gap("diffusion_sampling_step")
@pytest.mark.parametrize("dtype, tolerance", [(torch.float64, 1e-5), (torch.float32, 1e-4)], ids=["float64", "float32"])
def test_data_of_one_point_are_found(answer, draw, dtype, tolerance):
    """With the exact noise predictor of a single point, the sampler ends at that point."""
    (baralphas, alphas, betas), point = schedule(draw, STEPS), draw.uniform(2, low=-2, high=2).double()
    rest = ((1 - baralphas) ** 0.5).view(-1, 1)
    slope, shift = torch.eye(2) / rest.unsqueeze(2), -baralphas.view(-1, 1) ** 0.5 / rest * point
    seen = answer(probes.ancestral_sampler, draw.normal(5, 2).to(dtype),
                  [part.to(dtype) for part in (baralphas, alphas, betas)], slope.to(dtype), shift.to(dtype))
    require([int(t) for t in seen["visited"]] == list(reversed(range(STEPS))),
            f"the model should be asked once a step, for t = {STEPS - 1}, ..., 0, but is asked for "
            f"{[int(t) for t in seen['visited']]}")
    expect_dtype(seen["samples"], dtype, "x_{t-1}")
    require(seen["samples"].shape == (5, 2), f"5 points of the plane come out as {tuple(seen['samples'].shape)}")
    distance = float((seen["samples"] - point).abs().max())
    require(distance < tolerance, f"samples are {distance:.3g} away from the one point that the model knows")


@pytest.mark.gap("diffusion_sampling_step")
def test_a_gaussian_is_found(answer, draw):
    """With the exact noise predictor of a Gaussian, the samples have the mean and covariance that all steps make."""
    baralphas, alphas, betas = schedule(draw, STEPS)
    centre, root = draw.normal(2).double(), draw.normal(2, 2).double()
    covariance, eye = root @ root.T + 0.1 * torch.eye(2), torch.eye(2, dtype=torch.float64)
    slope = torch.stack([(1 - bar).sqrt() * (eye + bar * (covariance - eye)).inverse() for bar in baralphas])
    shift = -(slope @ centre) * baralphas.sqrt().view(-1, 1)
    mean, spread = torch.zeros(2, dtype=torch.float64), eye
    for t in reversed(range(STEPS)):
        matrix = (eye / betas[t] - slope[t] / (1 - baralphas[t]) ** 0.5) * betas[t] / alphas[t] ** 0.5
        mean = matrix @ mean - betas[t] / ((1 - baralphas[t]) * alphas[t]) ** 0.5 * shift[t]
        spread = matrix @ spread @ matrix.T + (betas[t] * eye if t else 0)
    samples = answer(probes.ancestral_sampler, draw.normal(DRAWS, 2).double(), [baralphas, alphas, betas], slope, shift,
                     seed=draw.seed())["samples"]
    require(bool(samples.isfinite().all()), "samples hold NaN or infinite values")
    away = torch.linalg.solve(torch.linalg.cholesky(spread), (samples - mean).T).T
    require(is_near(away.mean(0), torch.zeros(2), DRAWS ** -0.5),
            f"the samples' mean is {_list(samples.mean(0))}, where {_list(mean)} is expected")
    found = away.T @ away / DRAWS
    require(is_near(found, eye, (1 + eye).sqrt() * DRAWS ** -0.5), "the samples' standard deviation is "
            f"{_list(samples.std(0))}, where {_list(spread.diag() ** 0.5)} is expected")


@pytest.mark.gap("diffusion_sampling_step")
def test_noise_is_drawn_on_the_device_of_x(answer, draw, noisy):
    """With x on a GPU (here a make-believe one), the step draws its noise there."""
    device = answer(probes.sampling_step, draw.normal(4, 3).double(), 2, *noisy, device="cuda")["device"]
    require(device == "cuda", "x_{t-1} should lie on the device of x (randn_like draws there)")


def _expect_told(seen, x, t):
    """The model was asked about x_t, and told t, as integers of shape (batch, 1)."""
    require(len(seen["told"]) > 0, "the model is never called")
    for call in seen["told"]:
        require(call["kind"] in ("torch.int64", "torch.int32") and call["t"].shape == (len(call["x"]), 1),
                "the model wants t as integers of shape (batch, 1): predict_noise sees to that")
        require(bool((call["t"] == t).all()), f"the model is told t = {int(call['t'][0])} in the step t = {t}")
    expect(torch.cat([call["x"] for call in seen["told"]]), x, "what the model is given", hint="It should be x_t.")


def _halved(x, eps, alpha, beta, rest):
    """What `** 1/2` makes of the mean, in either place, where its result divides or is a divisor."""
    outer = {"": alpha ** -0.5, "1/sqrt(alpha_t) comes out as 2/alpha_t": 2 / alpha,
             "1/sqrt(alpha_t) comes out as 1/(2 alpha_t)": 0.5 / alpha}
    inner = {"": rest ** -0.5, "1/sqrt(1 - baralpha_t) comes out as 2/(1 - baralpha_t)": 2 / rest,
             "1/sqrt(1 - baralpha_t) comes out as 1/(2 (1 - baralpha_t))": 0.5 / rest}
    found = {" and ".join(filter(None, (first, second))): (x - beta * by * eps) * factor
             for (first, factor), (second, by) in itertools.product(outer.items(), inner.items())}
    return {f"{names}: {HALVED}": value for names, value in found.items() if names}


def _list(values):
    return "(" + ", ".join(f"{value:.3f}" for value in values.tolist()) + ")"


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
