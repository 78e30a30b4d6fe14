"""The text of a gap, or of a file, read as Python: nothing in it is run."""

import ast
from collections.abc import Iterator

from exercise.source.gaps import Gap, lines_of

__all__ = ["code_at", "imported", "line_of", "names_imported", "statements"]


def statements(gap: Gap) -> list[ast.stmt]:
    """What stands in the body of a gap; nothing where that does not compile. For its lines, see `line_of`."""
    try:
        tree = ast.parse(f"if True:\n{gap.body}" if gap.indent else f"\n{gap.body}")
    except (SyntaxError, ValueError):
        return []
    return tree.body[0].body if gap.indent else tree.body


def line_of(gap: Gap, line: int) -> int:
    """The line in the gap's file of a line that its statements name."""
    return gap.body_start + line - 2


def code_at(text: str, line: int) -> str:
    """The code of a line of a file; "" where there is no such line."""
    lines = lines_of(text)
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""


def names_imported(text: str) -> set[str]:
    """The names that the imports of a file bind, wherever they stand; none where it does not compile."""
    try:
        return set(imported(ast.parse(text.removeprefix("\ufeff"))))
    except (SyntaxError, ValueError):
        return set()


def imported(tree: ast.AST) -> Iterator[str]:
    """The names that the imports of a tree bind, wherever they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0]
