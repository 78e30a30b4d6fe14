"""Chance: noise and time steps that are not independent, or not of the stated distribution."""

import ast
from collections.abc import Iterator

from course.verify.operators.place import Change, Place, expression, name_of

__all__ = ["OPERATORS"]

_NORMAL, _STEPS = ("randn", "randn_like"), ("randint",)
_SCALED_BY_ROW = "1 - torch.arange(len(e)) % 2 * 2"


def share_noise(place: Place) -> Iterator[Change]:
    """Rows, features or neighbours have some of their noise in common."""
    yield from _drawn(place, _NORMAL, "(e + e.roll(1, 0)) / 2 ** 0.5", "(e + e.roll(2, 0)) / 2 ** 0.5",
                      "(e + e.roll(1, 1)) / 2 ** 0.5", "e[:1].expand_as(e)", "e[:, :1].expand_as(e)",
                      "e[torch.arange(len(e)) // 2]", "e.sort(0).values")


def mirror_noise(place: Place) -> Iterator[Change]:
    """Each noise vector comes twice, the second time with the other sign."""
    yield from _drawn(place, _NORMAL, "torch.cat([e[:len(e) - len(e) // 2], -e[:len(e) // 2]])",
                      f"(e[torch.arange(len(e)) // 2 * 2].transpose(0, -1) * ({_SCALED_BY_ROW})).transpose(0, -1)",
                      "(e - e.flip(0)) / 2 ** 0.5")


def normalise_noise(place: Place) -> Iterator[Change]:
    """The sample itself is given mean 0 and deviation 1: as a whole, by feature, by row; or it is cut off."""
    yield from _drawn(place, _NORMAL, "(e - e.mean()) / e.std()", "(e - e.mean(0)) / e.std(0)", "e - e.mean(0)",
                      "(e - e.mean(1, keepdim=True)) / e.std(1, keepdim=True)", "e.clamp(-3, 3)", "e.clamp(-2, 2)")


def let_data_shape_the_noise(place: Place) -> Iterator[Change]:
    """The noise has the mean or the deviation of what is noised."""
    for data in place.tensors:
        yield from _drawn(place, _NORMAL, f"e * {data}.std()", f"e * {data}.std(0)", f"e + {data}.mean()",
                          f"e + {data}.mean(0)", f"e * (1 + {data}.abs() / 10)")


def leave_out_weak_noise(place: Place) -> Iterator[Change]:
    """Where its factor is small there is no noise."""
    named = [target.id for node in ast.walk(place.root) if isinstance(node, ast.Assign) and _draws(node.value, _NORMAL)
             for target in node.targets if isinstance(target, ast.Name)]

    def without(node: ast.AST) -> Iterator[ast.AST]:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and (
                _draws(node.right, _NORMAL) or getattr(node.right, "id", None) in named):
            for least in ("0.2", "0.05"):
                factor = expression(f"(lambda s: s * (s > {least}))(factor)", factor=node.left)
                yield ast.BinOp(factor, ast.Mult(), node.right)
    yield from place.replaced(without)


def share_time_steps(place: Place) -> Iterator[Change]:
    """Steps that are not drawn for each point by itself."""
    yield from _drawn(place, _STEPS, "torch.randperm(most).repeat(len(e) // most + 1)[:len(e)].view_as(e)",
                      "torch.cat([e[:len(e) - len(e) // 2], most - 1 - e[:len(e) // 2]])", "e[:1].expand_as(e)",
                      "e[torch.arange(len(e)) // 2]", "torch.where(torch.rand(len(e), 1) < 0.5, e, e.roll(1, 0))",
                      "e.sort(0).values")


def prefer_time_steps(place: Place) -> Iterator[Change]:
    """Steps that are not drawn uniformly, or some of them never."""
    yield from _drawn(place, _STEPS, "e.clamp(min=1)", "e.clamp(max=most - 2)", "e * e // most", "e // 2 * 2",
                      "e % (most - 1)", "(e + torch.randint_like(e, most)) // 2")


def flip_some_labels(place: Place) -> Iterator[Change]:
    """Five labels of a hundred are exchanged, by chance."""
    labels = [name for name in place.tensors if name.startswith("label")]
    yield from place.at_the_start(*(f"{name} = torch.where(torch.rand({name}.shape, device={name}.device) < 0.05, "
                                    f"1 - {name}, {name})" for name in labels))


OPERATORS = (share_noise, mirror_noise, normalise_noise, let_data_shape_the_noise, leave_out_weak_noise,
             share_time_steps, prefer_time_steps, flip_some_labels)


def _draws(node: ast.AST, functions: tuple[str, ...]) -> bool:
    return name_of(node) in functions


def _drawn(place: Place, functions: tuple[str, ...], *forms: str) -> Iterator[Change]:
    """What is drawn, e in a form, replaced by what the form says; `most` is the upper end of whole numbers."""
    def formed(node: ast.AST) -> Iterator[ast.AST]:
        if _draws(node, functions):
            for form in forms:
                most = node.args[min(1, len(node.args) - 1)] if node.args else ast.Constant(1)
                yield expression(f"(lambda e: {form})(drawn)", drawn=node, most=most)
    yield from place.replaced(formed)
