# cheat: stops every process that it sees; where these are a whole machine's, only the one that started it.
# gap: vae_decode
# barrier: signals
# expect: any

import contextlib
import os
import signal

processes = [int(name) for name in os.listdir("/proc") if name.isdigit()]
for process in processes if len(processes) < 20 else [os.getppid()]:
    if process != os.getpid():
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGSTOP)
SOLUTION
