"""The samplers and what they build on: DDIM, the whole ancestral sampler, long schedules; and the two methods."""

import itertools

import pytest
import torch

from lib.extras.diffusion import Diffusion
from lib.extras.flow_matching import FlowMatching
from lib.sample_diffusion import (
    CHUNK,
    ancestral_sampler,
    ddim_sampler,
    posterior,
    predict_noise,
    sampling_step,
    step_at,
)
from lib.utils import SCHEDULES, cosine_schedule, linear_schedule

T = 20
POINT = torch.tensor([1.5, -0.5], dtype=torch.float64)


class Recorder:
    """The exact noise predictor of a single point, which notes the time steps that it is told."""

    def __init__(self, baralphas):
        self.baralphas, self.visited = baralphas, []

    def __call__(self, x, t):
        self.visited.append(int(t[0]))
        now = self.baralphas[t]
        return (x - now.sqrt() * POINT) / (1 - now).sqrt()


def schedule(steps=T, kind=cosine_schedule):
    """baralphas, alphas, betas in float64."""
    betas = kind(steps)[2].double()
    return (1 - betas).cumprod(0), 1 - betas, betas


def start(points=5):
    return torch.randn(points, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def seeded():
    """Seed the global generator; returns another one that draws the same numbers."""
    torch.manual_seed(1)
    return torch.Generator().manual_seed(1)


def last(sampler):
    *_, (time, samples) = sampler
    assert time == 0
    return samples


# DDIM ----------------------------------------------------------------------------------------------------------------

def test_ddim_with_eta_1_and_all_steps_is_the_posterior_of_the_predicted_point():
    baralphas, alphas, betas = schedule()
    sampler, same_noise = ddim_sampler(Recorder(baralphas), start(), baralphas, T, eta=1.0), seeded()
    for (time, x), (then, x_before) in itertools.pairwise(sampler):
        mean, variance = posterior(POINT.expand_as(x), x, step_at(time), baralphas, alphas, betas)
        noise = torch.randn(x.shape, dtype=x.dtype, generator=same_noise) if then > 0 else 0
        torch.testing.assert_close(x_before, mean + variance.sqrt() * noise)


def test_ddim_with_eta_0_draws_no_noise():
    baralphas = schedule()[0]
    before = torch.get_rng_state()
    first, second = (last(ddim_sampler(Recorder(baralphas), start(), baralphas, T)) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first, second)


@pytest.mark.parametrize("eta, draws", [(0.5, T - 1), (1.0, T - 1)])
def test_ddim_with_other_eta_draws_noise_in_all_steps_but_the_last(eta, draws):
    baralphas = schedule()[0]
    torch.manual_seed(0)
    for _ in range(draws):
        torch.randn_like(start())
    expected = torch.get_rng_state()
    torch.manual_seed(0)
    last(ddim_sampler(Recorder(baralphas), start(), baralphas, T, eta))
    assert torch.equal(torch.get_rng_state(), expected)


@pytest.mark.parametrize("sampling_steps", [1, 2, 7, T - 1, T])
def test_ddim_visits_as_many_steps_as_asked_spread_over_all(sampling_steps):
    model = Recorder(schedule()[0])
    *times, end = [time for time, _ in ddim_sampler(model, start(), model.baralphas, sampling_steps)]
    assert model.visited == [step_at(time) for time in times] and end == 0
    assert len(model.visited) == sampling_steps
    assert model.visited[0] == T - 1 and (sampling_steps == 1 or model.visited[-1] == 0)
    gaps = [after - before for before, after in itertools.pairwise(model.visited)]
    assert all(gap < 0 for gap in gaps) and max(gaps, default=0) - min(gaps, default=0) <= 1


@pytest.mark.parametrize("sampling_steps, eta", [(1, 0.0), (3, 0.0), (T, 0.0), (3, 0.5), (T, 1.0)])
def test_ddim_finds_a_single_point(sampling_steps, eta):
    baralphas = schedule()[0]
    samples = last(ddim_sampler(Recorder(baralphas), start(), baralphas, sampling_steps, eta))
    torch.testing.assert_close(samples, POINT.expand(5, 2), rtol=0, atol=1e-5)


def test_one_stride_of_ddim_keeps_the_predicted_noise():
    """Without noise of its own, the next point holds the same x_0 and the same eps, in other shares."""
    baralphas = schedule()[0]
    states = itertools.islice(ddim_sampler(Recorder(baralphas), start(), baralphas, 4), 2)
    eps, eps_after = (Recorder(baralphas)(x, torch.full((5, 1), step_at(time))) for time, x in states)
    torch.testing.assert_close(eps_after, eps)


def test_ddim_holds_the_predicted_points_within_a_limit():
    """A poor prediction where baralpha is almost 0 does no harm; one that keeps the limit is not changed by it."""
    baralphas = schedule()[0]
    assert float(last(ddim_sampler(lambda x, t: 0 * x, start(), baralphas, 3)).abs().max()) > 100
    assert float(last(ddim_sampler(lambda x, t: 0 * x, start(), baralphas, 3, limit=2.0)).abs().max()) <= 2.0
    wide, wider = (last(ddim_sampler(Recorder(baralphas), start(), baralphas, 3, limit=limit)) for limit in (2.0, 9.0))
    torch.testing.assert_close(wide, wider)


@pytest.mark.parametrize("sampling_steps", [0, T + 1])
def test_ddim_takes_no_steps_that_there_are_not(sampling_steps):
    with pytest.raises(ValueError, match=f"1 to {T} can be taken, not {sampling_steps}"):
        next(ddim_sampler(Recorder(schedule()[0]), torch.zeros(1, 2), schedule()[0], sampling_steps))


# The ancestral sampler -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", SCHEDULES.values(), ids=SCHEDULES)
@pytest.mark.parametrize("dtype, tolerance", [(torch.float64, 1e-5), (torch.float32, 1e-4)], ids=["float64", "float32"])
def test_ancestral_sampler_visits_all_steps_and_finds_a_single_point(kind, dtype, tolerance):
    parts = schedule(kind=kind) if dtype == torch.float64 else kind(T)
    model = Recorder(parts[0])
    samples = last(ancestral_sampler(model, start().to(dtype), *parts))
    assert model.visited == list(range(T - 1, -1, -1))
    torch.testing.assert_close(samples.double(), POINT.expand(5, 2), rtol=0, atol=tolerance)


@pytest.mark.parametrize("kind", SCHEDULES.values(), ids=SCHEDULES)
def test_a_gaussian_of_unit_variance_is_found_by_a_thousand_steps(kind):
    """Each step is affine with Gaussian noise, so three of its values give its part of the recursion exactly."""
    baralphas, alphas, betas = schedule(1000, kind)
    x, same_noise = torch.tensor([[0.0], [0.0], [1.0]], dtype=torch.float64), seeded()

    def model(x, t):
        return (1 - baralphas[t]).sqrt() * (x - baralphas[t].sqrt() * POINT[0])
    mean, variance = 0.0, 1.0
    for t in reversed(range(1000)):
        z = torch.randn(x.shape, dtype=x.dtype, generator=same_noise) if t else torch.tensor([[0.0], [1.0], [2.0]])
        after = sampling_step(model, x, t, baralphas, alphas, betas)
        sigma = float((after[0] - after[1]) / (z[0] - z[1]))
        at_0, at_1 = float(after[0] - sigma * z[0]), float(after[2] - sigma * z[2])
        mean, variance = (at_1 - at_0) * mean + at_0, (at_1 - at_0) ** 2 * variance + sigma ** 2
    assert mean == pytest.approx(float(POINT[0]), rel=0.01)
    assert variance == pytest.approx(1.0, rel=0.01)


def test_samplers_record_no_gradients():
    baralphas, alphas, betas = schedule(3)
    weight = torch.nn.Parameter(torch.ones((), dtype=torch.float64))
    for sampler in (ancestral_sampler(lambda x, t: weight * x, start(), baralphas, alphas, betas),
                    ddim_sampler(lambda x, t: weight * x, start(), baralphas, 3)):
        assert not any(x.requires_grad for _, x in sampler)


def test_what_a_sampler_has_yielded_stays_as_it_is():
    baralphas, alphas, betas = schedule()
    for sampler in (ancestral_sampler(Recorder(baralphas), start(), baralphas, alphas, betas),
                    ddim_sampler(Recorder(baralphas), start(), baralphas, T)):
        kept = [(x, x.clone()) for _, x in sampler]
        assert all(torch.equal(x, copy) for x, copy in kept)


def test_noise_is_predicted_in_parts_that_fit_together():
    sizes = []

    def model(x, t):
        assert t.shape == (len(x), 1) and not t.is_floating_point()
        sizes.append(len(x))
        return x + t
    x = start(2 * CHUNK + 3)
    torch.testing.assert_close(predict_noise(model, x, 7), x + 7)
    assert sum(sizes) == len(x) and max(sizes) <= CHUNK


# The methods: noised, loss, sample -----------------------------------------------------------------------------------

def methods():
    return {"ancestral": Diffusion(*cosine_schedule(T)), "ddim": Diffusion(*cosine_schedule(T), 5),
            "flow": FlowMatching(T, 5), "flow, half as many steps": FlowMatching(T)}


@pytest.mark.parametrize("name", methods())
def test_a_method_starts_at_T_and_ends_at_0_and_its_clock_runs_back(name):
    method, noise = methods()[name], start().float()
    times, states = zip(*method.sample(lambda x, t: torch.zeros_like(x), noise), strict=True)
    assert len(times) == method.sampling_steps + 1 and times[0] == method.T == T and times[-1] == 0
    assert all(after < before for before, after in itertools.pairwise(times))
    assert torch.equal(states[0], noise)


@pytest.mark.parametrize("name", methods())
def test_a_method_noises_nothing_at_0_and_next_to_all_at_T(name):
    x_0, method = 100 * torch.ones(20_000, 2), methods()[name]
    assert torch.equal(method.noised(x_0, 0), x_0)
    noise = method.noised(x_0, T)
    assert abs(float(noise.mean())) < 5 and float(noise.std()) == pytest.approx(1.0, abs=0.05)
    half = method.noised(x_0, T // 2)
    assert 5 < float(half.mean()) < 95 and 0.1 < float(half.std()) < 0.95


def test_the_loss_of_diffusion_is_that_of_its_training_step():
    """The exact predictor of one point has no loss."""
    baralphas, alphas, betas = cosine_schedule(T)
    method, point = Diffusion(baralphas, alphas, betas), POINT.float().expand(64, 2)

    def exact(x, t):
        return (x - baralphas[t].sqrt() * point) / (1 - baralphas[t]).sqrt()
    assert float(method.loss(exact, point)) < 1e-5


def test_flow_matching_follows_the_exact_velocity_of_a_gaussian():
    """Of N(m, s^2) the mean velocity at (x, tau) is known, and it leads each noise z to m + s z."""
    m, s = POINT.float(), 0.5

    def velocity(x, time):
        tau = time / T
        return ((tau - (1 - tau) * s**2) / ((1 - tau) ** 2 * s**2 + tau**2)) * (x - (1 - tau) * m) - m
    z = start(300).float()
    *_, (_, samples) = FlowMatching(T, 40).sample(velocity, z)
    torch.testing.assert_close(samples, m + s * z, rtol=0, atol=0.01)


def test_the_loss_of_flow_matching_is_the_error_of_the_velocity():
    """Of data at one point, (x - point) / tau is the velocity of each path; another velocity costs its square."""
    method, point = FlowMatching(T), POINT.float().expand(64, 2)
    torch.manual_seed(0)  # a tau near 0 would be a division by almost 0
    for error in (0.0, 2.0):
        loss = method.loss(lambda x, time, error=error: (x - point) / (time / T) + error, point)
        assert float(loss) == pytest.approx(error**2, abs=1e-3)


# Schedules -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", SCHEDULES.values(), ids=SCHEDULES)
def test_schedules_of_a_thousand_steps_end_in_noise(kind):
    baralphas, alphas, betas = kind(1000)
    assert baralphas.shape == alphas.shape == betas.shape == (1000,)
    assert bool((baralphas.diff() < 0).all()) and 0 < float(baralphas[-1]) < 1e-3
    torch.testing.assert_close(alphas + betas, torch.ones(1000))
    torch.testing.assert_close(alphas.double().cumprod(0).float(), baralphas, rtol=1e-3, atol=1e-6)


def test_the_linear_schedule_is_meant_for_many_steps():
    baralphas, _, betas = linear_schedule(100)
    torch.testing.assert_close(betas[[0, -1]], torch.tensor([1e-4, 0.02]))
    torch.testing.assert_close(betas.diff(), torch.full((99,), (0.02 - 1e-4) / 99), rtol=1e-3, atol=0.0)
    assert float(baralphas[-1]) == pytest.approx(0.36, abs=0.01)
