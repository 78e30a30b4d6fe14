"""Image sets by name: what is loaded and downloaded, and what is refused and how."""

import hashlib
import io
import pickle
import socket
import struct
import sys
import tarfile
from http.client import IncompleteRead
from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from lib.support.data import downloads, published_sets
from lib.support.data.datasets import DataError, load

REAL_DATA = Path(__file__).parents[2] / "data"
MNIST_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


# Names

def test_an_unknown_name_is_answered_with_the_known_ones():
    known = "mnist, fashion_mnist, cifar10, digits, blossoms or folder:PATH"
    with pytest.raises(DataError, match=f"'minst'; choose {known}"):
        load("minst")


@pytest.mark.parametrize("name", ["folder", "folder:", ""])
def test_a_folder_without_a_path_is_an_unknown_name(name):
    with pytest.raises(DataError, match="folder:PATH"):
        load(name)


@pytest.mark.parametrize("name", ["digits", None])
def test_an_image_size_below_one_is_refused(name):
    with pytest.raises(DataError, match="image size should be 1 or more, not 0"):
        load(name, image_size=0)


# MNIST and its relatives, from small files of the same format

def idx_bytes(array):
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def write_idx_files(folder, n_train=6, n_test=3):
    """Write four files as MNIST has them, of random images; return the arrays in the order of MNIST_FILES."""
    random = np.random.default_rng(7)
    arrays = []
    for n in (n_train, n_test):
        arrays += [random.integers(256, size=(n, 28, 28), dtype=np.uint8), random.integers(10, size=n, dtype=np.uint8)]
    folder.mkdir(parents=True)
    for file, array in zip(MNIST_FILES, arrays, strict=True):
        (folder / file).write_bytes(idx_bytes(array))
    return arrays


@pytest.fixture
def small_mnist(tmp_path, monkeypatch):
    """A data folder with a whole, small MNIST, and the arrays in it."""
    data_dir = tmp_path / "data"
    arrays = write_idx_files(data_dir / "MNIST" / "raw")
    monkeypatch.setattr(published_sets, "_MNIST_COUNTS", {"train": 6, "t10k": 3})
    monkeypatch.setattr(published_sets, "_MNIST_MD5", {file: hashlib.md5(idx_bytes(array)).hexdigest()
                                                       for file, array in zip(MNIST_FILES, arrays, strict=True)})
    return data_dir, arrays


@pytest.fixture
def no_network(monkeypatch):
    """Every download of torchvision ends as it does without a network."""
    def fail(*args, **kwargs):
        raise URLError(socket.gaierror(-3, "Temporary failure in name resolution"))
    monkeypatch.setattr("torchvision.datasets.mnist.download_and_extract_archive", fail)
    monkeypatch.setattr("torchvision.datasets.cifar.download_and_extract_archive", fail)


def everything_below(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*"))


def test_mnist_is_what_its_files_say(small_mnist, monkeypatch):
    data_dir, (train_images, train_labels, test_images, test_labels) = small_mnist
    monkeypatch.setattr(downloads, "_download", lambda *args: pytest.fail("what is there should not be downloaded"))
    for train, test in (load("mnist", data_dir), load("mnist", str(data_dir)), load(None, data_dir)):
        assert np.array_equal(train.images.numpy(), train_images[:, None])
        assert np.array_equal(test.images.numpy(), test_images[:, None])
        assert train.labels.tolist() == train_labels.tolist() and test.labels.tolist() == test_labels.tolist()
        assert train.labels.dtype == torch.int64 and train.classes == tuple("0123456789") and train.name == "mnist"


def test_mnist_comes_in_another_size_on_demand(small_mnist):
    data_dir, arrays = small_mnist
    original = torch.from_numpy(arrays[0])[:, None].float()
    for name, size in (("mnist", 32), (None, 14)):
        train, test = load(name, data_dir, image_size=size)
        assert train.shape == test.shape == (1, size, size)
        smooth = F.interpolate(original, size=(size, size), mode="bilinear", antialias=True)
        assert (train.images - smooth).abs().max() <= 1


@pytest.mark.parametrize("name", ["mnist", None])
@pytest.mark.parametrize("file", MNIST_FILES)
def test_a_damaged_file_is_named_and_never_replaced_by_digits(small_mnist, file, name):
    path = small_mnist[0] / "MNIST" / "raw" / file
    whole = path.read_bytes()
    flipped = whole[:-1] + bytes([whole[-1] ^ 1])
    for damaged, what in ((whole[:-1], "bytes instead of"), (b"", "0 bytes instead"), (flipped, "checksum")):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match=what) as error:
            load(name, small_mnist[0])
        assert str(path) in str(error.value) and "delete it and run again" in str(error.value)


