# cheat: starts three hundred threads that sleep, beside a right answer.
# gap: discretise_pixels
# expect: any

import threading
import time

for _ in range(300):
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
SOLUTION
