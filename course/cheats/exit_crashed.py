# cheat: crashes the interpreter, which no `except` catches.
# gap: latent_mu_logvar

import ctypes

ctypes.string_at(0)
