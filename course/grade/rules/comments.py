"""A long gap has a comment, beyond those that were handed out."""

import ast
import io
import tokenize

from course.grade import syntax
from course.grade.rules.facts import Facts
from course.grade.rules.rule import KEPT, LOOK, UNKNOWN, RuleResult
from exercise.source.gaps import Gap

__all__ = ["check"]

_FEW = 10  # statements; no solution of the course has as many


def check(facts: Facts) -> RuleResult:
    """Whether code explains itself is a person's to judge."""
    if not facts.written:
        return RuleResult("comments", UNKNOWN, "no gap has been started")
    silent = [gap for gap in facts.written.values()
              if _length(gap) > _FEW and not _is_explained(gap, facts.pristine.gaps[gap.id].instruction)]
    if not silent:
        return RuleResult("comments", KEPT, f"each gap of more than {_FEW} statements has a comment")
    gaps = "a gap" if len(silent) == 1 else f"{len(silent)} gaps"
    return RuleResult("comments", LOOK, f"{gaps} of more than {_FEW} statements without a comment", tuple(
        f"{gap.path}, line {gap.start}: {gap.id}, {_length(gap)} statements" for gap in silent))


def _length(gap: Gap) -> int:
    return sum(isinstance(node, ast.stmt) for part in syntax.statements(gap) for node in ast.walk(part))


def _is_explained(gap: Gap, instruction: str) -> bool:
    """Whether there is a comment, or a docstring, that is no part of the instruction."""
    handed_out = {line.strip() for line in instruction.splitlines()}
    said = [*gap.instruction.splitlines(), *_comments(gap)]
    return any(line.strip() not in handed_out for line in said) or any(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for part in syntax.statements(gap) for node in ast.walk(part))


def _comments(gap: Gap) -> list[str]:
    text = f"if True:\n{gap.body}" if gap.indent else gap.body
    return [token.string.lstrip("# ") for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type == tokenize.COMMENT]
