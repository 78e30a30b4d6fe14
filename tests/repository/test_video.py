"""Frames show points where they are, and become a video that can be played."""

import gc
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from lib.support.errors import UserError
from lib.support.figures import video
from lib.support.figures.density_frames import CELLS, DensityFrames
from lib.support.figures.video import LEAST, encode_video, evenly_spread, save_video
from tests.repository.videos import read_video

RANDOM = np.random.default_rng(0)


@pytest.fixture(scope="module")
def canvas():
    return DensityFrames(np.array([-2.0, -1.0]), np.array([2.0, 3.0]), RANDOM.uniform([-2, -1], [2, 3], (4000, 2)))


def test_points_are_counted_in_their_cells(canvas):
    """The same counts as NumPy's histogram, upper edge first; points off the plane are nowhere."""
    points = RANDOM.normal(size=(5000, 2)) * 2
    edges = [np.linspace(-2, 2, CELLS + 1), np.linspace(-1, 3, CELLS + 1)]
    expected = np.histogram2d(*points.T, bins=edges)[0].T[::-1]
    found = canvas.histogram(points)
    assert found.sum() == expected.sum() < 5000
    assert abs(found - expected).sum() <= 4  # rounding may move a point across an edge


def test_a_dense_place_is_bright_where_it_lies(canvas):
    """Many points at one place light up that place; the axes around the plane stay as they are."""
    empty = canvas.draw(np.full((100, 2), 99.0), "a").astype(int)
    frame = canvas.draw(np.concatenate([np.full((100, 2), [1.0, 2.5])]), "a").astype(int)
    rows, columns = np.nonzero((frame - empty).any(2))
    right, down = (columns.mean() + 0.5 - canvas._left) / 400, (rows.mean() + 0.5 - canvas._top) / 400
    assert abs(right - 0.75) < 0.01 and abs(down - 0.125) < 0.01
    assert frame[rows, columns].min() > 180


def test_frames_have_the_same_size_and_axes(canvas):
    """Whatever the points are, nothing but the plane and the title changes; the sides are multiples of 16."""
    one, other = (canvas.draw(points, "t") for points in (RANDOM.normal(size=(50, 2)), RANDOM.normal(5, 9, (900, 2))))
    assert one.shape == other.shape and one.dtype == np.uint8 and one.shape[0] % 16 == one.shape[1] % 16 == 0
    different = (one != other).any(2)
    assert different.any() and not different[:canvas._top].any() and not different[:, :canvas._left].any()
    assert (canvas.draw(np.zeros((9, 2)), "t = 1")[:canvas._top] != one[:canvas._top]).any()


def test_colours_do_not_depend_on_how_many_points_there_are(canvas):
    """The same cloud with each point twice gives the same frame."""
    points = RANDOM.normal(size=(500, 2))
    assert (canvas.draw(points, "t") == canvas.draw(np.concatenate([points, points]), "t")).all()


def test_a_video_has_all_frames_and_holds_the_last(tmp_path):
    """An mp4 file that plays the frames in their order."""
    frames = [np.full((32, 48, 3), grey, np.uint8) for grey in (40, 120, 220)]
    (tmp_path / "v.mp4").write_bytes(encode_video(iter(frames), hold=2))
    played = read_video(tmp_path / "v.mp4")
    assert played.shape == (5, 32, 48, 3)
    assert abs(played.mean((1, 2, 3)) - [40, 120, 220, 220, 220]).max() < 4


@pytest.mark.parametrize("count", [1, 2, 12, 99, 100, 101])
def test_a_video_of_few_frames_can_be_followed(monkeypatch, count):
    """Whatever their number, frames take about four seconds, each as long as the others, in their order."""
    saved = {}
    monkeypatch.setattr(video, "encode_video", lambda frames: list(frames))
    save_video(SimpleNamespace(save=saved.__setitem__), "v.mp4", iter(range(count)), count)
    shown = saved["v.mp4"]
    assert shown == sorted(shown) and len(set(np.bincount(shown))) == 1 and len(np.bincount(shown)) == count
    assert LEAST <= len(shown) < LEAST + count and LEAST == 100


def test_without_an_ffmpeg_that_works_there_is_one_line(monkeypatch):
    """ffmpeg that is not there, or is no ffmpeg."""
    monkeypatch.setattr(video, "ENCODING", {**video.ENCODING, "codec": "no_such_codec"})
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        with pytest.raises(UserError, match="cannot be encoded") as caught:
            encode_video([np.zeros((32, 32, 3), np.uint8)] * 3)
        message = str(caught.value)
        del caught
        gc.collect()  # the pipe to ffmpeg, which imageio leaves open, goes here, not in the middle of another test
    assert "\n" not in message


@pytest.mark.parametrize(("last", "count", "number"), [
    (1, 15, 1), (2, 15, 2), (15, 15, 15), (16, 15, 15), (584, 15, 15), (7000, 15, 15), (250, 100, 100), (3, 1, 1)])
def test_moments_are_spread_evenly(last, count, number):
    """At most as many as asked for, the last one among them, with even gaps, none twice."""
    moments = evenly_spread(last, count)
    assert len(set(moments)) == len(moments) == number and moments == sorted(moments)
    assert moments[-1] == last and moments[0] >= 1
    gaps = np.diff(moments)
    assert len(gaps) == 0 or gaps.max() - gaps.min() <= 1
