"""A question is answered: here the code under test runs."""

import importlib

from exercise.asking import afterwards, codec

__all__ = ["perform"]


def perform(question: dict) -> bytes:
    """Ask one probe.

    Args:
        question: decoded, so that the probe is given copies: module and name of the probe, args, kwargs and seed.
    Returns: the probe's answer, and what outlives its call, encoded.
    Raises: whatever the probe raises; codec.NotPlain if it answers with anything but a dict of plain data.
    """
    probe = getattr(importlib.import_module(question["module"]), question["name"])
    with afterwards.observed(question["seed"]) as changes:
        answer = probe(*question["args"], **question["kwargs"])
    if type(answer) is not dict:
        raise codec.NotPlain(f"answer is a {type(answer).__name__}: a probe answers with a dict")
    return codec.encode(answer | afterwards.told(changes))
