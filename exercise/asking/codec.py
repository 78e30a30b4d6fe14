"""Plain data as bytes: how a question and its answer travel between a test and the code under test.

Plain data are None, booleans, real numbers, strings, tensors of them, and lists and dictionaries of all that. A message
is the length of its JSON part (8 bytes), that part, and a safetensors blob. In the JSON part an object is always a tag:
`{"dict": {...}}`, or `{"tensor": 0}` for the tensor of that name in the blob, which is named once. Neither part can
carry code, and both are measured before they are read: whoever wrote them may mean harm.
"""

import json
import math

import numpy as np
import safetensors.torch
import torch
from torch import Tensor, nn

__all__ = ["NotPlain", "TooLarge", "decode", "encode"]

_LARGEST_TEXT, _LARGEST_BLOB = 2 ** 20, 12 * 2 ** 20  # bytes; no message of this course has a third of that
_LARGEST_HEADER, _MOST_VALUES, _MOST_TENSORS, _MOST_AXES = 2 ** 18, 100_000, 2000, 16
_DTYPES = {"BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "I16", "U16", "F16", "BF16", "I32", "U32", "F32", "I64", "U64",
           "F64"}
_LARGEST_INT = 2 ** 1024
_DEEPEST = 50
_LENGTH = 8


class NotPlain(TypeError):
    """A value that is not plain data; the message says where in the whole it sits."""


class TooLarge(NotPlain):
    """A value that has more bytes than a message may have."""


def encode(value: object, name: str = "answer") -> bytes:
    """A value as bytes.

    Subclasses of numbers, strings, lists, tuples and dictionaries are reduced to what the base class holds, without a
    call to a method of theirs. Tuples come back as lists, numpy arrays as tensors, numpy scalars as numbers, tensors
    detached, contiguous and on the CPU.

    Args:
        name: what the error calls the whole value.
    Raises: NotPlain, a TypeError, if some part is not plain data: "answer['loss'] is a Foo: …"; TooLarge.
    """
    tensors: dict[str, Tensor] = {}
    text = json.dumps(_pack(value, name, tensors, 0)).encode()
    for count, most, what in ((len(text), _LARGEST_TEXT, "bytes without its tensors"),
                              (_values(text), _MOST_VALUES, "values"), (len(tensors), _MOST_TENSORS, "tensors"),
                              (sum(tensor.nbytes for tensor in tensors.values()), _LARGEST_BLOB, "bytes in tensors")):
        if count > most:
            raise TooLarge(f"{name} is too large: it has {count:,} {what}, and may have {most:,}")
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
        if _values(text) > _MOST_VALUES:
            raise ValueError(f"it has more than {_MOST_VALUES:,} values")
        tensors = _tensors(blob) if blob else {}
        return _unpack(json.loads(text), tensors, 0)
    except Exception as error:  # safetensors and torch have errors of their own, json a RecursionError
        raise ValueError(f"not a message: {str(error)[:200]}") from None


def _values(text: bytes) -> int:
    """How many values a JSON text has, or more: each of these signs begins one at most."""
    return sum(map(text.count, (b",", b"[", b"{")))


def _tensors(blob: bytes) -> dict[str, Tensor]:
    """The tensors of a safetensors blob, whose header is looked at first: it could claim anything.

    Raises: ValueError if it is too large, or has too many tensors, axes or sizes, or ones that are no real numbers.
    """
    size = int.from_bytes(blob[:_LENGTH], "little")
    if size > min(_LARGEST_HEADER, len(blob) - _LENGTH) or len(blob) > _LARGEST_BLOB + _LARGEST_HEADER + _LENGTH:
        raise ValueError(f"its tensors have {len(blob):,} bytes, and a header of {size:,}: too many, or cut short")
    header = json.loads(blob[_LENGTH:_LENGTH + size])
    if type(header) is not dict or len(header) > _MOST_TENSORS:
        raise ValueError(f"it has more than {_MOST_TENSORS:,} tensors, or no names of them")
    for told in header.values():
        shape = told["shape"]
        if told["dtype"] not in _DTYPES or len(shape) > _MOST_AXES or any(type(length) is not int for length in shape):
            raise ValueError("a tensor has too many axes, or is not of real numbers")
        if math.prod(max(length, 1) for length in shape) > _LARGEST_BLOB:  # without a single number it can have any
            raise ValueError("a tensor has an impossible shape")
    return safetensors.torch.load(blob)


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
        plain = value.detach().cpu().resolve_neg()
        if plain.is_complex():
            raise TypeError(f"its numbers are complex ({plain.dtype}), and real ones are expected")
        name = len(tensors)
        tensors[str(name)] = plain.clone(memory_format=torch.contiguous_format)
        safetensors.torch.save({"0": plain.new_empty(0)})
    except Exception as error:
        raise NotPlain(f"{path} is a {type(value).__name__} that cannot be sent: {error}") from None
    return {"tensor": name}


def _unpack(value: object, tensors: dict[str, Tensor], depth: int) -> object:
    if depth > _DEEPEST:
        raise ValueError(f"it is nested more than {_DEEPEST} deep")
    if isinstance(value, str):
        return _checked(value)
    if isinstance(value, list):
        return [_unpack(item, tensors, depth + 1) for item in value]
    if type(value) is int and abs(value) >= _LARGEST_INT:
        raise ValueError("it has an int of more than 1,024 bits")
    if not isinstance(value, dict):
        return value
    if len(value) != 1:
        raise ValueError("an object has not exactly one tag")
    tag, content = next(iter(value.items()))
    if tag == "dict" and isinstance(content, dict):
        return {_checked(key): _unpack(item, tensors, depth + 1) for key, item in content.items()}
    if tag == "tensor" and str(content) in tensors:
        return _restore(tensors.pop(str(content)))  # named a thousand times, one tensor would have a thousand's memory
    raise ValueError(f"the tag {tag[:20]!r} means nothing here")


def _restore(tensor: Tensor) -> Tensor:
    if tensor.dtype == torch.bool:
        return tensor.view(torch.uint8) != 0  # a byte of 2 would be true and yet unequal to True
    return tensor
