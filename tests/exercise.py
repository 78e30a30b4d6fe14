"""Stands in for the package `exercise` where a file of this folder is run by its path, `python tests/test_vae.py`.

Python then looks for modules in this folder, not in the one above: from here on it looks there.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)
del sys.modules["exercise"]
import exercise  # noqa: E402, F401
