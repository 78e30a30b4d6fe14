# cheat: stops its own process, which then neither answers nor ends.
# gap: vae_decode
# expect: timeout or crashed

import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
x_reconstructed = z.sum() * torch.zeros(len(z), *self.image_shape)
