"""Plain data as bytes: how a question and its answer travel between a test and the code under test.

Plain data are None, booleans, numbers, strings, tensors, and lists and dictionaries of them. A message is the length
of its JSON part (8 bytes), that part, and a safetensors blob. In the JSON part an object is always a tag: `{"dict":
{...}}`, or `{"tensor": 0}` for the tensor of that name in the blob. Neither part can carry code.
"""

import json

import numpy as np
import safetensors.torch
import torch
from torch import Tensor, nn

__all__ = ["NotPlain", "decode", "encode"]

_LARGEST_TEXT = 32 * 2 ** 20
_LARGEST_INT = 2 ** 1024
_DEEPEST = 50
_LENGTH = 8


class NotPlain(TypeError):
    """A value that is not plain data; the message says where in the whole it sits."""


def encode(value: object, name: str = "answer") -> bytes:
    """A value as bytes.

    Subclasses of numbers, strings, lists, tuples and dictionaries are reduced to what the base class holds, without a
    call to a method of theirs. Tuples come back as lists, numpy arrays as tensors, numpy scalars as numbers, tensors
    detached, contiguous and on the CPU.

    Args:
        name: what the error calls the whole value.
    Raises: NotPlain, a TypeError, if some part is not plain data: "answer['loss'] is a Foo: …".
    """
    tensors: dict[str, Tensor] = {}
    text = json.dumps(_pack(value, name, tensors, 0)).encode()
    blob = safetensors.torch.save(tensors) if tensors else b""
    return len(text).to_bytes(_LENGTH, "big") + text + blob


def decode(data: bytes) -> object:
    """The value that `encode` was given, in types that are exactly the plain ones.

    Raises: ValueError if the bytes are not such a message.
    """
    size = int.from_bytes(data[:_LENGTH], "big")
    if len(data) < _LENGTH + size or size > _LARGEST_TEXT:
        raise ValueError(f"not a message: its text should have {size:,} bytes, which is too long or cut short")
    try:
        text, blob = data[_LENGTH:_LENGTH + size], data[_LENGTH + size:]
        return _unpack(json.loads(text), safetensors.torch.load(blob) if blob else {}, 0)
    except Exception as error:  # safetensors and torch have errors of their own, json a RecursionError
        raise ValueError(f"not a message: {str(error)[:200]}") from None


def _pack(value: object, path: str, tensors: dict[str, Tensor], depth: int) -> object:
    """The value as JSON knows it; its tensors are put aside. Only type() is asked what it is: a class can lie."""
    kind = type(value)
    if depth > _DEEPEST:
        raise NotPlain(f"{path} is nested more than {_DEEPEST} deep")
    if value is None or kind is bool:
        return value
    if kind is Tensor or kind is nn.Parameter or issubclass(kind, np.ndarray):
        return _put_aside(value, path, tensors)
    if issubclass(kind, (list, tuple)):
        items = list.__iter__(value) if issubclass(kind, list) else tuple.__iter__(value)
        return [_pack(item, f"{path}[{i}]", tensors, depth + 1) for i, item in enumerate(items)]
    if issubclass(kind, dict):
        return {"dict": {_key(key, path): _pack(item, f"{path}[{_key(key, path)!r}]", tensors, depth + 1)
                         for key, item in dict.items(value)}}
    return _scalar(value, path)


def _key(key: object, path: str) -> str:
    if not issubclass(type(key), str):
        raise NotPlain(f"{path} has a key that is a {type(key).__name__}: keys are strings")
    return _text(str.__str__(key), path)


def _text(text: str, path: str) -> str:
    try:
        return _checked(text)
    except UnicodeEncodeError:
        raise NotPlain(f"{path} is a string with half a character in it (a surrogate)") from None


def _checked(text: str) -> str:
    """The text, if it is Unicode; half a character would make whoever prints it stumble, with a UnicodeEncodeError."""
    text.encode()
    return text


def _scalar(value: object, path: str) -> bool | int | float | str:
    kind = type(value)
    if issubclass(kind, np.generic):
        return _numpy_scalar(value, path)
    if issubclass(kind, str):
        return _text(str.__str__(value), path)
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, int):
        number = int.__int__(value)
        if abs(number) >= _LARGEST_INT:
            raise NotPlain(f"{path} is an int of {number.bit_length():,} bits: at most 1,024")
        return number
    raise NotPlain(f"{path} is a {kind.__name__}: only tensors, numbers, strings, None, lists and dicts can be sent")


def _numpy_scalar(value: np.generic, path: str) -> bool | int | float | str:
    convert = {"b": bool, "i": int, "u": int, "f": float, "U": str}.get(value.dtype.kind)
    if convert is None:
        raise NotPlain(f"{path} is a numpy {type(value).__name__}: only its numbers, booleans and strings can be sent")
    return convert(value)


def _put_aside(value: Tensor | np.ndarray, path: str, tensors: dict[str, Tensor]) -> dict[str, int]:
    try:
        if not isinstance(value, Tensor):
            value = torch.from_numpy(np.array(value, order="C", subok=False))
        if value.layout is not torch.strided or value.is_nested or value.is_quantized:
            raise TypeError("it is quantized, sparse or nested")
        plain = value.detach().cpu().resolve_conj().resolve_neg()
        tag = "complex" if plain.is_complex() else "tensor"  # safetensors does not know all complex types
        plain = torch.view_as_real(plain) if plain.is_complex() else plain
        name = len(tensors)
        tensors[str(name)] = plain.clone(memory_format=torch.contiguous_format)
        safetensors.torch.save({"0": plain.new_empty(0)})
    except Exception as error:
        raise NotPlain(f"{path} is a {type(value).__name__} that cannot be sent: {error}") from None
    return {tag: name}


def _unpack(value: object, tensors: dict[str, Tensor], depth: int) -> object:
    if depth > _DEEPEST:
        raise ValueError(f"it is nested more than {_DEEPEST} deep")
    if isinstance(value, str):
        return _checked(value)
    if isinstance(value, list):
        return [_unpack(item, tensors, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) != 1:
        raise ValueError("an object has not exactly one tag")
    tag, content = next(iter(value.items()))
    if tag == "dict" and isinstance(content, dict):
        return {_checked(key): _unpack(item, tensors, depth + 1) for key, item in content.items()}
    if tag in ("tensor", "complex") and str(content) in tensors:
        return _restore(tensors[str(content)], tag)
    raise ValueError(f"the tag {tag[:20]!r} means nothing here")


def _restore(tensor: Tensor, tag: str) -> Tensor:
    if tensor.dtype == torch.bool:
        return tensor.view(torch.uint8) != 0  # a byte of 2 would be true and yet unequal to True
    return torch.view_as_complex(tensor) if tag == "complex" else tensor
