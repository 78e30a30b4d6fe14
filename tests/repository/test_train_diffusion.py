"""Training a diffusion model without a run: what it draws, in which order it sees the data, what it returns."""

from types import SimpleNamespace

import torch
import torch.nn.functional as F
from torch import nn

from lib.model_diffusion import SimpleDiffusion
from lib.train_diffusion import minimise, train, training_step
from lib.utils import add_noise, cosine_schedule

STEPS = 20
BARALPHAS = cosine_schedule(STEPS)[0]


def points():
    return torch.randn(11, 2, generator=torch.Generator().manual_seed(1))


def config(epochs):
    return SimpleNamespace(batch_size=4, epochs=epochs, diffusion_steps=STEPS, device="cpu", dataset="points",
                           verbose=False)


def test_a_step_draws_time_steps_then_noise_and_nothing_else():
    torch.manual_seed(3)
    t = torch.randint(0, STEPS, size=[11, 1])
    noised, eps = add_noise(points(), t, BARALPHAS)
    expected = torch.get_rng_state()
    torch.manual_seed(3)
    loss = training_step(lambda x, t: x * (t + 1), points(), BARALPHAS, STEPS)
    assert torch.equal(torch.get_rng_state(), expected)
    torch.testing.assert_close(loss, F.mse_loss(noised * (t + 1), eps))


def test_the_noise_is_one_draw_of_the_shape_of_the_batch():
    torch.manual_seed(4)
    noise = torch.randn(11, 2)
    torch.manual_seed(4)
    assert torch.equal(add_noise(points(), 3, BARALPHAS)[1], noise)


def test_training_sees_all_points_in_their_order_in_each_epoch():
    seen = []

    def loss(model, batch):
        seen.append(batch.clone())
        return training_step(model, batch, BARALPHAS, STEPS)
    model = SimpleDiffusion(2)
    minimise(loss, points(), config(epochs=2), model, torch.optim.Adam(model.parameters()))
    assert [len(batch) for batch in seen] == [4, 4, 3] * 2
    assert torch.equal(torch.cat(seen), torch.cat([points()] * 2))


def test_training_draws_nothing_but_what_its_steps_draw():
    model = SimpleDiffusion(2)
    torch.manual_seed(5)
    for batch in points().split(4):
        training_step(model, batch, BARALPHAS, STEPS)
    expected = torch.get_rng_state()
    torch.manual_seed(5)
    train(points(), config(epochs=1), model, torch.optim.Adam(model.parameters()), BARALPHAS)
    assert torch.equal(torch.get_rng_state(), expected)


def test_training_returns_the_loss_of_the_last_batch_and_moves_the_weights():
    class Level(nn.Module):
        def __init__(self):
            super().__init__()
            self.level = nn.Parameter(torch.ones(()))

        def forward(self, x, t):
            return self.level.expand_as(x)
    losses = []

    def square(model, batch):
        losses.append(model(batch, None).square().mean())
        return losses[-1]
    model = Level()
    loss = minimise(square, points(), config(epochs=3), model, torch.optim.SGD(model.parameters(), lr=0.1))
    assert loss.shape == () and not loss.requires_grad
    torch.testing.assert_close(loss, losses[-1].detach())
    torch.testing.assert_close(torch.stack(losses).detach(), 0.8 ** (2 * torch.arange(9.0)))
