"""--compile: the same numbers, the same draws, and one line where it cannot work."""

import pytest
import torch

from lib.support import compiling
from lib.support.errors import UserError

pytestmark = pytest.mark.slow


def test_where_nothing_can_be_compiled_one_line_says_what_is_missing(monkeypatch):
    from torch._inductor.exc import InductorError, InvalidCxxCompiler

    def fail(*args):
        raise InductorError(InvalidCxxCompiler("g++"), None)
    monkeypatch.setattr(torch, "compile", lambda function, options: fail)
    with pytest.raises(UserError, match=r"^--compile does not work .*g\+\+.* or leave it out$"):
        compiling.compiled(torch.neg)(torch.ones(1))


def test_an_error_in_the_function_comes_out_as_it_is(monkeypatch):
    def gap(x):
        raise NotImplementedError("TODO vae_loss: sheet 2, task 3")
    monkeypatch.setattr(torch, "compile", lambda function, options: function)
    with pytest.raises(NotImplementedError, match="^TODO vae_loss"):
        compiling.compiled(gap)(torch.ones(1))


def test_it_asks_for_the_random_numbers_of_the_uncompiled_function(monkeypatch):
    given = {}
    monkeypatch.setattr(torch, "compile", lambda function, options: given.update(options))
    compiling.compiled(torch.neg)
    assert given["fallback_random"] is True
