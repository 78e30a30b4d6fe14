"""What every script needs and no exercise asks about. Nothing here imports a model.

| room | content |
|---|---|
| `data/` | image sets and densities, batches, folders of pictures, downloads |
| `runs/` | a run: its folder, checkpoints, metrics, random state; stopping and going on; weights that others saved |
| `figures/` | grids of images, curves, densities, videos, windows, and the reports of a run |
| `measures/` | distances between samples and data, variety of samples |
| `speed/` | devices, number formats, compiling, faster functions, averaged weights |
| `scripts/` | command lines: flags, errors in one line, exit codes |
| `errors.py` | the errors that a user can mend |
| `commands.py`, `memory.py` | commands to paste, and what does not fit into memory, in messages |
| `matplotlib_import.py`, `hidden_modules.py` | what an environment or a file's name must not spoil |

`figures/` and `scripts/` may import `runs/` and `data/`; all may import the modules beside the rooms.
"""

import os

from lib.support.hidden_modules import refuse_hidden_modules

refuse_hidden_modules(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
