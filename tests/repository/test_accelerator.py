"""The make-believe GPU: it knows the ways by which tensors come to a device, and refuses what a real one refuses."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.distributions import Normal

from exercise.probes import accelerator

ARRIVES = {
    "randn_like": torch.randn_like,
    "type_as": lambda x: torch.randn(x.shape).type_as(x),
    "type": lambda x: torch.randn(x.shape).type(x.type()),
    "data.new": lambda x: x.data.new(x.size()).normal_(),
    "new of a size": lambda x: x.new(*x.shape).normal_(),
    "new_empty": lambda x: x.new_empty(x.shape).normal_(),
    "new_tensor": lambda x: x.new_tensor(np.zeros((4, 3))),
    "to a tensor": lambda x: torch.randn(x.shape).to(x),
    "to a device": lambda x: torch.randn(x.shape).to(device=x.device, dtype=x.dtype),
    "to a number": lambda x: torch.randn(x.shape).to(x.get_device()),
    "to a name": lambda x: torch.randn(x.shape).to("cuda:0"),
    "cuda": lambda x: torch.randn(x.shape).cuda(x.get_device()),
    "cuda.FloatTensor": lambda x: torch.cuda.FloatTensor(x.size()).normal_(),
    "device=": lambda x: torch.randn(x.shape, device=x.device),
    "device= a number": lambda x: torch.randn(x.shape, device=x.device.index),
    "torch.tensor": lambda x: torch.tensor(np.zeros((4, 3)), device=x.device),
    "from_numpy": lambda x: torch.from_numpy(np.zeros((4, 3))).to(x),
    "copy_": lambda x: torch.empty_like(x).copy_(torch.randn(x.shape)),
    "there and back": lambda x: torch.randn_like(x.cpu()).to(x.device),
    "nn.init": lambda x: nn.init.normal_(torch.empty_like(x)),
    "distribution": lambda x: Normal(torch.zeros_like(x), 1.0).sample(),
    "rows": lambda x: torch.stack([torch.randn_like(row) for row in x]),
    "generator": lambda x: torch.randn(x.shape, device=x.device, generator=torch.Generator(x.device).manual_seed(1)),
}
REFUSED = {
    "drawn on the CPU": lambda x: x + torch.randn(x.shape),
    "seen as another's shape": lambda x: x + torch.randn(12).view_as(x),
    "expanded": lambda x: x + torch.randn(3).expand_as(x),
    "copied to the CPU": lambda x: x + torch.empty(x.shape).copy_(x),
    "an old type": lambda x: x + torch.FloatTensor(x.size()).normal_(),
    "moved to the CPU": lambda x: x + x.to("cpu"),
    "moved to a tensor of the CPU": lambda x: x + x.to(torch.zeros(3)),
    "moved to a type of the CPU": lambda x: x + x.type(torch.FloatTensor),
    "read by numpy": lambda x: x.numpy(),
    "generator of the CPU": lambda x: torch.randn(x.shape, device=x.device, generator=torch.Generator()),
}


@pytest.mark.parametrize("way", ARRIVES)
def test_each_way_leads_to_the_device(way):
    with accelerator.pretend():
        x = torch.zeros(4, 3).to("cuda")
        y = ARRIVES[way](x)
        assert (y.device.type, y.is_cuda, y.is_cpu, y.get_device()) == ("cuda", True, False, 0)
        assert (x + y).shape == (4, 3)
        assert y.cpu().numpy().shape == y.numpy(force=True).shape == (4, 3)


@pytest.mark.parametrize("mistake", REFUSED)
def test_what_a_real_device_refuses_is_refused(mistake):
    with accelerator.pretend(), pytest.raises((RuntimeError, TypeError), match="device"):
        REFUSED[mistake](torch.zeros(4, 3).to("cuda"))


def test_a_move_copies_and_the_device_ends_with_the_context():
    here = torch.zeros(3)
    with accelerator.pretend():
        here.to("cuda").add_(1)
        assert here.device.type == "cpu" and here.is_cpu
        assert isinstance(torch.Generator("cuda"), torch.Generator)
    assert here.sum() == 0
    assert type(torch.Generator()) is torch.Generator


def test_gradients_arrive_on_the_device():
    with accelerator.pretend():
        x = torch.arange(3.0, device="cuda", requires_grad=True)
        x.square().sum().backward()
        assert x.grad.is_cuda
        assert x.grad.tolist() == [0.0, 2.0, 4.0]
