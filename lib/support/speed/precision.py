"""A network that computes in a faster number format where the processor has one, and looks the same from outside."""

import torch
from torch import Tensor, nn

from lib.support.errors import UserError

__all__ = ["PRECISIONS", "InPrecision", "choose_precision"]

PRECISIONS = ("auto", "float32", "bfloat16")


def choose_precision(name: str, device: str) -> str:
    """The number format to compute in: `name`, or for "auto" bfloat16 where `device` multiplies it faster.

    Raises: UserError if there is no such format, or the device asked for computes no bfloat16.
    """
    if name not in PRECISIONS:
        raise UserError(f"there is no precision {name!r}; choose {', '.join(PRECISIONS)}")
    if name == "bfloat16" and device not in ("cpu", "cuda"):
        raise UserError(f"--precision bfloat16 is for cpu and cuda, not for {device}: leave it out")
    return ("bfloat16" if _multiplies_bfloat16(device) else "float32") if name == "auto" else name


def _multiplies_bfloat16(device: str) -> bool:
    if device == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    features = torch.cpu.get_capabilities() if device == "cpu" else {}
    return bool(features.get("avx512_bf16") or features.get("amx_bf16"))


class InPrecision(nn.Module):
    """`network`, whose convolutions compute in `precision`; weights, gradients and answers stay float32.

    Images lie in memory pixel by pixel (channels last), as the processor's convolutions want them.

    Args:
        network: takes one tensor of images or noise, (batch, channels, height, width), and is moved to `device`.
        precision: "float32" or "bfloat16".

    Source: https://docs.pytorch.org/docs/stable/amp.html
    """

    def __init__(self, network: nn.Module, device: str, precision: str = "float32"):
        super().__init__()
        self.network = network.to(device, memory_format=torch.channels_last)
        self._autocast = torch.autocast(device, torch.bfloat16, enabled=precision == "bfloat16")

    def forward(self, x: Tensor) -> Tensor:
        x = x.contiguous(memory_format=torch.channels_last)
        with self._autocast:
            return self.network(x).float()

    def __getattr__(self, name: str) -> object:
        """All other attributes are the network's."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("network"), name)
