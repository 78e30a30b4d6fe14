"""How long it takes to grade invented classes, and how much memory, by the number of jobs."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import invented_class
from exercise.asking.limits import usage
from lib.support.errors import UserError
from lib.support.scripts.command_line import Parser, script, whole_number

_ROOT = Path(__file__).resolve().parents[1]
_PAUSE = 0.5  # seconds between two looks at the memory


@script
def main(argv=None) -> int:
    parser = Parser("Grade classes of invented teams, no two of which have the same text in a gap, and print seconds "
                    "and peak memory of all processes together, as a table.")
    parser.add_argument("--teams", type=whole_number(1, 1000), nargs="+", default=[10, 100], help="sizes")
    parser.add_argument("--jobs", type=whole_number(1, 1000), nargs="+", default=[1, 2], help="gaps tried at a time")
    parser.add_argument("--sheets", type=invented_class.sheets, default=None, metavar="N[-M]",
                        help="the sheets to grade; all by default")
    args = parser.parse_args(argv)
    print("| teams | jobs | seconds | seconds a team | peak memory |", "|---:|---:|---:|---:|---:|", sep="\n")
    for teams in args.teams:
        for jobs in args.jobs:
            seconds, memory = measured(teams, jobs, args.sheets)
            print(f"| {teams} | {jobs} | {seconds:.0f} | {seconds / teams:.2f} | {memory / 1e9:.2f} GB |", flush=True)
    return 0


def measured(teams: int, jobs: int, sheets: str | None) -> tuple[float, int]:
    """Seconds and bytes that grading takes, the start of the command included.

    Raises: UserError if the command fails.
    """
    with tempfile.TemporaryDirectory() as place:
        submissions, out, errors = Path(place) / "submissions", Path(place) / "grades", Path(place) / "errors"
        invented_class.make(_ROOT, submissions, teams, sheets=sheets)
        command = [sys.executable, "-m", "course", "grade", submissions, "--out", out, "--seed", "0", "--jobs",
                   str(jobs), *(["--sheets", sheets] if sheets else [])]
        began, peak = time.monotonic(), 0
        with errors.open("w") as file:
            process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=file)
            while process.poll() is None:
                peak = max(peak, usage(process.pid).memory)
                time.sleep(_PAUSE)
        if process.returncode:
            raise UserError((errors.read_text().strip().splitlines() or ["the grader has failed"])[-1])
        return time.monotonic() - began, peak


if __name__ == "__main__":
    sys.exit(main())
