"""The faster cross-entropy says what torch's says, in all cases in which it takes its place, and in all others."""

import pytest
import torch
import torch.nn.functional as F

from lib.support.speed import functional


def both(p, x, **how):
    """Values and gradients, ours and torch's."""
    found = []
    for cross_entropy in (functional.binary_cross_entropy, F.binary_cross_entropy):
        leaf = p.clone().requires_grad_()
        value = cross_entropy(leaf, x, **how)
        (3 * value).sum().backward()
        found.append((value.detach(), leaf.grad))
    return found


def images(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(shape, generator=generator), torch.rand(shape, generator=generator)


@pytest.mark.parametrize("how", [{"reduction": "sum"}, {"reduction": "mean"}, {}, {"reduction": "none"},
                                 {"reduction": "sum", "weight": torch.tensor(2.0)}], ids=str)
@pytest.mark.parametrize("shape", [(128, 1, 28, 28), (7,), (1, 1), ()], ids=str)
def test_it_is_torchs(how, shape):
    (value, gradient), (expected, expected_gradient) = both(*images(*shape), **how)
    torch.testing.assert_close(value, expected)
    torch.testing.assert_close(gradient, expected_gradient)


def test_probabilities_of_0_and_1_are_not_infinitely_wrong():
    """A logarithm is at least -100, and gradients stay finite, as with torch's."""
    p, x = torch.tensor([0.0, 1.0, 1.0, 0.0, 1e-40]), torch.tensor([1.0, 0.0, 1.0, 0.0, 0.5])
    (value, gradient), (expected, expected_gradient) = both(p, x, reduction="sum")
    torch.testing.assert_close(value, expected)
    torch.testing.assert_close(gradient, expected_gradient)
    assert gradient.isfinite().all()


@pytest.mark.parametrize("p, x", [(1.5, 0.5), (-0.1, 0.5), (float("nan"), 0.5), (0.5, 2.0), (0.5, float("nan"))])
def test_what_is_no_probability_is_refused(p, x):
    with pytest.raises(RuntimeError, match="should be between 0 and 1"):
        functional.binary_cross_entropy(torch.tensor([0.5, p]), torch.tensor([0.5, x]), reduction="sum")


def test_other_kinds_of_numbers_are_left_to_torch():
    """Double precision, and a target that learns."""
    p, x = images(3, 4)
    torch.testing.assert_close(functional.binary_cross_entropy(p.double(), x.double()),
                               F.binary_cross_entropy(p.double(), x.double()), rtol=1e-12, atol=0)
    learning = x.clone().requires_grad_()
    functional.binary_cross_entropy(p, learning, reduction="sum").backward()
    torch.testing.assert_close(learning.grad, (1 - p).log() - p.log())


def test_shapes_that_differ_are_refused_as_by_torch():
    with pytest.raises(ValueError, match="target size"):
        functional.binary_cross_entropy(torch.rand(4, 1), torch.rand(4))
