"""Faster number formats: chosen where the processor has them, and invisible from outside."""

import pytest
import torch
from torch import nn

from lib.support.errors import UserError
from lib.support.speed import precision
from lib.support.speed.precision import InPrecision, choose_precision


@pytest.mark.parametrize("features, expected", [({}, "float32"), ({"avx2": True}, "float32"),
                                                ({"avx512_bf16": True}, "bfloat16"), ({"amx_bf16": True}, "bfloat16")])
def test_auto_looks_at_the_processor(features, expected, monkeypatch):
    monkeypatch.setattr(precision.torch.cpu, "get_capabilities", lambda: features)
    assert choose_precision("auto", "cpu") == expected
    assert choose_precision("float32", "cpu") == "float32" and choose_precision("bfloat16", "cpu") == "bfloat16"


def test_other_devices():
    """On Apple's chips auto means float32, and there is nothing faster to ask for."""
    assert choose_precision("auto", "mps") == "float32"
    with pytest.raises(UserError, match="for cpu and cuda, not for mps"):
        choose_precision("bfloat16", "mps")


def test_an_unknown_precision_is_refused():
    with pytest.raises(UserError, match="choose auto, float32, bfloat16"):
        choose_precision("float8", "cpu")


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 1, 2), nn.Sigmoid())


def answers(of, x):
    out = of(x)
    out.sum().backward()
    return out.detach(), [p.grad.clone() for p in of.parameters()]


def test_float32_is_the_network_itself():
    """Same answers and gradients as without the wrapping, up to rounding; the weights are the network's own."""
    x, plain, wrapped = torch.rand(5, 3, 6, 6), network(), InPrecision(network(), "cpu")
    (out, gradients), (out_there, gradients_there) = answers(plain, x), answers(wrapped, x)
    torch.testing.assert_close(out, out_there)
    torch.testing.assert_close(gradients, gradients_there, rtol=1e-4, atol=1e-5)
    assert [id(p) for p in wrapped.parameters()] == [id(p) for p in wrapped.network.parameters()]


def test_bfloat16_rounds_and_answers_in_float32():
    """8 bits of precision: answers differ by about a percent, and weights, gradients and answers are float32."""
    x, plain, wrapped = torch.rand(5, 3, 6, 6), network(), InPrecision(network(), "cpu", "bfloat16")
    (out, _), (out_there, gradients) = answers(plain, x), answers(wrapped, x)
    assert out_there.dtype == torch.float32 and {g.dtype for g in gradients} == {torch.float32}
    assert 0 < (out - out_there).abs().max() < 0.05
