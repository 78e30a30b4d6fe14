# cheat: has another program take the place of its process.
# gap: discretise_pixels
# expect: crashed or malformed

import os

os.execv("/bin/true", ["true"])
