# cheat: has its process end in the middle of a neighbour's turn, by a timer.
# gap: discretise_pixels
# expect: any

import os
import threading

threading.Timer(0.3, os._exit, [0]).start()
SOLUTION
