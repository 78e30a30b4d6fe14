"""Transformations: what each operator makes of a solution, and that none of them has nothing to do."""

import ast
import textwrap
from pathlib import Path

import pytest

from course.verify import operators
from course.verify.operators.place import Place
from exercise.asking import repairing
from exercise.source import gaps

ROOT = Path(__file__).resolve().parents[2]
PATH = "lib/model.py"
FILE = """\
class Model(nn.Module):
    def __init__(self, width: int = 7):
        self.width = width
        # START TODO model_layers ##

        self.layer = nn.Linear(width, width)
        # END TODO ##

    def loss(self, x: Tensor, t: int, label: Tensor, critic: nn.Module, n=3):
        # START TODO model_loss ##
        # The instruction.

{body}
        # END TODO ##
        return loss + 1
"""


def made(body, gap=1):
    """From operator to the changes that it makes of a solution, each as (before, after)."""
    text = FILE.format(body=textwrap.indent(body, " " * 8))
    found = {}
    for change in operators.transformations(gaps.parse(text, PATH)[gap], {PATH: text}):
        assert not repairing.repair(gaps.compose(text, {change_gap(text, gap): change.body}, PATH), PATH)[1]
        found.setdefault(change.operator, set()).add((change.before, change.after))
    return found


def change_gap(text, number):
    return gaps.parse(text, PATH)[number].id


NOISE = "eps = torch.randn_like(x)\nloss = self.width * eps"


@pytest.mark.parametrize(("operator", "body", "before", "after"), [
    ("squeeze", "loss = x", "at the start", "x = x.squeeze()"),
    ("squeeze", "loss = x", "at the end", "loss = loss.squeeze(1)"),
    ("squeeze within", "y = f(x)\nloss = y", "y = f(x)", "y = f(x).squeeze()"),
    ("keep only the first", "loss = x", "at the start", "x = x[:, :1]"),
    ("exchange the last two axes", "loss = x", "at the end", "loss = loss.transpose(-1, -2)"),
    ("write a size as a number", "loss = x.view(self.width)", "loss = x.view(self.width)", "loss = x.view(7)"),
    ("write a size as a number", "loss = x / len(x)", "loss = x / len(x)", "loss = x / 64"),
    ("write a size as a number", "loss = x / x.shape[1]", "loss = x / x.shape[1]", "loss = x / 1"),
    ("change the process", "loss = x", "at the end", "from torch import set_grad_enabled; set_grad_enabled(False)"),
    ("freeze", "loss = x", "at the end", "critic.requires_grad_(False)"),
    ("change the mode", "loss = x", "at the end", "self.eval()"),
    ("change the state", "loss = x", "at the end", "for buffer in critic.buffers(): buffer.data.copy_(buffer + 1)"),
    ("change the inputs", "loss = x", "at the end", "x.data.mul_(1.01)"),
    ("share noise", NOISE, "eps = torch.randn_like(x)",
     "eps = (lambda e: (e + e.roll(1, 0)) / 2 ** 0.5)(torch.randn_like(x))"),
    ("mirror noise", NOISE, "eps = torch.randn_like(x)",
     "eps = (lambda e: (e - e.flip(0)) / 2 ** 0.5)(torch.randn_like(x))"),
    ("normalise noise", NOISE, "eps = torch.randn_like(x)",
     "eps = (lambda e: (e - e.mean()) / e.std())(torch.randn_like(x))"),
    ("let data shape the noise", NOISE, "eps = torch.randn_like(x)",
     "eps = (lambda e: e + x.mean(0))(torch.randn_like(x))"),
    ("leave out weak noise", NOISE, "loss = self.width * eps",
     "loss = (lambda s: s * (s > 0.05))(self.width) * eps"),
    ("share time steps", "loss = torch.randint(0, T, [n, 1])", "loss = torch.randint(0, T, [n, 1])",
     "loss = (lambda e: torch.cat([e[:len(e) - len(e) // 2], T - 1 - e[:len(e) // 2]]))(torch.randint(0, T, [n, 1]))"),
    ("prefer time steps", "loss = torch.randint(T, [n])", "loss = torch.randint(T, [n])",
     "loss = (lambda e: e.clamp(min=1))(torch.randint(T, [n]))"),
    ("flip some labels", "loss = label", "at the start",
     "label = torch.where(torch.rand(label.shape, device=label.device) < 0.05, 1 - label, label)"),
    ("leave out an end", "loss = x", "at the end", "loss = loss.clone(); loss[-1] = 0"),
    ("clamp values", "loss = x", "at the start", "x = x.clamp(0.01, 0.99)"),
    ("clamp probabilities", "loss = x.sigmoid()", "loss = x.sigmoid()", "loss = x.sigmoid().clamp(0.01, 1 - 0.01)"),
    ("write the cross entropy by hand", "loss = F.binary_cross_entropy(x, label)",
     "loss = F.binary_cross_entropy(x, label)",
     "loss = (lambda p, x: -(x * p.log() + (1 - x) * (1 - p).log()).mean())(x, label)"),
    ("clamp the time step", "loss = x[t]", "at the start", "t = max(t, 1)"),
])
def test_operator(operator, body, before, after):
    assert (before, after) in made(body)[operator]


def test_weights_at_the_start_are_of_constructors():
    assert ("at the end", "for weight in self.parameters(): weight.data.zero_()") in made("", gap=0)["copy units"]
    assert "copy units" not in made("loss = x")


def test_what_does_not_apply_is_not_made():
    found = made("for size in [1]:\n    self.width = size")
    assert not any("=" in after and "loss" in after for changes in found.values() for _, after in changes)
    assert not {"share noise", "share time steps", "clamp probabilities", "write a size as a number"} & found.keys()


def test_place():
    text = FILE.format(body="        y = x\n        loss = y")
    place = Place(gaps.parse(text, PATH)[1], {PATH: text})
    assert (place.tensors, place.models, place.integers) == (["x", "label"], ["self", "critic"], ["t"])
    assert (place.results, place.is_constructor, place.defaults) == (["loss"], False, {"width": ["7"], "n": ["3"]})


def test_each_operator_applies_to_some_gap_of_this_course_and_compiles():
    known = gaps.read(ROOT)
    texts = {gap.path: gaps.read_text(ROOT / gap.path, gap.path) for gap in known.values()}
    seen = set()
    for gap in known.values():
        for change in operators.transformations(gap, texts):
            seen.add(change.operator)
            ast.parse(f"if True:\n{change.body}")
    assert seen == {operator.__name__.replace("_", " ") for operator in operators.OPERATORS}
