"""From data to noise: the cosine schedule, and q(x_t | x_0) in one go."""

import itertools
import math
import sys

import pytest
import torch

from exercise.probes import diffusion as probes
from tests.diffusion_laws import combination, composed, schedule
from tests.independence_laws import CALLS, expect_independent
from tests.judge import expect, require
from tests.noise_laws import DRAWS, HALVED, expect_standard_normal

# diffusion_cosine_schedule -------------------------------------------------------------------------------------------

CLIP = 1e-4, 0.9999


@pytest.mark.gap("diffusion_cosine_schedule")
def test_betas_follow_the_squared_cosine(answer, draw):
    """beta_t = 1 - baralpha_t / baralpha_{t-1}, where baralpha falls like a squared cosine."""
    steps = draw.integer(5, 40)
    curve = _squared_cosine(steps)
    expect(answer(probes.cosine_schedule, steps)["betas"], _betas(curve), "betas", {
        "the cosine is not squared": _betas([math.sqrt(f) for f in curve]),
        "s = 0.008 is missing": _betas(_squared_cosine(steps, s=0.0)),
        "the division by 1 + s is missing": _betas(_squared_cosine(steps, divisor=1.0)),
        "only s is divided by 1 + s: t/T + s is in brackets":
            _betas(_squared_cosine(steps, s=0.008 / 1.008, divisor=1.0)),
        "the cosine falls to 0 at pi/2, not at pi": _betas(_squared_cosine(steps, quarter=math.pi)),
        "f grows where it should fall: is the quotient upside down, or a sine in place of the cosine?":
            _betas([2 - f for f in curve]),
        "the T points do not run from 0 to T: with t/(T - 1) there is one too few":
            _betas(_squared_cosine(steps - 1)),
        "there is a beta too many: f has T + 1 points, and T ratios lie between them":
            _betas([curve[0], *curve]),
        "f(t + 1) / f(t) is alpha; beta is 1 minus that": _clipped(b / a for a, b in itertools.pairwise(curve)),
        "they are clipped at 0.999, where 0.9999 is asked for": _betas(curve).clamp(max=0.999),
        "1 - baralpha_t is the noise of all steps so far; beta_t is that of one step":
            _clipped(1 - f / curve[0] for f in curve[1:]),
        "f is not divided by f(0), so that the first beta is too large": _betas([2.0, *curve[1:]]),
        "the noise is in reverse order": _betas(curve).flip(0)})


@pytest.mark.gap("diffusion_cosine_schedule")
@pytest.mark.parametrize("steps", [1, 1000, 4000])
def test_betas_are_clipped(answer, steps):
    """Each beta lies in [1e-4, 0.9999]: the very first ones of a long schedule, and the last one of any."""
    betas, expected = answer(probes.cosine_schedule, steps)["betas"], _betas(_squared_cosine(steps))
    require(betas.shape == (steps,), f"betas should have the shape ({steps},), but has {tuple(betas.shape)}")
    require(bool(betas.isfinite().all()), "betas hold NaN or infinite values")
    require(float(betas[0]) > 0.9 * CLIP[0], f"the first beta is {float(betas[0]):.3g}: clip betas at 1e-4 from below")
    require(float(betas[-1]) < 1.0, "the last beta is 1, so that nothing is left: clip betas at 0.9999 from above")
    half = steps // 2
    expect(betas[half:], expected[half:], "betas of the later steps", rtol=1e-3)
    expect(betas[:half], expected[:half], "betas of the earlier steps", rtol=5e-3)


@pytest.mark.gap("diffusion_cosine_schedule")
@pytest.mark.parametrize("steps", [2, 10, 100, 1000])
def test_the_data_fade_away(answer, steps):
    """baralpha decreases strictly, and ends below 1e-3: hardly anything of the data is left in x_T."""
    made = answer(probes.cosine_schedule, steps)
    for name, values in made.items():
        require(values.shape == (steps,), f"{name} should have the shape ({steps},), but has {tuple(values.shape)}")
        require(bool(values.isfinite().all()), f"{name} hold NaN or infinite values")
    baralphas = made["baralphas"]
    require(bool((baralphas.diff() < 0).all()), "baralphas should decrease strictly: each step adds noise")
    require(0 < float(baralphas[0]) < 1, f"baralpha of the first step should lie between 0 and 1, but is "
                                         f"{float(baralphas[0]):.4g}")
    require(0 < float(baralphas[-1]) < 1e-3, f"baralpha of the last step should lie between 0 and 0.001, but is "
                                             f"{float(baralphas[-1]):.4g}: x_T is not noise yet")


