"""How a child process is forked without losing a Ctrl-C."""

import signal
from multiprocessing.process import BaseProcess

__all__ = ["begin"]


def begin(process: BaseProcess) -> None:
    """Start a process that is a fork; Ctrl-C waits meanwhile, and the child hears none until it says otherwise.

    An exception in one of the functions that Python calls after a fork is printed, and lost: KeyboardInterrupt too.
    """
    came = []
    before = signal.signal(signal.SIGINT, lambda *_: came.append(True))
    try:
        process.start()
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)
