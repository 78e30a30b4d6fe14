"""The codec and the pipe: plain data come back as they were, all else is refused by name, no bytes can do harm."""

import io
import json
import math
import pickle
from collections import OrderedDict

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn

from exercise.asking import codec, pipe


def there_and_back(value):
    return codec.decode(codec.encode(value))


def message(text, blob=b""):
    text = text if isinstance(text, bytes) else json.dumps(text).encode()
    return len(text).to_bytes(8, "big") + text + blob


@pytest.mark.parametrize("value", [
    None, True, 0, -7, 2 ** 70, 0.1, -0.0, math.inf, 5e-324, "", "µ\n\0'\"", [], {}, [[], [None, {"": {}}]],
    {"tensor": 0}, {"dict": {"tensor": "1"}}, {"complex": []},
])
def test_plain_data_come_back_as_they_were(value):
    back = there_and_back(value)
    assert repr(back) == repr(value)


def test_not_a_number_tuples_and_subclasses_come_back_as_the_plain_thing():
    back = there_and_back({"nan": math.nan, "tuple": (1, (2,)), "size": torch.Size([3]), "ordered": OrderedDict(a=1)})
    assert math.isnan(back["nan"]) and back["tuple"] == [1, [2]]
    assert back["size"] == [3] and type(back["size"]) is list and type(back["ordered"]) is dict


def test_subclasses_are_reduced_to_what_they_hold_and_cannot_lie():
    class Lie:
        def __eq__(self, other):
            return True

        def __hash__(self):
            return 0

        def lie(self, *_):
            raise AssertionError("a method of the subclass was called")

        __str__ = __repr__ = __int__ = __index__ = __float__ = __iter__ = __len__ = __getitem__ = items = lie

    kinds = {kind: type(kind.__name__, (Lie, kind), {}) for kind in (str, int, float, list, tuple, dict)}
    back = there_and_back([kinds[str]("a"), kinds[int](3), kinds[float](0.5), kinds[list]([1]), kinds[tuple]([2]),
                           dict.__new__(kinds[dict])])
    assert back == ["a", 3, 0.5, [1], [2], {}]
    assert [type(value) for value in back] == [str, int, float, list, list, dict]


@pytest.mark.parametrize("dtype", [
    torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.float8_e5m2, torch.int64, torch.int32,
    torch.int16, torch.int8, torch.uint8, torch.uint16, torch.bool,
], ids=str)
@pytest.mark.parametrize("shape", [(2, 3), (), (0, 4), (1, 0)], ids=str)
def test_a_tensor_comes_back_with_dtype_shape_and_bits(dtype, shape):
    tensor = (torch.randn(shape, generator=torch.Generator().manual_seed(1)) * 50).abs().to(dtype)
    back = there_and_back({"x": tensor})["x"]
    assert (back.dtype, back.shape) == (dtype, tensor.shape)
    assert bytes(back.contiguous().view(-1).view(torch.uint8)) == bytes(tensor.view(-1).view(torch.uint8))


@pytest.mark.parametrize("make", [
    lambda x: x.T, lambda x: x[:, ::2], lambda x: x[:1].expand(5, 4), lambda x: x.clone().requires_grad_() * 2,
    nn.Parameter, lambda x: torch.complex(x, x).conj().imag,
    lambda x: x[0, 0],
], ids=["transposed", "strided", "expanded", "with history", "parameter", "negated", "element"])
def test_any_view_comes_back_as_a_tensor_of_its_own(make):
    value = make(torch.arange(12.0).view(3, 4))
    back = there_and_back([value])[0]
    assert type(back) is torch.Tensor and back.grad_fn is None and not back.requires_grad
    assert back.is_contiguous() and back.tolist() == value.tolist()


@pytest.mark.parametrize("make", [
    lambda x: x, lambda x: x[::-1, ::-2], lambda x: np.ma.masked_less(x, 3), lambda x: x[0, :0], np.asfortranarray,
], ids=["as it is", "backwards", "subclass", "empty", "by columns"])
def test_a_numpy_array_comes_back_as_a_tensor(make):
    value = make(np.arange(12.0).reshape(3, 4))
    back = there_and_back([value])[0]
    assert back.dtype == torch.float64 and back.shape == value.shape
    assert back.tolist() == np.asarray(value).tolist()


