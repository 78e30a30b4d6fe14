"""What every script needs and no exercise asks about. Nothing here imports a model.

| room | content |
|---|---|
| `data/` | image sets and densities, batches, folders of pictures, downloads |
| `runs/` | a run: its folder, checkpoints, metrics, random state; stopping and going on; weights that others saved |
| `figures/` | grids of images, curves, densities, videos, windows, and the reports of a run |
| `measures/` | distances between samples and data, variety of samples, features of images |
| `speed/` | devices, memory, number formats, compiling, faster functions, averaged weights |
| `scripts/` | command lines: flags, errors in one line, exit codes, commands to paste, files that hide a module |
| `errors.py` | the errors that a user can mend |

`figures/` and `scripts/` may import all below them, `measures/` may import `runs/` and `data/`, which may import
`speed/`; all may import `errors.py`.
"""

import os

from lib.support.scripts.hidden_modules import refuse_hidden_modules

refuse_hidden_modules(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
