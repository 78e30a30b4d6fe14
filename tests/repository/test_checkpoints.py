"""Checkpoints: what comes back is what was saved, or is known to be damaged; nothing else is ever loaded."""

import errno
import hashlib
import os
import random

import numpy as np
import pytest
import torch

from lib.support.errors import UserError
from lib.support.runs import checkpoints
from lib.support.runs.checkpoints import NEWEST, PREVIOUS, load, save, write_atomically
from tests.repository.pickles import Malicious


def content(number=0):
    """A small checkpoint with something of each kind; another one for each number."""
    return {"number": number, "settings": {"lr": 1e-3, "dataset": "digits", "image_size": None},
            "history": [{"epoch": 1, "loss": 0.1 + number}], "picture": bytes(range(256)),
            "state": {"model": {"weight": torch.arange(6.0).view(2, 3) + number, "count": torch.tensor(7)},
                      "optimizer": {"state": {0: {"step": torch.tensor(3.0)}}, "groups": [{"betas": (0.9, 0.999)}]}}}


def equal(one, other):
    """Bit for bit, types included."""
    if isinstance(one, torch.Tensor):
        return isinstance(other, torch.Tensor) and one.dtype == other.dtype and torch.equal(one, other)
    if isinstance(one, dict):
        return type(one) is type(other) and one.keys() == other.keys() and all(equal(one[k], other[k]) for k in one)
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and len(one) == len(other) and all(map(equal, one, other))
    return type(one) is type(other) and one == other


def is_checkpoint(loaded, number):
    return equal(loaded, {"version": checkpoints.VERSION, **content(number)})


def saved(folder, *numbers):
    for number in numbers:
        save(folder, content(number))
    return folder / NEWEST


def write_signed(path, data):
    """A file that somebody made to look like a checkpoint."""
    path.write_bytes(data + hashlib.sha256(data).digest())


def forbidden(*_):
    raise AssertionError("nothing should be said")


# What comes back

def test_what_is_loaded_is_what_was_saved(tmp_path):
    saved(tmp_path, 1)
    assert is_checkpoint(load(tmp_path, say=forbidden), 1)


