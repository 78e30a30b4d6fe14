# cheat: has all modules that are imported later come from a finder of its own.
# gap: vae_forward
# expect: any

import sys


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        raise ImportError("not here")


sys.meta_path.insert(0, Finder)
for name in [name for name in sys.modules if name.startswith(("lib.", "exercise.probes."))]:
    sys.modules[name] = None
SOLUTION
