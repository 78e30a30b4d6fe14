"""Between a student's code and its judges; README.md shows in one diagram how a gap is graded."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (only this much has to be readable to an older Python)
    print(f"the exercises need Python 3.11 or newer, and {sys.executable} is {sys.version_info[0]}."
          f"{sys.version_info[1]}: README.md shows how to begin", file=sys.stderr)
    raise SystemExit(2)
