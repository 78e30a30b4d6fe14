# cheat: prints 400 MB past Python, on both streams.
# gap: vae_forward
# expect: output limit or timeout or wrong

import os

for _ in range(200):
    for stream in (1, 2):
        os.write(stream, b"solved\n" * (2**20 // 7))
mu = logvar = x.flatten(1).sum(1, keepdim=True) * torch.zeros(1, self.latent_size)
x_reconstructed = x
