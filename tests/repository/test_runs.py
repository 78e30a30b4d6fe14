"""A training run in one process: what it writes and when, how it stops, and that it goes on as if it never had."""

import io
import itertools
import json
import os
import random
import re
import signal
import threading

import numpy as np
import pytest
import torch

from lib.support.data.image_sets import Batches, ImageSet
from lib.support.errors import Interrupted, UserError
from lib.support.runs import checkpoints
from lib.support.runs.run import Diverged, Run


class Crash(BaseException):
    """The end of a process, as far as one process can play it."""


def loaders():
    images = ImageSet("noise", torch.arange(24 * 4, dtype=torch.uint8).view(24, 1, 2, 2), torch.arange(24), ("only",))
    order = torch.Generator().manual_seed(5)
    return {"our batches": Batches(images, 8, generator=order),
            "torch's loader": torch.utils.data.DataLoader(images, batch_size=8, shuffle=True, generator=order),
            "torch's loader, global order": torch.utils.data.DataLoader(images, batch_size=8, shuffle=True)}


def train(run, num_epochs, *, loader=None, at_step=None, seed=0, picture="picture"):
    """A toy GAN: two models, two optimisers, a schedule, and noise from each of the global generators.

    `at_step(epoch, step)` is called at the end of each step.
    """
    torch.manual_seed(seed)
    random.seed(seed)
    np.random.seed(seed)
    loader = loader or loaders()["our batches"]
    generator = torch.nn.Linear(2, 4)
    discriminator = torch.nn.Sequential(torch.nn.Linear(4, 1), torch.nn.BatchNorm1d(1))
    optimizer_g = torch.optim.Adam(generator.parameters(), lr=0.05)
    optimizer_d = torch.optim.SGD(discriminator.parameters(), lr=0.05, momentum=0.9)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer_g, 10)
    with run:
        run.save("settings.txt", b"before the first epoch")
        for epoch in run.epochs(num_epochs, generator=generator, discriminator=discriminator, optimizer_g=optimizer_g,
                                optimizer_d=optimizer_d, schedule=schedule, order=loader.generator):
            total = torch.zeros(())
            for step, (images, _) in enumerate(run.steps(loader), 1):
                noise = torch.randn(len(images), 2) * random.random() + np.random.rand()
                loss_d = (discriminator(generator(noise).detach()) - discriminator(images.flatten(1))).tanh().mean()
                _step(loss_d, optimizer_d)
                loss_g = -discriminator(generator(noise)).tanh().mean()
                _step(loss_g, optimizer_g)
                total += loss_g.detach()
                run.show(loss=total)
                if at_step:
                    at_step(epoch, step)
            schedule.step()
            run.save(f"{picture}_{epoch}.png", f"{picture} {total.item()}".encode())
            run.record(loss=total / step)
    return run.history


def _step(loss, optimizer):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def crash_at(epoch, step):
    def at_step(*now):
        if now == (epoch, step):
            raise Crash
    return at_step


def signal_at(epoch, step, number):
    def at_step(*now):
        if now == (epoch, step):
            signal.raise_signal(number)
    return at_step


def rows(folder):
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    return [{name: value for name, value in json.loads(line).items() if name != "seconds"} for line in lines]


def outcome(folder):
    """All that two runs which computed the same have in common: file contents, without times and the run's id."""
    checkpoint = checkpoints.load(folder)
    checkpoint["metrics"] = rows(folder)
    del checkpoint["id"]
    pictures = {path.name: path.read_bytes() for path in folder.glob("*.png")}
    weights = {path.name: sorted(torch.load(path, weights_only=True).items()) for path in folder.glob("*.pth")}
    return repr_exactly([checkpoint, pictures, weights])


def repr_exactly(value):
    """A text that two values have in common only if they are equal bit for bit."""
    if isinstance(value, torch.Tensor):
        return f"{value.dtype} {tuple(value.shape)} {value.numpy().tobytes().hex()}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {repr_exactly(item)}" for key, item in sorted(value.items(), key=str)) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(repr_exactly, value)) + "]"
    return repr(value)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


