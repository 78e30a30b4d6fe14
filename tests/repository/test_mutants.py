"""Mutants: which slips are made in a solution, and how they are told."""

import ast
import textwrap

import pytest

from course.verify import mutants
from exercise.asking import repairing
from exercise.source import gaps

GAP = """\
class Model:
    def loss(self, x, mu):
        # START TODO model_loss ########################
        # The instruction.

{body}
        # END TODO ########################
        return loss
"""


def gap_with(code: str) -> gaps.Gap:
    return gaps.parse(GAP.format(body=textwrap.indent(code, " " * 8)), "lib/model.py")[0]


def changes(code: str, operator: str) -> set[str]:
    """What an operator makes of the code: the changed lines."""
    return {mutant.after for mutant in mutants.mutants(gap_with(code)) if mutant.operator == operator}


@pytest.mark.parametrize(("operator", "code", "expected"), [
    ("swap an arithmetic operator", "loss = x + mu * 2", {"loss = x - mu * 2", "loss = x + mu / 2"}),
    ("swap an arithmetic operator", "loss -= x ** 2", {"loss += x ** 2", "loss -= x * 2"}),
    ("flip a sign", "loss = -x", {"loss = x"}),
    ("flip a sign", "loss = 0.5 * x", {"loss = -0.5 * x", "loss = -(0.5 * x)"}),
    ("flip a sign", "mu, x = self.encode(x)", set()),
    ("drop a call", "loss = torch.exp(x)", {"loss = x"}),
    ("drop a call", "loss = x.exp().sum(0)", {"loss = x.exp()", "loss = x.sum(0)"}),
    ("drop a call", "loss = F.relu(self.layer(x))", {"loss = self.layer(x)", "loss = F.relu(x)"}),
    ("drop a call", "loss = torch.cat(*x)", set()),
    ("swap sum and mean", "loss = x.sum()", {"loss = x.mean()"}),
    ("swap sum and mean", "loss = f(x, reduction='mean')", {"loss = f(x, reduction='sum')"}),
    ("drop a statement", "x = 1\nif x:\n    loss = 2", {"pass"}),
    ("swap two arguments", "loss = f(x, mu, 3)", {"loss = f(mu, x, 3)", "loss = f(3, mu, x)", "loss = f(x, 3, mu)"}),
    ("swap two arguments", "loss = f(low=x, high=mu)", {"loss = f(low=mu, high=x)"}),
    ("swap two arguments", "loss = f(x, x)", set()),
    ("change an integer by one", "loss = x[1:]", {"loss = x[2:]", "loss = x[0:]"}),
    ("change an integer by one", "loss = f(True, 0.5)", set()),
    ("record gradients", "with torch.no_grad():\n    loss = x", {"if True:"}),
    ("record gradients", "with open(x), torch.no_grad():\n    loss = x", {"with open(x):"}),
    ("record gradients", "with open(x):\n    loss = x", set()),
])
def test_operator(operator, code, expected):
    assert changes(code, operator) == expected


def test_detached_values_are_attached_again():
    after = {mutant.after for mutant in mutants.mutants(gap_with("loss = x.detach() * 2"))}
    assert "loss = x * 2" in after


def test_every_operator_is_tried_somewhere():
    assert len(mutants.OPERATORS) == 8
    assert len({operator.__name__ for operator in mutants.OPERATORS}) == 8


def test_a_mutant_differs_from_the_solution_in_one_place_and_from_all_others():
    gap = gap_with("# why\nloss = (x - mu) ** 2 / 2\n\nfor i in range(3):\n    loss = loss.sum(-1)")
    texts = [ast.unparse(ast.parse(f"if True:\n{mutant.body}")) for mutant in mutants.mutants(gap)]
    assert len(set(texts)) == len(texts) > 10
    assert ast.unparse(ast.parse(f"if True:\n{gap.body}")) not in texts


def test_a_mutant_fits_into_its_gap():
    text = GAP.format(body="        for i in range(3):\n            loss = x")
    for mutant in mutants.mutants(gaps.parse(text, "lib/model.py")[0]):
        assert not repairing.repair(gaps.compose(text, {"model_loss": mutant.body}, "lib/model.py"), "lib/model.py")[1]


def test_the_line_of_a_block_is_its_first():
    (mutant,) = [mutant for mutant in mutants.mutants(gap_with("if x > 1:\n    loss = x\nelse:\n    loss = mu"))
                 if mutant.operator == "change an integer by one" and "2" in mutant.after]
    assert (mutant.before, mutant.after) == ("if x > 1:", "if x > 2:")


def test_a_gap_at_the_top_of_a_module():
    gap = gaps.parse("# START TODO model_size ###\n\nSIZE = 2\n# END TODO ###\n", "lib/model.py")[0]
    assert {mutant.body for mutant in mutants.mutants(gap)} == {"\nSIZE = 3\n", "\nSIZE = 1\n", "\npass\n"}
