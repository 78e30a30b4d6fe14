# cheat: leaves files wherever it may write, for the next one to find.
# gap: vae_decode
# expect: any

import contextlib
import os
import sys

for folder in ("/dev/shm", "/tmp", "/var/tmp", "/run", os.path.expanduser("~"), "..", *sys.path):
    with contextlib.suppress(OSError), open(os.path.join(folder, "hostile_trace"), "w") as file:
        file.write("x")
SOLUTION
