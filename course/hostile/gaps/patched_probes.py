# cheat: replaces all probes in its process, so that its neighbours' answers are empty.
# gap: discretise_pixels
# expect: any

import importlib
import pkgutil

import exercise.probes

for module in pkgutil.iter_modules(exercise.probes.__path__):
    probes = importlib.import_module(f"exercise.probes.{module.name}")
    for name in list(vars(probes)):
        if callable(getattr(probes, name)):
            setattr(probes, name, lambda *args, **kwargs: {})
SOLUTION
