"""Odd sets of flags, drawn at random: every script ends with exit code 0, or with 2 and one line, never otherwise."""

import importlib
import os
import random
from pathlib import Path

import pytest
import torch

import run_diffusion_training
import run_vae_training
from lib.model_gan import Generator
from lib.support.figures import density_report, video
from lib.support.measures import quality

DRAWN = 6  # command lines for each script; ODD_FLAGS=60 draws that many, from ODD_SEED
HUGE = ("99999999999", "999999999999999999999999", "9" * 5000, str(2**63), str(2**64))
NUMBERS = ("1", "2", "3", "7", "+5", " 4 ", "0", "-1", "1.5", "1e3", "nan", "inf", "-inf", "", "x", "1_000", "٣", *HUGE)
REALS = ("0", "1e-9", "0.3", "1", "1.0", "30", "1e5", "1e38", "1e300", "1e400", "-0.0", "-1", "nan", "inf", "", "1,5")
NAMES = ("", ".", "..", "new", "a b", "$HOME", "日本", "-x", "x" * 300, "file", "a/b/c", "foreign", "made", "\udce9")
RUN = {"--epochs": ("1", "1", "2", "0", "-3", *HUGE), "--batch_size": NUMBERS, "--seed": NUMBERS, "--lr": REALS,
       "--learning_rate": REALS, "--device": ("cpu", "auto", "tpu", ""), "--output_dir": NAMES, "--resume": None}
IMAGES = {"--data_dir": NAMES, "--dataset": ("digits", "blossoms", "folder:", "folder:foreign", "folder:file", "moons",
                                             "folder:nowhere", "Digits", "", "folder:.", "text:a", "mnist:")}
SCRIPTS = {
    "run_vae_training": (["--dataset", "digits", "--epochs", "1"], {
        **RUN, **IMAGES, "--hidden_size": NUMBERS, "--latent_size": NUMBERS, "--kl_loss_weight": REALS,
        "--image_size": NUMBERS}),
    "plot_latent_space": (["--output_dir", "made"], {
        **IMAGES, "--kl_loss_weight": REALS, "--device": RUN["--device"], "--output_dir": NAMES}),
    "run_diffusion_training": (["--n_samples", "100", "--epochs", "1", "--diffusion_steps", "5", "--n_blocks", "1"], {
        **RUN, "--n_samples": NUMBERS, "--n_blocks": NUMBERS, "--eta": REALS, "--verbose": None,
        "--diffusion_steps": NUMBERS, "--sampling_steps": NUMBERS, "--method": ("diffusion", "flow", "x"),
        "--sampler": ("ancestral", "ddim", "ddpm"), "--schedule": ("linear", "cosine", ""),
        "--preset": ("none", "fast"),
        "--dataset": ("moons", "circles", "checkerboard", "text:a", "text:", "text:$$", "text: ", "text:日", "Moons")}),
    "run_gan_training": (["--dataset", "digits", "--epochs", "1", "--multiplier_g", "1", "--multiplier_d", "1",
                          "--batch_size", "500"], {
        **RUN, **IMAGES, "--latent_size": NUMBERS, "--multiplier_g": NUMBERS, "--multiplier_d": NUMBERS,
        "--image_size": ("32", "64", *HUGE), "--crop": ("random", "centre", "middle"), "--mirror": None,
        "--no-mirror": None, "--precision": ("auto", "float32", "bfloat16", "float64")}),
    "sample_gan": (["g.pth"], {
        "--temperature": REALS, "--number": NUMBERS, "--interpolate": None, "--seed": NUMBERS, "extra": None,
        "--device": RUN["--device"], "--output_dir": NAMES}),
}


def drawn(script, random):
    """A small command line, and one to four odd flags after it, which overrule it."""
    small, flags = SCRIPTS[script]
    arguments = list(small)
    for flag in random.sample(sorted(flags), random.randint(1, 4)):
        name = flag[:-1] if random.random() < 0.05 else flag
        values = flags[flag]
        arguments += [name] if values is None or random.random() < 0.02 else [name, random.choice(values)]
    return arguments


def command_lines():
    drawn_by = random.Random(int(os.environ.get("ODD_SEED", "0")))
    for _ in range(int(os.environ.get("ODD_FLAGS", DRAWN))):
        for script in SCRIPTS:
            yield script, drawn(script, drawn_by)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder but for a file, a folder with a file, and weights; pictures and videos cost next to nothing."""
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("mine")
    Path("foreign").mkdir()
    Path("foreign/notes.txt").write_text("mine")
    torch.manual_seed(0)
    torch.save(Generator(2, 1, 3).state_dict(), "g.pth")
    monkeypatch.setattr(run_diffusion_training, "POINTS", 200)
    monkeypatch.setattr(quality, "POINTS", 50)
    monkeypatch.setattr(quality, "DRAWS", 1)
    monkeypatch.setattr(density_report, "FRAMES", 2)
    monkeypatch.setattr("lib.support.runs.results.Results.save_figure", lambda *_: None)
    monkeypatch.setattr(video, "encode_video", lambda frames: b"")


@pytest.mark.parametrize(("script", "arguments"), [pytest.param(*line, id=line[0]) for line in command_lines()])
def test_odd_flags_end_with_a_result_or_one_line(script, arguments, here, capsys):
    """Exit code 0, or 2 with a line on standard error that the script's name begins; other files stay as they are."""
    main = importlib.import_module(script).main
    if script == "plot_latent_space":
        run_vae_training.main([*SCRIPTS["run_vae_training"][0], "--output_dir", "made"])
    capsys.readouterr()
    exit_code = main(arguments)
    lines = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("warning: ")]
    assert exit_code in (0, 2), lines
    assert len(lines) == exit_code // 2 and all(len(line) < 1000 for line in lines), lines
    assert Path("file").read_text() == "mine" and os.listdir("foreign") == ["notes.txt"]