def test_what_comes_back_is_a_copy_that_may_be_changed():
    x = torch.ones(3)
    a, b = there_and_back((x, x))
    a += 1
    assert x.tolist() == b.tolist() == [1, 1, 1] and a.requires_grad_().requires_grad


@pytest.mark.parametrize("value, plain", [
    (np.float32(0.5), 0.5), (np.float64(0.1), 0.1), (np.longdouble(0.25), 0.25), (np.int8(-3), -3),
    (np.bool_(True), True), (np.uint64(2 ** 64 - 1), 2 ** 64 - 1), (np.str_("a"), "a"),
])
def test_numpy_scalars_become_numbers(value, plain):
    back = there_and_back(value)
    assert back == plain and type(back) is type(plain)


class Foo:
    pass


class FakeTensor(torch.Tensor):
    pass


@pytest.mark.parametrize("value, says", [
    ({"loss": Foo()}, r"answer\['loss'\] is a Foo: "),
    ([1, (2, {"x": {3}})], r"answer\[1\]\[1\]\['x'\] is a set: "),
    ({1: 2}, "answer has a key that is a int: keys are strings"),
    (b"bytes", "answer is a bytes"),
    (1j, "answer is a complex"),
    (10 ** 400, "answer is an int of 1,329 bits"),
    ("\ud800", "answer is a string with half a character"),
    ({"\ud800": 1}, "answer is a string with half a character"),
    ([np.complex64(1)], r"answer\[0\] is a numpy complex64"),
    ({"x": torch.ones(2) + 0j}, r"answer\['x'\] is a Tensor that cannot be sent: its numbers are complex .*, and real"),
    (np.ones(2) + 0j, "answer is a Tensor that cannot be sent: its numbers are complex"),
    ([np.array([Foo()])], r"answer\[0\] is a ndarray that cannot be sent"),
    (np.array(["a"]), "answer is a ndarray that cannot be sent"),
    ({"x": torch.ones(2).as_subclass(FakeTensor)}, r"answer\['x'\] is a FakeTensor"),
    (torch.eye(2).to_sparse(), "answer is a Tensor that cannot be sent: it is quantized, sparse or nested"),
    (torch.ones(2, device="meta"), "answer is a Tensor that cannot be sent"),
    (torch.float32, "answer is a dtype"),
    (len, "answer is a builtin_function_or_method"),
])
def test_all_else_is_refused_by_its_place(value, says):
    with pytest.raises(TypeError, match=f"^{says}") as caught:
        codec.encode(value)
    assert "\n" not in str(caught.value)


def test_a_class_that_claims_to_be_another_is_refused():
    class Claims:
        __class__ = dict
    with pytest.raises(codec.NotPlain, match="is a Claims"):
        codec.encode(Claims())


def test_a_value_that_holds_itself_is_refused():
    value = []
    value.append(value)
    with pytest.raises(TypeError, match="nested more than"):
        codec.encode(value)


@pytest.mark.parametrize("data", [
    b"", b"\0" * 7, b"\xff" * 20, message(b"{"), message(b"\xff\xfe\xfd"), message(b"[" * 100_000),
    message([[]])[:-1], message({}), message({"dict": []}), message({"dict": {}, "tensor": 0}), message({"foo": 1}),
    message({"tensor": 0}), message({"tensor": [0]}), message(b"9" * 5000), message(b'"\\ud800"'),
    message(b'{"dict": {"\\ud800": 1}}'), message({"tensor": 0}, b"\xff" * 40), message(None, b"not safetensors"),
    message({"tensor": 0}, pickle.dumps(torch.ones(1))), codec.encode(torch.ones(3))[:-1],
    message({"complex": 0}, safetensors.torch.save({"0": torch.ones(3)})), message(json.loads("[" * 60 + "]" * 60)),
    message({"tensor": 0}, (80).to_bytes(8, "little") +
            b'{"0":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}'.ljust(80)),
])
def test_malformed_bytes_are_a_value_error(data):
    with pytest.raises(ValueError):
        codec.decode(data)


