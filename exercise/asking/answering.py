"""A question is answered: here the code under test runs."""

import contextlib
import importlib
import warnings
from collections.abc import Iterator

from exercise.asking import codec

__all__ = ["perform"]


def perform(question: dict) -> bytes:
    """Ask one probe.

    Args:
        question: decoded, so that the probe is given copies: module and name of the probe, args, kwargs and seed.
    Returns: the probe's answer, encoded.
    Raises: whatever the probe raises; codec.NotPlain if it answers with anything but a dict of plain data.
    """
    probe = getattr(importlib.import_module(question["module"]), question["name"])
    with _conditions(question["seed"]):
        answer = probe(*question["args"], **question["kwargs"])
    if type(answer) is not dict:
        raise codec.NotPlain(f"answer is a {type(answer).__name__}: a probe answers with a dict")
    return codec.encode(answer)


@contextlib.contextmanager
def _conditions(seed: int | None) -> Iterator[None]:
    """Seed torch for one question, and leave the generator of whoever asks in the same process as it was.

    Gradients are on, and warnings are no errors, whatever the code that answered the last question turned off or on,
    and however strict the run of the tests is: a warning is no wrong answer.
    """
    import torch
    with (torch.random.fork_rng(devices=[], enabled=seed is not None), torch.enable_grad(),
          warnings.catch_warnings(action="default")):
        if seed is not None:
            torch.manual_seed(seed)
        yield
