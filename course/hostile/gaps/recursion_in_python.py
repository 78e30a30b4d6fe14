# cheat: calls itself without end, with the limit of that taken away, and a kilobyte in each call.
# gap: vae_forward
# expect: memory or crashed or timeout or wrong

import sys


def dig(depth, held):
    return dig(depth - 1, bytes(1000)) if depth else 0


sys.setrecursionlimit(10**9)
dig(3_500_000, b"")
mu = logvar = x.flatten(1).sum(1, keepdim=True) * torch.zeros(1, self.latent_size)
x_reconstructed = x