def forged(header, data=b""):
    """A message with one tensor, whose blob has this header."""
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    return message({"tensor": 0}, len(header).to_bytes(8, "little") + header + data)


def told(dtype="F32", shape=(1,), offsets=(0, 4)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


@pytest.mark.parametrize("data", [
    message("x" * 2 ** 20), message(b"[" + b"[]," * 10 ** 5 + b"[]]"),
    message({"tensor": 0}, safetensors.torch.save({"0": torch.ones(2 ** 22 + 2 ** 17)})),
    forged({"0": told()} | {f"{number}": told(shape=[0], offsets=[4, 4]) for number in range(1, 2001)}, bytes(4)),
    forged({"0": told(), "x" * 2 ** 18: told(shape=[0], offsets=[4, 4])}, bytes(4)),
    forged({"0": told(shape=[1] * 17)}, bytes(4)), forged({"0": told(shape=[0, 2 ** 40], offsets=[0, 0])}),
    forged({"0": told("C64", offsets=[0, 8])}, bytes(8)), forged({"0": told("X32")}, bytes(4)),
    forged({"0": told(shape=[True])}, bytes(4)), forged({"0": told(["F32"])}, bytes(4)), forged({"0": 7}), forged([7]),
    forged({"0": told(), "1": told()}, bytes(4)), forged({"0": told(offsets=[0, 8])}, bytes(8)),
    forged(b"[" * 2 ** 17), message([{"tensor": 0}, {"tensor": 0}], safetensors.torch.save({"0": torch.ones(1)})),
    message(b"1" + b"0" * 400),
], ids=["long text", "many values", "large tensors", "many tensors", "long header", "many axes", "impossible shape",
        "complex", "unknown type", "boolean size", "list for a type", "no record", "no names", "overlapping",
        "too many bytes", "deep header", "named twice", "long number"])
def test_a_forged_message_is_refused_before_it_costs_memory(data):
    with pytest.raises(ValueError, match="not a message"):
        codec.decode(data)


def test_a_forged_message_is_proper_but_for_what_is_forged():
    assert codec.decode(forged({"0": told()}, bytes(4))).tolist() == [0]


@pytest.mark.parametrize("value", [torch.zeros(2 ** 22 + 1), "x" * 2 ** 20, [0] * (10 ** 5 + 1),
                                   [torch.zeros(0)] * 2001],
                         ids=["large tensor", "long text", "many values", "many tensors"])
def test_what_nobody_would_decode_is_not_encoded(value):
    with pytest.raises(codec.TooLarge, match="^answer is too large"):
        codec.encode(value)


def test_a_decoded_boolean_is_true_or_false_whatever_its_byte():
    blob = safetensors.torch.save({"0": torch.tensor([0, 2, 1], dtype=torch.uint8)}).replace(b'"U8"', b'"BOOL"', 1)
    size = int.from_bytes(blob[:8], "little") + 2
    text = blob[8:8 + size].rstrip().ljust(size)
    back = codec.decode(message({"tensor": 0}, size.to_bytes(8, "little") + text + b"\0\2\1"))
    assert back.view(torch.uint8).tolist() == [0, 1, 1]


def test_messages_follow_each_other_through_a_pipe():
    file = io.BytesIO()
    for data in (b"one", b"", b"three" * 1000):
        pipe.write(file, data)
    file.seek(0)
    assert [pipe.read(file) for _ in range(3)] == [b"one", b"", b"three" * 1000]
    with pytest.raises(EOFError):
        pipe.read(file)


@pytest.mark.parametrize("data, error", [
    (b"\0\0", EOFError), ((5).to_bytes(8, "big") + b"four", EOFError), (b"\xff" * 8, ValueError),
    ((pipe.LARGEST + 1).to_bytes(8, "big"), ValueError),
])
def test_a_broken_message_of_a_pipe_is_an_error(data, error):
    with pytest.raises(error):
        pipe.read(io.BytesIO(data))
