"""matplotlib, imported whatever the environment says about windows."""

import contextlib
import os
import sys

__all__ = ["import_matplotlib"]


def import_matplotlib() -> None:
    """Import matplotlib, even where MPLBACKEND names a backend that is not installed.

    Notebook services set that variable, also for programs that run in another Python environment. matplotlib then
    refuses to be imported; our figures need no backend.
    """
    if "matplotlib" in sys.modules:
        return
    backend = os.environ.pop("MPLBACKEND", None)
    try:
        import matplotlib
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
    if backend:
        with contextlib.suppress(ValueError):
            matplotlib.rcParams["backend"] = backend
