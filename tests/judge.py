"""What a test judges with: fresh random inputs, and comparisons that name the misconception they meet.

A probe's answer is plain data: tensors, numbers, strings, lists, dictionaries. Nothing here runs code under test.
"""

from collections.abc import Mapping

import pytest
import torch
from torch import Tensor


class Draw:
    """Random inputs from one seed. A test gets another seed in each run; a failure prints it."""

    def __init__(self, seed: int):
        self.generator = torch.Generator().manual_seed(seed)

    def normal(self, *shape: int) -> Tensor:
        """Standard normal numbers."""
        return torch.randn(shape, generator=self.generator)

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        """Numbers between `low` and `high`."""
        return low + (high - low) * torch.rand(shape, generator=self.generator)

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return int(torch.randint(low, high + 1, (), generator=self.generator))

    def seed(self) -> int:
        """A seed for the global generator on the other side."""
        return self.integer(0, 2**31 - 1)


def expect(actual, expected: Tensor, what: str, mistakes: Mapping[str, Tensor] | None = None, *,
           rtol: float = 1e-4, hint: str = "") -> None:
    """Fail unless `actual` is `expected` up to rounding.

    Args:
        what: names the quantity, in the words of the field.
        mistakes: sentence -> the value that a known wrong formula would give; the one that matches is the message.
        rtol: relative tolerance; the absolute one is a tenth of it times the largest expected value.
        hint: one more sentence where no known mistake matches.
    """
    require(isinstance(actual, Tensor | int | float) and not isinstance(actual, bool),
            f"{what} should be a tensor, but is {_kind(actual)}")
    actual, expected = torch.as_tensor(actual).double(), torch.as_tensor(expected).double()
    if _close(actual, expected, rtol) and bool(expected.isfinite().all()):
        return
    for sentence, wrong in (mistakes or {}).items():
        if _close(actual, torch.as_tensor(wrong).double(), rtol):
            refuse(f"{what}: {sentence}")
    require(actual.shape == expected.shape,
            f"{what} should have the shape {_shape(expected)}, but has {_shape(actual)}. {hint}")
    require(bool(actual.isfinite().all()), f"{what} holds NaN or infinite values: does something overflow? {hint}")
    place = (actual - expected).abs().nan_to_num(torch.inf).argmax()
    found, right = actual.flatten()[place], expected.flatten()[place]
    refuse(f"{what} is not right: {found:.6g} where {right:.6g} is expected. {hint}")


def expect_dtype(actual, dtype: torch.dtype, what: str) -> None:
    """Fail unless `actual` is a tensor of this type, so that what comes next can compute with it."""
    require(isinstance(actual, Tensor), f"{what} should be a tensor, but is {_kind(actual)}")
    require(actual.dtype == dtype, f"{what} should come out as {dtype}, not {actual.dtype}, whatever is used inside")


def arrives(gradient) -> bool:
    """Whether a gradient, None where there is none, is not 0 everywhere."""
    return isinstance(gradient, Tensor) and bool(gradient.ne(0).any())


def require(condition: bool, message: str) -> None:
    """Fail with `message`, and no traceback, unless `condition` holds."""
    if not condition:
        refuse(message)


def refuse(message: str) -> None:
    """Fail with `message`; a student reads the sentence, not the judge's own lines."""
    pytest.fail(message.strip(), pytrace=False)


def _close(actual: Tensor, expected: Tensor, rtol: float) -> bool:
    if actual.shape != expected.shape:
        return False
    finite = expected[expected.isfinite()].abs()  # a known wrong formula may give NaN or infinity
    largest = float(finite.max()) if finite.numel() else 0.0
    return torch.allclose(actual, expected, rtol=rtol, atol=0.1 * rtol * largest + 1e-12, equal_nan=True)


def _shape(tensor: Tensor) -> str:
    return str(tuple(tensor.shape))


def _kind(value) -> str:
    return "missing" if value is None else f"a {type(value).__name__}"
