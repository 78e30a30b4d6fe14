"""What the verification has found, for people: a line per gap on the terminal, and a report in Markdown."""

from collections.abc import Iterable

from course.verify.mutants import Equivalent
from course.verify.trials import ALTERNATIVE, CHEAT, EMPTY, EQUIVALENT, MUTANT, REFERENCE, TRANSFORMATION, WRONG, Record
from course.verify.variants import Variant

__all__ = ["misses", "report", "summary", "untried"]

_PARTS = (EMPTY, REFERENCE, WRONG, ALTERNATIVE, MUTANT, TRANSFORMATION, EQUIVALENT, CHEAT)
_BARRIERS = {"files": "hide the tests from the code it runs; Linux can, from version 5.13 on (Landlock)",
             "signals": "keep its signals from the judge; Linux can, from version 6.12 on (Landlock)"}
_SEEDS_SHOWN = 5
_SIGNS = {"solved": "·", "not started": "**empty**", "blocked": "blocked", "wrong": "WRONG",
          "no end": "no end"}


def summary(records: list[Record]) -> list[str]:
    """A table with a line per gap."""
    width = max(len(record.gap) for record in records)
    lines = [f"{'gap':{width}}  rejected   refused correct answers   flakes"]
    for record in records:
        rejected, refused, flakes = (_fraction(*_count(record, *parts), failed) for failed, *parts in (
            (False, WRONG, MUTANT, TRANSFORMATION, CHEAT), (True, ALTERNATIVE), (True, REFERENCE)))
        lines.append(f"{record.gap:{width}}  {rejected:>8}   {refused:>23}   {flakes:>6}")
    return lines


def misses(records: Iterable[Record]) -> list[str]:
    """A line for each thing that is not as it should be, with an example and some of the seeds that show it again."""
    return [f"{record.gap}: {sentence}" + f": {example}" * bool(example) + _seeds(seeds)
            for record in records for sentence, (example, seeds) in record.misses.items()]


def untried(cheats: Iterable[Variant]) -> list[str]:
    """A line on the cheats that this system cannot stop; none if there are none."""
    by_barrier: dict[str, list[str]] = {}
    for cheat in cheats:
        by_barrier.setdefault(cheat.barrier, []).append(cheat.name)
    return [f"Not tried: {', '.join(names)}. This system cannot {_BARRIERS[barrier]}."
            for barrier, names in by_barrier.items()]


def report(records: list[Record], trouble: list[str], equivalents: list[Equivalent]) -> str:
    """All of it in Markdown, with what each test reads while each gap is empty.

    Args:
        trouble: the lines of `misses`, and others like them.
    """
    counts = [[record.gap, *(_fraction(*_count(record, part)) for part in _PARTS)] for record in records]
    listed = [[entry.gap, f"`{entry.before}`", f"`{entry.after}`", entry.why] for entry in equivalents]
    tests = dict.fromkeys(test for record in records for test in record.matrix)
    matrix = [[test, *(_SIGNS[record.matrix[test]] for record in records)] for test in tests]
    return "\n".join([
        "# What the tests were put to", "", "Came out as they should / tried:", "",
        *_table(["gap", *_PARTS], counts), "",
        "## Not as it should be", "", *([f"- {line}" for line in trouble] or ["Nothing."]), "",
        "## Equivalent changes", "", *_table(["gap", "before", "after", "why no test can tell"], listed), "",
        "## Each gap emptied alone", "", *_table(["test", *(record.gap for record in records)], matrix), ""])


def _seeds(seeds: list[int]) -> str:
    shown = ", ".join(map(str, seeds[:_SEEDS_SHOWN])) + ", …" * (len(seeds) > _SEEDS_SHOWN)
    return f"  (--seed {shown})" if seeds else ""


def _count(record: Record, *parts: str) -> tuple[int, int]:
    """How many came out otherwise than they should, and how many were tried."""
    return sum(len(record.failed[part]) for part in parts), sum(len(record.tried[part]) for part in parts)


def _fraction(failed: int, tried: int, of_failed: bool = False) -> str:
    return f"{failed if of_failed else tried - failed} / {tried}"


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    rows = [[cell.replace("|", "\\|") for cell in row] for row in (head, ["---"] * len(head), *rows)]
    return [f"| {' | '.join(row)} |" for row in rows]
