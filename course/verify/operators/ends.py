"""Wrong only at an end: the first or the last row, pixel or time step, probabilities of exactly 0 and 1."""

import ast
from collections.abc import Iterator

from course.verify.operators.place import Change, Place, expression, name_of

__all__ = ["OPERATORS"]


def leave_out_an_end(place: Place) -> Iterator[Change]:
    """The first or the last row, or the last column, is zero."""
    for part in ("0", "-1", "..., 0", "..., -1"):
        yield from place.of_each(f"{{name}} = {{name}}.clone(); {{name}}[{part}] = 0")


def clamp_values(place: Place) -> Iterator[Change]:
    """Values that are rare are cut off: a probability near 0 or 1, a parameter beyond three."""
    for limits in ("-3, 3", "0.01, 0.99"):
        yield from place.of_each(f"{{name}} = {{name}}.clamp({limits})")


def clamp_probabilities(place: Place) -> Iterator[Change]:
    """A sigmoid that never comes near 0 and 1, a cross-entropy of probabilities that never do."""
    def clamped(node: ast.AST) -> Iterator[ast.AST]:
        form = "probability.clamp(1e-2, 1 - 1e-2)"
        if name_of(node) == "sigmoid":
            yield expression(form, probability=node)
        if name_of(node) == "binary_cross_entropy":
            yield ast.Call(node.func, [expression(form, probability=node.args[0]), *node.args[1:]], node.keywords)
    yield from place.replaced(clamped)


def write_the_cross_entropy_by_hand(place: Place) -> Iterator[Change]:
    """0 times ln 0 is NaN, where a probability is exactly 0 or 1."""
    def by_hand(node: ast.AST) -> Iterator[ast.AST]:
        if name_of(node) == "binary_cross_entropy":
            how = next((keyword.value.value for keyword in node.keywords if keyword.arg == "reduction"), "mean")
            yield expression(f"(lambda p, x: -(x * p.log() + (1 - x) * (1 - p).log()).{how}())(first, second)",
                             first=node.args[0], second=node.args[1])
    yield from place.replaced(by_hand)


def clamp_the_time_step(place: Place) -> Iterator[Change]:
    """The first or the last step is taken for its neighbour."""
    if "t" in place.integers + place.tensors:
        most = "len(baralphas) - 2"
        if "t" in place.integers:
            yield from place.at_the_start("t = max(t, 1)", f"t = min(t, {most})")
        else:
            yield from place.at_the_start("t = torch.as_tensor(t).clamp(min=1)",
                                          f"t = torch.as_tensor(t).clamp(max={most})")


OPERATORS = (leave_out_an_end, clamp_values, clamp_probabilities, write_the_cross_entropy_by_hand, clamp_the_time_step)
