"""Sizes: an axis of one element that vanishes, a size written as the number that it usually is."""

import ast
from collections.abc import Iterator

from course.verify.operators.place import Change, Place, name_of

__all__ = ["OPERATORS"]

_USUAL = {"image_shape": ["(1, 28, 28)"], "num_pixels": ["784"], "grid_size": ["20"], "diffusion_steps": ["100"],
          "num_channels": ["3"], "n": ["1", "64"], "m": ["32", "64"], "T": ["1000"]}  # by default, and in no signature
_ROWS = ["1", "64", "128"]


def squeeze(place: Place) -> Iterator[Change]:
    """Axes of size one are dropped: all of them, or the first or the second if it is one."""
    for axis in ("", "0", "1"):
        yield from place.of_each(f"{{name}} = {{name}}.squeeze({axis})")


def squeeze_within(place: Place) -> Iterator[Change]:
    """Axes of size one are dropped from what is computed on the way."""
    def squeezed(node: ast.AST) -> Iterator[ast.AST]:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call | ast.BinOp):
            yield ast.Assign(node.targets, ast.Call(ast.Attribute(node.value, "squeeze", ast.Load()), [], []))
    yield from place.replaced(squeezed)


def keep_only_the_first(place: Place) -> Iterator[Change]:
    """One channel, two latent dimensions, one image: what the default has, and no more."""
    for part in (":1", ":, :1", ":, :2"):
        yield from place.of_each(f"{{name}} = {{name}}[{part}]")


def exchange_the_last_two_axes(place: Place) -> Iterator[Change]:
    """Height and width are the same by default."""
    yield from place.of_each("{name} = {name}.transpose(-1, -2)")


def write_a_size_as_a_number(place: Place) -> Iterator[Change]:
    """latent_size -> 2, len(x) -> 64, x.shape[1] -> 1."""
    def numbers(node: ast.AST) -> Iterator[ast.AST]:
        yield from (ast.parse(text, mode="eval").body for text in _values(node, place))
    yield from place.replaced(numbers)


OPERATORS = (squeeze, squeeze_within, keep_only_the_first, exchange_the_last_two_axes, write_a_size_as_a_number)


def _values(node: ast.AST, place: Place) -> list[str]:
    """The numbers that usually are the value of a size."""
    if name_of(node) == "len" or _is_of_shape(node):
        return _ROWS
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    if isinstance(getattr(node, "ctx", None), ast.Store):
        return []
    return list(dict.fromkeys(place.defaults.get(name, []) + _USUAL.get(name, [])))


def _is_of_shape(node: ast.AST) -> bool:
    """x.shape[1] or x.size(1)."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    return name_of(node) == "size" and bool(node.args)
