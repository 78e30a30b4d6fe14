"""The state of all global random generators: Python's, NumPy's, and torch's on each kind of device in use."""

import random

import numpy as np
import torch


def random_state() -> dict:
    """The present state, by generator, as tensors and plain values."""
    version, words, *gauss = random.getstate()
    kind, keys, *position = np.random.get_state()
    return {
        "python": [version, torch.tensor(words), *gauss],
        "numpy": [kind, torch.tensor(keys.tolist()), *position],
        "cpu": torch.get_rng_state(),
        # asking for the state of a GPU that nobody uses would first start it, which takes seconds
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else [],
        "mps": [torch.mps.get_rng_state()] if torch.backends.mps.is_available() else [],
    }


def restore_random_state(state: dict) -> None:
    """Go back to `state`; states of devices that this computer lacks are left out."""
    version, words, *gauss = state["python"]
    kind, keys, *position = state["numpy"]
    random.setstate((version, tuple(words.tolist()), *gauss))
    np.random.set_state((kind, keys.numpy(), *position))
    torch.set_rng_state(state["cpu"])
    for index, cuda_state in enumerate(state["cuda"][:torch.cuda.device_count()]):
        torch.cuda.set_rng_state(cuda_state, index)
    if torch.backends.mps.is_available():
        for mps_state in state["mps"]:
            torch.mps.set_rng_state(mps_state)
