"""A gap and what is around it: the function, its arguments, what the code after the gap uses."""

import ast
import copy
from collections.abc import Callable, Iterable, Iterator, Mapping

from course.verify import mutants
from exercise.source.gaps import Gap

__all__ = ["Change", "Place", "expression", "name_of"]

Change = tuple[str, str, str]  # the changed line, what it becomes, and the whole text
_TENSORS = ("Tensor", "int | Tensor")
_MODELS = ("nn.Module", "Callable")


class Place:
    """Where a solution stands.

    Attributes:
        root: the syntax tree of the solution.
        tensors, models, integers: the names of the function's arguments of these kinds. A method of a module has `self`
            among its models.
        results: the names that the gap defines and the code after it uses.
        is_constructor: whether the gap makes the layers of a module.
        defaults: of each size: the values that it has by default, in all signatures of the course.
    """

    def __init__(self, gap: Gap, texts: Mapping[str, str]):
        self.root = mutants.tree_of(gap)
        function, of_module = _function(gap, texts[gap.path])
        arguments = [*function.args.args, *function.args.kwonlyargs] if function else []
        kinds = {argument.arg: ast.unparse(argument.annotation) for argument in arguments if argument.annotation}
        self.is_constructor = function is not None and function.name == "__init__"
        self.tensors = [name for name, kind in kinds.items() if kind in _TENSORS]
        self.models = ["self"] * of_module + [name for name, kind in kinds.items() if kind in _MODELS]
        self.integers = [name for name, kind in kinds.items() if kind == "int"]
        self.results = _results(gap, function, self.root)
        self.defaults = _defaults(texts.values())

    def at_the_start(self, *codes: str) -> Iterator[Change]:
        """Each of these statements put before the solution."""
        for code in codes:
            yield "at the start", code, f"{code}\n{ast.unparse(self.root)}"

    def at_the_end(self, *codes: str) -> Iterator[Change]:
        """Each of these statements put after the solution."""
        for code in codes:
            yield "at the end", code, f"{ast.unparse(self.root)}\n{code}"

    def of_each(self, form: str) -> Iterator[Change]:
        """A statement with {name} in it, before the solution for each tensor given, after it for each result."""
        yield from self.at_the_start(*(form.format(name=name) for name in self.tensors))
        yield from self.at_the_end(*(form.format(name=name) for name in self.results))

    def replaced(self, replacements: Callable[[ast.AST], Iterable[ast.AST]]) -> Iterator[Change]:
        """The solution with one node replaced by another that could stand there."""
        for _, before, after, text in mutants.changes(copy.deepcopy(self.root), [replacements]):
            yield before, after, text


def expression(form: str, **parts: ast.expr) -> ast.expr:
    """The syntax tree of an expression in which names stand for other trees."""
    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return parts.get(node.id, node)
    return Fill().visit(ast.parse(form, mode="eval").body)


def name_of(call: ast.AST) -> str:
    """The last part of the name of a function that is called, randn of torch.randn(3); "" if nothing is called."""
    function = call.func if isinstance(call, ast.Call) else None
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _function(gap: Gap, text: str) -> tuple[ast.FunctionDef | None, bool]:
    """The innermost function around a gap, and whether it is a method of a module."""
    tree, found, of_module = ast.parse(text), None, False
    modules = {"nn.Module"}
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        is_module = isinstance(node, ast.ClassDef) and not modules.isdisjoint(map(ast.unparse, node.bases))
        if is_module:
            modules.add(node.name)  # which a class further down may derive from
        if node.lineno < gap.start and gap.body_start <= node.end_lineno:  # comments end no function
            if isinstance(node, ast.FunctionDef):
                found = node
            else:
                of_module = is_module
    return found, of_module


def _results(gap: Gap, function: ast.FunctionDef | None, root: ast.Module) -> list[str]:
    stored = {node.id for node in ast.walk(root) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    used = [node.id for node in ast.walk(function or root) if isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Load) and node.lineno > gap.end]
    return [name for name in dict.fromkeys(used) if name in stored]


def _defaults(texts: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for function in (node for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)):
        values = function.args.defaults
        for argument, value in zip(function.args.args[len(function.args.args) - len(values):], values, strict=True):
            if isinstance(value, ast.Constant) and type(value.value) is int:
                found.setdefault(argument.arg, []).append(str(value.value))
    return found
