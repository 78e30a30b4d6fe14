"""The two messages of an exchange: a question to a probe, and the reply."""

import dataclasses
import struct
import sys
from collections.abc import Callable

from exercise.asking import codec
from exercise.asking.failure import Failure

__all__ = ["PROBES", "answered", "failed", "opened", "question"]

PROBES = "exercise.probes"
_HEADER = struct.Struct(">Q?")  # what a reply begins with: the number of the question, and whether the probe failed


def question(probe: Callable[..., dict], args: tuple, kwargs: dict, seed: int | None, **more: object) -> bytes:
    """The question to a probe.

    Args:
        more: what else to tell whoever answers.
    Raises: ValueError if the function is no probe; codec.NotPlain, a TypeError, if an argument is not plain data.
    """
    module, name = getattr(probe, "__module__", ""), getattr(probe, "__name__", "")
    if not module.startswith(PROBES) or getattr(sys.modules.get(module), name, None) is not probe:
        raise ValueError(f"{module}.{name} is no probe: a probe is a function at the top of a module in {PROBES}")
    content = {"module": module, "name": name, "args": args, "kwargs": kwargs, "seed": seed}
    return codec.encode(content | more, "question")


def answered(number: int, answer: bytes) -> bytes:
    """The reply to the question of a number: an answer, encoded already."""
    return _HEADER.pack(number, False) + answer


def failed(number: int, failure: Failure) -> bytes:
    """The reply to the question of a number: why there is no answer."""
    return _HEADER.pack(number, True) + codec.encode(dataclasses.asdict(failure))


def opened(reply: bytes, number: int) -> dict | Failure:
    """What a reply holds. Nothing in it is trusted: the student's code could have written it.

    Raises: ValueError if it is not a reply to the question of this number.
    """
    if len(reply) < _HEADER.size:
        raise ValueError("it is cut short")
    echoed, has_failed = _HEADER.unpack_from(reply)
    content = codec.decode(reply[_HEADER.size:])
    if echoed != number:
        raise ValueError(f"it belongs to question {echoed}, not {number}")
    if has_failed:
        return Failure.from_plain(content)
    if type(content) is not dict:
        raise ValueError("the answer is no dict")
    return content