@pytest.fixture(autouse=True)
def no_power_cuts(monkeypatch):
    """In one process nothing depends on what has reached the disk, and the waiting would be most of the time."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "results"


# What is written

def test_a_run_writes_a_row_an_epoch_and_lists_all_its_files(folder):
    history = train(Run(folder, {"lr": 0.05}), 3)
    assert [row["epoch"] for row in history] == [1, 2, 3] and all(row["seconds"] >= 0 for row in history)
    assert [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()] == history
    about = json.loads((folder / "run.json").read_text())
    assert about["settings"] == {"lr": 0.05}
    made = {"settings.txt", "picture_1.png", "picture_2.png", "picture_3.png", "metrics.jsonl", "generator.pth",
            "discriminator.pth"}
    assert set(about["files"]) == made
    assert set(contents(folder)) == made | {"run.json", checkpoints.NEWEST, checkpoints.PREVIOUS}


def test_after_each_epoch_checkpoint_and_weights_and_metrics_agree(folder):
    def look(epoch, step):
        if epoch > 1 and step == 1:
            checkpoint, weights = checkpoints.load(folder), torch.load(folder / "generator.pth", weights_only=True)
            assert len(checkpoint["metrics"].splitlines()) == len(rows(folder)) == epoch - 1
            assert repr_exactly(checkpoint["state"]["generator"]) == repr_exactly(weights)
            assert (folder / f"picture_{epoch - 1}.png").exists()
    train(Run(folder), 3, at_step=look)


def test_without_a_terminal_each_epoch_is_a_line(folder, capsys):
    train(Run(folder), 2)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and lines[1].startswith("epoch 2/2  loss ")


def test_on_a_terminal_a_bar_shows_values_divided_by_what_they_are_sums_over(folder, monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stderr", terminal)
    with Run(folder) as run:
        for _ in run.epochs(1):
            for _ in run.steps([None]):
                run.show(loss=torch.tensor(6.0), best=2, per=4)
            run.record(loss=1.5)
    assert "epoch 1/1" in terminal.getvalue() and "loss=1.5, best=0.5" in terminal.getvalue()


@pytest.mark.parametrize("made", [list, tuple, iter, lambda batches: (batch for batch in batches)],
                         ids=["list", "tuple", "iterator", "generator"])
@pytest.mark.parametrize("watched", [True, False])
def test_steps_takes_any_iterable(made, watched, folder, monkeypatch):
    """With a length or without one, at a terminal or not."""
    terminal = io.StringIO()
    terminal.isatty = lambda: watched
    monkeypatch.setattr("sys.stderr", terminal)
    with Run(folder) as run:
        for _ in run.epochs(1):
            assert list(run.steps(made([1, 2, 3]))) == [1, 2, 3]
            run.record(loss=1.0)


def test_a_row_follows_the_one_before_it(folder):
    with Run(folder) as run:
        epochs = run.epochs(3)
        next(epochs)
        run.record(loss=1.0)
        with pytest.raises(ValueError, match="once in each"):
            run.record(loss=1.0)
        next(epochs)
        next(epochs)
        with pytest.raises(ValueError, match="epoch 3 does not follow the 1 recorded"):
            run.record(loss=1.0)
    assert len(rows(folder)) == 1


def test_a_run_that_ends_before_it_begins_leaves_no_folder(folder):
    with pytest.raises(NotImplementedError):
        with Run(folder):
            raise NotImplementedError("TODO an_empty_gap")
    assert not folder.exists()


# Going on

@pytest.mark.parametrize("kind", list(loaders()))
@pytest.mark.parametrize("moment", [(2, 1), (3, 3)], ids=str)
def test_a_resumed_run_ends_bit_for_bit_like_one_that_was_never_interrupted(kind, moment, tmp_path):
    train(Run(tmp_path / "straight"), 3, loader=loaders()[kind])
    with pytest.raises(Crash):
        train(Run(tmp_path / "resumed"), 3, loader=loaders()[kind], at_step=crash_at(*moment))
    history = train(Run(tmp_path / "resumed", resume=True), 3, loader=loaders()[kind], seed=9)
    assert outcome(tmp_path / "resumed") == outcome(tmp_path / "straight")
    assert [row["epoch"] for row in history] == [1, 2, 3]


def test_a_damaged_newest_checkpoint_costs_one_epoch_and_changes_nothing(tmp_path, capsys):
    for name in ("straight", "damaged"):
        train(Run(tmp_path / name), 4)
    path = tmp_path / "damaged" / checkpoints.NEWEST
    path.write_bytes(path.read_bytes()[:-100])
    train(Run(tmp_path / "damaged", resume=True), 4)
    said = capsys.readouterr().out
    assert "is damaged: going on from the previous one" in said and "after epoch 3" in said
    assert outcome(tmp_path / "damaged") == outcome(tmp_path / "straight")


def test_a_finished_run_goes_on_with_more_epochs_and_has_nothing_to_do_with_as_many(tmp_path, capsys):
    train(Run(tmp_path / "straight"), 5)
    train(Run(tmp_path / "longer"), 3)
    capsys.readouterr()
    train(Run(tmp_path / "longer", resume=True), 5)
    assert f"going on in {tmp_path / 'longer'} after epoch 3" in capsys.readouterr().out
    assert outcome(tmp_path / "longer") == outcome(tmp_path / "straight")
    before = contents(tmp_path / "longer")
    history = train(Run(tmp_path / "longer", resume=True), 5)
    said = capsys.readouterr().out
    assert "has its 5 epochs: nothing to do" in said and len(said.splitlines()) == 1 and len(history) == 5
    assert contents(tmp_path / "longer") == before


@pytest.mark.parametrize("torn", ['{"epoch": 2, "lo', '{"epoch": 2, "loss": 1.0, "seconds": 0}\n', None])
def test_metrics_are_those_of_the_checkpoint_whatever_the_file_held(torn, folder):
    train(Run(folder), 2)
    expected = rows(folder)
    path = folder / "metrics.jsonl"
    if torn:
        path.write_text(path.read_text() + torn)
    else:
        path.unlink()
    train(Run(folder, resume=True), 2)
    assert rows(folder) == expected


def test_a_damaged_run_json_is_written_again(folder):
    train(Run(folder, {"lr": 1}), 2)
    for damage in ("", "{", "[]"):
        (folder / "run.json").write_text(damage)
        train(Run(folder, {"lr": 1}, resume=True), 2)
        assert json.loads((folder / "run.json").read_text())["settings"] == {"lr": 1}
        (folder / "run.json").write_text(damage)
        train(Run(folder, {"lr": 1}), 2)
        assert "generator.pth" in json.loads((folder / "run.json").read_text())["files"]


def test_other_settings_are_refused_and_named(folder):
    train(Run(folder, {"lr": 1e-3, "seed": 0}), 1)
    before = contents(folder)
    with pytest.raises(UserError) as refusal:
        train(Run(folder, {"lr": 1e-2, "seed": 0, "width": 4}, resume=True), 2)
    assert "lr 0.001 there, 0.01 here" in str(refusal.value) and "width not set there, 4 here" in str(refusal.value)
    assert "seed" not in str(refusal.value) and contents(folder) == before
    train(Run(folder, {"lr": 1e-3, "seed": 0}, resume=True), 2)  # the refusal has given the lock back


@pytest.mark.parametrize("state, complaint", [({"model": torch.nn.Linear(2, 3)}, "size mismatch"),
                                              ({"model": torch.nn.Tanh()}, "Unexpected key"),
                                              ({"net": torch.nn.Linear(2, 2)}, "it holds model, not net")])
def test_a_model_that_has_changed_is_refused_in_one_line(state, complaint, folder):
    with Run(folder) as run:
        for _ in run.epochs(1, model=torch.nn.Linear(2, 2)):
            run.record(loss=1.0)
    with pytest.raises(UserError, match=f"does not fit this model .*{complaint}") as refusal:
        with Run(folder, resume=True) as run:
            next(run.epochs(2, **state))
    assert "\n" not in str(refusal.value)


def test_resume_without_anything_to_resume_starts_with_the_first_epoch(folder, capsys):
    train(Run(folder, resume=True), 2)
    assert "holds no checkpoint yet" in capsys.readouterr().out and len(rows(folder)) == 2


# Starting anew

def test_a_new_run_replaces_the_earlier_one_only_after_its_first_epoch(folder, capsys):
    train(Run(folder), 3, picture="old")
    before = contents(folder)

    def look(epoch, step):
        if epoch == 1:
            assert contents(folder) == before
    capsys.readouterr()
    train(Run(folder), 2, seed=1, at_step=look)
    assert "holds an earlier run: starting anew" in capsys.readouterr().out
    assert sorted(path.name for path in folder.glob("*.png")) == ["picture_1.png", "picture_2.png"]
    assert len(rows(folder)) == 2


def test_a_new_run_that_ends_in_its_first_epoch_leaves_the_earlier_one_to_be_resumed(tmp_path):
    for name in ("straight", "resumed"):
        train(Run(tmp_path / name), 2)
    before = contents(tmp_path / "resumed")
    with pytest.raises(Crash):
        train(Run(tmp_path / "resumed"), 2, seed=1, at_step=crash_at(1, 3))
    assert contents(tmp_path / "resumed") == before
    for name in ("straight", "resumed"):
        train(Run(tmp_path / name, resume=True), 4)
    assert outcome(tmp_path / "resumed") == outcome(tmp_path / "straight")


def test_files_of_the_user_stay(folder):
    for _ in range(2):
        train(Run(folder), 1)
        (folder / "notes.txt").write_text("mine")
    assert (folder / "notes.txt").read_text() == "mine"


# The training loop

def test_a_run_may_be_entered_twice_and_the_outermost_counts(folder):
    with Run(folder) as run:
        train(run, 2)
        with pytest.raises(UserError, match="another run is writing"):
            train(Run(folder), 2)
        run.save("after.png", b"after the training loop")
    train(Run(folder, resume=True), 3)


def test_a_run_may_be_entered_again_and_goes_on(folder, capsys):
    run = Run(folder)
    train(run, 2)
    train(run, 3)
    assert [row["epoch"] for row in rows(folder)] == [1, 2, 3] and "earlier run" not in capsys.readouterr().out


def stop_early(run, num_epochs, patience):
    with run:
        for epoch in run.epochs(num_epochs, model=torch.nn.Linear(1, 1)):
            if patience and len(run.history) >= patience:
                break
            run.record(loss=1 / epoch)
    return len(run.history)


def test_early_stopping_is_a_break_and_is_final(folder):
    assert stop_early(Run(folder), 10, 4) == 4
    assert stop_early(Run(folder, resume=True), 10, 4) == 4
    assert stop_early(Run(folder, resume=True), 10, 6) == 6
    with Run(folder, resume=True) as run:
        for epoch in run.epochs(10, model=torch.nn.Linear(1, 1)):
            run.record(loss=1 / epoch)
            if epoch == 8:
                break
    assert [row["epoch"] for row in rows(folder)] == list(range(1, 9))


def test_a_run_works_in_a_thread_where_signals_cannot_be_caught(folder):
    failures = []

    def work():
        try:
            train(Run(folder), 2)
        except BaseException as error:
            failures.append(error)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert not failures and len(rows(folder)) == 2


def test_of_many_threads_one_has_the_folder(folder):
    all_tried, ends = threading.Barrier(6), []

    def work():
        try:
            with Run(folder) as run:
                all_tried.wait(timeout=60)
                for _ in run.epochs(1):
                    run.record(loss=1.0)
            ends.append("trained")
        except UserError as refusal:
            ends.append(str(refusal))
            all_tried.wait(timeout=60)
    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ends) == 6 and ends.count("trained") == 1
    assert all("another run is writing into" in end for end in ends if end != "trained")


# Stopping

@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment, saved", [((1, 1), "no epoch is saved yet"), ((3, 2), "epoch 2 is saved in")])
def test_a_signal_ends_the_run_after_the_step_it_came_in(number, moment, saved, folder):
    before = signal.getsignal(number)
    steps = []

    def at_step(*now):
        steps.append(now)
        signal_at(*moment, number)(*now)
    with pytest.raises(Interrupted, match=f"stopped in epoch {moment[0]} of 4; {saved}") as stop:
        train(Run(folder), 4, at_step=at_step)
    assert stop.value.signal_number == number and steps[-1] == moment
    assert signal.getsignal(number) is before
    assert not folder.exists() if moment[0] == 1 else len(rows(folder)) == 2


def test_a_signal_between_the_last_step_and_the_record_completes_the_epoch(folder):
    with pytest.raises(Interrupted, match="epoch 2 is saved"):
        with Run(folder) as run:
            for epoch in run.epochs(5):
                if epoch == 2:
                    signal.raise_signal(signal.SIGINT)
                run.record(loss=1.0)


def test_a_new_run_stopped_in_its_first_epoch_says_whose_results_remain(folder):
    train(Run(folder), 2)
    with pytest.raises(Interrupted, match="still holds the earlier run, and --resume goes on with that"):
        train(Run(folder), 2, at_step=signal_at(1, 1, signal.SIGTERM))


def test_a_second_signal_acts_at_once(folder):
    def twice(*_):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("the second signal should have ended this step")
    with pytest.raises(KeyboardInterrupt) as stop:
        train(Run(folder), 2, at_step=twice)
    assert not isinstance(stop.value, Interrupted)


def test_a_signal_that_is_ignored_stays_ignored(folder):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert len(train(Run(folder), 2, at_step=signal_at(1, 1, signal.SIGINT))) == 2
    finally:
        signal.signal(signal.SIGINT, before)


# Divergence

@pytest.mark.parametrize("bad", [float("nan"), float("inf"), torch.tensor(float("-inf"))])
def test_a_loss_that_is_no_number_ends_the_run_and_the_last_epoch_is_kept(bad, folder):
    def diverge(num_epochs, losses, **resume):
        with Run(folder, **resume) as run:
            for _ in run.epochs(num_epochs, model=torch.nn.Linear(1, 1)):
                run.record(kl=0.0, loss=next(losses))
    with pytest.raises(Diverged, match="loss became NaN or infinite in epoch 3: .*epoch 2 is saved"):
        diverge(4, iter([1.0, 2.0, bad]))
    assert [row["loss"] for row in rows(folder)] == [1.0, 2.0]
    diverge(4, itertools.repeat(3.0), resume=True)
    assert [row["loss"] for row in rows(folder)] == [1.0, 2.0, 3.0, 3.0]


def test_weights_that_are_no_numbers_are_not_saved_though_the_loss_still_is_one(folder):
    model = torch.nn.Linear(2, 1)
    with pytest.raises(Diverged, match="a weight of model became NaN or infinite in epoch 2: .*epoch 1 is saved"):
        with Run(folder) as run:
            for epoch in run.epochs(3, model=model):
                if epoch == 2:
                    model.weight.data[0, 1] = float("nan")
                run.record(loss=1.0)
    assert all(weight.isfinite().all() for weight in torch.load(folder / "model.pth", weights_only=True).values())


@pytest.mark.parametrize("fail", [
    lambda x: torch.nn.functional.binary_cross_entropy(x.sigmoid(), torch.ones(2)),
    lambda x: torch.distributions.Normal(x, 1.0)], ids=["a loss that checks its input", "a distribution that does"])
def test_an_error_that_nan_causes_in_the_middle_of_a_step_is_a_divergence(fail, folder):
    def end_with(x):
        with pytest.raises(ValueError) as end:
            with Run(folder) as run:
                for _ in run.epochs(1):
                    fail(x)
                    raise ValueError("a mistake in the code")
        return end.value
    assert isinstance(end_with(torch.tensor([0.0, float("nan")])), Diverged)
    assert str(end_with(torch.zeros(2))) == "a mistake in the code"


# Folders

def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UserError, match=f"cannot write into {re.escape(str(path))}: .*--output_dir"):
            train(Run(path), 1)


def test_files_of_an_earlier_run_are_looked_for_in_the_folder_only(folder):
    """A run.json from elsewhere cannot have files outside of the results folder removed."""
    folder.mkdir()
    outside = folder.parent / "outside.txt"
    outside.write_text("mine")
    files = [os.path.join(os.pardir, "outside.txt"), str(outside)]
    (folder / "run.json").write_text(json.dumps({"id": "x", "settings": {}, "files": files}))
    train(Run(folder), 1)
    assert outside.exists()
