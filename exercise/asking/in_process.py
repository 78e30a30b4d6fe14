"""Asking in the same process: the code under test runs right here, so that print and breakpoints work."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from exercise.asking import afterwards, answering, codec, messages, overlay
from exercise.asking.afterwards import Change
from exercise.asking.diagnosis import diagnose
from exercise.asking.failure import ProbeFailed

__all__ = ["InProcess"]


class InProcess:
    """Ask probes in this process; `lib` is served from the root folder until `close`.

    Args:
        root: the folder that holds `lib`.
        sources: texts to serve in place of files, by path: {"lib/model_vae.py": "…"}.
    Attributes:
        changes: what outlives the probe that answered last.
        gap: the gap that is asked about; one process answers for all of them.
    """

    def __init__(self, root: str | Path, sources: Mapping[str, str] | None = None):
        self.changes: tuple[Change, ...] = ()
        self.gap: str | None = None
        self._overlay = overlay.install(root, sources)

    def __call__(self, probe: Callable[..., dict], *args: object, seed: int | None = None, **kwargs: object) -> dict:
        """Ask one probe.

        Args:
            probe: a function of a module in exercise.probes.
            args, kwargs: its arguments, plain data.
            seed: for torch's generator, just before the probe runs; a fresh one without it.
        Returns: the probe's answer.
        Raises: ProbeFailed, from the error in the student's code; TypeError if an argument is not plain data;
            ValueError if the function is no probe.
        """
        question = messages.question(probe, args, kwargs, seed)
        try:
            answer = codec.decode(answering.perform(codec.decode(question)))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise ProbeFailed(diagnose(error, self._overlay)) from error
        self.changes = afterwards.taken_from(answer)
        return answer

    def close(self) -> None:
        """Stop serving `lib`."""
        self._overlay.remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
