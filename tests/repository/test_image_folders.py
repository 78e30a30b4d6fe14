"""Folders of pictures: which pictures train and which test, what becomes of each, what is skipped or refused."""

import numpy as np
import pytest
import torch
from PIL import Image

from lib.support.data.datasets import DataError, load, load_whole


def save_picture(path, colour, size=(8, 8), mode="RGB"):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).convert(mode).save(path)


def make_classes(folder, **counts):
    """A sub-folder for each class with `counts` pictures, each of its own shade of red."""
    for class_, count in counts.items():
        for i in range(count):
            save_picture(folder / class_ / f"{i:03}.png", (10 + i, 0, 0))


def reds(image_set):
    return image_set.images[:, 0, 0, 0].tolist()


def test_a_folder_of_classes_is_split_one_in_five_with_every_class_in_both(tmp_path):
    make_classes(tmp_path, tulip=20, rose=10, daisy=2, lonely=1)
    train, test = load(f"folder:{tmp_path}")
    assert train.classes == test.classes == ("daisy", "lonely", "rose", "tulip")
    assert train.labels.bincount().tolist() == [1, 1, 8, 16]
    assert test.labels.bincount(minlength=4).tolist() == [1, 0, 2, 4]
    tulips = torch.cat([part.images[part.labels == 3, 0, 0, 0] for part in (train, test)])
    assert sorted(tulips.tolist()) == list(range(10, 30))


def test_a_folder_is_split_alike_each_time(tmp_path):
    make_classes(tmp_path, tulip=20, rose=10)
    torch.manual_seed(1)
    first = load(f"folder:{tmp_path}")
    torch.manual_seed(2)
    second = load(f"folder:{tmp_path}")
    assert [reds(part) for part in first] == [reds(part) for part in second]


@pytest.mark.parametrize("others, held_out", [(("val", "test"), "test"), (("val",), "val"), (("test",), "test")])
def test_train_trains_and_test_or_else_val_tests(tmp_path, others, held_out):
    make_classes(tmp_path / "train", rose=2, tulip=3)
    for part in others:
        save_picture(tmp_path / part / "tulip" / "only.png", (200, 0, 0) if part == held_out else (0, 0, 0))
    train, test = load(f"folder:{tmp_path}")
    assert reds(train) == [10, 11, 10, 11, 12] and train.labels.tolist() == [0, 0, 1, 1, 1]
    assert reds(test) == [200] and test.labels.tolist() == [1] and test.classes == ("rose", "tulip")


def test_a_lone_train_folder_is_split(tmp_path):
    make_classes(tmp_path / "train", rose=5, tulip=5)
    train, test = load(f"folder:{tmp_path}")
    assert len(train) == 8 and len(test) == 2 and train.classes == ("rose", "tulip")


@pytest.mark.parametrize("mode, file", [("RGB", "a.jpg"), ("RGB", "A.JPEG"), ("L", "a.png"), ("1", "a.png"),
                                        ("P", "a.gif"), ("RGBA", "a.webp"), ("LA", "a.png"), ("CMYK", "a.tif")])
def test_pictures_of_any_mode_and_size_become_square_and_rgb(tmp_path, mode, file):
    for name in ("one", "two"):
        save_picture(tmp_path / "class" / (name + file), (255, 255, 255), size=(40, 13), mode=mode)
    train, test = load(f"folder:{tmp_path}", image_size=10)
    assert train.shape == test.shape == (3, 10, 10) and train.images.float().mean() > 250


def test_sixteen_bit_grey_keeps_its_shades(tmp_path):
    (tmp_path / "scan").mkdir()
    for name in "ab":
        Image.fromarray(np.full((8, 8), 128 * 257, np.uint16)).save(tmp_path / "scan" / f"{name}.png")
    train, _ = load(f"folder:{tmp_path}")
    assert train.images.unique().tolist() == [128]


def test_a_picture_is_cropped_about_its_centre_and_turned_upright(tmp_path):
    stripes = np.zeros((10, 30, 3), np.uint8)
    stripes[:, 10:20] = 200, 0, 0
    stripes[:5, 10:20] = 100, 0, 0
    upside_down = Image.Exif()
    upside_down[0x0112] = 3
    (tmp_path / "stripes").mkdir()
    for name in "ab":
        Image.fromarray(stripes).save(tmp_path / "stripes" / f"{name}.png", exif=upside_down)
    train, _ = load(f"folder:{tmp_path}", image_size=10)
    assert train.images[0, 0, :5].unique().tolist() == [200] and train.images[0, 0, 5:].unique().tolist() == [100]


