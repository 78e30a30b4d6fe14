"""No loop runs over a batch, pixels or another axis of a tensor where the solution needs none.

A loop is known by what it runs over: a tensor, or the numbers up to the length of one. Loops over layers, names, steps
and the batches of a loader are none of these, nor are those over the sizes of a tensor, or parts that split() makes.
Where the solution has a loop itself, nothing is looked at.
"""

import ast
from collections.abc import Iterator

from course.grade import syntax
from course.grade.rules.facts import Facts
from course.grade.rules.rule import KEPT, LOOK, UNKNOWN, RuleResult
from exercise.source.gaps import Gap

__all__ = ["check"]

_LOOPS = (ast.For, ast.While, ast.comprehension)
_PASSED_ON = {"enumerate", "zip", "reversed", "list", "tuple", "iter", "sorted", "map", "filter"}
_SIZES, _PARTS = {"shape", "size"}, {"split", "chunk"}
_LIBRARIES = {"torch", "np"}  # what their functions return is a tensor


def check(facts: Facts) -> RuleResult:
    """Whether a loop could have been a single operation is a person's to judge."""
    if not facts.written:
        return RuleResult("loops", UNKNOWN, "no gap has been started")
    places = [place for gap in facts.written.values() for place in _places(gap, facts)]
    if not places:
        return RuleResult("loops", KEPT, "no loop runs over a tensor where the solution has none")
    loops = "a loop runs" if len(places) == 1 else f"{len(places)} loops run"
    return RuleResult("loops", LOOK, f"{loops} over a tensor where the solution has none", tuple(places))


def _places(gap: Gap, facts: Facts) -> Iterator[str]:
    solution = facts.pristine.gaps[gap.id]
    if any(isinstance(node, _LOOPS) for part in syntax.statements(solution) for node in ast.walk(part)):
        return
    text = facts.handed_in.submission.texts[gap.path]
    names = _Names(_parameters(solution, facts.pristine.texts[gap.path]))
    for line in sorted(set(names.loops(syntax.statements(gap)))):
        line = syntax.line_of(gap, line)
        yield f"{gap.path}, line {line}: {syntax.code_at(text, line)}"


def _parameters(gap: Gap, text: str) -> set[str]:
    """The parameters of the function around a gap that are tensors, as the pristine file annotates them."""
    around = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)
              and node.lineno <= gap.start <= node.end_lineno]
    return {argument.arg for function in around for argument in (*function.args.args, *function.args.kwonlyargs)
            if argument.annotation and "Tensor" in ast.unparse(argument.annotation)}


class _Names:
    """The names of a body that hold tensors, or numbers that are sizes of one.

    Args: tensors, those that hold tensors when it begins.
    """

    def __init__(self, tensors: set[str]):
        self._tensors, self._sizes = set(tensors), set()

    def loops(self, body: list[ast.stmt]) -> Iterator[int]:
        """The lines of loops over tensors, as the statements name them."""
        nodes = [node for part in body for node in ast.walk(part)]
        assignments = [pair for node in nodes for pair in _assignments(node)]
        while any([self._note(target, value) for target, value in assignments]):
            pass
        for node in nodes:
            if isinstance(node, ast.For | ast.comprehension) and self._is_over(node.iter):
                yield node.iter.lineno
            elif isinstance(node, ast.While) and any(map(self._is_size, _but_axes(node.test))):
                yield node.lineno

    def _note(self, target: ast.expr, value: ast.expr) -> bool:
        """Note what an assignment makes of its names; whether that is new."""
        names = {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
        if any(map(self._is_size, _chain(value))):
            known = self._sizes
        elif any(map(self._is_tensor, ast.walk(value))):
            known = self._tensors
        else:
            return False
        is_new = not names <= known
        known |= names
        return is_new

    def _is_tensor(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            return isinstance(node.func.value, ast.Name) and node.func.value.id in _LIBRARIES
        return isinstance(node, ast.Name) and node.id in self._tensors

    def _is_size(self, node: ast.AST) -> bool:
        """Whether this is x.shape, x.size, len(x) or a name for one of them."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len":
            return not _counts_axes(node) and any(self._is_tensor(part) for argument in node.args
                                                  for part in ast.walk(argument))
        if isinstance(node, ast.Attribute) and node.attr in _SIZES:
            return any(map(self._is_tensor, ast.walk(node.value)))
        return isinstance(node, ast.Name) and node.id in self._sizes

    def _is_over(self, iterable: ast.expr) -> bool:
        """Whether a loop over this runs over the elements of a tensor."""
        function = iterable.func if isinstance(iterable, ast.Call) else None
        if isinstance(function, ast.Name) and function.id == "range":
            is_whole = len(iterable.args) < 3  # with a step, it goes over parts
            return is_whole and any(map(self._is_size, _but_axes(iterable)))
        if isinstance(function, ast.Name) and function.id in _PASSED_ON:
            return any(map(self._is_over, iterable.args))
        if isinstance(function, ast.Attribute) and function.attr in _PARTS or any(map(self._is_size, _chain(iterable))):
            return False
        is_literal = isinstance(iterable, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.ListComp | ast.GeneratorExp)
        return not is_literal and any(map(self._is_tensor, ast.walk(iterable)))


def _assignments(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    """The targets and values of an assignment, or of what a loop goes through."""
    if isinstance(node, ast.Assign):
        return [(target, node.value) for target in node.targets]
    if isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value:
        return [(node.target, node.value)]
    return [(node.target, node.iter)] if isinstance(node, ast.For | ast.comprehension) else []


def _counts_axes(node: ast.AST) -> bool:
    """Whether this is len(x.shape) or len(x.size())."""
    return (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"
            and len(node.args) == 1 and ast.unparse(node.args[0]).endswith((".shape", ".size()")))


def _but_axes(node: ast.AST) -> Iterator[ast.AST]:
    """All parts of an expression but those of len(x.shape)."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if not _counts_axes(part):
            yield part
            waiting += ast.iter_child_nodes(part)


def _chain(node: ast.AST) -> Iterator[ast.AST]:
    """An expression, and what it takes a part of: x.shape[0] is a part of x.shape."""
    while True:
        yield node
        if isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func
        else:
            return
