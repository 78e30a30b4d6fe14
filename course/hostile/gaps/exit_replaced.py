# cheat: has another program take the place of its process.
# gap: interpolate_linear
# expect: crashed or malformed

import os

os.execv("/bin/true", ["true"])
