"""The root scripts as tests call them: a row each, with a command line that takes a second or two."""

import contextlib
import importlib
import itertools
import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.optim.optimizer import register_optimizer_step_pre_hook

ROOT = Path(__file__).resolve().parents[2]
DRAWN = ("*.npy", "*.html", "codes.json", "inference.json", "comparison.json", "latent_*.png",
         "completion_*.png")  # beside what a training leaves


@dataclass(frozen=True)
class Script:
    """What a script needs to be small, and what it promises.

    Args:
        arguments: its smallest command line, without --epochs, --seed and --output_dir.
        writes: the files that have to be in the results folder after two epochs.
        folder: the results folder, where no other is named.
        gap: one that the script meets.
        wrong: command lines that are refused, and a word of the line that says so; besides what the help text shows.
        columns: of metrics.jsonl; empty for a script that trains nothing.
        smaller: constants that only cost time here, as "module.NAME".
        prepare: makes what the script reads, in the working folder.
    """

    arguments: list[str]
    writes: set[str]
    folder: str
    gap: str
    wrong: dict[str, str]
    columns: list[str] = field(default_factory=list)
    smaller: dict[str, int] = field(default_factory=dict)
    prepare: Callable[[], None] = lambda: None
    slow: bool = False

    @property
    def trains(self) -> bool:
        return bool(self.columns)


def make_pictures() -> None:
    """A folder data set, two classes of eight pictures of several sizes and modes, one darker; and an empty one."""
    Path("empty").mkdir()
    random = np.random.default_rng(0)
    for number, mode in enumerate(["RGB", "L", "RGBA", "P"] * 4):
        label = number // 8
        Path(f"pictures/class{label}").mkdir(parents=True, exist_ok=True)
        pixels = random.normal(60 + 120 * label, 20, (40, 36 + number % 8, 3)).clip(0, 255).astype(np.uint8)
        Image.fromarray(pixels).convert(mode).save(f"pictures/class{label}/{number}.png")


def make_generator() -> None:
    """The weights of a generator, as another script may have saved them."""
    from lib.model_gan import Generator
    torch.manual_seed(0)
    torch.save(Generator(3, 1, 7).state_dict(), "g.pth")


def train_vae() -> None:
    """What plot_latent_space.py and the other scripts about latent spaces read."""
    make_pictures()
    assert call("run_vae_training", "--epochs", "1") == 0


def train_autoencoder() -> None:
    """What explore_code_space.py reads."""
    make_pictures()
    assert call("run_autoencoder_training", "--epochs", "1") == 0


def train_conv_vaes() -> None:
    """What compare_likelihoods.py compares."""
    make_pictures()
    for likelihood in ("gaussian", "bernoulli"):
        assert call("run_conv_vae_training", "--epochs", "1", "--likelihood", likelihood) == 0


