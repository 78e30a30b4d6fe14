# cheat: claims that an answer of exabytes follows.
# gap: discretise_pixels
# expect: malformed or output limit or timeout or crashed or wrong

import contextlib
import os
import stat

for number in range(1, 64):
    with contextlib.suppress(OSError):
        if stat.S_ISFIFO(os.fstat(number).st_mode):
            os.write(number, b"\x7f" + b"\xff" * 7)
numbers = (x * 0).long()
