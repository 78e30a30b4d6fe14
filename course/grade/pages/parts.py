"""The parts that pages in Markdown are made of. A block is some lines with an empty line around them."""

from collections.abc import Iterable, Sequence

from course.grade.deadlines import moment, written
from course.grade.escaping import code, markdown
from course.grade.results import Outcome
from course.grade.run import Run

__all__ = ["LONGEST", "MOST_NAMED", "Block", "basis", "items", "page", "section", "sentence", "table"]

MOST_NAMED, LONGEST = 20, 600
Block = Sequence[str]


def page(blocks: Iterable[Block]) -> str:
    """The text of a page; blocks without lines are left out."""
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def section(title: str, *blocks: Block) -> list[Block]:
    """Blocks below a heading; none if nothing stands in them."""
    return [[f"## {title}"], *blocks] if any(blocks) else []


def items(lines: Iterable[str]) -> Block:
    """A list of lines in Markdown."""
    return [f"- {line}" for line in lines]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Block:
    """A table of cells in Markdown."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def sentence(outcome: Outcome) -> str:
    """What an outcome says of a gap, in Markdown."""
    return markdown(outcome.sentence or outcome.state, LONGEST)


def basis(run: Run) -> list[Block]:
    """What the marks rest on."""
    held = f" ({', '.join(run.barriers)})" if run.barriers else ""
    seeds = ", ".join(map(str, run.seeds))
    return section("How this was graded", items([
        f"course: {code(run.version)}",
        f"random inputs: the seeds {seeds}; a gap is solved if it is on all of them",
        f"isolation: {run.isolation}{held}",
        f"limits: {run.limit:g} s for an answer, {run.budget:g} s for a submission",
        *([f"deadline: {written(moment(run.deadline))}"] if run.deadline else [])]))
