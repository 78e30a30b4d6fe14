"""One picture file as pixels: more than 8 bits, floats, transparency."""

import numpy as np
import pytest
from PIL import Image

from lib.support.data.datasets import load, load_whole
from lib.support.data.pictures import BrokenPicture, read_picture


def save_grey(folder, *levels, dtype, suffix="tif"):
    """A picture of one level each, in a class of its own."""
    for number, level in enumerate(levels):
        (folder / f"class{number}").mkdir(parents=True)
        Image.fromarray(np.full((8, 8), level, dtype)).save(folder / f"class{number}" / f"a.{suffix}")


@pytest.mark.parametrize("dtype, levels, expected, suffix", [
    (np.uint16, (0, 2048, 4095), (0, 128, 255), "tif"),
    (np.uint16, (0, 2048, 4095), (0, 128, 255), "png"),
    (np.uint16, (0, 512, 1023), (0, 128, 255), "tif"),
    (np.uint16, (0, 8192, 16383), (0, 128, 255), "tif"),
    (np.uint16, (0, 128 * 257, 65535), (0, 128, 255), "tif"),
    (np.uint16, (0, 100, 200), (0, 100, 200), "tif"),
    (np.int32, (0, 100, 200), (0, 100, 200), "tif"),
    (np.int32, (0, 2048, 4000), (0, 128, 249), "tif"),
    (np.int32, (0, 500_000, 1_000_000), (0, 128, 255), "tif"),
    (np.int32, (-100, 0, 100), (0, 128, 255), "tif"),
    (np.float32, (0, 0.5, 0.75), (0, 128, 191), "tif"),
    (np.float32, (0.5, 100.25, 200), (0, 100, 200), "tif"),
    (np.float32, (-1, 0, 1), (0, 128, 255), "tif")])
def test_more_than_8_bits_keep_their_shades(tmp_path, capsys, dtype, levels, expected, suffix):
    """One range for all, since one picture alone does not tell it; the line says which."""
    save_grey(tmp_path, *levels, dtype=dtype, suffix=suffix)
    whole = load_whole(f"folder:{tmp_path}")
    assert [image.unique().tolist() for image in whole.images] == [[level] for level in expected]
    assert "; 3 with more than 8 bits, of which " in capsys.readouterr().out


def test_the_range_is_that_of_all_parts_and_leaves_other_pictures_alone(tmp_path, capsys):
    for part, level in (("train", 1000), ("test", 4000)):
        (tmp_path / part / "scan").mkdir(parents=True)
        Image.fromarray(np.full((8, 8), level, np.uint16)).save(tmp_path / part / "scan" / "a.tif")
        Image.new("L", (8, 8), 77).save(tmp_path / part / "scan" / "b.png")
    train, test = load(f"folder:{tmp_path}")
    assert train.images[:, 0, 0, 0].tolist() == [62, 77] and test.images[:, 0, 0, 0].tolist() == [249, 77]
    assert capsys.readouterr().out.endswith("; 2 with more than 8 bits, of which 0 is black and 4095 white\n")


def test_values_that_are_no_numbers_break_a_picture(tmp_path):
    values = np.zeros((8, 8), np.float32)
    for wrong in (np.nan, np.inf):
        values[3, 3] = wrong
        Image.fromarray(values).save(tmp_path / "a.tif")
        with pytest.raises(BrokenPicture):
            read_picture(tmp_path / "a.tif", 8)


def hidden_red():
    """Red that is transparent on the left."""
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[..., 0], pixels[:, 4:, 3] = 200, 255
    return Image.fromarray(pixels)


@pytest.mark.parametrize("suffix, convert", [
    ("png", lambda picture: picture), ("webp", lambda picture: picture), ("tif", lambda picture: picture),
    ("png", lambda picture: picture.convert("LA")), ("gif", lambda picture: picture),
    ("png", lambda picture: picture.quantize(8))])
def test_behind_transparent_pixels_there_is_white(tmp_path, suffix, convert):
    convert(hidden_red()).save(tmp_path / f"a.{suffix}", **({"lossless": True} if suffix == "webp" else {}))
    picture = read_picture(tmp_path / f"a.{suffix}", 8)
    assert picture.transparent and (picture.pixels[:, :4] == 255).all()
    assert (picture.pixels[:, 4:, 1] < 100).all()


def test_half_transparent_pixels_are_mixed_with_white(tmp_path):
    Image.new("RGBA", (8, 8), (0, 100, 200, 128)).save(tmp_path / "a.png")
    assert np.abs(read_picture(tmp_path / "a.png", 8).pixels[0, 0].astype(int) - (127, 177, 227)).max() <= 1


def test_the_line_counts_pictures_with_transparency(tmp_path, capsys):
    """Not those that have a channel for it which is full."""
    (tmp_path / "class").mkdir()
    hidden_red().save(tmp_path / "class" / "a.png")
    Image.new("RGBA", (8, 8), (0, 100, 200, 255)).save(tmp_path / "class" / "b.png")
    load(f"folder:{tmp_path}")
    assert capsys.readouterr().out.endswith("; 1 with transparency, now on white\n")
