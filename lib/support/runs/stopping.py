"""Ctrl-C and SIGTERM as a wish that is granted at the end of a step, not in the middle of one."""

import signal
from types import FrameType


class StopSignals:
    """Between `catch` and `release`, remembers in `received` that SIGINT or SIGTERM came; a second one acts at once."""

    def __init__(self) -> None:
        self.received: int | None = None
        self._before: dict = {}

    def catch(self) -> None:
        """A signal that is ignored stays so: a shell does that for what it runs in the background."""
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is signal.SIG_IGN:
                continue
            try:
                self._before[number] = signal.signal(number, self._note)
            except ValueError:  # only the main thread may handle signals; elsewhere they stay as they are
                return

    def release(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.received = number
        signal.signal(number, self._before[number])
