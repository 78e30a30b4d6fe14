# cheat: writes twenty thousand empty files, beside a right answer.
# gap: discretise_pixels
# expect: any

import contextlib
import os

with contextlib.suppress(OSError):
    os.makedirs("hostile", exist_ok=True)
    for number in range(20_000):
        os.close(os.open(f"hostile/{number}", os.O_CREAT | os.O_WRONLY))
SOLUTION