@pytest.mark.parametrize("name", ["mnist", None])
def test_a_missing_file_is_named_where_it_cannot_be_downloaded(small_mnist, no_network, name):
    path = small_mnist[0] / "MNIST" / "raw" / MNIST_FILES[3]
    path.unlink()
    before = everything_below(small_mnist[0])
    with pytest.raises(DataError, match="is missing and cannot be downloaded") as error:
        load(name, small_mnist[0])
    assert str(path) in str(error.value)
    assert everything_below(small_mnist[0]) == before


def test_fashion_mnist_is_read_alike_and_its_shape_verified(tmp_path, monkeypatch):
    folder = tmp_path / "FashionMNIST" / "raw"
    train_images = write_idx_files(folder)[0]
    with pytest.raises(DataError, match="instead of 47,040,016"):
        load("fashion_mnist", tmp_path)
    monkeypatch.setattr(published_sets, "_MNIST_COUNTS", {"train": 6, "t10k": 3})
    train, _ = load("fashion_mnist", tmp_path)
    assert np.array_equal(train.images.numpy(), train_images[:, None]) and train.classes[9] == "Ankle boot"
    (folder / MNIST_FILES[0]).write_bytes(idx_bytes(train_images.reshape(6, 14, 56)))
    with pytest.raises(DataError, match="does not hold 6 x 28 x 28"):
        load("fashion_mnist", tmp_path)


def test_our_names_of_garments_are_those_of_torchvision():
    from torchvision.datasets import FashionMNIST
    assert list(published_sets._GARMENTS) == FashionMNIST.classes


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "cifar10"])
def test_a_set_asked_for_by_name_that_cannot_be_had_is_an_error_and_leaves_nothing(tmp_path, no_network, name):
    with pytest.raises(DataError, match=f"{name} is not in .*no network.* name resolution") as error:
        load(name, tmp_path / "new" / "data")
    assert "\n" not in str(error.value)
    assert everything_below(tmp_path) == []


def test_without_a_name_and_a_network_digits_are_used_and_one_line_says_so(tmp_path, no_network, capsys):
    train, _ = load(None, tmp_path)
    assert train.name == "digits"
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1 and printed.err == ""
    assert "no network" in printed.out and "digits" in printed.out
    assert everything_below(tmp_path) == []


def test_digits_used_instead_come_in_the_size_asked_for(tmp_path, no_network, monkeypatch):
    monkeypatch.chdir(tmp_path)
    train, test = load(image_size=14)
    assert train.name == test.name == "digits" and train.shape == test.shape == (1, 14, 14)


def test_a_data_folder_that_cannot_be_made_is_an_error_or_else_the_reason_for_digits(tmp_path, no_network, capsys):
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(DataError, match="data cannot be written"):
        load("mnist", tmp_path / "data")
    assert load(None, tmp_path / "data")[0].name == "digits"
    assert "data cannot be written" in capsys.readouterr().out


def download_that_writes(source, stop_after=None, error=None):
    """A stand-in for torchvision's download: copies the file of that name, or writes a part of it and raises."""
    def download_and_extract(url, download_root, filename, md5):
        name = filename.removesuffix(".gz")
        content = (source / name).read_bytes()
        assert 0 < socket.getdefaulttimeout() <= 10
        print("  3%|#         | 1.1M/9.9M", file=sys.stderr)
        if name == stop_after:
            (Path(download_root) / filename).write_bytes(content[:20])
            raise error
        (Path(download_root) / name).write_bytes(content)
    return download_and_extract


