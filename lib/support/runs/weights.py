"""Weights of a model from a file, made by any program.

Programs save a state dict bare, or in a dictionary beside other things; networks that were compiled or ran on several
GPUs have names with a prefix. All of these are the same weights, and are read as such.
"""

import pickle
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from lib.support.errors import UserError

__all__ = ["load_weights"]

_WRAPPERS = ("state_dict", "model_state_dict")  # the names in use; where neither is there, the only state dict counts
_PREFIXES = ("module", "_orig_mod")  # of torch.nn.DataParallel and its relatives, and of torch.compile


def load_weights(path: Path, *, say: Callable[[str], None] = print) -> dict[str, Tensor]:
    """The state dict in the file `path`, on the CPU; made by any program, on any device.

    It may lie in a dictionary, and its names may have the parts `module.` and `_orig_mod.`, which are left out. `say`
    gets one line about what was done so.
    Raises: UserError if the file is missing, is no file of weights, holds more than tensors and plain values, or a
        weight is no finite real number.
    """
    found, notes = _unwrapped(_read(path), path)
    weights = {_without_prefixes(name): weight for name, weight in found.items()}
    if len(weights) < len(found):
        raise UserError(f"{path} holds some weights twice, with and without a prefix ({' or '.join(_PREFIXES)})")
    _require_finite(weights, path)
    prefixes = [prefix for prefix in _PREFIXES if any(prefix in name.split(".") for name in found)]
    notes += [f"without the prefix {prefix}. of its names" for prefix in prefixes]
    if notes:
        say(f"{path}: took the state dict {' and '.join(notes)}")
    return weights


def _read(path: Path) -> object:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise UserError(f"there is no file {path}") from error
    except IsADirectoryError as error:
        raise UserError(f"{path} is a folder: name the file of weights in it") from error
    except pickle.UnpicklingError as error:
        raise UserError(f"{path} is refused: it is no file of weights, or it holds more than tensors, and loading it "
                        "could run code") from error
    except Exception as error:  # the reader has no error of its own: a damaged file can end in almost any
        raise UserError(f"{path} cannot be read as weights of a model ({type(error).__name__})") from error


def _unwrapped(content: object, path: Path) -> tuple[dict[str, Tensor], list[str]]:
    """The state dict that `content` is or holds, and where it was, in words."""
    if _is_state_dict(content):
        return content, []
    inner = {name: value for name, value in content.items() if _is_state_dict(value)} if type(content) is dict else {}
    chosen = [name for name in _WRAPPERS if name in inner] or list(inner)
    if not chosen:
        raise UserError(f"{path} holds no state dict of a model (a dictionary from names to tensors)")
    if len(chosen) > 1:
        raise UserError(f"{path} holds several state dicts, {', '.join(map(str, chosen))}: save the one that you mean "
                        "in a file of its own")
    return inner[chosen[0]], [f"in {chosen[0]!r}"]


def _is_state_dict(content: object) -> bool:
    return isinstance(content, dict) and len(content) > 0 and all(
        isinstance(name, str) and isinstance(value, Tensor) for name, value in content.items())


def _without_prefixes(name: str) -> str:
    return ".".join(part for part in name.split(".") if part not in _PREFIXES)


def _require_finite(weights: dict[str, Tensor], path: Path) -> None:
    for name, weight in weights.items():
        if weight.layout != torch.strided or weight.is_quantized or weight.is_complex() or weight.is_meta:
            raise UserError(f"{path}: {name} is no plain tensor of real numbers, which weights should be")
        if not weight.float().isfinite().all():  # as the models compute, in float32
            raise UserError(f"{path}: {name} holds NaN or infinite numbers, as after a training that diverged; "
                            "take other weights, or train again with a smaller learning rate")
