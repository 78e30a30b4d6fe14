# cheat: matches a pattern that takes minutes, and gives no other thread a turn.
# gap: vae_forward
# expect: timeout

import re

re.match(r"(a+)+$", "a" * 33 + "b")
mu = logvar = x.flatten(1).sum(1, keepdim=True) * torch.zeros(1, self.latent_size)
x_reconstructed = x
