# cheat: leaves a process in a session of its own, whose parents are gone, and which ignores all signals.
# gap: discretise_pixels
# expect: any

import contextlib
import ctypes
import os
import signal
import time

ctypes.CDLL(None).prctl(15, b"hostile")
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(1, 65):
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, signal.SIG_IGN)
        time.sleep(60)
    os._exit(0)
SOLUTION
