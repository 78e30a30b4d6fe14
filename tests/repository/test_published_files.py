"""Published sets that are on disk in other ways than torchvision leaves them: used, or refused in one line."""

import gzip
import hashlib
import socket
from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest

from lib.support.data import published_sets
from lib.support.data.datasets import DataError, load
from tests.repository.test_datasets import MNIST_FILES, everything_below, idx_bytes

LOGIN = b"\n<!DOCTYPE html><html><body>Welcome to the campus network: log in</body></html>"
DOTTED = {file: file.replace("-idx", ".idx") for file in MNIST_FILES}


@pytest.fixture
def contents(monkeypatch):
    """The contents of a small MNIST's files, which the reader takes for the published ones; and no network."""
    random = np.random.default_rng(7)
    shapes = [(6, 28, 28), (6,), (3, 28, 28), (3,)]
    arrays = [random.integers(10, size=shape, dtype=np.uint8) for shape in shapes]
    files = {file: idx_bytes(array) for file, array in zip(MNIST_FILES, arrays, strict=True)}
    monkeypatch.setattr(published_sets, "_MNIST_COUNTS", {"train": 6, "t10k": 3})
    monkeypatch.setattr(published_sets, "_MNIST_MD5", {file: hashlib.md5(files[file]).hexdigest() for file in files})
    download_gives(monkeypatch, URLError(socket.gaierror(-3, "Temporary failure in name resolution")))
    return files


def download_gives(monkeypatch, result):
    """What torchvision's download ends with: an error, or bytes that it then finds to be the wrong ones."""
    def download(url, download_root, filename, md5):
        if isinstance(result, Exception):
            raise result
        (Path(download_root) / filename).write_bytes(result)
        raise RuntimeError("File not found or corrupted.")
    monkeypatch.setattr("torchvision.datasets.mnist.download_and_extract_archive", download)
    monkeypatch.setattr("torchvision.datasets.cifar.download_and_extract_archive", download)


