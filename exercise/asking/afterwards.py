"""What outlives a call: settings of the process, and the models and tensors that a probe hands to the code under test.

Around every probe the settings are compared and put back, so that what one gap leaves behind never spoils another. A
probe that hands over a model or a tensor says so with `watch`. What has changed is told as it is: whether it may is
the judge's business. That it has is found out here, where the code under test could hide it: to send all states twice
would double each message, and who hides a change of his own has no right answer by it.
"""

import contextlib
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

from exercise.asking.failure import fields_of
from exercise.asking.printed import visible

__all__ = ["KINDS", "Change", "observed", "taken_from", "told", "watch"]

KINDS = ("gradients", "dtype", "threads", "seed", "training mode", "evaluation mode", "frozen", "parameters", "buffers",
         "input", "recorded")
_MOST = 1000  # changes, and details of one
_KEY = "(afterwards)"  # among the keys of an answer; no name of Python's
_Value = TypeVar("_Value", nn.Module, Tensor)


@dataclass(frozen=True)
class Change:
    """One thing that is not after a probe as it was before.

    Args:
        kind: one of KINDS.
        subject: the name of the model or the input that it is about; "" for the process.
        details: of a setting, what it was and what it is; of a model, the names of the parts that have changed.
    """
    kind: str
    subject: str
    details: tuple[str, ...]


@contextlib.contextmanager
def observed(seed: int | None) -> Iterator[list[Change]]:
    """The conditions of one question: gradients are on, and torch is seeded, with a fresh seed if there is none.

    Warnings are no errors, however strict the run of the tests is: a warning is no wrong answer.

    Yields a list, which holds all changes when the block has ended without an error. The settings are as before then,
    and nothing is watched any more.
    """
    changes, before = [], _settings()
    with torch.random.fork_rng(devices=[]), torch.enable_grad(), warnings.catch_warnings(action="default"):
        generator = torch.default_generator  # the processor's: to seed those of GPUs too takes a hundred times as long
        generator.seed() if seed is None else generator.manual_seed(seed)
        begun = _settings()
        try:
            yield changes
            changes += [Change(kind, "", (str(value), str(now))) for kind, value in begun.items()
                        if (now := _settings()[kind]) != value]
            changes += [change for watched in _watched for change in watched.changes()]
        finally:
            _watched.clear()
            torch.set_default_dtype(before["dtype"])
            torch.set_num_threads(before["threads"])


def watch(value: _Value, name: str = "the model") -> _Value:
    """Note the state of a model or a tensor, which is compared when the probe has ended.

    Args:
        name: what a student reads that it is.
    Returns: the value.
    """
    _watched.append(_Watched(value, name))
    return value


def told(changes: list[Change]) -> dict:
    """Changes as a part of an answer, in plain data."""
    return {_KEY: [asdict(change) for change in changes]}


def taken_from(answer: dict) -> tuple[Change, ...]:
    """The changes that are part of an answer, which are taken out of it.

    Raises: ValueError if they are none. Nothing in an answer is trusted: the student's code could have written it.
    """
    found = answer.pop(_KEY, None)
    if type(found) is not list or len(found) > _MOST:
        raise ValueError("it does not say what outlives the call")
    return tuple(map(_change, found))


def _change(content: object) -> Change:
    if type(content) is dict and type(content.get("details")) is list:
        content = content | {"details": tuple(content["details"])}
    change = Change(**fields_of(Change, content))
    if change.kind not in KINDS or any(type(detail) is not str for detail in change.details):
        raise ValueError(f"there is no change of the kind {visible(change.kind, 20)!r}")
    details = (visible(detail, 200) for detail in change.details[:_MOST])
    return Change(change.kind, visible(change.subject), tuple(details))


def _settings() -> dict[str, object]:
    return {"gradients": torch.is_grad_enabled(), "dtype": torch.get_default_dtype(),
            "threads": torch.get_num_threads(), "seed": torch.initial_seed()}


class _Watched:
    """A model or a tensor, and its state when it was handed over."""

    def __init__(self, value: nn.Module | Tensor, name: str):
        self.value, self.name, self.before = value, name, _state(value)

    def changes(self) -> Iterator[Change]:
        now = _state(self.value)
        for kind, parts in self.before.items():
            if changed := tuple(part for part, value in parts.items() if not _same(value, now[kind].get(part))):
                if kind == "mode":
                    kind = "training mode" if now[kind].get(changed[0]) else "evaluation mode"
                yield Change(kind, self.name, changed)


def _state(value: nn.Module | Tensor) -> dict[str, dict[str, object]]:
    """From kind to the values of all parts; a copy. A tensor is a single part, without a name."""
    if isinstance(value, Tensor):
        return {"input": {"": _copy(value)}, "recorded": {"": value.requires_grad}}
    parameters, buffers = dict(value.named_parameters()), dict(value.named_buffers())
    return {"mode": {name: module.training for name, module in value.named_modules()},
            "frozen": {name: parameter.requires_grad for name, parameter in parameters.items()},
            "parameters": {name: _copy(parameter) for name, parameter in parameters.items()},
            "buffers": {name: _copy(buffer) for name, buffer in buffers.items()}}


def _copy(value: Tensor) -> Tensor:
    with torch._C.DisableTorchFunction():  # a probe's make-believe GPU has no say in this
        return value.detach().clone()


def _same(value: object, now: object) -> bool:
    if isinstance(value, Tensor) and isinstance(now, Tensor):
        return (value.dtype, value.shape) == (now.dtype, now.shape) \
            and bool(((value == now) | (value != value) & (now != now)).all())  # NaN is as NaN was
    return value is now


_watched: list[_Watched] = []  # by the probe that runs now