SCRIPTS = {
    "run_autoencoder_training": Script(
        arguments=["--dataset", "folder:pictures", "--image_size", "8", "--batch_size", "8", "--device", "cpu"],
        folder="results_autoencoder/pictures_mlp", gap="autoencoder_forward", prepare=make_pictures,
        writes={"training_samples_0.png", "reconstruction_1.png", "reconstruction_2.png", "losses.png", "model.pth",
                "metrics.jsonl", "run.json", "checkpoint.pt"},
        columns=["epoch", "train_loss", "test_loss", "test_error", "seconds"],
        wrong={"--latent_size 0": "at least 1", "--latent_size 193": "has 192 numbers", "--hidden_size 0": "at least 1",
               "--architecture transformer": "conv", "--likelihood cauchy": "bernoulli", "--variance learned":
               "--likelihood gaussian", "--likelihood bernoulli --variance fixed": "--likelihood gaussian",
               "--hidden_size 100000 --image_size 4096": "memory"}),
    "explore_code_space": Script(
        arguments=["results_autoencoder/pictures_mlp", "--components", "3", "--device", "cpu"],
        folder="results_autoencoder/pictures_mlp", gap="autoencoder_decoder", prepare=train_autoencoder,
        smaller={"lib.support.measures.classifier.STEPS": 4, "lib.extras.geodesic.ITERATIONS": 3},
        writes={"codes_prior.png", "codes_uniform.png", "codes_gaussian_diagonal.png", "codes_gaussian_full.png",
                "codes_better.png", "codes_gmm.png", "codes_kde.png", "codes.png", "code_space.png", "distances.png",
                "codes.json", "interpolation.png"},
        wrong={"--codes box": "gaussian_full", "--components 13": "12 codes", "--interpolate straight": "geodesic",
               "--steps 1": "at least 2", "--pairs 0": "at least 1"}),
    "run_vae_training": Script(
        arguments=["--dataset", "folder:pictures", "--image_size", "8", "--batch_size", "8", "--device", "cpu"],
        folder="results_kl1.0", gap="vae_encode", prepare=make_pictures,
        writes={"training_samples_0.png", "reconstruction_1.png", "reconstruction_2.png", "losses.png", "samples.png",
                "model.pth", "metrics.jsonl", "run.json"},
        columns=["epoch", "train_loss", "train_reconstruction", "train_kl", "test_loss", "test_reconstruction",
                 "test_kl", "seconds"],
        wrong={"--dataset nonsense": "digits", "--dataset folder:not/there": "not/there", "--kl_loss_weight -1":
               "at least 0", "--kl_loss_weight inf": "at least 0", "--epochs 0": "at least 1", "--epochs 0.5":
               "whole number", "--epochs much": "--epochs", "--batch_size 0": "at least 1", "--lr 0": "above 0"}),
    "plot_latent_space": Script(
        arguments=["--device", "cpu"], folder="results_kl1.0", gap="latent_grid", prepare=train_vae,
        writes={"latent_space.png"},
        wrong={"--dataset nonsense": "digits", "--kl_loss_weight 7": "run_vae_training.py --kl_loss_weight 7"}),
    "run_conv_vae_training": Script(
        arguments=["--dataset", "folder:pictures", "--image_size", "8", "--batch_size", "8", "--channels", "2",
                   "--latent_size", "3", "--device", "cpu"],
        folder="results_conv_vae/gaussian_3", gap="early_stopping", prepare=make_pictures,
        writes={"elbo.png", "reconstructions.png", "samples.png", "summary.json", "model.pth", "metrics.jsonl",
                "run.json", "checkpoint.pt"},
        columns=["epoch", "train_elbo", "train_log_likelihood", "train_kl", "validation_elbo",
                 "validation_log_likelihood", "validation_kl", "seconds"],
        wrong={"--likelihood cauchy": "bernoulli", "--bins 0 --likelihood categorical": "at least 2",
               "--bins 1 --likelihood categorical": "at least 2", "--bins 10000 --likelihood categorical":
               "at most 256", "--bins 4": "--likelihood categorical", "--latent_size 0": "at least 1",
               "--latent_size 193": "has 192 numbers", "--patience 0": "at least 1", "--validation_size 12":
               "has 12 images", "--validation_size 0": "at least 1", "--likelihood beta --variance learned":
               "--likelihood gaussian", "--channels 4096 --image_size 4096": "memory"}),
    "plot_latent_structure": Script(
        arguments=["results_kl1.0", "--interpolate", "2", "--steps", "4", "--device", "cpu"], folder="results_kl1.0",
        gap="interpolate_samples", prepare=train_vae, writes={"latent_means.png", "latent_interpolation.png"},
        wrong={"--steps 1": "at least 2", "--interpolate 0": "at least 1"}),
    "make_latent_page": Script(
        arguments=["results_kl1.0", "--device", "cpu"], folder="results_kl1.0", gap="latent_mu_logvar",
        prepare=train_vae, writes={"latent_page.html"}, wrong={"--points 5": "--points"}),
    "infer_without_encoder": Script(
        arguments=["results_kl1.0", "--images", "0", "2", "--max_steps", "3", "--device", "cpu"],
        folder="results_kl1.0", gap="psi_optimise", prepare=train_vae, writes={"inference.png", "inference.json"},
        wrong={"--images 0 4": "from 0 to 3", "--images -1": "at least 0", "--max_steps 0": "at least 1",
               "--max_steps 1001": "at most 1,000"}),
    "complete_images": Script(
        arguments=["results_kl1.0", "--images", "0", "2", "--samples", "2", "--device", "cpu"], folder="results_kl1.0",
        gap="masked_log_likelihood", prepare=train_vae, smaller={"lib.infer_latents.MAX_STEPS": 3},
        writes={"completion_right.png"},
        wrong={"--images 4": "from 0 to 3", "--samples 0": "at least 1", "--hide all": "centre"}),
    "compare_likelihoods": Script(
        arguments=["--likelihoods", "gaussian", "bernoulli", "--latent_size", "3", "--images", "4", "--k", "3",
                   "--device", "cpu"],
        folder="results_conv_vae/comparison", gap="likelihood_gaussian", prepare=train_conv_vaes,
        writes={"likelihoods.png", "comparison.json"},
        wrong={"--likelihoods cauchy": "continuous_bernoulli", "--images 1": "at least 2", "--k 0": "at least 1",
               "--latent_size 0": "at least 1"}),
    "run_diffusion_training": Script(
        arguments=["--n_samples", "100", "--batch_size", "50", "--n_blocks", "1", "--diffusion_steps", "6",
                   "--device", "cpu"],
        folder="results_diffusion/moons", gap="diffusion_training_step", slow=True,
        smaller={"run_diffusion_training.POINTS": 400, "lib.support.measures.quality.POINTS": 50,
                 "lib.support.measures.quality.DRAWS": 1},
        writes={"data.png", "schedules.png", "noised_data.png", "training_loss.png", "generation.png",
                "generated_samples.png", "generated_samples.npy", "moons_forward.mp4", "moons_generation.mp4",
                "model.pth", "metrics.jsonl", "run.json", "checkpoint.pt"},
        columns=["epoch", "train_loss", "seconds", "sliced_w1", "sliced_w1_floor", "mmd", "mmd_floor", "outside"],
        wrong={"--dataset moon": "eight_gaussians", "--diffusion_steps 0": "at least 1", "--diffusion_steps -5":
               "at least 1", "--sampler ddim --sampling_steps 0": "at least 1", "--sampler ddim --sampling_steps 7":
               "has only 6", "--sampling_steps 3": "--sampler ddim", "--eta 1": "--sampler ddim",
               "--method flow --sampler ddim": "--method flow", "--n_samples 1": "at least 2", "--epochs 0":
               "at least 1", "--learning_rate 0": "above 0"}),
    "run_gan_training": Script(
        arguments=["--dataset", "folder:pictures", "--multiplier_g", "2", "--multiplier_d", "2", "--batch_size", "8",
                   "--latent_size", "5", "--crop", "random", "--device", "cpu"],
        folder="results_gan/pictures", gap="gan_generator_error", prepare=make_pictures, slow=True,
        writes={"training_images.png", "samples_0001.png", "samples_0002.png", "training.mp4", "losses.png",
                "metrics.jsonl", "model_g.pth", "model_d.pth", "run.json", "checkpoint.pt"},
        columns=["epoch", "loss_d_real", "loss_d_fake", "loss_g", "D_x", "D_G_z1", "D_G_z2", "diversity", "seconds"],
        wrong={"--image_size 64": "make images of 32 x 32 pixels", "--dataset folder:empty": "no pictures in empty",
               "--dataset folder:nowhere": "there is no folder nowhere", "--dataset roses": "no image set 'roses'"}),
    "sample_gan": Script(
        arguments=["g.pth", "--number", "8", "--device", "cpu"], folder=".", gap="gan_sample", prepare=make_generator,
        writes={"generated_samples.png"},
        wrong={"--temperature -1": "at least 0", "--number 0": "at least 1", "--seed -1": "at least 0"}),
}


