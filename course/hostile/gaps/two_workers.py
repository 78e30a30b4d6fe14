# cheat: becomes two processes, both of which answer.
# gap: vae_forward
# expect: any

import os

os.fork()
SOLUTION
