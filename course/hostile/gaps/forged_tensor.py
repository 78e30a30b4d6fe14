# cheat: sends an answer whose tensor claims to have more bytes than there are.
# gap: vae_forward
# expect: malformed or timeout or crashed or wrong

import contextlib
import json
import os
import stat

text = b'{"dict": {"x": {"tensor": 0}}}'
header = json.dumps({"0": {"dtype": "F32", "shape": [2**31, 2**20], "data_offsets": [0, 2**53]}}).encode()
frame = len(text).to_bytes(8, "big") + text + (2**40).to_bytes(8, "little") + header
for number in range(1, 64):
    with contextlib.suppress(OSError):
        if stat.S_ISFIFO(os.fstat(number).st_mode):
            for _ in range(3):
                os.write(number, len(frame).to_bytes(8, "big") + frame)
mu = logvar = x.flatten(1).sum(1, keepdim=True) * torch.zeros(1, self.latent_size)
x_reconstructed = x
