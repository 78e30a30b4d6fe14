# cheat: leaves two thousand folders in one another, in which nobody may look.
# gap: discretise_pixels
# expect: any

import contextlib
import os

before, name = os.getcwd(), "hostile" * 20
with contextlib.suppress(OSError):
    for _ in range(2_000):
        os.mkdir(name)
        os.chdir(name)
os.chdir(before)
with contextlib.suppress(OSError):
    os.chmod(name, 0)
SOLUTION
