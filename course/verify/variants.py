"""What somebody could write into a gap in place of its solution.

A text stands at column 0; it is indented when it is laid into its gap.
"""

import ast
import textwrap
from dataclasses import dataclass

from exercise.problem import Problem
from exercise.source.gaps import Gap

__all__ = ["Variant", "VariantError", "laid", "parsed", "solution"]


class VariantError(Problem):
    """A variant that cannot be used; the message is one line that begins with its path."""


@dataclass(frozen=True)
class Variant:
    """One variant of one gap.

    Args:
        gap: the id of the gap.
        name: what it is called among the variants of its kind.
        about: what is wrong or different about it, in a sentence.
        body: the text of the gap.
        says: of a wrong answer: words that a failing test has to show.
        barrier: of a cheat: one of exercise.asking.confinement.BARRIERS, without which it gets its way; "" for none.
        ends: of a cheat: what it may come to, as course.verify.cheats says; none where that is anything but a point.
    """
    gap: str
    name: str
    about: str
    body: str
    says: str = ""
    barrier: str = ""
    ends: tuple[str, ...] = ()


def laid(text: str, gap: Gap) -> str:
    """A text at column 0 as the body of a gap."""
    return "\n" + textwrap.indent(text.rstrip(), gap.indent) + "\n"


def solution(gap: Gap) -> str:
    """The body of a gap as a text at column 0."""
    return textwrap.dedent(gap.body.replace("\r\n", "\n")).strip("\n")


def parsed(text: str, where: str) -> ast.Module:
    """The syntax tree of a text at column 0.

    Raises: VariantError, which begins with `where`, if the text does not compile.
    """
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise VariantError(f"{where}: its text does not compile: {error}") from None
