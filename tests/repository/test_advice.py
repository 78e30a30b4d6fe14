"""What a message advises works: commands can be pasted, and the flags that it names are accepted."""

import itertools
import os
import shlex

import pytest
import torch

import plot_latent_space
import run_diffusion_training
import run_gan_training
import run_vae_training
import sample_gan
from lib.support.errors import Interrupted, UserError
from lib.support.figures import density_report
from lib.support.figures.density_report import DensityReport
from lib.support.runs.run import Run
from lib.support.scripts import commands
from lib.support.scripts.command_line import script

TRAINING = [run_vae_training, run_diffusion_training, run_gan_training]
posix = pytest.mark.skipif(os.name == "nt", reason="shlex reads the quotes of a POSIX shell")


# commands ------------------------------------------------------------------------------------------------------------

@posix
@pytest.mark.parametrize("folder", ["my results", "it's", "$HOME", "a;b", "日本", "plain/one"])
def test_the_way_on_after_ctrl_c_can_be_pasted(folder, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["run_vae_training.py"])

    @script
    def main(argv=None):
        raise Interrupted(2, "stopped.")
    assert main(["--output_dir", folder]) == 130
    pasted = shlex.split(capsys.readouterr().err.partition("Go on with: ")[2])
    assert pasted == ["python", "run_vae_training.py", "--output_dir", folder, "--resume"]


@posix
@pytest.mark.parametrize("weight", ["0.1234567", "1e-07", "30", "123456789.5"])
def test_the_command_that_makes_a_model_is_for_that_folder(weight, tmp_path, monkeypatch, capsys):
    """No digit of the weight is lost, and it names the same folder."""
    monkeypatch.chdir(tmp_path)
    for named in ([], ["--output_dir", "my results"]):
        assert plot_latent_space.main(["--kl_loss_weight", weight, *named]) == 2
        pasted = shlex.split(capsys.readouterr().err.partition("make one with ")[2])
        args = run_vae_training.parse_arguments(pasted[2:])
        assert pasted[:2] == ["python", "run_vae_training.py"] and args.kl_loss_weight == float(weight)
        assert ["--output_dir", args.output_dir] == named or not named


@posix
def test_the_command_for_more_samples_can_be_pasted(tmp_path):
    pasted = shlex.split(run_gan_training.sampling_command(tmp_path / "my results"))
    assert pasted[:2] == ["python", "sample_gan.py"]
    assert sample_gan.parse_arguments(pasted[2:]).weights == str(tmp_path / "my results" / "model_g.pth")


def test_windows_has_quotes_of_its_own(monkeypatch):
    monkeypatch.setattr(commands.os, "name", "nt")
    assert commands.command("python", r"C:\my results\g.pth", 0.7) == r'python "C:\my results\g.pth" 0.7'


# flags ---------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("module", TRAINING, ids=lambda module: module.__name__)
@pytest.mark.parametrize("flag", ["--lr", "--learning_rate"])
def test_both_names_of_the_learning_rate_work_everywhere(module, flag):
    args = module.parse_arguments([flag, "0.25"])
    assert 0.25 in (getattr(args, "lr", None), getattr(args, "learning_rate", None))


FLAGS = {"--method": ["diffusion", "flow"], "--sampler": ["ancestral", "ddim"], "--eta": ["0", "0.5"],
         "--sampling_steps": [None, "3", "20"]}
ADVICE = {"add --sampler ddim": {"--sampler": "ddim"},
          "leave them out": {"--sampler": "ancestral", "--eta": "0"},
          "--diffusion_steps has only": {"--sampling_steps": "3"}}


def refusal(flags):
    words = itertools.chain(*((flag, value) for flag, value in flags.items() if value is not None))
    try:
        run_diffusion_training.parse_arguments(["--diffusion_steps", "10", *words])
    except UserError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("values", list(itertools.product(*FLAGS.values())))
def test_advice_on_samplers_ends(values):
    """Whoever does what is said, and again, comes to flags that are accepted, and is never sent back."""
    flags, seen = dict(zip(FLAGS, values, strict=True)), []
    while message := refusal(flags):
        assert message not in seen
        seen.append(message)
        advice, = (change for words, change in ADVICE.items() if words in message)
        flags |= advice
    assert flags["--method"] == values[0]


# results -------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("folder", [".", "lib", "../here/lib"])
@pytest.mark.parametrize("module", TRAINING, ids=lambda module: module.__name__)
def test_results_are_not_scattered_among_other_files(module, folder, tmp_path, monkeypatch, capsys):
    """One line that says to name another folder, and nothing is written."""
    (tmp_path / "here/lib").mkdir(parents=True)
    (tmp_path / "here/lib/model.py").write_text("mine")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(run_diffusion_training, "POINTS", 100)
    small = {run_vae_training: ["--dataset", "digits"], run_diffusion_training: ["--n_samples", "10"],
             run_gan_training: ["--dataset", "digits"]}[module]
    assert module.main([*small, "--output_dir", folder, "--device", "cpu"]) == 2
    line, = capsys.readouterr().err.splitlines()
    assert "something else than results" in line and "--output_dir" in line
    assert [path.name for path in sorted(tmp_path.rglob("*"))] == ["here", "lib", "model.py"]


def test_results_of_other_programs_are_results(tmp_path, monkeypatch):
    """A folder with the weights and pictures that another script for this exercise has left is trained into."""
    (tmp_path / "results_kl1.0").mkdir()
    for name in ("model.pth", "reconstruction_1.png"):
        (tmp_path / "results_kl1.0" / name).write_bytes(b"theirs")
    monkeypatch.chdir(tmp_path)
    assert run_vae_training.main(["--dataset", "digits", "--epochs", "1", "--device", "cpu"]) == 0
    assert (tmp_path / "results_kl1.0/model.pth").stat().st_size > 1000


@pytest.mark.parametrize("module", [*TRAINING, plot_latent_space], ids=lambda module: module.__name__)
def test_a_path_that_the_system_refuses_is_one_line(module, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run_diffusion_training, "POINTS", 100)
    data = [] if module is run_diffusion_training else ["--dataset", "digits"]
    assert module.main([*data, "--output_dir", "x" * 300, "--device", "cpu"]) == 2
    line, = capsys.readouterr().err.splitlines()
    assert "too long" in line


def test_an_empty_folder_and_one_with_results_are_written_into(tmp_path):
    """Hidden files, which systems leave in folders, are no contents."""
    (tmp_path / ".DS_Store").write_text("")
    for _ in range(2):
        with Run(tmp_path) as run:
            for _ in run.epochs(1):
                run.record(loss=1.0)


@pytest.mark.parametrize(("loss", "cause"), [(1e12, "training has diverged"), (0.5, "in the sampler")])
def test_samples_that_are_not_finite_have_a_cause(loss, cause, tmp_path, monkeypatch):
    """A run whose losses are huge blames the training, any other the sampler."""
    class Method:
        T = sampling_steps = 1

        def noised(self, x, time):
            return x
    monkeypatch.setattr(density_report, "FRAMES", 1)
    with Run(tmp_path / "run") as run:
        for _ in run.epochs(1):
            run.record(train_loss=loss)
        report = DensityReport(run, Method(), torch.randn(100, 2), "moons", 0)
        with pytest.raises(UserError, match=cause):
            report.after_training([(1, torch.randn(100, 2)), (0, torch.full((100, 2), torch.inf))])
