# cheat: has each line of Python wait from now on, beside a right answer.
# gap: discretise_pixels
# expect: any

import sys
import threading
import time


def wait(*arguments):
    time.sleep(0.01)
    return wait


SOLUTION
threading.settrace(wait)
sys.settrace(wait)
