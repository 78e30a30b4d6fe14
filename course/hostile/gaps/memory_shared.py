# cheat: maps 3.5 GB of shared memory, which no limit on its own data counts, and writes to all of it.
# gap: vae_forward
# expect: memory or timeout or wrong

import mmap

held = []
for _ in range(56):
    held.append(mmap.mmap(-1, 2**26))
    held[-1].write(b"x" * 2**26)
mu = logvar = x.flatten(1).sum(1, keepdim=True) * torch.zeros(1, self.latent_size)
x_reconstructed = x
