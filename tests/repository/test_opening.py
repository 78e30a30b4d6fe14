"""Files of a student are opened as what they are: no link is followed, no pipe waited for, nothing huge is read."""

import os
import tracemalloc
from pathlib import Path

import pytest

from exercise.problem import Problem
from exercise.source import gaps, opening
from exercise.source.gaps import GapError

LINKS = pytest.mark.skipif(os.name != "posix", reason="here not everybody may make links and pipes")


@pytest.fixture
def root(tmp_path):
    """A folder with lib/a.py and lib/deep/b.py, beside another folder with the same."""
    for folder in ("root", "other"):
        for path in ("lib/a.py", "lib/deep/b.py"):
            write(tmp_path / folder / path, f"{folder} = 1\n".encode())
    return tmp_path / "root"


def write(file, data):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def refusal(root, path):
    with pytest.raises(Problem) as caught:
        opening.read_bytes(root, path)
    return str(caught.value)


def test_a_file_is_read_and_all_are_listed(root):
    assert opening.read_bytes(root, "lib/deep/b.py") == b"root = 1\n"
    assert opening.listed(root, "lib", "*.py") == ["lib/a.py", "lib/deep/b.py"]
    assert opening.listed(root, "lib") == ["lib/a.py", "lib/deep", "lib/deep/b.py"]
    assert opening.listed(root, "nowhere") == []


@pytest.mark.parametrize("path", ["lib/../lib/a.py", "/lib/a.py", "lib//a.py", "./lib/a.py", "", ".."])
def test_no_path_leads_out_of_the_root(root, path):
    assert refusal(root, path) == "this is no path below the root folder"


@pytest.mark.parametrize(("path", "says"), [
    ("lib/none.py", "there is no such file"), ("none/a.py", "there is no such file"), ("lib", "this is a folder, and"),
    ("lib/a.py/b.py", "there is no such file")])
def test_what_is_not_there_is_said(root, path, says):
    assert refusal(root, path).startswith(says)


@LINKS
@pytest.mark.parametrize(("place", "to"), [
    ("lib", "../other/lib"), ("lib", "."), ("lib", "lib"), ("lib/deep", "../../other/lib/deep"), ("lib/deep", ".."),
    ("lib/deep/b.py", "../../../other/lib/deep/b.py"), ("lib/deep/b.py", "b.py"), ("lib/deep/b.py", "/dev/zero")])
def test_no_link_is_followed_wherever_it_is_in_the_path(root, place, to):
    (root / place).rename(root / "moved")
    (root / place).symlink_to(to)
    assert "this is a link" in refusal(root, "lib/deep/b.py")
    with pytest.raises(GapError, match="^lib/deep/b.py:1: .*this is a link"):
        gaps.read_text(root / "lib/deep/b.py", "lib/deep/b.py")


@LINKS
@pytest.mark.parametrize("to", ["../other/lib", "lib"])
def test_lib_that_is_a_link_is_all_that_is_listed(root, to):
    (root / "lib").rename(root / "moved")
    (root / "lib").symlink_to(to)
    assert opening.listed(root, "lib", "*.py") == ["lib"]


@LINKS
def test_links_to_folders_are_listed_and_nothing_beyond_them(root):
    (root / "lib" / "up").symlink_to("..")
    (root / "lib" / "other").symlink_to("../../other/lib")
    (root / "lib" / "data.csv").symlink_to("../../other/lib/a.py")
    assert opening.listed(root, "lib", "*.py") == ["lib/a.py", "lib/deep/b.py", "lib/other", "lib/up"]


@LINKS
def test_a_folder_put_in_the_place_of_a_link_in_the_meantime_is_not_entered(root, monkeypatch):
    """Between the look at a path and the opening of it, somebody exchanges a folder for a link."""
    monkeypatch.setattr(opening, "_check", lambda root, parts: None)
    (root / "lib").rename(root / "moved")
    (root / "lib").symlink_to("../other/lib")
    assert refusal(root, "lib/a.py")
    (root / "lib").unlink()
    write(root / "lib" / "b.py", b"")
    (root / "lib" / "a.py").symlink_to("../../other/lib/a.py")
    assert refusal(root, "lib/a.py")


@LINKS
def test_a_pipe_and_a_device_are_not_waited_for(root):
    os.mkfifo(root / "lib" / "pipe.py")
    assert refusal(root, "lib/pipe.py") == "this is no ordinary file"
    with pytest.raises(Problem, match="this is no ordinary file"):
        opening.read_bytes(Path("/dev"), "zero")


def test_a_file_has_a_largest_size_which_is_looked_at_before_it_is_read(root):
    write(root / "lib" / "a.py", b"#" * opening.LARGEST)
    assert len(opening.read_bytes(root, "lib/a.py")) == opening.LARGEST
    with open(root / "lib" / "a.py", "r+b") as file:
        file.truncate(2 ** 34)  # a hole, where the system has holes
    tracemalloc.start()
    try:
        assert refusal(root, "lib/a.py") == "the file is too large: at most 1,048,576 bytes"
        assert tracemalloc.get_traced_memory()[1] < 2 ** 20
    finally:
        tracemalloc.stop()


def test_a_file_out_of_reach_is_said(root, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")
    monkeypatch.setattr(opening.os, "open", refuse)
    assert refusal(root, "lib/a.py") == "it cannot be read: Permission denied"


def test_there_is_a_largest_number_of_files(root, monkeypatch):
    monkeypatch.setattr(opening, "MOST", 3)
    assert len(opening.listed(root, "lib")) == 3
    write(root / "lib" / ".hidden", b"")
    with pytest.raises(Problem, match="more than 3 files and folders lie in here"):
        opening.listed(root, "lib")
    with pytest.raises(GapError, match="^lib:1: more than 3 files"):
        gaps.files(root)