def test_the_newest_and_the_one_before_it_are_kept(tmp_path):
    saved(tmp_path, 1, 2, 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == [NEWEST, PREVIOUS]
    assert is_checkpoint(load(tmp_path, say=forbidden), 3)
    (tmp_path / NEWEST).unlink()
    assert is_checkpoint(load(tmp_path, say=forbidden), 2)


def test_the_first_checkpoint_of_a_new_run_leaves_none_of_the_run_before(tmp_path):
    saved(tmp_path, 1, 2)
    save(tmp_path, content(3), keep_previous=False)
    assert [path.name for path in tmp_path.iterdir()] == [NEWEST]


def test_a_folder_without_checkpoints(tmp_path):
    assert load(tmp_path, say=forbidden) is None and not checkpoints.exists(tmp_path)


@pytest.mark.parametrize("value", [np.float64(1.0), {1, 2}, Malicious("x"), np.zeros(2)],
                         ids=["a NumPy number", "a set", "any object", "an array"])
def test_what_could_not_be_loaded_again_is_not_saved(value, tmp_path):
    before = saved(tmp_path, 1).read_bytes()
    with pytest.raises(ValueError, match=rf"checkpoint\['state'\]\['x'\]\[1\] is a {type(value).__name__}"):
        save(tmp_path, {"state": {"x": [0, value]}})
    assert (tmp_path / NEWEST).read_bytes() == before


# Damage

def test_a_checkpoint_that_was_cut_off_is_damaged(tmp_path):
    path = saved(tmp_path, 1)
    whole = path.read_bytes()
    for length in {*range(0, len(whole), 37), *range(len(whole) - 40, len(whole))}:
        path.write_bytes(whole[:length])
        with pytest.raises(UserError, match="is damaged"):
            load(tmp_path, say=forbidden)


def test_a_checkpoint_with_flipped_bits_is_damaged(tmp_path):
    seed = random.SystemRandom().randrange(10**6)
    print(f"random.Random({seed})")
    draw = random.Random(seed)
    path = saved(tmp_path, 1)
    whole = path.read_bytes()
    for _ in range(300):
        damaged = bytearray(whole)
        for bit in draw.sample(range(8 * len(whole)), draw.choice([1, 1, 1, 2, 8])):
            damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        with pytest.raises(UserError, match="is damaged"):
            load(tmp_path, say=forbidden)


def test_the_digest_is_needed_as_torch_reads_some_damaged_files(tmp_path):
    """The attribute of one record in the archive that calls it a folder: no checksum of the archive covers it."""
    path = saved(tmp_path, 1)
    damaged = bytearray(path.read_bytes())
    entry = damaged.index(b"PK\x01\x02")
    while b"/data/0" not in damaged[entry + 46:entry + 46 + 60]:
        entry = damaged.index(b"PK\x01\x02", entry + 1)
    damaged[entry + 38] ^= 1 << 4
    path.write_bytes(damaged)
    assert not is_checkpoint(torch.load(path, weights_only=True), 1)
    with pytest.raises(UserError, match="is damaged"):
        load(tmp_path, say=forbidden)


def test_a_damaged_newest_one_gives_way_to_the_previous_one_and_says_so(tmp_path):
    path = saved(tmp_path, 1, 2)
    path.write_bytes(path.read_bytes()[:-1])
    said = []
    assert is_checkpoint(load(tmp_path, say=said.append), 1)
    assert len(said) == 1 and str(path) in said[0] and "is damaged: going on from the previous one" in said[0]
    assert is_checkpoint(load(tmp_path, say=forbidden), 1)
    save(tmp_path, content(2))
    path.write_bytes(b"damaged again, before anything else was saved")
    assert is_checkpoint(load(tmp_path, say=said.append), 1)


def test_a_damaged_previous_one_does_no_harm(tmp_path):
    saved(tmp_path, 1, 2)
    (tmp_path / PREVIOUS).write_bytes(b"damaged")
    assert is_checkpoint(load(tmp_path, say=forbidden), 2)


def test_when_both_are_damaged_both_are_named(tmp_path):
    saved(tmp_path, 1, 2)
    for name in (NEWEST, PREVIOUS):
        (tmp_path / name).write_bytes(b"damaged")
    with pytest.raises(UserError, match=f"{NEWEST} is damaged and .*{PREVIOUS} is damaged.*start anew"):
        load(tmp_path, say=forbidden)


# What is refused

def test_one_by_a_newer_version_is_refused_and_left_as_it_is(tmp_path, monkeypatch):
    saved(tmp_path, 1)
    monkeypatch.setattr(checkpoints, "VERSION", checkpoints.VERSION + 1)
    newer = saved(tmp_path, 2).read_bytes()
    monkeypatch.undo()
    with pytest.raises(UserError, match="newer version of this project .*format 2.* up to 1"):
        load(tmp_path, say=forbidden)
    assert (tmp_path / NEWEST).read_bytes() == newer and (tmp_path / PREVIOUS).exists()


def test_a_checkpoint_with_code_in_it_is_refused_and_the_code_not_run(tmp_path):
    write_signed(tmp_path / NEWEST, checkpoints.to_bytes({"version": 1, "x": Malicious(tmp_path / "stolen")}))
    with pytest.raises(UserError, match="is refused: it holds more than tensors"):
        load(tmp_path, say=forbidden)
    assert not (tmp_path / "stolen").exists()


# Writing

def full_disk(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_both_checkpoints_as_they_are(tmp_path, monkeypatch):
    saved(tmp_path, 1, 2)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(UserError, match=f"cannot write .*{NEWEST}: .*; what was there before is kept") as refusal:
        save(tmp_path, content(3))
    assert "\n" not in str(refusal.value)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("step", [0, 1])
def test_a_crash_between_the_renames_leaves_a_whole_checkpoint(step, tmp_path, monkeypatch):
    saved(tmp_path, 1, 2)
    renames = iter([os.replace] * step)

    class Crash(BaseException):
        pass

    def crashing(source, target):
        rename = next(renames, None)
        if rename is None:
            raise Crash
        rename(source, target)

    monkeypatch.setattr(os, "replace", crashing)
    with pytest.raises(Crash):
        save(tmp_path, content(3))
    monkeypatch.undo()
    assert is_checkpoint(load(tmp_path, say=forbidden), 2)
    save(tmp_path, content(3))
    assert is_checkpoint(load(tmp_path, say=forbidden), 3)


def test_the_data_are_on_the_disk_before_the_checkpoint_has_its_name(tmp_path, monkeypatch):
    saved(tmp_path, 1)
    done = []
    for name in ("fsync", "replace"):
        function = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, name=name, function=function: (done.append(name), function(*a)))
    saved(tmp_path, 2)
    assert done[0] == "fsync" and done.count("replace") == 2


def test_a_file_is_replaced_in_one_step_or_kept(tmp_path, monkeypatch):
    path = tmp_path / "metrics.jsonl"
    write_atomically(path, b"old")
    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(UserError, match=r"cannot write .*metrics\.jsonl"):
        write_atomically(path, b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["metrics.jsonl"] and path.read_bytes() == b"old"
    monkeypatch.undo()
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
