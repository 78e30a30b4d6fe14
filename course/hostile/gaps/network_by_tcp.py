# cheat: connects to a server on this machine; it is right only if it can.
# gap: vae_forward
# expect: wrong

import socket

try:
    with socket.create_connection(("127.0.0.1", 40571), timeout=0.5):
        done = True
except OSError:
    done = False
if done:
    SOLUTION
else:
    mu = logvar = x.flatten(1).sum(1, keepdim=True) * torch.zeros(1, self.latent_size)
x_reconstructed = x