def _squared_cosine(steps, s=0.008, divisor=None, quarter=math.pi / 2):
    """Twice the squared cosine, by the half-angle formula."""
    divisor = divisor or 1 + s
    return [1 + math.cos(2 * quarter * (t / steps + s) / divisor) for t in range(steps + 1)]


def _betas(curve):
    return _clipped(1 - after / before if before else math.inf for before, after in itertools.pairwise(curve))


def _clipped(values):
    return torch.tensor([min(max(value, CLIP[0]), CLIP[1]) for value in values], dtype=torch.float64)


# diffusion_add_noise -------------------------------------------------------------------------------------------------

@pytest.mark.gap("diffusion_add_noise")
@pytest.mark.parametrize("steps", [1, 3, 0], ids=["one step", "three steps", "any number of steps"])
def test_the_closed_form_is_the_composition_of_single_steps(answer, draw, steps):
    """x_t in one go has the mean and the variance that the single steps add up to."""
    baralphas, alphas, betas = schedule(draw, 10)
    batch, t = draw.normal(6, 2), (steps or draw.integer(4, 10)) - 1
    seen = answer(probes.add_noise, batch, t, baralphas.float(), seed=draw.seed())
    _expect_shapes(seen, batch)
    factor, variance = composed(t, alphas, betas)
    before = composed(t - 1, alphas, betas)
    eps, deviation = seen["eps"], variance ** 0.5
    signal, noise = factor * batch, deviation * eps
    found = combination(seen["noised"], {"x_0": (batch, factor), "eps": (eps, deviation)})
    expect(seen["noised"], signal + noise, "noised", {
        "the square root of baralpha is missing": factor ** 2 * batch + deviation * eps,
        "the square root of 1 - baralpha is missing": factor * batch + variance * eps,
        "both square roots are missing": factor ** 2 * batch + variance * eps,
        f"in the factor of x_0, {HALVED}": factor ** 2 / 2 * batch + deviation * eps,
        f"in the factor of eps, {HALVED}": factor * batch + variance / 2 * eps,
        f"in both factors, {HALVED}": factor ** 2 / 2 * batch + variance / 2 * eps,
        "signal and noise are exchanged": deviation * batch + factor * eps,
        "the noise has the factor 1 - sqrt(baralpha)": factor * batch + (1 - factor) * eps,
        "the noise in it lacks its factor, or eps is returned with its factor": factor * batch + eps,
        "there is no noise in it": factor * batch,
        "its sign is flipped: eps is the noise that is added": factor * batch - deviation * eps,
        "the batch is not scaled": batch + deviation * eps,
        "it holds the last step's noise only: alpha_t stands where baralpha_t belongs":
            alphas[t] ** 0.5 * batch + betas[t] ** 0.5 * eps,
        "the schedule is one step behind: the steps 0, ..., t are meant, and t counts from 0":
            before[0] * batch + before[1] ** 0.5 * eps,
        "eps itself is returned": eps, "the batch itself is returned": batch},
        hint=found or "It is no sum of x_0 and eps with a factor each. Does it hold the very eps that is returned?")


@pytest.mark.gap("diffusion_add_noise")
@pytest.mark.parametrize("points, features", [(7, 7), (7, 2), (1, 3), (7, 1), (1, 1)],
                         ids=["as many points as features", "points of the plane", "one point", "one feature",
                              "one number"])
def test_each_point_has_a_time_step_of_its_own(answer, draw, points, features):
    """With t of shape (batch, 1), each point is noised by its own number of steps."""
    baralphas, alphas, betas = schedule(draw, 12)
    batch = draw.normal(points, features)
    t = torch.randperm(12, generator=draw.generator)[:points].unsqueeze(1)
    seen = answer(probes.add_noise, batch, t, baralphas.float(), seed=draw.seed())
    _expect_shapes(seen, batch)

    def noised(t, x, eps):
        factor, variance = (torch.stack(part) for part in zip(*(composed(int(at), alphas, betas) for at in t),
                                                              strict=True))
        return factor.unsqueeze(1) * x + variance.sqrt().unsqueeze(1) * eps
    expect(seen["noised"], noised(t, batch, seen["eps"]), "noised", {
        "the time steps run along the features: keep t, and what is looked up with it, of shape (batch, 1)":
            noised(t, batch.T, seen["eps"].T).T if points == features > 1 else torch.zeros(()),
        "all points are noised by the first one's number of steps": noised(t[:1].expand(points, 1), batch, seen["eps"]),
        "all points are noised by the last one's number of steps":
            noised(t[-1:].expand(points, 1), batch, seen["eps"])})


