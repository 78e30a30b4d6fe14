"""A file beside the scripts that has a module's name, such as random.py, is found in place of that module.

What comes of it is a long traceback somewhere else; here it becomes one line. This module imports nothing that such a
file could hide, and is imported before all others.
"""

import os
import sys
from _frozen_importlib_external import PathFinder  # importlib.machinery imports modules that could be hidden

__all__ = ["refuse_hidden_modules"]


def refuse_hidden_modules(root: str) -> None:
    """From now on, end the program when it imports a module that a file in the folder `root` hides."""
    root = os.path.realpath(root)
    if os.path.realpath(sys.path[0]) != root:
        return
    elsewhere = [folder for folder in sys.path if os.path.realpath(folder) != root]
    try:
        files = {name[:-3]: os.path.join(root, name) for name in os.listdir(root) if name.endswith(".py")}
    except OSError:  # a process that may not look into the repository finds no module there either
        return
    hiding = {module: file for module, file in files.items() if _exists(module, elsewhere)}
    if hiding:
        sys.meta_path.insert(0, _Refusal(hiding))


def _exists(module: str, folders: list[str]) -> bool:
    spec = PathFinder.find_spec(module, folders)
    return spec is not None and spec.loader is not None


class _Refusal:
    """Where Python looks for modules first. Args: hiding, the path of the file that hides a module, by its name."""

    def __init__(self, hiding: dict[str, str]):
        self._hiding, self._said = hiding, False

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """None: Python goes on looking elsewhere. Raises: SystemExit if it would find the wrong file."""
        if name in self._hiding:
            if not self._said:  # torch passes over that it cannot import NumPy, which is then asked for again
                print(f"{os.path.basename(sys.argv[0])}: {self._hiding[name]} hides the module {name} of Python or of "
                      "a package, which is needed here: rename it", file=sys.stderr)
            self._said = True
            raise SystemExit(2)
