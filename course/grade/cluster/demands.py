"""What a machine must have so that its marks are those of the run: the same course, the same packages, such a box."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

from course.grade import isolation
from course.grade.run import Run
from course.grade.version import same, version
from exercise.asking import box

__all__ = ["demands", "refusal"]

_PACKAGES = ("torch", "numpy")


def demands(run: Run, limit: float) -> dict:
    """What the machines of a run must have, and the limits that they give, as plain data.

    Args: limit, seconds that a trial may take for each of its seeds.
    """
    return {"version": run.version, "isolation": run.isolation, "barriers": run.barriers, "packages": _packages(),
            "limit": limit, "answer_limit": run.limit}


def refusal(root: Path, wanted: dict) -> str:
    """Why this machine, with the course at `root`, is not what is demanded, in one line; "" if it is."""
    here = version(root)
    if not same(here, wanted["version"]):
        return f"its course is another one: {here} at {root}, not {wanted['version']}"
    for name, number in _packages().items():
        if number != wanted["packages"][name]:
            return f"it has {name} {number}, not {wanted['packages'][name]}"
    level = wanted["isolation"]
    if why := box.refusal(level):
        return f"its isolation is lower: {level} does not work there ({why}): see python -m course doctor"
    lacking = sorted(set(wanted["barriers"]) - set(isolation.barriers(level)))
    return f"its isolation is lower: no barrier around {', '.join(lacking)}" if lacking else ""


def _packages() -> dict[str, str]:
    """Versions, without what says for which processor or GPU a package was built."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"Python": python} | {name: installed(name).partition("+")[0] for name in _PACKAGES}
