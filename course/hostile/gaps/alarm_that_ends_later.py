# cheat: has its process end in the middle of a neighbour's turn, by a signal.
# gap: discretise_pixels
# expect: any

import signal

signal.signal(signal.SIGALRM, signal.SIG_DFL)
signal.setitimer(signal.ITIMER_REAL, 0.3)
SOLUTION
