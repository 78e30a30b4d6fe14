"""Folders of pictures as people have them: which lie where, and the one line about what was read and left out."""

import pytest
from PIL import Image

from lib.support.data.datasets import DataError, load, load_whole


def fill(folder, *paths):
    """Small pictures of different shades at these paths, `rose/5` for five of them in a folder `rose`."""
    shade = 0
    for path in paths:
        place, _, number = path.rpartition("/")
        names = [f"{place}/{i}.png" for i in range(int(number))] if number.isdigit() else [path]
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (8, 8), (shade := shade + 1, 0, 0)).save(folder / name, format="png")


def line(capsys):
    """The one line that was printed."""
    printed = capsys.readouterr()
    assert printed.err == "" and printed.out.count("\n") == 1
    return printed.out


# Parts

@pytest.mark.parametrize("train, test", [
    ("train", "test"), ("Train", "Test"), ("TRAIN", "TEST"), ("training", "testing"), ("train", "valid"),
    ("Training", "Validation"), ("train", "val"), ("train", "dev"), ("seg_train", "seg_test"),
    ("train_images", "val_images"), ("flowers-training", "flowers-test")])
def test_parts_have_many_names(tmp_path, capsys, train, test):
    fill(tmp_path, f"{train}/rose/3", f"{train}/tulip/2", f"{test}/rose/1", f"{test}/tulip/1")
    found, held_out = load(f"folder:{tmp_path}")
    assert found.classes == held_out.classes == ("rose", "tulip") and (len(found), len(held_out)) == (5, 2)
    assert line(capsys) == (f"read 7 pictures of 2 classes (5 to train, 2 to test) from {tmp_path / train}, "
                            f"{tmp_path / test}\n")
    assert len(load_whole(f"folder:{tmp_path}")) == 7
    assert line(capsys).startswith("read 7 pictures of 2 classes from ")


@pytest.mark.parametrize("classes", [
    ("car", "plane", "train"), ("test tube", "train station"), ("test_bench", "test_tube"), ("valid", "void"),
    ("slippers", "training shoes")])
def test_a_class_may_be_named_like_a_part(tmp_path, classes):
    """Where a folder of that name holds pictures beside other classes, or the name says more."""
    fill(tmp_path, *(f"{class_}/2" for class_ in classes))
    assert load(f"folder:{tmp_path}")[0].classes == classes


def test_what_is_not_used_is_named_with_its_reason(tmp_path, capsys):
    """Validation beside a test, other folders, pictures beside the classes, a part without classes."""
    fill(tmp_path, "train/rose/2", "test/rose/2", "val/rose/4", "extra/1", "cover.png", "train/index.png")
    assert [len(part) for part in load(f"folder:{tmp_path}")] == [2, 2]
    assert line(capsys).partition("; ")[2] == (
        "left out: 2 beside the classes (cover.png, train/index.png), 1 beside train (extra/0.png), "
        "4 to validate (val/rose/0.png, val/rose/1.png, val/rose/2.png, …)\n")
    fill(tmp_path / "other", "train/rose/5", "test/3")
    assert [len(part) for part in load(f"folder:{tmp_path / 'other'}")] == [4, 1]
    assert "left out: 3 in no class (test/0.png, test/1.png, test/2.png)" in line(capsys)


@pytest.mark.parametrize("paths, complaint", [
    (["train/rose/2", "Training/rose/2"], "holds Training and train, which are the same part"),
    (["train/rose/2", "val/rose/2", "validation/rose/2"], "holds val and validation, which are the same part"),
    (["train/2", "test/2"], "the pictures in .*train lie in no class"),
    (["train/2"], "the pictures in .*train lie in no class"),
    (["train/2", "test/rose/2"], "the pictures in .*train lie in no class"),
    (["test/rose/2", "valid/rose/2"], "holds valid and test, but no folder train")])
def test_parts_that_are_ambiguous_or_incomplete_are_refused(tmp_path, paths, complaint):
    fill(tmp_path, *paths)
    with pytest.raises(DataError, match=complaint) as refusal:
        load(f"folder:{tmp_path}")
    assert "\n" not in str(refusal.value)


