"""Questions about the codes of an autoencoder: codes drawn at random, and paths from one code to another."""

import contextlib
import random

import numpy as np
import torch
from torch import Tensor

from exercise.asking.afterwards import watch
from exercise.probes import accelerator


def drawn(sampler, codes, count, seeds):
    """What a sampler draws with one seed after the other, and which global random numbers it has used.

    Those of NumPy and Python are seeded with torch's seed, which is another one for each question.

    Args:
        sampler: its name in lib/explore_code_space.py.
        codes: of all training images, shape (N, latent_size).
    Returns: the codes of each seed in a list; the states of the global generators of each package, before and after.
    """
    from lib import explore_code_space
    draw, watched = getattr(explore_code_space, sampler), watch(codes, "the tensor of training codes")
    with _global_numbers() as states:
        found = [draw(watched, count, seed) for seed in seeds]
    return {"codes": found, "states": states}


def path(function, start, end, steps, device="cpu"):
    """The path that a function of lib/explore_code_space.py makes from one code to another, and where it lies.

    Args:
        device: "cpu", or "cuda", which is make-believe.
    """
    from lib import explore_code_space
    with accelerator.pretend() if device == "cuda" else contextlib.nullcontext():
        start, end = watch(start.to(device), "`start`"), watch(end.to(device), "`end`")
        found = getattr(explore_code_space, function)(start, end, steps)
        lies_on = found.device.type if isinstance(found, Tensor) else ""
    return {"path": found.as_subclass(Tensor) if isinstance(found, Tensor) else found, "device": lies_on}


@contextlib.contextmanager
def _global_numbers():
    """Global generators seeded with torch's seed; yields a list, in the end of their states before and after."""
    before, states = (random.getstate(), np.random.get_state()), []
    random.seed(torch.initial_seed())
    np.random.seed(torch.initial_seed() % 2**32)
    begun = _states()
    try:
        yield states
        states += [begun, _states()]
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])


def _states():
    _, numbers, *rest = np.random.get_state()
    return {"torch": torch.get_rng_state().tolist(), "NumPy": [numbers.tolist(), *rest], "Python": random.getstate()}
