# cheat: sends 32 MB of nested brackets in place of the answer.
# gap: discretise_pixels
# expect: malformed or output limit or timeout or crashed or wrong

import contextlib
import os
import stat

text = b'{"dict": {"x": ' + b"[" * (16 * 2**20) + b"]" * (16 * 2**20) + b"}}"
frame = len(text).to_bytes(8, "big") + text
for number in range(1, 64):
    with contextlib.suppress(OSError):
        if stat.S_ISFIFO(os.fstat(number).st_mode):
            for _ in range(3):
                os.write(number, len(frame).to_bytes(8, "big") + frame)
numbers = (x * 0).long()
