# cheat: ignores every signal that can be ignored, calls off what would end it, and waits.
# gap: discretise_pixels
# expect: timeout

import contextlib
import faulthandler
import signal
import time

for number in range(1, 65):
    with contextlib.suppress(OSError, ValueError):
        signal.signal(number, signal.SIG_IGN)
faulthandler.cancel_dump_traceback_later()
faulthandler.disable()
signal.setitimer(signal.ITIMER_REAL, 0)
end = time.monotonic() + 60
while time.monotonic() < end:
    pass
numbers = (x * 0).long()