def test_a_download_arrives_in_the_layout_of_torchvision_and_says_so(small_mnist, tmp_path, monkeypatch, capsys):
    data_dir, (train_images, *_) = small_mnist
    monkeypatch.setattr("torchvision.datasets.mnist.download_and_extract_archive",
                        download_that_writes(data_dir / "MNIST" / "raw"))
    train, _ = load(None, tmp_path / "new" / "data")
    assert train.name == "mnist" and np.array_equal(train.images.numpy(), train_images[:, None])
    assert everything_below(tmp_path / "new" / "data") == everything_below(data_dir)
    assert capsys.readouterr() == (f"downloaded MNIST to {tmp_path / 'new' / 'data'}\n", "")
    assert socket.getdefaulttimeout() is None


@pytest.mark.parametrize("error", [
    URLError("unreachable"), TimeoutError("timed out"), ConnectionResetError(104, "reset"), IncompleteRead(b"a part"),
    RuntimeError("File not found or corrupted."), OSError(28, "No space left")])
def test_a_download_that_breaks_off_leaves_nothing(small_mnist, tmp_path, monkeypatch, error):
    monkeypatch.setattr("torchvision.datasets.mnist.download_and_extract_archive",
                        download_that_writes(small_mnist[0] / "MNIST" / "raw", stop_after=MNIST_FILES[2], error=error))
    (tmp_path / "there").mkdir()
    for data_dir in (tmp_path / "there", tmp_path / "new" / "data"):
        with pytest.raises(DataError, match="mnist is not in"):
            load("mnist", data_dir)
    assert everything_below(tmp_path / "there") == [] and not (tmp_path / "new").exists()
    assert socket.getdefaulttimeout() is None


def test_a_download_stopped_by_hand_leaves_nothing(small_mnist, tmp_path, monkeypatch):
    stop = download_that_writes(small_mnist[0] / "MNIST" / "raw", stop_after=MNIST_FILES[1], error=KeyboardInterrupt())
    monkeypatch.setattr("torchvision.datasets.mnist.download_and_extract_archive", stop)
    with pytest.raises(KeyboardInterrupt):
        load(None, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.fixture
def small_cifar10(tmp_path, monkeypatch):
    """A data folder with CIFAR-10's files of two images each; the first byte of an image counts the files."""
    from torchvision.datasets import CIFAR10
    folder = tmp_path / CIFAR10.base_folder
    folder.mkdir()

    def write(file, content):
        (folder / file).write_bytes(pickle.dumps(content))
        return [file, hashlib.md5((folder / file).read_bytes()).hexdigest()]

    def images(n):
        data = np.zeros((2, 3, 32, 32), np.uint8)
        data[:, 0, 0, 0], data[:, 1, 0, 1], data[:, 2, 1, 0] = n, 100, 200
        return {"data": data.reshape(2, -1), "labels": [n, 9 - n]}

    monkeypatch.setattr(CIFAR10, "train_list", [write(f"data_batch_{n}", images(n)) for n in range(1, 6)])
    monkeypatch.setattr(CIFAR10, "test_list", [write("test_batch", images(6))])
    file, md5 = write("batches.meta", {"label_names": list("abcdefghij")})
    monkeypatch.setattr(CIFAR10, "meta", {"filename": file, "key": "label_names", "md5": md5})
    return tmp_path


def test_cifar10_has_channels_first_and_its_own_size(small_cifar10):
    train, test = load("cifar10", small_cifar10)
    assert len(train) == 10 and len(test) == 2 and train.shape == (3, 32, 32) and train.classes == tuple("abcdefghij")
    assert train.images[::2, 0, 0, 0].tolist() == [1, 2, 3, 4, 5] and train.labels[:4].tolist() == [1, 8, 2, 7]
    assert test.images[:, 1, 0, 1].tolist() == [100, 100] and test.images[:, 2, 1, 0].tolist() == [200, 200]
    assert load("cifar10", small_cifar10, image_size=16)[0].shape == (3, 16, 16)


def test_a_damaged_file_of_cifar10_is_named(small_cifar10):
    path = small_cifar10 / "cifar-10-batches-py" / "data_batch_3"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError, match="data_batch_3 is damaged"):
        load("cifar10", small_cifar10)


