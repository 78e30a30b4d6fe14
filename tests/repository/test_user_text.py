"""Names of classes and data sets appear in figures as they are, or as a number: never as a formula or a box."""

import io
import warnings

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager, get_font

from lib.support.figures.densities import data_figure
from lib.support.figures.latent_plane import latent_plot
from lib.support.figures.user_text import write

AS_THEY_ARE = ["rose", "$5_$10", "$$", "$\\frac{$", "x_1^2", "\\alpha", "a%d{b}", "#&~", "Роза", "τριαντάφυλλο", "وردة"]
NOT_TO_BE_SHOWN = ["日本", "ดอกไม้", "🌷", "rose 花", "a\x07b", "caf\udce9", "\u200b", "", "  "]


@pytest.fixture(autouse=True)
def without_warnings():
    """A glyph that is missing is a warning of matplotlib."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture
def only_matplotlibs_fonts(monkeypatch):
    """Those that other computers have are not there."""
    own = [font for font in fontManager.ttflist if "mpl-data" in font.fname]
    monkeypatch.setattr(fontManager, "ttflist", own)


def draw(figure):
    figure.savefig(io.BytesIO(), format="png")


def title_of(text, **more):
    figure = Figure()
    axes = figure.subplots()
    write(axes.title, text, "instead", **more)
    draw(figure)
    return axes.title


@pytest.mark.parametrize("text", AS_THEY_ARE)
def test_text_is_shown_as_it_is(text):
    """Dollar signs and backslashes are letters like others."""
    title = title_of(text)
    assert title.get_text() == text and not title.get_parse_math() and title.get_fontsize() == 12


@pytest.mark.parametrize("text", NOT_TO_BE_SHOWN)
def test_text_that_no_font_has_is_replaced(only_matplotlibs_fonts, text):
    """Letters of other scripts, signs that cannot be seen, and nothing at all."""
    assert title_of(text).get_text() == "instead"


def test_another_font_helps_out(only_matplotlibs_fonts):
    """A letter that the usual font lacks comes from one that has it."""
    title = title_of("rose \u210a")  # a script g, which DejaVu Sans lacks
    assert title.get_text() == "rose \u210a"
    assert ord("\u210a") in get_font(title.get_fontproperties().get_file()).get_charmap()
    assert "DejaVuSans.ttf" not in str(title.get_fontproperties().get_file())


def test_fonts_that_cannot_be_read_are_passed_over(only_matplotlibs_fonts, monkeypatch, tmp_path):
    """A file that is no font, or is gone, ends nothing."""
    (tmp_path / "0.ttf").write_bytes(b"no font")
    broken = [type(fontManager.ttflist[0])(fname=str(tmp_path / name), name=name) for name in ("0.ttf", "gone.ttf")]
    monkeypatch.setattr(fontManager, "ttflist", [*broken, *fontManager.ttflist])
    assert title_of("日").get_text() == "instead"


def test_long_and_broken_lines():
    """One line, which ends in an ellipsis where it is too long."""
    assert title_of("hard-leaved\npocket\t orchid").get_text() == "hard-leaved pocket orchid"[:23] + "…"
    assert title_of("hard-leaved\npocket\t orchid", at_most=25).get_text() == "hard-leaved pocket orchid"


def test_names_of_classes_in_the_latent_plot(only_matplotlibs_fonts):
    """Any name can be drawn; one that cannot be shown gives way to the number of its class."""
    names = [*AS_THEY_ARE, *NOT_TO_BE_SHOWN]
    figure = latent_plot(np.zeros((2, 2, 1, 3, 3)), (0.0, 0.0), (1.0, 1.0), names,
                         np.random.default_rng(0).normal(size=(len(names), 2)), np.full((len(names), 2), 0.1))
    draw(figure)
    shown = [label.get_text() for label in figure.axes[0].texts]
    assert shown == [*AS_THEY_ARE, *map(str, range(len(AS_THEY_ARE), len(names)))]


@pytest.mark.parametrize("name", ["text:$$", "text:$5_$10", "moons", "text:" + "W" * 100])
def test_names_of_densities(name):
    """The title of their picture, whatever the text is."""
    figure = data_figure(np.eye(2), name)
    draw(figure)
    assert figure.axes[0].get_title()[:27] == name[:27]
