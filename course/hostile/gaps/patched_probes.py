# cheat: replaces all probes in its process, so that its neighbours' answers are empty.
# gap: discretise_pixels
# expect: any

import importlib
import pkgutil

import exercise.probes

for module in pkgutil.iter_modules(exercise.probes.__path__):
    probes = importlib.import_module(f"exercise.probes.{module.name}")
    for name, value in list(vars(probes).items()):
        if isinstance(value, type(lambda: 0)):
            setattr(probes, name, lambda *args, **kwargs: {})
SOLUTION
