"""One step of training: time steps, noise, prediction, loss."""

import math
import sys

import pytest
import torch

from exercise.probes import diffusion as probes
from tests.diffusion_laws import schedule
from tests.independence_laws import expect_independent
from tests.judge import expect, require
from tests.noise_laws import DRAWS, expect_standard_normal

STEPS = 8


@pytest.fixture
def ask(answer, draw):
    """Ask for the loss of a batch, by a model that gives slope[t] x + shift[t]; both are drawn unless given."""
    def loss_of(batch, slope=None, shift=None, baralphas=None, steps=STEPS, **options):
        baralphas, features = schedule(draw, steps)[0] if baralphas is None else baralphas.double(), batch.shape[1]
        steps = len(baralphas)
        tables = {"baralphas": baralphas.float(), "signal": baralphas.sqrt().float(),
                  "noise": (1 - baralphas).sqrt().float()}
        slope = draw.normal(steps, features, features) if slope is None else slope(tables["noise"], features)
        shift = draw.normal(steps, features) if shift is None else shift
        seen = answer(probes.training_step, batch, **tables, slope=slope, shift=shift, seed=draw.seed(), **options)
        return seen | tables | {"slope": slope, "shift": shift}
    return loss_of


@pytest.mark.gap("diffusion_training_step")
@pytest.mark.parametrize("points, features, steps", [(4, 4, 8), (300, 3, 11), (1, 2, 5), (5, 1, 8), (1, 1, 1)],
                         ids=["as many points as features", "three hundred points", "one point", "one feature",
                              "one number, one step"])
def test_the_loss_compares_noise_with_its_prediction(ask, draw, points, features, steps):
    """The loss is the mean squared error between the noise in the points and what the model says of them."""
    batch = 2 + draw.normal(points, features)
    seen = ask(batch, steps=steps)
    x, t = _told(seen, batch)
    prediction, eps = _prediction(seen, x, t), _noise_in(seen, x, t, batch)
    errors = (eps - prediction).square()
    mistakes = {
        "it is summed over points and features, not averaged": errors.sum(),
        "it is summed over the features: average over them too": errors.sum() / points,
        "it is summed over the points: average over them too": errors.mean(1).sum(),
        "it is one value for each point: average them": errors.mean(1),
        "it is not averaged yet": errors,
        "it is the root of the mean squared error": errors.mean().sqrt(),
        "it is half the mean squared error": errors.mean() / 2,
        "its sign is flipped": -errors.mean(),
        "it is an absolute error, not a squared one": (eps - prediction).abs().mean(),
        "the prediction is compared with the data, not with the noise": (batch - prediction).square().mean(),
        "the prediction is compared with the noised points, not with the noise": (x - prediction).square().mean(),
        "the prediction is compared with nothing: the noise is missing": prediction.square().mean(),
        "the model is asked about something else than it is compared with: it has no part in the loss":
            eps.square().mean(),
        "the noised points are compared with the noise: the prediction is missing": (x - eps).square().mean()}
    expect(seen["loss"], errors.mean(), "the loss", mistakes,
           hint="Does it compare the prediction with the very noise that is in the points?")


