# cheat: kills every process that it may; where it sees those of a whole machine, by a signal that does nothing.
# gap: discretise_pixels
# barrier: signals
# expect: any

import contextlib
import os
import signal

is_alone = sum(name.isdigit() for name in os.listdir("/proc")) < 20
with contextlib.suppress(OSError):
    os.kill(-1, signal.SIGKILL if is_alone else signal.SIGURG)
SOLUTION
