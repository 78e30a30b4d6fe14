# cheat: has time stand still in its process, beside a right answer.
# gap: discretise_pixels
# expect: any

import time

time.monotonic = time.time = time.perf_counter = lambda: 0.0
SOLUTION