def test_broken_pictures_among_good_ones_are_skipped_with_one_line(tmp_path, capsys):
    make_classes(tmp_path / "train", rose=6)
    make_classes(tmp_path / "test", rose=2)
    whole = (tmp_path / "train" / "rose" / "000.png").read_bytes()
    (tmp_path / "train" / "rose" / "cut.png").write_bytes(whole[:-30])
    (tmp_path / "train" / "rose" / "empty.jpg").write_bytes(b"")
    (tmp_path / "train" / "rose" / "notes.gif").write_text("no picture")
    (tmp_path / "test" / "rose" / "zero.png").write_bytes(bytes(50))
    train, test = load(f"folder:{tmp_path}")
    assert len(train) == 6 and len(test) == 2
    assert capsys.readouterr() == (
        f"read 8 pictures of 1 class (6 to train, 2 to test) from {tmp_path / 'train'}, {tmp_path / 'test'}; "
        "left out: 4 broken (train/rose/cut.png, train/rose/empty.jpg, train/rose/notes.gif, …)\n", "")


def test_files_that_are_no_pictures_and_hidden_ones_are_passed_over(tmp_path, capsys):
    make_classes(tmp_path, rose=5)
    (tmp_path / "rose" / "readme.txt").write_text("roses")
    (tmp_path / "rose" / "._000.png").write_text("what macOS leaves on foreign disks")
    (tmp_path / "empty").mkdir()
    save_picture(tmp_path / ".ipynb_checkpoints" / "copy.png", (0, 0, 0))
    save_picture(tmp_path / "rose" / ".thumbnails" / "copy.png", (0, 0, 0))
    train, test = load(f"folder:{tmp_path}")
    assert len(train) + len(test) == 5 and train.classes == ("rose",)
    assert capsys.readouterr() == (f"read 5 pictures of 1 class (4 to train, 1 to test) from {tmp_path}; "
                                   "left out: 1 without pictures (empty/)\n", "")


def test_a_folder_of_broken_pictures_only_is_an_error(tmp_path):
    for name in "ab":
        (tmp_path / "rose").mkdir(exist_ok=True)
        (tmp_path / "rose" / f"{name}.png").write_text("no picture")
    with pytest.raises(DataError, match="none of the 2 pictures below .* can be read"):
        load(f"folder:{tmp_path}")


def test_a_folder_with_one_picture_a_class_is_an_error(tmp_path):
    make_classes(tmp_path, rose=1, tulip=1)
    with pytest.raises(DataError, match="at least one class needs two"):
        load(f"folder:{tmp_path}")


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(DataError, match="there is no folder .*flowers"):
        load(f"folder:{tmp_path / 'flowers'}")


def test_a_folder_without_pictures_is_an_error(tmp_path):
    (tmp_path / "rose").mkdir()
    with pytest.raises(DataError, match="no pictures in .*expected .*CLASS"):
        load(f"folder:{tmp_path}")


def test_a_folder_without_classes_is_an_error(tmp_path):
    save_picture(tmp_path / "rose.png", (0, 0, 0))
    with pytest.raises(DataError, match="lie in no class; put them into sub-folders"):
        load(f"folder:{tmp_path}")


def test_a_whole_folder_is_all_of_its_parts(tmp_path):
    """Where nothing is tested, all pictures train; classes are those of all parts together."""
    make_classes(tmp_path / "train", rose=2, tulip=1)
    make_classes(tmp_path / "val", tulip=1)
    make_classes(tmp_path / "test", aster=3)
    whole = load_whole(f"folder:{tmp_path}")
    assert len(whole) == 7 and whole.classes == ("aster", "rose", "tulip")
    assert whole.labels.tolist() == [1, 1, 2, 2, 0, 0, 0]  # in the order train, val, test


def test_a_whole_folder_without_parts_is_all_of_its_classes(tmp_path):
    make_classes(tmp_path, rose=2, tulip=5)
    assert load_whole(f"folder:{tmp_path}").labels.bincount().tolist() == [2, 5]
    with pytest.raises(DataError, match="there is no folder"):
        load_whole(f"folder:{tmp_path / 'none'}")
