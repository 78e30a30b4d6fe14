# cheat: takes away what its process stands on: environment, folder, streams, paths of modules.
# gap: vae_decode
# expect: any

import os
import sys
import warnings

SOLUTION
os.environ.clear()
os.chdir("/")
sys.path.clear()
sys.stdout = sys.stderr = sys.stdin = None
warnings.simplefilter("error")
