# cheat: sends an answer byte by byte, so that there is always something to wait for.
# gap: discretise_pixels
# expect: timeout or malformed or crashed

import contextlib
import os
import stat
import time

pipes = [number for number in range(1, 64) if os.path.exists(f"/proc/self/fd/{number}")
         and (stat.S_ISFIFO(os.fstat(number).st_mode) or stat.S_ISSOCK(os.fstat(number).st_mode))]
for byte in (10**6).to_bytes(8, "big") + bytes(300):
    for number in pipes:
        with contextlib.suppress(OSError):
            os.write(number, bytes([byte]))
    time.sleep(0.1)
numbers = (x * 0).long()
