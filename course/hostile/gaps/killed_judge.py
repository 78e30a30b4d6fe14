# cheat: kills the process that has started it.
# gap: discretise_pixels
# barrier: signals
# expect: any

import contextlib
import os
import signal

with contextlib.suppress(OSError):
    os.kill(os.getppid(), signal.SIGKILL)
SOLUTION
