"""Mutants: the solution of a gap with one small slip in it, made on its syntax tree.

Eight operators, each a function from a node to the nodes that could stand in its place. A mutant is known by the
line that it changes, `before` -> `after`, both as Python writes a syntax tree (for a block, its first line).

Those that compute the same as the solution are listed among the answers to their gap, each with the reason. So are
the transformations of course/verify/operators/, which have the same form.
"""

import ast
import copy
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from course.verify.variants import laid
from exercise.source.gaps import Gap

__all__ = ["Equivalent", "Mutant", "changes", "mutants", "tree_of"]

_ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
               ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.MatMult: ast.Mult}
_SUM_AND_MEAN = {"sum": "mean", "mean": "sum"}
_HOLDS_FUNCTIONS = {"torch", "F", "nn", "np", "math"}  # what a dot leads from to a function, not to a method
_WITHOUT_GRADIENTS = {"no_grad", "inference_mode", "set_grad_enabled"}
_Operator = Callable[[ast.AST], Iterable[ast.AST]]


@dataclass(frozen=True)
class Mutant:
    """A gap's solution with one change.

    Args:
        operator: what kind of change: "flip a sign".
        before, after: the changed line.
        body: the text of the gap with the change in it.
    """
    operator: str
    before: str
    after: str
    body: str


@dataclass(frozen=True)
class Equivalent:
    """A change of a gap that no test can tell from the solution, and why."""
    gap: str
    before: str
    after: str
    why: str

    def is_of(self, mutant: Mutant) -> bool:
        """Whether this is the entry of a change of the same gap."""
        return (self.before, self.after) == (mutant.before, mutant.after)


def mutants(gap: Gap) -> list[Mutant]:
    """All mutants of the text in a gap, each once.

    Raises: SyntaxError if the text does not compile.
    """
    root = tree_of(gap)
    found, seen = [], {ast.unparse(root)}
    for operator, before, after, text in changes(root, OPERATORS):
        if text not in seen:
            seen.add(text)
            found.append(Mutant(operator, before, after, laid(text, gap)))
    return found


def tree_of(gap: Gap) -> ast.Module:
    """The syntax tree of the text in a gap.

    Raises: SyntaxError if the text does not compile.
    """
    tree = ast.parse(f"if True:\n{gap.body}" if gap.indent else gap.body)
    return ast.Module(tree.body[0].body if gap.indent else tree.body, [])


def changes(root: ast.Module, operators: Iterable[_Operator]) -> Iterator[tuple[str, str, str, str]]:
    """(operator, before, after, whole text) of each change of one node; the tree is the same again afterwards."""
    for holder, place, statement in list(_places(root, None)):
        node = holder[place]
        before = _line(statement)
        for operator in operators:
            for replacement in operator(node):
                holder[place] = replacement
                after = _line(replacement if node is statement else statement)
                yield operator.__name__.replace("_", " "), before, after, ast.unparse(ast.fix_missing_locations(root))
        holder[place] = node


def _places(node: ast.AST, statement: ast.stmt | None) -> Iterator[tuple[list | dict, int | str, ast.stmt]]:
    """Where the nodes below a node hang, as (list or dict, index or key), and the innermost statement around each."""
    for field, value in ast.iter_fields(node):
        holder, keys = (value, range(len(value))) if isinstance(value, list) else (vars(node), [field])
        for key in keys:
            child = holder[key]
            if isinstance(child, ast.AST):
                around = child if isinstance(child, ast.stmt) else statement
                yield holder, key, around
                yield from _places(child, around)


def _line(statement: ast.stmt) -> str:
    text = ast.unparse(ast.fix_missing_locations(statement))
    return text.split("\n")[0] if hasattr(statement, "body") else text


def swap_an_arithmetic_operator(node: ast.AST) -> Iterator[ast.AST]:
    """a + b -> a - b, a * b -> a / b, a ** b -> a * b, …"""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _ARITHMETIC:
        yield _but(node, op=_ARITHMETIC[type(node.op)]())


