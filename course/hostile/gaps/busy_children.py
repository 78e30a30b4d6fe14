# cheat: leaves four processes behind that compute, so that its neighbours find no processor.
# gap: vae_forward
# expect: any

import ctypes
import os
import time

ctypes.CDLL(None).prctl(15, b"hostile")
for _ in range(4):
    if os.fork() == 0:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            pass
        os._exit(0)
SOLUTION