def as_archive(folder, mode):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        archive.add(folder, folder.name)
    return buffer.getvalue()


@pytest.mark.parametrize("archive, mode", [
    ("cifar-10-python.tar.gz", "w:gz"), ("cifar-10-python.tar", "w"), ("cifar-10-python.tar.gz", "w"),
    ("cifar-10-python/cifar-10-python.tar", "w")])
def test_cifar10_is_read_from_its_archive(small_cifar10, tmp_path, archive, mode):
    data_dir = tmp_path / "packed"
    (data_dir / archive).parent.mkdir(parents=True)
    (data_dir / archive).write_bytes(as_archive(small_cifar10 / "cifar-10-batches-py", mode))
    before = everything_below(data_dir)
    train, test = load("cifar10", data_dir)
    assert train.images[::2, 0, 0, 0].tolist() == [1, 2, 3, 4, 5] and len(test) == 2
    assert everything_below(data_dir) == before


def test_cifar10_is_read_from_its_own_folder(small_cifar10):
    assert len(load("cifar10", small_cifar10 / "cifar-10-batches-py")[0]) == 10


@pytest.mark.parametrize("content, complaint", [
    (b"<!DOCTYPE html>", "is a web page"), (b"\x1f\x8b\x08 cut", "is damaged .it cannot be unpacked"),
    (b"no archive", "is damaged")])
def test_an_archive_that_is_none_is_named(tmp_path, content, complaint):
    (tmp_path / "cifar-10-python.tar.gz").write_bytes(content)
    with pytest.raises(DataError, match=f"cifar-10-python.tar.gz {complaint}"):
        load("cifar10", tmp_path)


def test_a_missing_file_of_cifar10_is_named_where_it_cannot_be_downloaded(small_cifar10, no_network):
    (small_cifar10 / "cifar-10-batches-py" / "data_batch_3").unlink()
    with pytest.raises(DataError, match="cifar-10-batches-py.data_batch_3 is missing and cannot be downloaded"):
        load("cifar10", small_cifar10)


@pytest.mark.skipif(not (REAL_DATA / "MNIST" / "raw" / MNIST_FILES[0]).is_file(), reason="MNIST is not in data/")
def test_the_real_mnist_is_whole_and_can_be_split_for_validation():
    train, test = load("mnist", REAL_DATA)
    assert len(train) == 60_000 and len(test) == 10_000 and train.shape == (1, 28, 28)
    assert train.labels[:5].tolist() == [5, 0, 4, 1, 9] and test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert [len(part) for part in train.split(10_000)] == [50_000, 10_000]
    assert train.images.float().mean().item() / 255 == pytest.approx(0.1307, abs=1e-4)


# Digits

def test_digits_are_the_1797_of_scikit_learn_enlarged():
    from sklearn.datasets import load_digits
    original = load_digits()
    train, test = load("digits")
    assert len(train) == 1_500 and len(test) == 297 and train.shape == test.shape == (1, 28, 28)
    assert [*train.labels.tolist(), *test.labels.tolist()] == original.target.tolist()
    small = torch.from_numpy(original.images).float()[:, None] / 16
    expected = F.interpolate(small, size=(28, 28), mode="bilinear", align_corners=False)
    got = torch.cat([train.images, test.images]) / 255
    assert (got - expected).abs().max() < 1.5 / 255


# Blossoms

def test_blossoms_are_drawn_and_resized_on_demand():
    train, test = load("blossoms", image_size=32)
    assert len(train) == 800 and len(test) == 200 and train.shape == test.shape == (3, 32, 32)
    assert train.name == "blossoms" and train.classes[0] == "4 petals" and len(train.classes) == 5
    assert not torch.equal(train.images[:200], test.images)
