# cheat: kills every process that it may; outside of a box, by a signal that does nothing.
# gap: discretise_pixels
# barrier: signals
# expect: any

import contextlib
import os
import signal

with contextlib.suppress(OSError):
    os.kill(-1, signal.SIGKILL if open("/proc/1/comm").read() == "bwrap\n" else signal.SIGURG)
SOLUTION
