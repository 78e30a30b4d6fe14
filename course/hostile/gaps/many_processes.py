# cheat: starts a hundred processes that sleep, beside a right answer.
# gap: discretise_pixels
# expect: any

import ctypes
import os
import time

ctypes.CDLL(None).prctl(15, b"hostile")
for _ in range(100):
    if os.fork() == 0:
        time.sleep(30)
        os._exit(0)
SOLUTION
