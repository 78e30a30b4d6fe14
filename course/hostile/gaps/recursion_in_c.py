# cheat: calls itself through a function in C, until the stack is full.
# gap: discretise_pixels
# expect: crashed or memory

import sys


def dig(depth):
    return max([depth], key=dig) if depth else 0


sys.setrecursionlimit(10**9)
dig(10**6)
numbers = (x * 0).long()
