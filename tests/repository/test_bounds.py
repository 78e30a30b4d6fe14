"""Sizes that no computer has room for are refused before anything is allocated; running out of memory blames no gap."""

import re

import numpy as np
import pytest
import torch

import plot_latent_space
import run_diffusion_training
import run_gan_training
import run_vae_training
import sample_gan
from lib.support.data import datasets
from lib.support.data.image_sets import ImageSet
from lib.support.errors import UserError
from lib.support.scripts import command_line
from lib.support.scripts.command_line import script
from lib.support.speed import memory

SCRIPTS = {"run_vae_training": run_vae_training, "run_diffusion_training": run_diffusion_training,
           "run_gan_training": run_gan_training, "sample_gan": sample_gan, "plot_latent_space": plot_latent_space}
HUGE = ["100000000000", str(2**64), "9" * 5000]


def whole_numbers_of(module, monkeypatch):
    """The flags of a script that take a whole number."""
    parsers = []

    def remember(parser, argv):
        parsers.append(parser)
        raise UserError
    with monkeypatch.context() as patch, pytest.raises(UserError):
        patch.setattr(command_line.Parser, "parse_args", remember)
        module.parse_arguments([])
    return [action.option_strings[0] for action in parsers[0]._actions if "whole_number" in str(action.type)]


@pytest.mark.parametrize("name", ["run_vae_training", "run_diffusion_training", "run_gan_training", "sample_gan"])
def test_every_whole_number_has_an_upper_bound(name, tmp_path, monkeypatch, capsys):
    """One line that names the flag and the bound, and nothing is allocated or written."""
    flags = whole_numbers_of(SCRIPTS[name], monkeypatch)
    assert {"--seed"} < set(flags)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(torch, "empty", lambda *_, **__: pytest.fail("allocated"))
    for flag in flags:
        for value in HUGE:
            if flag == "--seed" and int(value[:30]) < 2**64:
                continue
            assert SCRIPTS[name].main([*["g.pth"] * (name == "sample_gan"), flag, value]) == 2
            line, = capsys.readouterr().err.splitlines()
            assert flag in line and re.search(r"at most [\d,]+ |of 32 x 32 pixels", line) and len(line) < 300
    assert not list(tmp_path.iterdir())


def test_the_largest_seed_is_one():
    """torch takes 64 bits."""
    seed = run_vae_training.parse_arguments(["--seed", str(2**64 - 1)]).seed
    assert torch.manual_seed(seed).initial_seed() % 2**64 == seed


@pytest.mark.parametrize(("main", "arguments", "named"), [
    (run_vae_training.main, ["--hidden_size", "100000", "--latent_size", "10000"], "--hidden_size"),
    (run_gan_training.main, ["--multiplier_g", "1024", "--batch_size", "100000"], "--multiplier_g"),
    (run_gan_training.main, ["--multiplier_d", "1024", "--batch_size", "100000"], "--multiplier_d")])
def test_sizes_that_fit_one_by_one_and_not_together(main, arguments, named, tmp_path, monkeypatch, capsys):
    """What they take together is compared with the memory there is, before the model is made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(memory, "_memory_of_this_computer", lambda: 2**34)
    monkeypatch.setattr(torch.nn.Module, "__init__", lambda *_: pytest.fail("a layer was made"))
    assert main(["--dataset", "digits", *arguments]) == 2
    line, = capsys.readouterr().err.splitlines()
    assert named in line and "16" in line and "GiB" in line
    assert not list(tmp_path.iterdir())


def test_default_sizes_fit(monkeypatch):
    """Half a gigabyte is enough for each default, so that no small computer is refused."""
    monkeypatch.setattr(memory, "_memory_of_this_computer", lambda: 2**29)
    mnist = ImageSet("mnist", torch.zeros(1, 1, 28, 28, dtype=torch.uint8).expand(60_000, -1, -1, -1),
                     torch.zeros(60_000, dtype=torch.int64), ("0",))
    memory.check_memory(run_vae_training.bytes_needed(run_vae_training.parse_arguments([]), mnist), "")
    memory.check_memory(run_gan_training.bytes_needed(
        run_gan_training.parse_arguments(["--dataset", "mnist"]), 60_000), "")


def test_images_enlarged_beyond_the_memory(monkeypatch):
    monkeypatch.setattr(memory, "_memory_of_this_computer", lambda: 2**30)
    with pytest.raises(UserError, match="--image_size"):
        datasets.load("digits", image_size=4096)


def test_where_the_memory_is_not_known_all_is_accepted(monkeypatch):
    monkeypatch.setattr(memory, "_memory_of_this_computer", lambda: None)
    memory.check_memory(10**30, "--size")


ERRORS = {
    "NumPy's": lambda: np.empty(10**17),
    "torch's": lambda: torch.empty(10**17),
    "torch's, of a size beyond 64 bits": lambda: torch.empty(2**40, 2**40),
    "a GPU's": lambda: (_ for _ in ()).throw(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")),
    "Python's": lambda: bytearray(2**62),
}


@pytest.mark.parametrize("allocate", ERRORS.values(), ids=ERRORS)
def test_out_of_memory_names_the_flags_that_reduce_it(allocate, capsys):
    @script(smaller="--batch_size or --width")
    def main(argv=None):
        allocate()
    assert main() == 2
    assert "out of memory: a smaller --batch_size or --width needs less" in capsys.readouterr().err


def test_out_of_memory_within_a_gap_blames_no_gap(monkeypatch, tmp_path, capsys):
    """The layers of the VAE are a gap, and innocent."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("lib.model_vae.F.relu", lambda x: torch.empty(10**17))
    assert run_vae_training.main(["--dataset", "digits", "--device", "cpu"]) == 2
    line, = capsys.readouterr().err.splitlines()
    assert "--batch_size" in line and "gap" not in line


def test_an_error_in_the_first_step_is_no_divergence(monkeypatch, tmp_path):
    """No loss has been NaN: what went wrong is said as it is."""
    def fail(*_):
        raise RuntimeError("shapes do not fit")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run_diffusion_training, "POINTS", 100)
    monkeypatch.setattr("lib.extras.diffusion.training_step", fail)
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        run_diffusion_training.main(["--n_samples", "100", "--device", "cpu"])
