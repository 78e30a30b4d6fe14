"""The monitor of a GAN: when it looks, what it measures, when it warns."""

import pytest
import torch
from torch import nn

from lib.extras import monitor_gan
from lib.extras.monitor_gan import Monitor

BALANCED = {"D_x": 0.6, "D_G_z1": 0.4}


class Painter(nn.Module):
    """A generator of small images: noise, or the same for every z."""
    latent_size = 3

    def __init__(self, spread=1.0):
        super().__init__()
        self.spread = nn.Parameter(torch.tensor(spread))

    def forward(self, z):
        return (z.repeat(1, 1, 8, 8) * self.spread / 3).clamp(-1, 1)


@pytest.fixture
def watch(monkeypatch):
    """A monitor that looks at every second of 40 epochs; the samples it shows, and its warnings."""
    monkeypatch.setattr(monitor_gan, "MEASURED", 30)

    def make(painter, **more):
        pictures, warnings = {}, []
        reference = (Painter()(torch.randn(30, 3, 1, 1)) + 1).detach() / 2
        return Monitor(painter, reference, range(2, 41, 2), judged_from=5, seed=0, save_samples=pictures.__setitem__,
                       warn=warnings.append, **more), pictures, warnings
    return make


def test_it_looks_where_it_is_their_turn(watch):
    """A picture and measures at the chosen epochs, nothing at the others; further measures where they are given."""
    monitor, pictures, warnings = watch(Painter(), coverage=lambda images: {"coverage": float(len(images))})
    assert monitor(1, BALANCED) == {} and not pictures
    found = monitor(2, BALANCED)
    assert list(found) == ["diversity", "coverage"] and found["coverage"] == 30 and 0.8 < found["diversity"] < 1.2
    assert list(pictures) == [2] and not warnings


def test_the_noise_stays_the_same(watch):
    """Two looks at one generator give one picture: what changes in the video is the generator."""
    monitor, pictures, _ = watch(Painter())
    monitor(2, BALANCED), monitor(4, BALANCED)
    assert torch.equal(pictures[2], pictures[4])


def test_mode_collapse_is_told_once(watch):
    """Samples that are nearly alike: one warning after three looks, and none of the time before it is judged."""
    monitor, _, warnings = watch(Painter(spread=0.1))
    for epoch in range(1, 41):
        monitor(epoch, BALANCED)
    assert len(warnings) == 1 and warnings[0].startswith("warning: epoch 10: mode collapse")


def test_few_modes_are_a_collapse_too(watch):
    """Samples can differ in all else and still be of few kinds."""
    monitor, _, warnings = watch(Painter(), coverage=lambda images: {"coverage": 0.2})
    for epoch in range(1, 41):
        monitor(epoch, BALANCED)
    assert len(warnings) == 1 and "mode collapse" in warnings[0]


def test_a_discriminator_that_has_won_is_told(watch):
    """It is right about everything, for three epochs in a row."""
    monitor, _, warnings = watch(Painter())
    for epoch in (11, 12, 13, 14):
        monitor(epoch, {"D_x": 0.999, "D_G_z1": 0.001})
    assert len(warnings) == 1 and warnings[0].startswith("warning: epoch 13: the discriminator has won")


def test_a_moment_of_trouble_is_no_collapse(watch):
    monitor, _, warnings = watch(Painter())
    for epoch in range(5, 40):
        monitor(epoch, BALANCED if epoch % 3 else {"D_x": 0.999, "D_G_z1": 0.001})
    assert not warnings
