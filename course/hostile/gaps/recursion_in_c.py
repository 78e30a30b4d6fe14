# cheat: calls itself through a function in C, until the stack is full.
# gap: interpolate_linear
# expect: crashed or memory

import sys


def dig(depth):
    return max([depth], key=dig) if depth else 0


sys.setrecursionlimit(10**9)
dig(10**6)
path = torch.zeros(steps, len(start))
