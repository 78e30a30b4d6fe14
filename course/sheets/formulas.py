"""Where formulas stand in a Markdown text.

They are written in the form that GitHub reads without fail: $`...`$ within a line, and blocks fenced by ```math. A
block may have a name, in a comment on the line before it, by which a test finds it:

    <!-- check: name -->
    ```math
    ...
    ```
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from exercise.problem import Problem

__all__ = ["Formula", "FormulaError", "formulas"]

_FENCE = re.compile(r" *(`{3,}|~{3,}) *(\S*)")
_NAME = re.compile(r" *<!-- check: (\w+) -->\s*")
_CODE = re.compile(r"(\$?)(?<!`)(`+)(?!`)(.+?)(?<!`)\2(?!`)(\$?)")
_FORBIDDEN = re.compile(r"\\(operatorname|newcommand|def|href|includegraphics|require)\b")  # GitHub refuses these


class FormulaError(Problem):
    """A formula that GitHub would not show as one; says in which line."""


@dataclass(frozen=True)
class Formula:
    """A formula as LaTeX, whether it is a block, the number of its first line, and its name, "" without one."""
    latex: str
    block: bool
    line: int
    name: str = ""


def formulas(text: str) -> list[Formula]:
    """All formulas of a Markdown text, in order.

    Raises: FormulaError where a formula has another form, has a command that GitHub refuses, or is never closed, and
        where a name does not stand straight before a block.
    """
    found = list(_formulas(text))
    for formula in found:
        if command := _FORBIDDEN.search(formula.latex):
            raise FormulaError(f"line {formula.line}: GitHub refuses {command[0]}")
    return found


def _formulas(text: str) -> Iterator[Formula]:
    fence, name = None, ""  # the fence that is open: its marks, what it holds, where it began, and its lines
    for number, line in enumerate(text.splitlines(), 1):
        if fence is not None:
            marks, holds, began, lines = fence
            if line.strip() == marks:
                if holds == "math":
                    yield Formula("\n".join(lines), True, began, name)
                fence, name = None, ""
            else:
                lines.append(line.strip())
        elif opening := _FENCE.match(line):
            fence = (opening[1], opening[2], number + 1, [])
            if name and opening[2] != "math":
                raise FormulaError(f"line {number}: the name {name} stands before a block that is no formula")
        elif name:
            raise FormulaError(f"line {number}: the name {name} does not stand straight before a block of ```math")
        elif named := _NAME.fullmatch(line):
            name = named[1]
        else:
            yield from _inline(line, number)
    if fence is not None:
        raise FormulaError(f"line {fence[2] - 1}: this block is never closed")


def _inline(line: str, number: int) -> Iterator[Formula]:
    for before, marks, latex, after in _CODE.findall(line):
        if before and after and marks == "`":
            yield Formula(latex, False, number)
        elif before or after:
            raise FormulaError(f"line {number}: write $`...`$ around {latex}")
    if "$" in _CODE.sub("", line).replace(r"\$", ""):
        raise FormulaError(f"line {number}: a dollar sign outside of code: a formula is written $`...`$, in one line")
