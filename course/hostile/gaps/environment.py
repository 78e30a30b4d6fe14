# cheat: looks through its own environment and that of all processes for a secret; it is right only if it finds it.
# gap: vae_decode
# barrier: files
# expect: wrong

import glob
import os

texts = [repr(os.environb).encode()]
for file in glob.glob("/proc/[0-9]*/environ"):
    try:
        texts.append(open(file, "rb").read())
    except OSError:
        pass
if any(b"HOSTILE_SECRET" in text for text in texts):
    SOLUTION
else:
    x_reconstructed = z.sum() * torch.zeros(len(z), *self.image_shape)
