"""Where to compute."""

import torch

from lib.support.errors import UserError

__all__ = ["choose_device"]


def choose_device(name: str = "auto") -> str:
    """The device to compute on: `name`, or for "auto" a GPU where there is one.

    Raises: UserError if the device asked for is not there.
    """
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return next(device for device, there in available.items() if there)
    if not available.get(name):
        there = ", ".join(device for device in available if available[device])
        raise UserError(f"--device {name}: this computer has no such device; it has {there} (auto chooses by itself)")
    return name
