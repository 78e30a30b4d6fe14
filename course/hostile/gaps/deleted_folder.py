# cheat: deletes all files that it may delete in its folder, beside a right answer.
# gap: interpolate_linear
# expect: any

import os
import shutil

shutil.rmtree(os.getcwd(), ignore_errors=True)
SOLUTION