def write(folder, files):
    """Write files, given by their paths below the folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


# Where and how the files lie

def plain(files):
    return files


def packed(files):
    return {f"{file}.gz": gzip.compress(content) for file, content in files.items()}


def one_unpacked(files):
    first = MNIST_FILES[0]
    return {**packed(files), first: files[first]}


def dotted(files):
    return {DOTTED[file]: content for file, content in files.items()}


def in_folders(files):
    return {f"{file}/{file}": content for file, content in files.items()}


def dotted_in_folders(files):
    return {f"{file}/{DOTTED[file]}": content for file, content in files.items()}


def packed_without_saying_so(files):
    return {file: gzip.compress(content) for file, content in files.items()}


def unpacked_with_the_old_name(files):
    return {f"{file}.gz": content for file, content in files.items()}


@pytest.mark.parametrize("form", [plain, packed, one_unpacked, dotted, in_folders, dotted_in_folders,
                                  packed_without_saying_so, unpacked_with_the_old_name])
@pytest.mark.parametrize("place, data_dir", [
    ("MNIST/raw", "."), ("MNIST", "."), ("mnist", "."), ("MNIST/raw", "MNIST"), ("MNIST/raw", "MNIST/raw"),
    ("raw", "."), (".", ".")])
def test_mnist_that_is_there_is_read_and_nothing_written(tmp_path, contents, capsys, form, place, data_dir):
    root = tmp_path / "somewhere"
    write(root / place, form(contents))
    before = everything_below(root)
    train, test = load(None, root / data_dir)
    assert train.name == "mnist" and train.images.numpy().tobytes() == contents[MNIST_FILES[0]][16:]
    assert bytes(test.labels.tolist()) == contents[MNIST_FILES[3]][8:]
    assert everything_below(root) == before and capsys.readouterr() == ("", "")


@pytest.mark.parametrize("place, data_dir", [
    ("FashionMNIST/raw", "."), ("fashion-mnist", "."), ("FashionMNIST/raw", "FashionMNIST"),
    ("FashionMNIST/raw", "FashionMNIST/raw")])
def test_fashion_mnist_alike_and_never_taken_for_mnist(tmp_path, contents, place, data_dir):
    write(tmp_path / place, packed({file: content[:-1] + b"\0" for file, content in contents.items()}))
    assert len(load("fashion_mnist", tmp_path / data_dir)[0]) == 6
    assert load(None, tmp_path / data_dir)[0].name == "digits"


def test_mnist_is_never_taken_for_fashion_mnist(tmp_path, contents):
    write(tmp_path, contents)
    with pytest.raises(DataError, match="fashion_mnist is not in"):
        load("fashion_mnist", tmp_path)
    write(tmp_path / "FashionMNIST" / "raw", contents)
    with pytest.raises(DataError, match="train-images-idx3-ubyte is a file of mnist"):
        load("fashion_mnist", tmp_path)


# Files that are there, but are not whole

@pytest.mark.parametrize("place", ["MNIST/raw", ".", "mnist"])
@pytest.mark.parametrize("missing", MNIST_FILES)
def test_one_missing_file_is_named(tmp_path, contents, place, missing):
    write(tmp_path / place, {file: content for file, content in contents.items() if file != missing})
    before = everything_below(tmp_path)
    with pytest.raises(DataError, match=f"{missing} is missing"):
        load(None, tmp_path)
    assert everything_below(tmp_path) == before


@pytest.mark.parametrize("damage", [lambda packed: packed[:-9], lambda packed: packed[:20],
                                    lambda packed: packed[:30] + bytes([packed[30] ^ 255]) + packed[31:]])
def test_a_damaged_packed_file_is_named(tmp_path, contents, damage):
    files = packed(contents)
    name = f"{MNIST_FILES[2]}.gz"
    write(tmp_path / "MNIST" / "raw", {**files, name: damage(files[name])})
    with pytest.raises(DataError, match=f"{name} is damaged .*delete it and run again"):
        load(None, tmp_path)


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("page", [LOGIN, b"<HTML><head></head></HTML>", b"\xef\xbb\xbf<html>"])
def test_a_web_page_in_place_of_a_file_reads_as_what_it_is(tmp_path, contents, suffix, page):
    files = {f"{file}{suffix}": content for file, content in contents.items()}
    write(tmp_path / "MNIST" / "raw", {**files, MNIST_FILES[1] + suffix: page})
    with pytest.raises(DataError, match="train-labels-idx1-ubyte.* is a web page .* log in") as refusal:
        load(None, tmp_path)
    assert "\n" not in str(refusal.value) and "no network" not in str(refusal.value)


@pytest.mark.parametrize("path, data_dir", [
    ("MNIST/mnist.npz", "."), ("MNIST/processed/training.pt", "."), ("mnist.npz", "."), ("mnist_train.csv", "."),
    ("train-images-idx3-ubyte (1).gz", "."), ("MNIST/raw/training.bin", "MNIST"), ("MNIST/raw/a.bin", "MNIST/raw")])
def test_files_of_other_names_are_named_and_not_passed_over_for_digits(tmp_path, contents, path, data_dir):
    write(tmp_path, {path: b"what somebody else calls MNIST"})
    with pytest.raises(DataError, match="no file of mnist by its name.*name its files train-images-idx3-u") as refusal:
        load(None, tmp_path / data_dir)
    assert Path(path).name in str(refusal.value) and "--dataset digits" in str(refusal.value)


@pytest.mark.parametrize("path", ["MNIST/.DS_Store", "fashion-mnist.zip", "FashionMNIST/raw/a", "notes.txt"])
def test_files_of_other_things_are_no_obstacle_to_digits(tmp_path, contents, path):
    write(tmp_path, {path: b"something else"})
    assert load(None, tmp_path)[0].name == "digits"


# Downloads

@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "cifar10"])
def test_a_web_page_that_is_downloaded_is_said_to_be_one(tmp_path, contents, monkeypatch, name):
    download_gives(monkeypatch, LOGIN)
    with pytest.raises(DataError, match="the network sent a web page in place of .*gz, perhaps to log in") as refusal:
        load(name, tmp_path / "data")
    assert "no network" not in str(refusal.value) and "\n" not in str(refusal.value)
    assert everything_below(tmp_path) == []


def test_another_wrong_download_is_no_lack_of_network(tmp_path, contents, monkeypatch):
    download_gives(monkeypatch, b"something else")
    with pytest.raises(DataError, match="what the server sent is not the published file") as refusal:
        load("mnist", tmp_path / "data")
    assert "no network" not in str(refusal.value)


def test_a_download_replaces_no_file_that_is_there(tmp_path, contents, monkeypatch):
    raw = tmp_path / "MNIST" / "raw"
    write(raw, {MNIST_FILES[0]: contents[MNIST_FILES[0]]})
    (raw / MNIST_FILES[0]).chmod(0o444)
    before = (raw / MNIST_FILES[0]).stat()

    def download(url, download_root, filename, md5):
        file = filename.removesuffix(".gz")
        (Path(download_root) / file).write_bytes(contents[file])
    monkeypatch.setattr("torchvision.datasets.mnist.download_and_extract_archive", download)
    assert load("mnist", tmp_path)[0].name == "mnist"
    after = (raw / MNIST_FILES[0]).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