def enter(script: str, folder: Path, monkeypatch) -> None:
    """Work in a folder that has what the script reads, without a display, with what only costs time made small."""
    monkeypatch.chdir(folder)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for constant, value in SCRIPTS[script].smaller.items():
        monkeypatch.setattr(constant, value)
    SCRIPTS[script].prepare()


@contextlib.contextmanager
def ctrl_c(step: int) -> Iterator[None]:
    """Press Ctrl-C in this step of the optimisers, counted from 0."""
    numbers = itertools.count()

    def press(*_):
        if next(numbers) == step:
            signal.raise_signal(signal.SIGINT)
    with register_optimizer_step_pre_hook(press):
        yield


def call(script: str, *arguments: str) -> int:
    """Run a script with its smallest command line and these arguments; its exit code."""
    return importlib.import_module(script).main([*SCRIPTS[script].arguments, *arguments])


def one_line_of(capsys) -> str:
    """The one line that was written to standard error."""
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def rows_of(folder: str | Path) -> list[dict]:
    """The metrics of a run."""
    return [json.loads(line) for line in (Path(folder) / "metrics.jsonl").read_text().splitlines()]


def numbers_of(folder: str | Path) -> dict[str, object]:
    """All that a script computed: weights and arrays, metrics without the clock; pictures where it only draws."""
    found = {path.name: path.read_bytes() for kind in DRAWN for path in Path(folder).glob(kind)}
    for path in Path(folder).glob("*.pth"):
        weights = torch.load(path, weights_only=True)
        found |= {f"{path.name} {name}": tensor.tolist() for name, tensor in weights.items()}
    if (Path(folder) / "metrics.jsonl").exists():
        return found | {"rows": [row | {"seconds": None} for row in rows_of(folder)]}
    return found | {path.name: path.read_bytes() for path in Path(folder).glob("*.png")}
