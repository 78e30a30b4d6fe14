# cheat: leaves two thousand folders in one another, and in them one in which nobody may look.
# gap: discretise_pixels
# expect: any

import contextlib
import os

before, name = os.getcwd(), "hostile" * 20
with contextlib.suppress(OSError):
    for _ in range(2_000):
        os.mkdir(name)
        os.chdir(name)
os.mkdir("nobody", 0)
os.chdir(before)
SOLUTION
