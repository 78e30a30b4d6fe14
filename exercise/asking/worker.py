"""The worker process, seen from within: it holds the code under test, and answers questions one at a time.

They come on the pipe that was its standard input, and the replies go to the one that was its output: first the end of
what was printed meanwhile, then the answer.
"""

import contextlib
import faulthandler
import json
import os
import sys
from collections.abc import Iterable
from typing import BinaryIO

from exercise.asking import codec, keyboard, messages, overlay, pipe
from exercise.asking.answering import perform
from exercise.asking.diagnosis import diagnose
from exercise.asking.overlay import Overlay
from exercise.asking.printed import Tail

__all__ = ["main"]


def main(root: str, barriers: Iterable[str]) -> None:
    """Answer questions about the `lib` in a folder until the pipe ends; the process ends with it.

    Args:
        barriers: what keeps this process from others, which it tells before any code under test has run.
    """
    import torch
    questions, replies = _take_pipes()
    faulthandler.enable()
    torch.set_num_threads(1)
    keyboard.take_away()
    sys.stdout = sys.stderr = printed = Tail(sys.stderr)
    with overlay.install(root) as served:
        pipe.write(replies, json.dumps({"root": str(served.root), "barriers": sorted(barriers)}).encode())
        with contextlib.suppress(EOFError):
            while True:
                reply = _reply(pipe.read(questions), served)
                pipe.write(replies, printed.take().encode(errors="replace"))
                pipe.write(replies, reply)
    os._exit(0)  # what the student's code registered to run at the end, or its threads, could keep the process alive


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move the pipes away from the standard streams, so that printing and input() cannot disturb them."""
    questions, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return questions, replies


def _reply(message: bytes, served: Overlay) -> bytes:
    question = codec.decode(message)
    faulthandler.dump_traceback_later(question["limit"], exit=True)
    try:
        reply = messages.answered(question["number"], perform(question))
    except BaseException as error:
        reply = messages.failed(question["number"], diagnose(error, served))
    faulthandler.cancel_dump_traceback_later()
    return reply
