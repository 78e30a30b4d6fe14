# cheat: aborts, as a failing assertion in C does.
# gap: vae_decode
# expect: crashed

import os

os.abort()