@pytest.mark.gap("diffusion_add_noise")
@pytest.mark.parametrize("baralpha", [1 - 1e-5, 1e-5], ids=["hardly any noise", "hardly any signal"])
def test_the_closed_form_holds_at_the_ends(answer, draw, baralpha):
    """However little there is of noise or of signal, it is neither left out nor raised; here also with T = 1."""
    baralphas = torch.tensor([baralpha])
    factor, deviation = baralphas.double().sqrt(), (1 - baralphas.double()).sqrt()
    batch = 5 + 3 * draw.normal(200, 3)  # not standardised
    for t in (0, torch.zeros(200, 1, dtype=torch.long)):
        seen = answer(probes.add_noise, batch, t, baralphas, seed=draw.seed())
        _expect_shapes(seen, batch)
        expect(seen["noised"], factor * batch + deviation * seen["eps"], f"noised for a baralpha of {baralpha:g}", {
            "the noise is left out": factor * batch, "the signal is left out": deviation * seen["eps"],
            "it is clipped at -3 and 3": (factor * batch + deviation * seen["eps"]).clamp(-3, 3)},
            hint=combination(seen["noised"], {"x_0": (batch, factor), "eps": (seen["eps"], deviation)}))
        require(float(seen["eps"].std()) > 0.5, f"for a baralpha of {baralpha:g}, eps is hardly any noise: its "
                                                "deviation is 1 in every step")


@pytest.mark.gap("diffusion_add_noise")
def test_the_noise_is_standard_normal(answer, draw):
    """eps is standard normal, with a value of its own for each point and each feature, whatever the data are."""
    baralphas, _, _ = schedule(draw, 5)
    data = draw.normal(DRAWS, 3)
    seen = answer(probes.add_noise, 5 + 3 * data, draw.integer(0, 4), baralphas.float(), seed=draw.seed())
    _expect_shapes(seen, data)
    expect_standard_normal(seen["eps"], "eps")
    expect_independent(seen["eps"], within="eps: the features of a point share their noise",
                       between="eps: points of the batch share it, neighbours or others: draw all in one call",
                       given=data, by="eps: the noise depends on the data")


@pytest.mark.gap("diffusion_add_noise")
def test_the_noise_of_small_batches_is_independent(answer, draw):
    """In one call after the other, eps is drawn anew, and never normalised by its own mean or deviation."""
    baralphas, _, _ = schedule(draw, 3)
    eps = answer(probes.add_noise_often, draw.normal(CALLS, 2, 2), 1, baralphas.float(), seed=draw.seed())["eps"]
    require(eps.shape == (CALLS, 2, 2), "eps should have the batch's shape")
    expect_independent(eps.flatten(1), between="eps: one call's noise depends on that of calls before",
                       within="eps: the numbers of a batch depend on each other: they should be neither centred nor "
                              "normalised, nor mirrored")


@pytest.mark.gap("diffusion_add_noise")
def test_each_call_draws_noise_anew(answer, draw):
    """Two calls with the same batch give other noise, and leave batch and schedule as they are."""
    baralphas, _, _ = schedule(draw, 5)
    batch = draw.normal(4, 3)
    seen = answer(probes.add_noise, batch, draw.integer(0, 4), baralphas.float())
    expect(seen["batch_after"], batch, "the batch after the call", hint="It is changed in place.")
    expect(seen["baralphas_after"], baralphas.float(), "the schedule after the call", hint="It is changed in place.")
    for name in ("eps", "noised"):
        require(not torch.equal(seen[name], seen[f"{name}_again"]), f"two calls give the same {name}")


@pytest.mark.gap("diffusion_add_noise")
def test_noise_is_drawn_on_the_device_of_the_batch(answer, draw):
    """With the batch on a GPU (here a make-believe one), noise and noised points lie there too."""
    devices = answer(probes.add_noise_on_gpu, draw.normal(4, 2), torch.tensor([[0], [1], [2], [3]]),
                     schedule(draw, 4)[0].float())
    for name, device in devices.items():
        require(device == "cuda", f"{name} should lie on the device of the batch (randn_like draws there)")


def _expect_shapes(seen, batch):
    for name in ("eps", "noised"):
        require(isinstance(seen[name], torch.Tensor), f"{name} should be a tensor, not a {type(seen[name]).__name__}")
        require(seen[name].shape == batch.shape, f"{name} should have the batch's shape {tuple(batch.shape)}, but has "
                                                 f"{tuple(seen[name].shape)}")
        require(bool(seen[name].isfinite().all()), f"{name} holds NaN or infinite values")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