def flip_a_sign(node: ast.AST) -> Iterator[ast.AST]:
    """-a -> a, 0.5 -> -0.5, x = a -> x = -a."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    if isinstance(node, ast.Constant) and type(node.value) is float:
        yield _negative(node)
    if (isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp | ast.Call)
            and not isinstance(node.targets[0], ast.Tuple)):
        yield _but(node, value=_negative(node.value))


def drop_a_call(node: ast.AST) -> Iterator[ast.AST]:
    """torch.exp(a) -> a, a.exp() -> a, self.layer(a) -> a, a.flatten(1) -> a."""
    if not isinstance(node, ast.Call):
        return
    if not _is_method(node.func):
        if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
            yield node.args[0]
    else:
        yield node.func.value


def swap_sum_and_mean(node: ast.AST) -> Iterator[ast.AST]:
    """a.sum() -> a.mean(), reduction="mean" -> reduction="sum"."""
    if isinstance(node, ast.Attribute) and node.attr in _SUM_AND_MEAN:
        yield _but(node, attr=_SUM_AND_MEAN[node.attr])
    if isinstance(node, ast.Constant) and node.value in _SUM_AND_MEAN:
        yield ast.Constant(_SUM_AND_MEAN[node.value])


def drop_a_statement(node: ast.AST) -> Iterator[ast.AST]:
    """x = a -> pass."""
    if isinstance(node, ast.stmt):
        yield ast.Pass()


def swap_two_arguments(node: ast.AST) -> Iterator[ast.AST]:
    """f(a, b) -> f(b, a), f(low=a, high=b) -> f(low=b, high=a)."""
    if not isinstance(node, ast.Call):
        return
    for i, j in itertools.combinations(range(len(node.args)), 2):
        args = list(node.args)
        args[i], args[j] = args[j], args[i]
        yield _but(node, args=args)
    for i, j in itertools.combinations(range(len(node.keywords)), 2):
        values = [keyword.value for keyword in node.keywords]
        values[i], values[j] = values[j], values[i]
        yield _but(node, keywords=[_but(*pair) for pair in zip(node.keywords, values, strict=True)])


def change_an_integer_by_one(node: ast.AST) -> Iterator[ast.AST]:
    """1 -> 2, 1 -> 0: sizes, axes, exponents."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def record_gradients(node: ast.AST) -> Iterator[ast.AST]:
    """a.detach() -> a, with torch.no_grad(): … -> if True: …"""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "detach":
        yield node.func.value
    if isinstance(node, ast.With):
        kept = [item for item in node.items if not _stops_gradients(item.context_expr)]
        if not kept:
            yield ast.If(ast.Constant(True), node.body, [])
        elif len(kept) < len(node.items):
            yield _but(node, items=kept)


OPERATORS = (swap_an_arithmetic_operator, flip_a_sign, drop_a_call, swap_sum_and_mean, drop_a_statement,
             swap_two_arguments, change_an_integer_by_one, record_gradients)


def _but(node: ast.AST, value: ast.expr | None = None, **fields: object) -> ast.AST:
    """A copy of a node with other fields."""
    other = copy.copy(node)
    vars(other).update(fields if value is None else {"value": value} | fields)
    return other


def _negative(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.USub(), node)


def _is_method(function: ast.expr) -> bool:
    """Whether a call's function hangs on a value, x.exp, and not on a module or self: torch.exp, self.encode_mu."""
    if not isinstance(function, ast.Attribute):
        return False
    root = function.value
    if isinstance(root, ast.Name) and root.id == "self":
        return False
    while isinstance(root, ast.Attribute):
        root = root.value
    return not (isinstance(root, ast.Name) and root.id in _HOLDS_FUNCTIONS)


def _stops_gradients(context: ast.expr) -> bool:
    return isinstance(context, ast.Call) and isinstance(context.func, ast.Attribute) \
        and context.func.attr in _WITHOUT_GRADIENTS
