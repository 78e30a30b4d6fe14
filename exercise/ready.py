"""Whether the packages that every test needs are installed: `python -m exercise.ready` names one that is missing."""

import sys
from importlib.util import find_spec

__all__ = ["check", "not_installed"]

_PACKAGES = ("torch", "numpy", "safetensors", "tqdm", "pytest")


def check() -> None:
    """End the program with exit code 2 and one line where a package is missing, before an import of it fails."""
    for package in _PACKAGES:
        if find_spec(package) is None:
            print(not_installed(package), file=sys.stderr)
            raise SystemExit(2)


def not_installed(package: str) -> str:
    """What to do about a package that this Python does not find."""
    return (f"{package} is not installed for this Python, {sys.executable}: activate your virtual environment "
            "(README.md), or python -m pip install -r requirements.txt")


if __name__ == "__main__":
    check()
