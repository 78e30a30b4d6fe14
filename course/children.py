"""How a child process is forked without losing a Ctrl-C."""

import signal
from multiprocessing.process import BaseProcess

__all__ = ["begin"]

_INTERRUPT = {signal.SIGINT}


def begin(process: BaseProcess) -> None:
    """Start a process that is a fork; Ctrl-C waits meanwhile, and in the child until that lets it through.

    An exception in one of the functions that Python calls after a fork is printed, and lost: KeyboardInterrupt too.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPT)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
