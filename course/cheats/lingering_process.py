# cheat: leaves a process behind that keeps the pipes of its parent open.
# gap: latent_grid

import subprocess
import sys

subprocess.Popen([sys.executable, "-c", "import time; time.sleep(10)"], start_new_session=True)
images, step_size = np.zeros((grid_size, grid_size, *model.image_shape)), np.zeros(2)
