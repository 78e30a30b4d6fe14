# cheat: fills /dev/shm with 400 MB that outlive it, beside a right answer.
# gap: discretise_pixels
# expect: any

import contextlib

with contextlib.suppress(OSError):
    for number in range(10):
        with open(f"/dev/shm/hostile_{number}", "wb", buffering=0) as file:
            file.write(b"x" * (40 * 2**20))
SOLUTION
