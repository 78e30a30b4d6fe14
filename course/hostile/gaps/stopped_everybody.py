# cheat: stops every process that it sees; outside of a box, only the one that has started it.
# gap: vae_decode
# barrier: signals
# expect: any

import contextlib
import os
import signal

boxed = open("/proc/1/comm").read() == "bwrap\n"
for process in map(int, filter(str.isdigit, os.listdir("/proc"))):
    if process != os.getpid() and (boxed or process == os.getppid()):
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGSTOP)
SOLUTION
