# cheat: writes 400 MB to its folder and to /tmp, beside a right answer.
# gap: vae_forward
# expect: any

import contextlib

with contextlib.suppress(OSError):
    for number in range(8):
        for folder in (".", "/tmp"):
            with open(f"{folder}/hostile_{number}", "wb", buffering=0) as file:
                file.write(b"x" * (25 * 2**20))
SOLUTION