@pytest.mark.gap("diffusion_training_step")
def test_who_predicts_the_noise_exactly_has_no_loss(ask, draw):
    """If all data are zero, x_t / sqrt(1 - baralpha_t) is the noise itself: a model that says so has the loss 0."""
    seen = ask(torch.zeros(DRAWS // 10, 2), slope=lambda noise, features: torch.eye(features) / noise.view(-1, 1, 1),
               shift=torch.zeros(STEPS, 2))
    require(isinstance(seen["loss"], torch.Tensor), "the loss should be a tensor")
    loss, width = float(seen["loss"].double().mean()), 0.45  # the mean of 2,000 chi-square numbers, doubled: 7 sigma
    require(abs(loss - 2) > width, "the loss of a perfect model is 2: the noise is drawn anew for the comparison; "
                                   "compare with the eps that add_noise returns")
    require(abs(loss) < 1e-6, f"the loss of a perfect model is {loss:.3g}, not 0: is the prediction compared with the "
                              "noise that is in the points?")


@pytest.mark.gap("diffusion_training_step")
def test_each_point_has_a_time_step_of_its_own(ask, draw):
    """Time steps are drawn for each point, all of 0, ..., T - 1 alike, and anew in each step of training."""
    data = draw.normal(DRAWS, 2)
    t, again = (_told(seen, data)[1] for seen in (ask(5 + 3 * data), ask(5 + 3 * data)))
    require(int(t.unique().numel()) > 1, "all points of the batch share one time step: draw one for each")
    counts = torch.bincount(t.flatten(), minlength=STEPS) / DRAWS
    for at, share in enumerate(counts.tolist()):
        require(share > 0, f"the time step {at} is never drawn: they run from 0 to diffusion_steps - 1")
    # Hoeffding: a share of n draws is off by more than d with probability below 2 exp(-2 n d^2), here 1e-8.
    width = math.sqrt(math.log(2e8) / (2 * DRAWS))
    require(bool(((counts - 1 / STEPS).abs() < width).all()), "the time steps are not drawn uniformly (torch.randint)")
    # Independent draws are not that even: the sum is a chi-square number of 7 degrees of freedom, with probability
    # 1e-8 below 0.02.
    require(float(((counts - 1 / STEPS) ** 2).sum()) * DRAWS * STEPS > 0.02, "all time steps are drawn equally often, "
            "as without replacement (torch.randperm): draw each by itself (torch.randint)")
    require(not torch.equal(t, again), "each step of training should draw its time steps anew")
    expect_independent((torch.cat([t, again], 1) - (STEPS - 1) / 2) / math.sqrt((STEPS ** 2 - 1) / 12),
                       within="each step of training should draw its time steps anew",
                       between="the time steps of points of the batch belong together, of neighbours or others: draw "
                               "them independently",
                       given=data, by="the time steps depend on the data")


@pytest.mark.gap("diffusion_training_step")
def test_the_model_is_told_the_time_steps(ask, draw):
    """The model gets integers t of shape (batch, 1), those that the points were noised with."""
    batch = draw.normal(6, 2)
    seen = ask(batch)
    _, t = _told(seen, batch)
    for call in seen["told"]:
        require(call["kind"] in ("torch.int64", "torch.int32"), f"the model is told t as {call['kind']}: it wants "
                                                                "integers, from 0 to T - 1")
    for call in seen["noisings"]:
        require(call["t"].shape == (6, 1), f"add_noise wants t of shape (6, 1), but gets {tuple(call['t'].shape)}")
        expect(t.double(), call["t"].double(), "t for the model", hint="Its points were noised by other time steps.")


@pytest.mark.gap("diffusion_training_step")
def test_the_model_sees_noised_points(ask, draw):
    """What the model gets is the batch, noised with standard normal noise; the batch itself is left as it is."""
    data = draw.normal(DRAWS, 2)
    batch = 5 + 3 * data
    seen = ask(batch)
    expect(seen["batch_after"], batch, "the batch afterwards", hint="It is changed in place.")
    x, t = _told(seen, batch)
    require(not torch.equal(x, batch.double()), "the model is given the batch itself, without noise")
    for call in seen["noisings"]:
        require(not torch.equal(x, call["eps"].double()), "the model is given the noise, not the noised points")
        expect(call["x"], batch, "what is noised", hint="It should be the batch as it came.")
        expect(call["baralphas"], seen["baralphas"], "the schedule for add_noise",
               hint="It should be baralphas as they came.")
    noise, what = _noise_in(seen, x, t, batch), "the noise in the points that the model is given"
    expect_standard_normal(noise, what)
    expect_independent(noise, within=f"{what}: the features of a point share it",
                       between=f"{what}: points of the batch share it", given=data, by=f"{what} depends on the data")


@pytest.mark.gap("diffusion_training_step")
@pytest.mark.parametrize("baralphas", [[0.7], [1 - 1e-5, 0.5, 1e-5]], ids=["one step", "hardly any noise or signal"])
def test_the_schedule_is_taken_as_it_is(ask, draw, baralphas):
    """Whatever the schedule, points are noised by its own values, and it keeps its shape (T,)."""
    batch = draw.normal(40, 2)
    seen = ask(batch, baralphas=torch.tensor(baralphas))
    x, t = _told(seen, batch)
    for call in seen["noisings"]:
        expect(call["baralphas"], torch.tensor(baralphas), "the schedule for add_noise",
               hint="It should be baralphas as they came.")
    error = (_noise_in(seen, x, t, batch) - _prediction(seen, x, t)).square().mean()
    expect(seen["loss"], error, f"the loss for the schedule {baralphas}", rtol=1e-2)  # little noise is left in float32


@pytest.mark.gap("diffusion_training_step")
def test_the_model_learns_from_the_loss(ask, draw):
    """The gradient of the loss reaches the model."""
    batch = draw.normal(20, 2)
    seen = ask(batch)
    require(seen["shift_grad"] is not None, "no gradient reaches the model from the loss (is something detached, or "
                                            "within no_grad, or a number already?)")
    x, t = _told(seen, batch)
    error = 2 * (_prediction(seen, x, t) - _noise_in(seen, x, t, batch)) / batch.numel()
    gradient = torch.zeros(STEPS, 2, dtype=error.dtype).index_add(0, t.flatten(), error)
    expect(seen["shift_grad"], gradient, "the gradient of the loss to the model", rtol=1e-3)


@pytest.mark.gap("diffusion_training_step")
def test_time_steps_lie_on_the_device_of_the_batch(ask, draw):
    """With the batch on a GPU (here a make-believe one), the time steps are moved there too."""
    for call in ask(draw.normal(5, 2), device="cuda")["told"]:
        require(call["device"] == "cuda", "the time steps should be moved to the device of the batch")


def _told(seen, batch):
    """What the model was given: points and time steps."""
    require(len(seen["told"]) > 0, "the model is never called")
    x, t = (torch.cat([torch.atleast_2d(call[name]) for call in seen["told"]]) for name in ("x", "t"))
    require(x.shape == batch.shape, f"the model wants points of the batch's shape {tuple(batch.shape)}, but gets "
                                    f"{tuple(x.shape)}")
    require(t.shape == (len(batch), 1), f"the model wants a time step for each point, t of shape ({len(batch)}, 1), "
                                        f"but gets {tuple(seen['told'][0]['t'].shape)}")
    require(not t.is_floating_point() or bool((t == t.round()).all()),
            "the model is told fractions as time steps: it wants integers, from 0 to T - 1")
    t = t.long()
    steps = len(seen["baralphas"])
    require(int(t.min()) >= 0 and int(t.max()) < steps,
            f"the time steps run from 0 to diffusion_steps - 1, here {steps - 1}, but the model is told "
            f"{int(t.min()) if int(t.min()) < 0 else int(t.max())}")
    return x.double(), t


def _prediction(seen, x, t):
    rows = t.flatten()
    return (seen["slope"].double()[rows] @ x.unsqueeze(2)).squeeze(2) + seen["shift"].double()[rows]


def _noise_in(seen, x, t, batch):
    """The noise that x_t holds."""
    return (x - seen["signal"].double()[t] * batch) / seen["noise"].double()[t]


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
