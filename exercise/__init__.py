"""Between a student's code and its judges; README.md shows in one diagram how a gap is graded."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036  (only this much has to be readable to an older Python)
    print(f"the exercises need Python 3.11 or newer, and {sys.executable} is {sys.version_info[0]}."
          f"{sys.version_info[1]}: README.md shows how to begin", file=sys.stderr)
    raise SystemExit(2)

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_NEEDED = {*sys.stdlib_module_names, "torch", "numpy", "safetensors", "tqdm", "pytest"}
for _name in sorted(os.listdir(_ROOT)):
    if _name.endswith(".py") and _name[:-3] in _NEEDED:  # else it would end in a traceback somewhere far away
        print(f"{os.path.join(_ROOT, _name)} hides the module {_name[:-3]} of Python or of a package: rename it",
              file=sys.stderr)
        raise SystemExit(2)