def test_a_class_that_a_part_lacks_is_named(tmp_path, capsys):
    fill(tmp_path, "train/rose/2", "train/tulip/2", "test/aster/2", "test/rose/1")
    train, test = load(f"folder:{tmp_path}")
    assert train.classes == test.classes == ("aster", "rose", "tulip")
    assert train.labels.tolist() == [1, 1, 2, 2] and test.labels.tolist() == [0, 0, 1]
    assert line(capsys).endswith("; train has none of aster; test has none of tulip\n")


# A folder in a folder

@pytest.mark.parametrize("inner, around", [
    ("flowers", ()), ("flowers/flowers", ("__MACOSX/flowers/._0.png", "annotations/notes.txt")), ("a/b/c", ())])
@pytest.mark.parametrize("parts", [("",), ("train/", "test/"), ("train/train/", "test/test/")])
def test_a_folder_that_is_alone_is_no_class(tmp_path, capsys, inner, around, parts):
    fill(tmp_path, *(f"{inner}/{part}{class_}/2" for part in parts for class_ in ("rose", "tulip")))
    for path in around:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("no picture")
    assert load(f"folder:{tmp_path}")[0].classes == ("rose", "tulip")
    assert f"of 2 classes (2 to train, 2 to test) from {tmp_path / inner}" in line(capsys).replace("4 to", "2 to")


def test_a_lone_class_is_one(tmp_path):
    """With pictures directly in it; those deeper down belong to it too."""
    fill(tmp_path, "rose/2", "rose/pale/2", "rose/pale/small/1")
    train, test = load(f"folder:{tmp_path}")
    assert train.classes == ("rose",) and len(train) + len(test) == 5


def test_a_link_to_a_folder_above_ends_nothing(tmp_path):
    fill(tmp_path, "rose/5")
    (tmp_path / "rose" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert sum(map(len, load(f"folder:{tmp_path}"))) == 5


# Formats

def test_pictures_of_less_common_formats_are_read(tmp_path):
    from PIL import features
    names = ["photo.jfif", "photo.jpe", "photo.tga", *(["photo.avif"] if features.check("avif") else [])]
    for name in names:
        (tmp_path / name[6:]).mkdir()
        for number in range(2):
            Image.new("RGB", (8, 8), "red").save(tmp_path / name[6:] / f"{number}{name}")
    assert len(load(f"folder:{tmp_path}")[0].classes) == len(names)


def test_a_class_in_a_format_that_is_not_read_is_named(tmp_path, capsys, monkeypatch):
    """Those that no Pillow reads, and those that this one was built without."""
    from lib.support.data import pictures
    readable = pictures._readable_suffixes() - {".avif"}
    monkeypatch.setattr(pictures, "_readable_suffixes", lambda: readable)
    fill(tmp_path, "rose/5", "tulip/a.heic", "tulip/b.AVIF")
    assert load(f"folder:{tmp_path}")[0].classes == ("rose",)
    assert line(capsys).endswith("left out: 2 in a format that is not read here (tulip/a.heic, tulip/b.AVIF)\n")


def test_a_folder_of_which_nothing_can_be_read_says_why(tmp_path):
    fill(tmp_path, "tulip/a.heic")
    (tmp_path / "tulip" / "b.png").write_text("no picture")
    with pytest.raises(DataError, match=r"none of the 2 pictures .*a format .*\(tulip/a.heic\), 1 broken \(tulip/b"):
        load(f"folder:{tmp_path}")


# Too little

def test_where_nothing_is_tested_there_are_pictures_that_differ(tmp_path):
    fill(tmp_path / "one", "rose/1")
    for number in range(5):
        (tmp_path / "alike" / "rose").mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), "red").save(tmp_path / "alike" / "rose" / f"{number}.png")
    for folder, complaint in (("one", "holds one picture;"), ("alike", "holds 5 pictures, all alike;")):
        with pytest.raises(DataError, match=complaint):
            load_whole(f"folder:{tmp_path / folder}")
    with pytest.raises(DataError, match="one class needs two"):
        load(f"folder:{tmp_path / 'one'}")
