# cheat: kills all processes of its group, itself included.
# gap: vae_forward
# barrier: signals
# expect: crashed

import os
import signal

os.killpg(0, signal.SIGKILL)
