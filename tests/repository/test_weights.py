"""Weights made by anybody: what is taken, from which wrapping, and what is refused in one line."""

import random

import pytest
import torch
from torch import nn

import plot_latent_space
import sample_gan
from lib.model_gan import Generator, generator_from_weights
from lib.model_vae import VAE, vae_from_weights
from lib.support.errors import UserError
from lib.support.runs.weights import load_weights
from tests.repository.pickles import Malicious


def forbidden(*_):
    raise AssertionError("nothing should be said")


def same(loaded, weights):
    return list(loaded) == list(weights) and all(torch.equal(loaded[name], weights[name]) for name in weights)


# What is taken

def test_weights_of_any_program_are_loaded_onto_the_cpu(tmp_path):
    weights = nn.Linear(3, 2).state_dict()
    torch.save(weights, tmp_path / "new.pth")
    torch.save(weights, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    for name in ("new.pth", "old.pth"):
        assert same(load_weights(tmp_path / name, say=forbidden), weights)


@pytest.mark.parametrize("saved_as", ["module.{}", "_orig_mod.{}", "module._orig_mod.{}", "_orig_mod.module.{}"])
def test_names_with_a_prefix_are_those_of_the_model(tmp_path, saved_as):
    """From several GPUs, compiled, or both; the one line names the file and each prefix."""
    weights = VAE(1, 2, 2, 3, 2).state_dict()
    torch.save({saved_as.format(name): weight for name, weight in weights.items()}, tmp_path / "model.pth")
    said = []
    assert same(load_weights(tmp_path / "model.pth", say=said.append), weights)
    assert len(said) == 1 and "model.pth" in said[0]
    assert all((prefix in said[0]) == (prefix in saved_as) for prefix in ("module.", "_orig_mod."))


def test_a_prefix_within_a_name_is_left_out_too(tmp_path):
    """As torch names the weights of a model of which one layer is compiled."""
    weights = nn.Linear(3, 2).state_dict()
    torch.save({f"encode_mu._orig_mod.{name}": weight for name, weight in weights.items()}, tmp_path / "model.pth")
    loaded = load_weights(tmp_path / "model.pth", say=lambda line: None)
    assert list(loaded) == ["encode_mu.weight", "encode_mu.bias"]


@pytest.mark.parametrize("name, others", [
    ("state_dict", {"epoch": 3, "optimizer": torch.optim.Adam([torch.zeros(1)]).state_dict()}),
    ("model_state_dict", {"loss": torch.zeros(()), "epoch": 3}),
    ("state_dict", {"ema": {"weight": torch.zeros(1)}}),
    ("generator", {"step": 1, 7: "seven"})])
def test_a_state_dict_beside_other_things_is_found(tmp_path, name, others):
    """By its name, or as the only one; with its prefixes."""
    weights = nn.Linear(3, 2).state_dict()
    torch.save({**others, name: {f"module.{key}": value for key, value in weights.items()}}, tmp_path / "model.pth")
    said = []
    assert same(load_weights(tmp_path / "model.pth", say=said.append), weights)
    assert said == [f"{tmp_path / 'model.pth'}: took the state dict in {name!r} and without the prefix module. "
                    "of its names"]


# What is refused

NAN, INFINITE = torch.tensor([0.0, float("nan")]), torch.tensor([float("-inf"), 1.0])
ONE = {"weight": torch.zeros(1)}
REFUSED = {
    "an empty file": (b"", "cannot be read as weights"),
    "a cut off file": (b"\x80\x02}q", "cannot be read as weights|is refused"),
    "numbers": ({"weight": [1.0, 2.0]}, "holds no state dict"),
    "a bare tensor": (torch.zeros(2), "holds no state dict"),
    "nothing in it": ({}, "holds no state dict"),
    "nothing in the wrapping": ({"state_dict": {}}, "holds no state dict"),
    "names that are numbers": ({0: torch.zeros(2), 1: torch.zeros(2)}, "holds no state dict"),
    "some names that are numbers": ({"weight": torch.zeros(2), 1: torch.zeros(2)}, "holds no state dict"),
    "wrapped names that are numbers": ({"state_dict": {0: torch.zeros(2)}}, "holds no state dict"),
    "two state dicts": ({"netG": ONE, "netD": ONE}, "several state dicts, netG, netD"),
    "two of the usual names": ({"state_dict": ONE, "model_state_dict": ONE}, "several state dicts"),
    "with and without a prefix": ({**ONE, "module.weight": torch.ones(1)}, "some weights twice"),
    "NaN": ({"good": torch.zeros(2), "bad": NAN}, "bad holds NaN or infinite"),
    "infinite": ({"bad": INFINITE.bfloat16()}, "bad holds NaN or infinite"),
    "beyond float32": ({"bad": torch.full((2,), 1e300, dtype=torch.float64)}, "bad holds NaN or infinite"),
    "NaN in a wrapping": ({"state_dict": {"module.bad": NAN}}, "bad holds NaN or infinite"),
    "complex": ({"bad": torch.zeros(2, dtype=torch.complex64)}, "bad is no plain tensor"),
    "sparse": ({"bad": torch.eye(2).to_sparse()}, "bad is no plain tensor"),
    "without values": ({"bad": torch.zeros(2, device="meta")}, "bad is no plain tensor"),
    "no file": (None, "there is no file")}


@pytest.mark.filterwarnings("ignore:Validating sparse tensor invariants")
@pytest.mark.parametrize("wrong, complaint", REFUSED.values(), ids=REFUSED)
def test_what_is_no_file_of_weights_is_said_in_one_line(wrong, complaint, tmp_path):
    path = tmp_path / "model.pth"
    if isinstance(wrong, bytes):
        path.write_bytes(wrong)
    elif wrong is not None:
        torch.save(wrong, path)
    with pytest.raises(UserError, match=complaint) as refusal:
        load_weights(path, say=forbidden)
    assert str(path) in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize("new_format", [True, False])
def test_weights_with_code_in_them_are_refused_and_the_code_not_run(new_format, tmp_path):
    path = tmp_path / "model.pth"
    torch.save({"weight": Malicious(tmp_path / "stolen")}, path, _use_new_zipfile_serialization=new_format)
    with pytest.raises(UserError, match="is refused: it is no file of weights, or it holds more than tensors"):
        load_weights(path)
    assert not (tmp_path / "stolen").exists()


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")  # what torch says of some of them
def test_weights_with_flipped_bits_are_read_or_refused(tmp_path):
    seed = random.SystemRandom().randrange(10**6)
    print(f"random.Random({seed})")
    draw = random.Random(seed)
    path = tmp_path / "model.pth"
    torch.save(torch.nn.Linear(3, 2).state_dict(), path)
    whole = path.read_bytes()
    for _ in range(100):
        damaged = bytearray(whole)
        damaged[draw.randrange(len(whole))] ^= 1 << draw.randrange(8)
        path.write_bytes(damaged)
        try:
            load_weights(path)
        except UserError as refusal:
            assert "\n" not in str(refusal)


# The models

def test_sizes_are_those_of_the_weights():
    assert vae_from_weights(VAE(3, 4, 5, 6, 7).state_dict(), (3, 4, 5)).latent_size == 7
    generator = generator_from_weights(Generator(2, 1, 5).state_dict())
    assert generator.latent_size == 5 and generator.num_channels == 1


@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")
@pytest.mark.parametrize("hidden, latent", [(0, 2), (3, 0), (0, 0)])
def test_a_vae_without_units_is_refused(hidden, latent):
    with pytest.raises(ValueError, match=f"{hidden} hidden units and {latent} latent dimensions"):
        vae_from_weights(VAE(1, 2, 2, hidden, latent).state_dict(), (1, 2, 2))


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_generator_without_units_is_refused(position):
    shapes = {"layers.0.weight": [5, 16, 4, 4], "layers.12.weight": [3, 2, 3, 3]}
    name, axis = [("layers.0.weight", 0), ("layers.12.weight", 0), ("layers.12.weight", 1)][position]
    shapes[name][axis] = 0
    with pytest.raises(ValueError, match="1 or more of each"):
        generator_from_weights({name: torch.zeros(shape) for name, shape in shapes.items()})


@pytest.mark.parametrize("make", [lambda weights: vae_from_weights(weights, (1, 2, 2)), generator_from_weights])
def test_weights_without_axes_are_those_of_no_model(make):
    names = ("encode_hidden.weight", "encode_mu.weight", "layers.0.weight", "layers.12.weight", *map(str, range(99)))
    with pytest.raises(ValueError, match="these are not the weights of a .* of 103 tensors: .*, …") as refusal:
        make({name: torch.zeros(()) for name in names})
    assert len(str(refusal.value)) < 200


# The scripts

def one_line_of(captured):
    assert captured.err.count("\n") == 1, captured.err
    return captured.err


@pytest.mark.parametrize("channels", [2, 4, 5])
def test_images_of_other_channels_than_grey_and_colour_cannot_be_drawn(tmp_path, capsys, channels):
    torch.save(Generator(2, channels, 5).state_dict(), tmp_path / "g.pth")
    assert sample_gan.main([str(tmp_path / "g.pth"), "--device", "cpu"]) == 2
    assert f"{channels} channels, and only 1 (grey) and 3 (colour)" in one_line_of(capsys.readouterr())
    assert [path.name for path in tmp_path.iterdir()] == ["g.pth"]


def spoilt(model):
    weights = model.state_dict()
    weights[list(weights)[-1]] = torch.full_like(list(weights.values())[-1], float("nan"))
    return weights


def test_wrapped_weights_are_drawn_and_spoilt_ones_refused(tmp_path, capsys, monkeypatch):
    """Both scripts take what others saved, say so, and refuse what cannot be drawn with exit code 2."""
    monkeypatch.chdir(tmp_path)
    for model, name, command, main in (
            (Generator(2, 1, 5), "g.pth", ["g.pth"], sample_gan.main),
            (VAE(1, 28, 28, 3, 2), "model.pth", ["--output_dir", ".", "--dataset", "digits"], plot_latent_space.main)):
        torch.save({"state_dict": nn.DataParallel(model).state_dict(), "epoch": 1}, name)
        assert main([*command, "--device", "cpu"]) == 0
        assert f"{name}: took the state dict in 'state_dict' and without the prefix module." in capsys.readouterr().out
        torch.save(spoilt(model), name)
        assert main([*command, "--device", "cpu"]) == 2
        assert f"{name}: " in (line := one_line_of(capsys.readouterr())) and "NaN" in line
