"""The pictures of README.md, sheets and docs: `python -m course.pictures` runs the scripts and keeps what they write.

The pictures keep all of their colours. To be small, they lose pixels: each is reduced to a width, or cut off below.
"""

import argparse
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from course.browser import BrowserError, missing, photograph

__all__ = ["PICTURES", "RUNS", "Picture", "main"]

_ROOT = Path(__file__).resolve().parent.parent
_RESULTS = "results_pictures"  # git ignores it

RUNS = {  # command lines; {results} is a folder for each run
    "autoencoder": ["run_autoencoder_training.py --dataset mnist --resume --output_dir {results}",
                    "explore_code_space.py {results}"],
    "vae_kl1": ["run_vae_training.py --kl_loss_weight 1 --resume --output_dir {results}",
                "plot_latent_space.py --kl_loss_weight 1 --output_dir {results}",
                "make_latent_page.py {results}"],
    "vae_kl30": ["run_vae_training.py --kl_loss_weight 30 --resume --output_dir {results}",
                 "plot_latent_space.py --kl_loss_weight 30 --output_dir {results}"],
    "conv_vae": ["run_conv_vae_training.py --dataset digits --likelihood categorical --resume --output_dir {results}",
                 "complete_images.py {results}", "plot_latent_structure.py {results} --interpolate 6"],
    "likelihoods": ["compare_likelihoods.py --dataset mnist --output_dir {results} --models {results}_models"],
    "diffusion": ["run_diffusion_training.py --dataset swiss_roll --preset fast --resume --output_dir {results}"],
    "gan_blossoms": ["run_gan_training.py --dataset blossoms --resume --output_dir {results}"],
    "gan_flowers": ["run_gan_training.py --dataset folder:dataset_flowers_64px --resume --output_dir {results}"],
    "grades": ["-m benchmarks.invented_class {results}/submissions --teams 30 --sheets 2",
               "-m course grade {results}/submissions --out {results}/grades --sheets 2 --seed 0",
               "-m course report {results}/grades"],
}
_WITHOUT_DATA = {"run_diffusion_training.py", "-m"}
_ANEW = {"grades"}  # of the course as it is now: nothing of an earlier run is taken


@dataclass(frozen=True)
class Picture:
    """Which picture of which run is shown.

    Args:
        run: its name in `RUNS`.
        file: what a script of it writes; of a page, its look in a browser is the picture.
        width: pixels to reduce it to; None for all.
        height: pixels to keep, from above; None for all.
        window: pixels that a page has in the browser, width and height.
    """
    run: str
    file: str
    width: int | None = None
    height: int | None = None
    window: tuple[int, int] = (1360, 900)

    @property
    def is_page(self) -> bool:
        """Whether a browser has to show it."""
        return self.file.endswith(".html")

    def taken_from(self, path: Path) -> Image.Image:
        """The picture at `path`, as it is shown."""
        picture = photograph(path, *self.window) if self.is_page else Image.open(path).convert("RGB")
        if self.width is not None:
            picture = picture.resize((self.width, round(picture.height * self.width / picture.width)), Image.LANCZOS)
        return picture.crop((0, 0, picture.width, self.height or picture.height))


PICTURES = {
    "pictures/autoencoder_codes.png": Picture("autoencoder", "codes.png"),
    "pictures/autoencoder_code_space.png": Picture("autoencoder", "code_space.png", width=720),
    "pictures/autoencoder_interpolation.png": Picture("autoencoder", "interpolation.png", height=362),
    "pictures/vae_reconstruction.png": Picture("vae_kl1", "reconstruction_15.png"),
    "pictures/vae_losses.png": Picture("vae_kl1", "losses.png"),
    "pictures/vae_latent_space_kl1.png": Picture("vae_kl1", "latent_space.png", width=560),
    "pictures/vae_latent_space_kl30.png": Picture("vae_kl30", "latent_space.png", width=560),
    "pictures/vae_latent_page.png": Picture("vae_kl1", "latent_page.html", width=900),
    "pictures/conv_vae_likelihoods.png": Picture("likelihoods", "likelihoods.png", width=1000),
    "pictures/conv_vae_elbo.png": Picture("conv_vae", "elbo.png", width=1000),
    "pictures/conv_vae_interpolation.png": Picture("conv_vae", "latent_interpolation.png", height=231),
    "pictures/conv_vae_completion.png": Picture("conv_vae", "completion_right.png"),
    "pictures/diffusion_generation.png": Picture("diffusion", "generation.png", width=900),
    "pictures/diffusion_samples.png": Picture("diffusion", "generated_samples.png", width=760),
    "pictures/gan_blossoms.png": Picture("gan_blossoms", "samples_0500.png", height=256),
    "pictures/gan_flowers.png": Picture("gan_flowers", "samples_0500.png", height=256),
    "docs/pictures/class.png": Picture("grades", "grades/html/class.html", window=(900, 1000)),
    "docs/pictures/team.png": Picture("grades", "grades/html/teams/team 004.html", window=(900, 1000)),
}


def main(argv: list[str] | None = None) -> int:
    """Make the pictures of the runs that are asked for.

    Returns: its exit code; that of a script where one fails, 2 for a wrong argument or without a browser that a page
        needs, 130 after Ctrl-C.
    """
    parser = argparse.ArgumentParser(prog="python -m course.pictures", description=(
        "Make the pictures of README.md, the sheets and docs anew. What is trained already is taken from "
        f"{_RESULTS}: delete it to train again; a class is graded again each time."))
    parser.add_argument("runs", nargs="*", metavar="RUN", help=f"only the pictures of these: {', '.join(RUNS)}")
    parser.add_argument("--data_dir", default="data", help="where data sets are, or are downloaded to (data)")
    arguments = parser.parse_args(argv)
    if unknown := set(arguments.runs) - set(RUNS):
        parser.error(f"there is no run {', '.join(sorted(unknown))}: choose {', '.join(RUNS)}")
    runs = arguments.runs or [*RUNS]
    if any(picture.is_page and picture.run in runs for picture in PICTURES.values()) and (why := missing()):
        parser.error(why)
    try:
        return next(filter(None, (_make(run, arguments.data_dir) for run in runs)), 0)
    except BrowserError as error:
        parser.error(str(error))
    except KeyboardInterrupt:  # the script says how to go on
        return 130


def _make(run: str, data_dir: str) -> int:
    """Run the scripts of a run and keep its pictures. Returns: the exit code of the script that fails, or 0."""
    results = _ROOT / _RESULTS / run
    if run in _ANEW:
        shutil.rmtree(results, ignore_errors=True)
    code = _run_scripts(run, results, data_dir)
    if code == 0:
        _keep_pictures(run, results)
    return code


def _run_scripts(run: str, results: Path, data_dir: str) -> int:
    for line in RUNS[run]:
        print(f"{run}: {line}", flush=True)
        script, *flags = [word.format(results=results) for word in line.split()]
        if script not in _WITHOUT_DATA:
            flags += ["--data_dir", data_dir]
        code = subprocess.run([sys.executable, script, *flags], cwd=_ROOT).returncode
        if code:
            return code
    return 0


def _keep_pictures(run: str, results: Path) -> None:
    for name, picture in PICTURES.items():
        if picture.run == run:
            picture.taken_from(results / picture.file).save(_ROOT / name, optimize=True)
            print(f"{run}: {name}, {(_ROOT / name).stat().st_size / 1024:.0f} KiB", flush=True)


if __name__ == "__main__":
    sys.exit(main())
