# cheat: leaves a thread that waits for its neighbours' turn, and then changes torch for them.
# gap: vae_forward
# expect: any

import threading
import time


def disturb():
    time.sleep(0.2)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        torch.set_default_dtype(torch.float64)
        torch.manual_seed(0)
        time.sleep(0.001)


threading.Thread(target=disturb, daemon=True).start()
SOLUTION
