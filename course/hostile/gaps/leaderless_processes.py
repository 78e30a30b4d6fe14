# cheat: takes 3 GB in processes whose first threads have ended, so that /proc shows no memory at their names.
# gap: vae_forward
# expect: memory or timeout

import ctypes
import os
import platform
import threading
import time


def take():
    held.append(b"x" * 2**30)
    time.sleep(30)


held = []
for _ in range(3):
    if os.fork() == 0:
        threading.Thread(target=take).start()
        ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[platform.machine()], 0)
time.sleep(30)
