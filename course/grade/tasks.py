"""Tasks in tables and on pages: the names of their columns, and what they are worth together."""

from collections.abc import Sequence
from fractions import Fraction

from exercise.source.table import Task, points_text

__all__ = ["bonus", "title", "worth"]


def title(task: Task) -> str:
    """The name of its column, such as "2.3 Drawing (2)"."""
    return f"{task.numbers} {task.title} ({points_text(task.points)})"


def worth(tasks: Sequence[Task]) -> Fraction:
    """The points of all tasks that are no bonus."""
    return sum((task.points for task in tasks if task.kind != "bonus"), Fraction())


def bonus(tasks: Sequence[Task]) -> Fraction:
    """The points of those that are one."""
    return sum((task.points for task in tasks if task.kind == "bonus"), Fraction())
